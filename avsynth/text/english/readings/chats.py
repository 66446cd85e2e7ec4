"""Letters and figures that stand for words in chats: "can u", "gonna b", "4 u"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, around, before, word_set
from avsynth.text.later import compiled

_IN_LETTERS = {"u r": "you are", "r u": "are you", "c u": "see you", "y r u": "why are you"}
"""Words that are written as single letters, side by side."""
_WORDS = {
    "u": (
        "you",
        word_set(
            "can do did does will would could should if when are were have has see miss love thank tell told for with "
            "to give gave know think hope wish and but that how where what why who than like let bet want need help "
            "call text 2 4 hey of about got because cuz cos bc so is was may might must shall don't didn't r hear "
            "heard meet meeting txt luv"
        ),
        word_set(
            "know want can have had should need there too guys think got get go going like mean were was are will "
            "would could do did don't might must say said see look all coming doing up ok still just really ever "
            "always never"
        ),
    ),
    "r": (
        "are",
        word_set("they we you u where what who how there these those people things"),
        word_set("here there they we u you coming going not"),
    ),
    "b": (
        "be",
        word_set("gonna will to should would can could might must may wanna gotta won't can't 2 i'll"),
        word_set(""),
    ),
    "n": (
        "and",
        word_set(
            "mac rock salt fish drum bread bed cut sun fun guns mix pick peanut ham eggs bacon burgers steak sweet"
        ),
        word_set(""),
    ),
    "2": ("to", word_set(""), word_set("b u c")),
    "4": ("for", word_set(""), word_set("u me")),
}
"""What a letter or figure stands for, and words of which one stands before it, or after it."""
_LETTER = compiled(r"\b(?:letter|variable|vector|vowel|velocity|let)\s$")


def _letters(match: Match, _: Context) -> Sequence[Said] | None:
    return _IN_LETTERS[match[0].lower()].split()


def _one(match: Match, _: Context) -> Sequence[Said] | None:
    said, earlier, later = _WORDS[match[0].lower()]
    previous = re.search(r"([A-Za-z']+|\d)\s$", before(match))
    following = re.match(r"\s([A-Za-z']+)", after(match))
    if _LETTER.search(before(match)):
        return None
    known = (previous and previous[1].lower() in earlier) or (following and following[1] in later)
    return [said] if known else None


_HEADED = compiled(
    r"(?:\b(?:pages?|pp?\.|chapter|section|part|vol(?:ume|\.)|no\.|item|figure|table)|[=+*/-])\s$", re.IGNORECASE
)


_CHATTED = compiled(r"\b(?:u|ur|r|2nite|2day|2moro|gr8|l8r|lol|b4|pls|plz|thx|cu|tmrw|omg|luv)\b", re.IGNORECASE)
_TOWARDS = compiled(
    r"\b(?:coming|come|going|go|goes|went|want|wants|need|needs|have|has|got|used|like|love|trying|try|back|talk|off)\s$"
)


def _your(match: Match, _: Context) -> Sequence[Said] | None:
    """ "Yr pics r gr8", but "a 3 yr plan"."""
    counted = re.search(r"(?:\d|\b(?:an?|per|the|this|last|next|every|each))\s$", before(match, 6))
    return ["your"] if not counted and _CHATTED.search(around(match)) else None


def _to(match: Match, _: Context) -> Sequence[Said] | None:
    """ "u coming 2 the party"."""
    return ["to"] if _TOWARDS.search(before(match)) and _CHATTED.search(around(match)) else None


def _kisses(match: Match, _: Context) -> Sequence[Said] | None:
    """At the end of a message."""
    return ["x."] * len(match[0]) if not _HEADED.search(before(match, 12)) else None


KIND = Kind(
    name="Letters for words in chats",
    readings=(
        Reading(
            "CRUYcruy", r"(?<![\w'.=+-])(?:[uU] r|[rR] u|[cC] u|[yY] r u)(?![\w'.=+-]|\s[=+*/-])", _letters, then=r"\s"
        ),
        Reading("Tt", r"(?<!\w)(?:tl;dr|TL;DR)(?!\w)", lambda match, _: ["t.l.d.r."], needs=";", then="lL"),
        Reading("y", r"(?<![\w'-])yr(?=\s[a-z])", _your, then="r"),
        Reading("2", r"(?<=[a-z]\s)2(?=\s[a-z])", _to, then=r"\s"),
        Reading(
            "xoXO",
            r"(?<![\w'.,-])(?=[xoXO]{4,12}\b)(?:[xX][oO]){2,6}[xX]{0,2}(?!\w)",
            lambda match, _: [f"{letter}." for letter in match[0].lower()],
            then="xoXO",
        ),
        Reading("x", r"(?<![\w'.,-])x{2,6}(?=\s*[.!]?\s*$)", _kisses, then="x"),
        Reading(
            "UNRBunrb24",
            r"(?<![\w'.,=+$£€-])(?:[urbn]|U(?=\s[a-z])|[24](?=\s(?:[bu]|me|c(?=\s(?:u|ya|you|it|him|her|them|the|my|that|if)\b))\b(?!\.)))(?![\w'.=+*/^-]|\s[=+*/<>^-])",
            _one,
        ),
    ),
    examples="""
        c u when u r here → see you when you are here
        Can u call me? → can you call me
        I miss u → i miss you
        where r they → where are they
        its gonna b fine → its gonna be fine
        mac n cheese → mac and cheese
        this is 4 u → this is for you
        he wants 2 b here → he wants to be here
        the letter u → the letter U
        let u = 3 → let U equals three
        u know it → you know it
        tl;dr buy it → T L D R buy it
        night night xx → night night X X
        love, Mum xoxo → love, mum X O X O
        page xx → page twenty
        the n terms → the N terms
    """,
)
