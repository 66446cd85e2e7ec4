from __future__ import annotations

from pathlib import Path

import pytest

from avsynth.data.corpora.grid import all_sentences, sentence
from avsynth.errors import UserError
from avsynth.evaluation.grammar import read_codes, unrecorded_sentences
from avsynth.evaluation.speech import SLOTS


def test_sentences_are_new_distinct_repeatable_and_of_the_grammar() -> None:
    recorded = set(all_sentences()[::3])
    drawn = unrecorded_sentences(500, 1, recorded)
    assert drawn == unrecorded_sentences(500, 1, recorded)
    assert drawn != unrecorded_sentences(500, 2, recorded)
    assert len(set(drawn)) == 500
    assert not recorded & set(drawn)
    for code in drawn:
        assert all(word in SLOTS[slot] for slot, word in zip(SLOTS, sentence(code).split(), strict=True))


def test_what_was_recorded_is_never_drawn_even_when_everything_else_is() -> None:
    everything = all_sentences()
    left = set(everything[:5])
    assert set(unrecorded_sentences(5, 0, set(everything) - left)) == left
    with pytest.raises(UserError, match="6 sentences cannot be drawn: the grammar has 5"):
        unrecorded_sentences(6, 0, set(everything) - left)
    with pytest.raises(UserError, match="0 sentences"):
        unrecorded_sentences(0, 0, set())


def test_lists_of_codes_are_read_and_checked(tmp_path: Path) -> None:
    first, second = tmp_path / "a.txt", tmp_path / "b.txt"
    first.write_text("bbaf2n\n\npwiz9s\n")
    second.write_text("bbaf2n\nlgaxzp\n")
    assert read_codes([first, second]) == {"bbaf2n", "pwiz9s", "lgaxzp"}
    second.write_text("bbaw2n\n")
    with pytest.raises(UserError, match="'bbaw2n' is not the code"):
        read_codes([second])
    with pytest.raises(UserError, match=r"cannot read .*none\.txt"):
        read_codes([tmp_path / "none.txt"])
