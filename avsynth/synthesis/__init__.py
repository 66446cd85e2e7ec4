"""A voice on disk, and speech with it: text or a recording in, sound, lips and their timeline out."""
