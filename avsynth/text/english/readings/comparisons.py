"""Less and more than in a sentence of words, where nothing "is": "children <5", "p < .05 was significant"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, before
from avsynth.text.later import compiled

_BEFORE = compiled(
    r"(?:^|[(,;:]|\b(?:in|of|by|to|at|for|on|with|from|as|is|are|was|were|be|been|has|had|have|only|a|an|the|and|or|than)\s|'s\s)$"
)
"""Before what is itself more or less than something, where nothing is compared."""
_QUANTIFIED = compiled(
    r"(?:\b(?:[Ll]et|[Ff]ix|[Cc]hoose|[Ss]uppose|[Gg]iven|[Ff]or|any|all|every|some|exists?|each|with)\s|[∃∀]\s?)[A-Za-zα-ω]\s?$"
)
"""Before a letter that is to be more or less than something."""
_NOUN = compiled(r"(?<![=<>] )\b[A-Za-z]{3,}\s?$")
_CONDITION = compiled(r"\b(?:if|when|while|where|whenever|until|unless)\s(?:[a-z_]+\s){0,3}$", re.IGNORECASE)
_VERB = compiled(r"\s?\.?\d[\d.,]*%?\s(?:is|was|are|were|indicates?|indicated|denotes?|denoted|means?)\b")


def _compared(match: Match, _: Context) -> Sequence[Said] | None:
    """After a noun, or before a verb."""
    if _BEFORE.search(before(match, 8)):
        return ["less" if match[0] == "<" else "more", "than"]
    if _QUANTIFIED.search(before(match)):
        return ["less" if match[0] == "<" else "greater", "than"]
    noun = _NOUN.search(before(match)) and not _CONDITION.search(before(match))
    if not noun and not _VERB.match(after(match)):
        return None
    return ["less" if match[0] == "<" else "more", "than"]


KIND = Kind(
    name="Comparisons in words",
    readings=(Reading("<>", r"(?<=[\w)%\s(,])[<>](?=\s?[\d$£€]|\s?\.\d)", _compared, figures=True, then=r"\d$£€.\s"),),
    examples="""
        children <5 are affected → children less than five are affected
        p < .05 was significant → p less than point zero five was significant
        patients >65 → patients more than sixty five
        cost <$50 → cost less than fifty dollars
        BMI >30 is a risk → B M I more than thirty is a risk
        for ages <12 → for ages less than twelve
        in >50% of cases → in more than fifty percent of cases
        is <1% → is less than one percent
        for all n > 3 → for all N greater than three
        let ε > 0 be given → let epsilon greater than zero be given
        if x < 5 → if x is less than five
        when temp > 30 → when temp is greater than thirty
        x < y → x is less than y
        n > 100 → n is greater than one hundred
    """,
)
