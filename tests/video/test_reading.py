"""Video and pictures in: values, times, damage."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
import pytest
from av.video.stream import VideoStream
from numpy.typing import NDArray

from avsynth.audio.io import write_wav
from avsynth.errors import UserError
from avsynth.video.reading import fit_within, iterate_frames, probe, read_frames, read_image, write_image
from avsynth.video.writing import write_clip


def levels(count: int, height: int = 48, width: int = 64) -> NDArray[np.uint8]:
    """Grey frames, each 3 levels above the one before, so that a frame's level tells its number."""
    ramp = (20 + 3 * np.arange(count)).astype(np.uint8)
    return np.broadcast_to(ramp[:, None, None, None], (count, height, width, 3)).copy()


def noise(count: int) -> NDArray[np.uint8]:
    """Frames too rich for any codec to make small."""
    return np.random.default_rng(0).integers(0, 256, (count, 48, 64, 3), dtype=np.uint8)


def numbers(frames: NDArray[np.uint8]) -> list[int]:
    return [round((float(frame.mean()) - 20) / 3) for frame in frames]


def encode(path: Path, codec: str, frames: NDArray[np.uint8], times: list[int], rotation: int = 0) -> Path:
    """Encode ``frames`` at 25 frames per second, frame *i* in slot ``times[i]``."""
    with av.open(str(path), "w") as container:
        stream = cast(VideoStream, container.add_stream(codec, rate=25, options={"b": "2000k"}))
        stream.height, stream.width = frames.shape[1:3]
        stream.pix_fmt = "yuv420p"
        if rotation:
            stream.set_display_rotation(rotation)
        for image, time in zip(frames, times, strict=True):
            frame = av.VideoFrame.from_ndarray(image)
            frame.pts, frame.time_base = time, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    write_clip(path, levels(30), np.zeros(22050 * 30 // 25, np.float32), Fraction(25), 22050, scale=1)
    return path


def test_frames_come_in_order_with_their_clock(clip: Path) -> None:
    video = read_frames(clip)
    assert video.frames.shape == (30, 48, 64, 3) and video.frames.dtype == np.uint8
    assert (video.fps, video.start_s, video.damaged) == (Fraction(25), 0.0, False)
    assert numbers(video.frames) == list(range(30))


def test_iterator_gives_the_same_frames_one_by_one(clip: Path) -> None:
    iterator = iterate_frames(clip)
    assert (iterator.height, iterator.width, iterator.fps) == (48, 64, Fraction(25))
    np.testing.assert_array_equal(np.stack(list(iterator)), read_frames(clip).frames)


def test_a_picture_without_a_decoder_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    path.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    with pytest.raises(UserError, match=r"a\.svg"):
        read_frames(path)


def test_missing_pictures_are_held_and_a_late_start_is_told(tmp_path: Path) -> None:
    times = [5, 6, 7, 10, 11]
    video = read_frames(encode(tmp_path / "a.mkv", "mpeg4", levels(5), times))
    assert numbers(video.frames) == [0, 1, 2, 2, 2, 3, 4]
    assert video.start_s == pytest.approx(0.2)


def test_rotated_pictures_come_upright(tmp_path: Path) -> None:
    upright = levels(3)
    upright[:, :24] = 200
    path = encode(tmp_path / "a.mp4", "libx264", np.rot90(upright, -1, axes=(1, 2)).copy(), [0, 1, 2], rotation=90)
    frames = read_frames(path).frames
    assert frames.shape == upright.shape
    assert np.abs(frames.astype(int) - upright)[:, [5, 40]].max() <= 4
    assert (probe(path).width, probe(path).height) == (64, 48)


def test_probe_measures_a_whole_clip(clip: Path) -> None:
    info = probe(clip)
    assert (info.fps, info.frame_count, info.width, info.height) == (Fraction(25), 30, 64, 48)
    assert info.has_audio and not info.damaged
    assert info.video_duration_s == pytest.approx(1.2) and info.audio_duration_s == pytest.approx(1.2, abs=1e-4)


def test_probe_counts_where_the_header_is_silent(tmp_path: Path) -> None:
    info = probe(encode(tmp_path / "a.mpg", "mpeg1video", noise(30), list(range(30))))
    assert (info.frame_count, info.has_audio, info.audio_duration_s) == (30, False, None)


@pytest.mark.parametrize(("name", "codec"), [("a.mpg", "mpeg1video"), ("a.mkv", "mpeg4")])
def test_truncated_video_ends_before_the_damage(tmp_path: Path, name: str, codec: str) -> None:
    noisy = levels(40) + np.random.default_rng(0).integers(-3, 4, (40, 48, 64, 1), dtype=np.int8).astype(np.uint8)
    whole = encode(tmp_path / name, codec, noisy, list(range(40)))
    cut = tmp_path / f"cut_{name}"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 6 // 10])
    video = read_frames(cut)
    assert 5 <= len(video.frames) < 40
    assert numbers(video.frames) == list(range(len(video.frames)))
    assert probe(cut).frame_count == len(video.frames)


def test_truncated_mpg_and_mp4_are_flagged(tmp_path: Path) -> None:
    mpg, mp4 = tmp_path / "a.mpg", tmp_path / "a.mp4"
    encode(mpg, "mpeg1video", noise(20), list(range(20)))
    write_clip(mp4, noise(20), np.zeros(17640, np.float32), Fraction(25), 22050, scale=1)
    for path in (mpg, mp4):
        whole = read_frames(path)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        video = read_frames(path)
        assert video.damaged and probe(path).damaged and not whole.damaged
        assert 0 < len(video.frames) < 20
        np.testing.assert_array_equal(video.frames, whole.frames[: len(video.frames)])


@pytest.mark.parametrize("content", [None, b"", b"no video at all" * 99])
def test_unreadable_video_is_a_user_error(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "a.mpg"
    if content is not None:
        path.write_bytes(content)
    for reader in (read_frames, probe, iterate_frames):
        with pytest.raises(UserError, match=r"a\.mpg"):
            reader(path)


def test_video_of_which_nothing_decodes_is_a_user_error(clip: Path) -> None:
    data = bytearray(clip.read_bytes())
    start = data.index(b"mdat") + 4
    data[start:] = bytes(len(data) - start)
    clip.write_bytes(data)
    with pytest.raises(UserError, match="damaged"):
        read_frames(clip)


def test_sound_alone_has_no_picture(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", np.zeros(100), 8000)
    with pytest.raises(UserError, match="has no picture"):
        read_frames(tmp_path / "a.wav")


def test_png_round_trip_is_exact_even_for_odd_sizes(tmp_path: Path) -> None:
    image = np.random.default_rng(0).integers(0, 256, (81, 67, 3), dtype=np.uint8)
    write_image(tmp_path / "100%d.png", image)
    np.testing.assert_array_equal(read_image(tmp_path / "100%d.png"), image)
    assert [path.name for path in tmp_path.iterdir()] == ["100%d.png"]


@pytest.mark.parametrize("pixels", ["gray", "rgba", "pal8"])
def test_other_png_kinds_become_rgb(tmp_path: Path, pixels: str) -> None:
    encoder = av.CodecContext.create("png", "w")
    encoder.width, encoder.height, encoder.pix_fmt, encoder.time_base = 8, 6, pixels, Fraction(1)
    shape = {"gray": (6, 8), "rgba": (6, 8, 4)}
    if pixels == "pal8":
        palette = np.full((256, 4), 77, np.uint8)
        palette[:, 0] = 255
        frame = av.VideoFrame(8, 6, "pal8")
        frame.planes[0].update(bytes(frame.planes[0].buffer_size))
        frame.planes[1].update(np.ascontiguousarray(palette[:, ::-1]).tobytes())
    else:
        frame = av.VideoFrame.from_ndarray(np.full(shape[pixels], 77, np.uint8), format=pixels)
    data = b"".join(bytes(packet) for packet in [*encoder.encode(frame), *encoder.encode(None)])
    (tmp_path / "a.png").write_bytes(data)
    image = read_image(tmp_path / "a.png")
    shown = round(77 * 77 / 255 + 178) if pixels in ("rgba", "ya8") else 77  # what is transparent lies on white
    assert image.shape == (6, 8, 3) and (image == shown).all()


def test_jpeg_keeps_full_range_colours(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "a.jpg"), "w", format="mjpeg") as container:
        stream = container.add_stream("mjpeg", rate=1, options={"q": "2"})
        stream.width = stream.height = 32
        stream.pix_fmt = "yuvj420p"
        image = np.broadcast_to(np.array([250, 40, 5], np.uint8), (32, 32, 3)).copy()
        container.mux(stream.encode(av.VideoFrame.from_ndarray(image).reformat(format="yuvj420p")))
        container.mux(stream.encode(None))
    assert np.abs(read_image(tmp_path / "a.jpg").astype(int) - [250, 40, 5]).max() <= 4


@pytest.mark.parametrize("content", [None, b"", b"no picture", b"\x89PNG\r\n\x1a\n" + bytes(40)])
def test_unreadable_image_is_a_user_error(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(UserError, match=r"a\.png.*PNG or JPEG"):
        read_image(tmp_path / "a.png")


def test_half_a_png_is_a_user_error(tmp_path: Path) -> None:
    write_image(tmp_path / "a.png", np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8))
    (tmp_path / "a.png").write_bytes((tmp_path / "a.png").read_bytes()[:2000])
    with pytest.raises(UserError, match=r"a\.png"):
        read_image(tmp_path / "a.png")


def test_image_of_wrong_type_or_into_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="uint8"):
        write_image(tmp_path / "a.png", np.zeros((4, 4, 3), np.float32))
    with pytest.raises(UserError, match="cannot write"):
        write_image(tmp_path / "none" / "a.png", np.zeros((4, 4, 3), np.uint8))


def test_a_videos_first_picture_is_read_as_an_image(clip: Path) -> None:
    np.testing.assert_array_equal(read_image(clip), read_frames(clip).frames[0])


@pytest.mark.parametrize(("orientation", "quarters"), [(1, 0), (3, 2), (6, 3), (8, 1)])
def test_a_photo_comes_upright(tmp_path: Path, orientation: int, quarters: int) -> None:
    pillow = pytest.importorskip("PIL.Image")
    upright = np.zeros((48, 64, 3), np.uint8)
    upright[:24, :32], upright[24:, 32:] = (200, 40, 40), (40, 200, 40)
    exif = pillow.Exif()
    exif[0x112] = orientation
    pillow.fromarray(np.rot90(upright, -quarters)).save(tmp_path / "a.jpg", exif=exif, quality=95, subsampling=0)
    image = read_image(tmp_path / "a.jpg")
    assert image.shape == upright.shape
    assert np.abs(image.astype(int) - upright).mean() < 6


def test_large_pictures_are_averaged_down_and_small_ones_left() -> None:
    smooth = np.add.outer(np.arange(120), np.arange(200))[..., None] // 2 + np.array([0, 20, 40])
    picture = smooth.astype(np.uint8)
    assert fit_within(picture, 120) is picture
    small = fit_within(picture, 60)
    assert small.shape == (60, 100, 3)
    means = picture.reshape(60, 2, 100, 2, 3).mean(axis=(1, 3))
    assert np.abs(small - means).max() <= 2
    assert fit_within(np.ascontiguousarray(picture.transpose(1, 0, 2)), 60).shape == (100, 60, 3)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_and_mirrored_as_its_exif_says(tmp_path: Path, orientation: int) -> None:
    image, ops = pytest.importorskip("PIL.Image"), pytest.importorskip("PIL.ImageOps")
    quarters = np.zeros((40, 60, 3), np.uint8)
    quarters[:20, :30], quarters[:20, 30:], quarters[20:, :30] = 255, 170, 85
    exif = image.Exif()
    exif[0x0112] = orientation
    image.fromarray(quarters).save(tmp_path / "p.jpg", exif=exif, quality=95)
    expected = np.asarray(ops.exif_transpose(image.open(tmp_path / "p.jpg")))
    for read in (read_image(tmp_path / "p.jpg"), next(iterate_frames(tmp_path / "p.jpg"))):
        assert read.shape == expected.shape and np.abs(read.astype(int) - expected).mean() < 2


def test_what_is_transparent_is_laid_on_a_colour(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    clear = np.full((20, 20, 4), (10, 200, 30, 255), np.uint8)
    clear[10:, :, 3] = 0
    image.fromarray(clear).save(tmp_path / "p.png")
    for background in ((255, 255, 255), (0, 90, 180)):
        made = next(iterate_frames(tmp_path / "p.png", background=background))
        assert made[5, 5].tolist() == [10, 200, 30] and tuple(made[15, 5].tolist()) == background


@pytest.mark.parametrize(("aspect", "size"), [(Fraction(16, 15), (48, 64)), (Fraction(1, 2), (96, 60))])
def test_pixels_are_made_square_where_asked(tmp_path: Path, aspect: Fraction, size: tuple[int, int]) -> None:
    path = tmp_path / "wide.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 60, 48, "yuv420p"
        stream.codec_context.sample_aspect_ratio = aspect
        frame = av.VideoFrame.from_ndarray(np.full((48, 60, 3), 99, np.uint8))
        container.mux([*stream.encode(frame), *stream.encode(None)])
    assert next(iterate_frames(path)).shape == (48, 60, 3)
    assert next(iterate_frames(path, square=True)).shape == (*size, 3)


def test_an_animated_webp_says_that_it_is_not_read(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    frames = [image.fromarray(np.full((20, 20, 3), grey, np.uint8)) for grey in (0, 255)]
    frames[0].save(tmp_path / "p.webp", save_all=True, append_images=frames[1:])
    for read in (read_image, iterate_frames):
        with pytest.raises(UserError, match="animated WebP, which is not read"):
            read(tmp_path / "p.webp")
