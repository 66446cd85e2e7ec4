"""The files of a clip that the recipe has synthesised, by their names in the clip's folder."""

LIPS, SOUND, VIDEO, TIMELINE, STOP = "lips.npy", "audio.wav", "video.mp4", "timeline.json", "stop.json"
