from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from avsynth.config.reading import fingerprint, from_dict, load_config, to_dict
from avsynth.config.schema import Config
from avsynth.errors import UserError

CONFIGS = Path(__file__).parents[2] / "configs"


def write(folder: Path, text: str, name: str = "own.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_config_of_the_project_is_valid(path: Path) -> None:
    config = load_config(path)
    for name in config.data.train_ids.values():
        assert (path.parent / name).is_file()


def test_plain_values_and_back() -> None:
    config = from_dict({"fps": "30000/1001", "model": {"image": {"decoder_channels": [4, 2]}}, "train": {"steps": 5}})
    assert from_dict(to_dict(config)) == config
    assert config.model.image.decoder_channels == (4, 2)


@pytest.mark.parametrize(
    ("value", "rate"),
    [
        (25, Fraction(25)),
        ("30000/1001", Fraction(30000, 1001)),
        (29.97, Fraction(30000, 1001)),
        ("59.94", Fraction(60000, 1001)),
        (12.5, Fraction(25, 2)),
    ],
)
def test_frame_rates_are_exact(value: object, rate: Fraction) -> None:
    assert from_dict({"fps": value}).fps == rate


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        ({"train": {"step": 3}}, r"unknown config key train\.step; the nearest is train\.steps"),
        ({"trian": {}}, "unknown config key trian; the nearest is train"),
        ({"model": {"encoder": {"layer": 3}}}, r"model\.encoder\.layer; the nearest is model\.encoder\.layers"),
        ({"mel": {"hop": 3}}, r"mel\.hop; the nearest is mel\.hop_length"),
        ({"train": {"steps": "many"}}, r"train\.steps must be int .*'many'"),
        ({"train": {"steps": True}}, r"train\.steps must be int"),
        ({"train": {"steps": -1}}, r"train\.steps must be int \(0 or more"),
        ({"train": {"steps": 1.5}}, r"train\.steps must be int"),
        ({"train": {"learning_rate": "fast"}}, r"train\.learning_rate must be a number"),
        ({"train": {"learning_rate": -1e-3}}, r"train\.learning_rate must be a number of 0 or more"),
        ({"train": {"learning_rate": float("nan")}}, r"train\.learning_rate must be a number"),
        ({"train": 3}, "train must be a group of keys"),
        ({"model": {"phone_progress": 1}}, r"model\.phone_progress must be bool"),
        ({"model": {"regulation": "floor"}}, r"model\.regulation must be one of overlap, round, not 'floor'"),
        ({"model": {"image": {"decoder_channels": [1, "x"]}}}, r"model\.image\.decoder_channels must be int"),
        ({"lips": {"height": 100, "width": 200}}, r"100 × 200 .* nearest that can are lips\.height=96 lips\.width=192"),
        ({"data": {"test_share": 1.5}}, r"data: test_share must lie between 0 and 1, not 1\.5"),
        ({"data": {"train_ids": ["a"]}}, r"data\.train_ids must be dict"),
        ({"fps": "fast"}, "fps must be a number or a fraction"),
        ({"fps": 0}, "fps must lie between 1 and 240"),
        ({"mel": {"hop_length": 0}}, "mel: "),
    ],
)
def test_what_is_wrong_is_named_in_one_line(tree: dict[str, object], message: str) -> None:
    with pytest.raises(UserError, match=message) as told:
        from_dict(tree)
    assert "\n" not in str(told.value)


def test_overrides_replace_single_values(tmp_path: Path) -> None:
    path = write(tmp_path, "train: {steps: 3, batch: 2}\n")
    config = load_config(
        path, ["train.steps=9", "fps=29.97", "voice.name=a b", "model.encoder.layers=1", "train.ema=1e-3"]
    )
    assert (config.train.steps, config.train.batch, config.model.encoder.layers) == (9, 2, 1)
    assert config.fps == Fraction(30000, 1001) and config.voice.name == "a b" and config.train.ema == 1e-3


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("train.steps", "not of the form key=value"),
        ("fps.rate=3", "'fps' holds a value, not a group"),
        ("train.stepz=3", r"nearest is train\.steps"),
    ],
)
def test_bad_overrides_are_named(tmp_path: Path, override: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        load_config(write(tmp_path, "fps: 25\n"), [override])


def test_a_base_is_merged_key_by_key(tmp_path: Path) -> None:
    write(tmp_path, "fps: 30\ntrain: {steps: 3, batch: 2}\nvoice: {name: base}\n", "base.yaml")
    config = load_config(write(tmp_path, "base: base.yaml\ntrain: {steps: 4}\n"))
    assert (config.fps, config.train.steps, config.train.batch, config.voice.name) == (30, 4, 2, "base")


def test_another_base_replaces_the_files_own(tmp_path: Path) -> None:
    write(tmp_path, "fps: 30\ntrain: {steps: 3, batch: 2}\n", "base.yaml")
    write(tmp_path, "base: base.yaml\nfps: 50\ntrain: {steps: 5}\nvoice: {name: other}\n", "other.yaml")
    path = write(tmp_path, "base: base.yaml\nvoice: {name: own}\n")
    config = load_config(path, ["train.steps=7", "base=other.yaml"])
    assert (config.fps, config.train.steps, config.train.batch, config.voice.name) == (50, 7, 2, "own")
    assert load_config(path, [f"base={tmp_path / 'other.yaml'}"]).train.steps == 5


@pytest.mark.parametrize(
    ("text", "override", "message"),
    [
        ("fps: 25\n", "base=own.yaml", r"own\.yaml has no base that base=own\.yaml could replace"),
        ("base: base.yaml\n", "base=none.yaml", r"cannot read config .*none\.yaml"),
        ("base: base.yaml\n", "base=", "cannot read config"),
    ],
)
def test_a_base_that_cannot_be_replaced_is_named(tmp_path: Path, text: str, override: str, message: str) -> None:
    write(tmp_path, "fps: 25\n", "base.yaml")
    with pytest.raises(UserError, match=message) as told:
        load_config(write(tmp_path, text), [override])
    assert str(tmp_path) in str(told.value) and "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("name", "base", "model"),
    [
        ("duallip", "tcd_timit", "duallip"),
        ("transformer_t2l", "tcd_timit", "transformer_t2l"),
        ("tcd_timit", "paper", "paper"),
        ("tcd_timit", "paper_duallip", "paper_duallip"),
        ("tcd_timit", "paper_transformer_t2l", "paper_transformer_t2l"),
    ],
)
def test_any_model_goes_with_the_settings_of_tcd_timit(name: str, base: str, model: str) -> None:
    config = load_config(CONFIGS / f"{name}.yaml", [f"base={base}.yaml"])
    alone, corpus = load_config(CONFIGS / f"{model}.yaml"), load_config(CONFIGS / "tcd_timit.yaml")
    assert (config.model, config.weights, config.train) == (alone.model, alone.weights, alone.train)
    assert (config.data, config.align, config.fps) == (corpus.data, corpus.align, corpus.fps)
    assert config.voice.corpus == corpus.voice.corpus


def test_a_key_without_a_value_takes_back_what_the_base_says(tmp_path: Path) -> None:
    write(tmp_path, "data: {validation: 3, train_ids: {s1: ids.txt}}\nvoice: {licence: CC BY 4.0}\n", "base.yaml")
    config = load_config(write(tmp_path, "base: base.yaml\ndata:\n  train_ids:\nvoice: {licence: }\n"))
    assert (config.data.validation, config.data.train_ids, config.voice.licence) == (3, {}, "")


@pytest.mark.parametrize(
    ("text", "message"),
    [("- a\n", "must be a mapping"), ("a: [\n", "not valid YAML"), ("base: none.yaml\n", "cannot read")],
)
def test_unreadable_configs_name_the_file(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UserError, match=message) as told:
        load_config(write(tmp_path, text))
    assert str(tmp_path) in str(told.value) and "\n" not in str(told.value)


def test_the_fingerprint_follows_every_value() -> None:
    config = Config()
    assert fingerprint(config) == fingerprint(from_dict({})) and len(fingerprint(config)) == 12
    others = [
        replace(config, fps=Fraction(30)),
        replace(config, train=replace(config.train, steps=1)),
        replace(config, model=replace(config.model, image=replace(config.model.image, bottleneck=1))),
    ]
    assert len({fingerprint(config), *map(fingerprint, others)}) == 4
