"""Corpora by the names of their modules, here and elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from avsynth.data.clips import Corpus
from avsynth.data.corpora import corpus_names, load_corpus
from avsynth.errors import UserError


def test_every_module_is_a_corpus() -> None:
    assert {"grid", "ljspeech", "own", "tcd_timit"} <= set(corpus_names())
    assert all(isinstance(load_corpus(name), Corpus) for name in corpus_names())


def test_an_unknown_one_is_answered_with_the_nearest() -> None:
    with pytest.raises(UserError, match="no corpus 'tcdtimit'; the nearest is 'tcd_timit'"):
        load_corpus("tcdtimit")


def test_one_of_one_s_own_is_named_by_its_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my_corpora").mkdir()
    (tmp_path / "my_corpora" / "news.py").write_text("from avsynth.data.corpora.own import CORPUS\n")
    (tmp_path / "my_corpora" / "empty.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert load_corpus("my_corpora.news") is load_corpus("own")
    with pytest.raises(UserError, match="gives no CORPUS"):
        load_corpus("my_corpora.empty")
    with pytest.raises(UserError, match="cannot be imported"):
        load_corpus("my_corpora.gone")
