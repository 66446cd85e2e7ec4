import re

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
