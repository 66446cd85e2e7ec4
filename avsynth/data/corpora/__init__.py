"""One module for each corpus: its layout, its words, its known faults.

A module gives :class:`avsynth.data.clips.Corpus` as ``CORPUS``, and its name is the corpus's: a further corpus is one
file here, or one anywhere else, named by its module's path with dots.
"""

from __future__ import annotations

import difflib
import importlib
import pkgutil

from avsynth.data.clips import Corpus
from avsynth.errors import UserError


def corpus_names() -> list[str]:
    """The corpora of this package."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def load_corpus(name: str) -> Corpus:
    """The corpus of a name, or of the module at a path (``package.module``); :class:`UserError` if there is none."""
    if "." not in name and name not in corpus_names():
        near = difflib.get_close_matches(name, corpus_names(), n=1, cutoff=0.0)[0]
        raise UserError(
            f"data.corpus: there is no corpus {name!r}; the nearest is {near!r} of {', '.join(corpus_names())}, and one"
            " of your own is named by its module, package.module"
        )
    try:
        module = importlib.import_module(name if "." in name else f"{__name__}.{name}")
    except ImportError as error:
        raise UserError(f"data.corpus: {name!r} cannot be imported: {error}") from error
    corpus = getattr(module, "CORPUS", None)
    if not isinstance(corpus, Corpus):
        raise UserError(f"data.corpus: the module {name!r} gives no CORPUS, as avsynth.data.corpora tells")
    return corpus
