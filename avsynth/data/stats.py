"""Statistics of a corpus: symbols, speakers, normalisation, and the box in which the mouth moves."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from avsynth.errors import UserError
from avsynth.files import read_json, write_json
from avsynth.text import Symbols
from avsynth.video.box import Box


@dataclass(frozen=True)
class Stats:
    """Statistics of the training clips, stored beside the voice as ``stats.json``."""

    symbols: tuple[str, ...]
    """The symbol table, padding first."""
    seen: tuple[str, ...]
    """Phones that occur in training."""
    speakers: tuple[str, ...]
    mel_mean: tuple[float, ...]
    mel_std: tuple[float, ...]
    """Per band, of the natural-log mel."""
    pitch_mean: tuple[float, ...]
    pitch_std: tuple[float, ...]
    """For each speaker, over phones: standard deviation of the mean natural-log F0 in Hz."""
    energy_mean: tuple[float, ...]
    energy_std: tuple[float, ...]
    """For each speaker, over phones: standard deviation of the mean log energy."""
    mouth_box: Box
    """The box of the crop in which the mouth moves; picture measures are taken there."""

    @property
    def symbol_table(self) -> Symbols:
        return Symbols(self.symbols)

    def save(self, path: Path) -> None:
        write_json(path, asdict(self))

    @classmethod
    def from_dict(cls, value: Any, source: str = "stats") -> Stats:
        """Checked plain values; anything missing or unknown is a :class:`UserError`."""
        try:
            lists: dict[str, Any] = {
                key: tuple(item) if isinstance(item, list) else item for key, item in value.items()
            }
            return cls(**(lists | {"mouth_box": Box(*lists["mouth_box"])}))
        except (TypeError, AttributeError, KeyError) as error:
            raise UserError(f"{source} are not a voice's stats: {error}") from error

    @classmethod
    def load(cls, path: Path) -> Stats:
        return cls.from_dict(read_json(path), str(path))
