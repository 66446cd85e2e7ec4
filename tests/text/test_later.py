import re
import subprocess
import sys

import pytest

from avsynth.text.later import compiled


def test_a_pattern_is_the_one_of_re() -> None:
    later, now = compiled(r"(\w)(\d+)", re.ASCII), re.compile(r"(\w)(\d+)", re.ASCII)
    text = "a1 b22 é3"
    assert later.sub(r"\2\1", text) == now.sub(r"\2\1", text)
    assert later.findall(text) == now.findall(text)
    assert [match.span() for match in later.finditer(text)] == [match.span() for match in now.finditer(text)]
    assert (later.pattern, later.flags, later.groups) == (now.pattern, now.flags, now.groups)


def test_a_pattern_is_compiled_when_it_is_first_used() -> None:
    wrong = compiled("(")
    with pytest.raises(re.error):
        wrong.search("")


def test_the_start_compiles_few_patterns() -> None:
    """The English front end has hundreds; a plain sentence needs some fifty."""
    program = (
        "import re._compiler as compiler\n"
        "made, compile = [], compiler.compile\n"
        "compiler.compile = lambda pattern, flags=0: (made.append(pattern), compile(pattern, flags))[1]\n"
        "from avsynth.text import EnglishFrontend\n"
        "print(len(made))\n"
        "frontend = EnglishFrontend()\n"
        "for sentence in frontend.sentences('The quick brown fox jumps over the lazy dog today.'):\n"
        "    frontend.phonemise(sentence)\n"
        "print(len(made))\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    imported, said = map(int, run.stdout.split())
    assert imported < 30
    assert 0 < said - imported < 100
