"""Letters or a word: capitals, initials with dots, single letters, plurals of letters."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence

from avsynth.text.english import numbers
from avsynth.text.english.abbreviations import CHAT
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, before, initials, word_set
from avsynth.text.english.readings.initialisms import (
    CHAT_INITIALS,
    MIXED,
    SAID,
    SHORT_WORDS,
    SMALL_INITIALS,
    SPELLED,
    SPELLED_ANYWAY,
    is_named,
    is_place,
    is_told,
)
from avsynth.text.english.readings.words import shortened
from avsynth.text.later import compiled

_SMALL_RUN = compiled(r"(?<![A-Za-z])[a-z]++(?![A-Za-z])")
_RUN_WITH_CAPITAL = compiled(r"(?<![A-Za-z])[a-z]*+[A-Z][A-Za-z]*")
_JOINED = compiled(r"[A-Za-z]+(?:'[A-Za-z]+)+")
_ENDINGS = ("'s", "'d", "'m", "'t", "'ll", "'re", "'ve")
_TOUCHING = frozenset("0123456789_-")
_CAMEL = compiled(r"[a-z][A-Z]")
AMBIGUOUS = word_set("us it who or")
"""Initials only after "the", or where a word would stand in small letters."""


def in_parts(word: str) -> list[str]:
    """``"MacBookPro"`` -> Mac, Book, Pro; ``"ChatGPT"`` -> Chat, GPT; figures alone."""
    return re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", word)


def unknown_words(texts: Iterable[str], lexicon: Container[str]) -> set[str]:
    """The words of some texts that are likely to be sounded as they are in no lexicon, in small letters.

    Unless a figure, a hyphen or the like touches them, those with a capital inside are in parts, and short ones of
    capitals are left out. Those of small letters have none three times in a row. Of those with an apostrophe inside
    there are both the parts and the whole.
    """
    runs: set[str] = set()
    joined: set[str] = set()
    groups: dict[bool, list[str]] = {}
    for text in texts:
        groups.setdefault(text.isupper(), []).append(text)
    for shouted, group in groups.items():
        shortest, text = 5 if shouted else 6, "\n".join(group)
        runs.update(_SMALL_RUN.findall(text))
        for match in _RUN_WITH_CAPITAL.finditer(text):
            word, (start, end) = match[0], match.span()
            touching = text[max(0, start - 1) : start] + text[end : end + 1]
            if _CAMEL.search(word) and _TOUCHING.isdisjoint(touching):
                runs.update(in_parts(word))
            elif len(word) >= shortest or not word.isupper() or not _TOUCHING.isdisjoint(touching):
                runs.add(word)
        joined.update(word for word in _JOINED.findall(text) if not word.lower().endswith(_ENDINGS))
    words = {run.lower() if run.isupper() else shortened(run.lower(), lexicon) for run in runs}
    whole = {word.lower().replace("'", "") for word in joined if word.lower() not in lexicon}
    return {word for word in words if word not in lexicon} | whole


def spelled(word: str, context: Context) -> bool:
    """Whether a word in capitals among small letters is initials."""
    if word in SAID:
        return False
    if word in SPELLED or word in SPELLED_ANYWAY or (len(word) == 2 and word not in SHORT_WORDS):
        return True
    return len(word) <= 5 and (word not in context.lexicon or not re.search(r"[aeiouy]", word))


def one_word(written: str, context: Context) -> list[str]:
    """A word that stands by itself, whatever the case of the sentence around it."""
    word = written.lower()
    if written.isdigit():
        return numbers.number(written)
    return [initials(word)] if len(word) > 1 and written.isupper() and spelled(word, context) else [word]


def _mixed(match: Match, _: Context) -> Sequence[Said] | None:
    said = MIXED.get(match["word"] or match["v"])
    if said is None:
        return None
    *head, last = said.split()
    return [*head, last + (match["own"] or "")]


def _hyphened(match: Match, context: Context) -> Sequence[Said] | None:
    """Words that a hyphen joins, of which one is in capitals: "pre-COVID", "USB-C"."""
    if context.shouted or not re.search(r"[A-Z]{2}", match[0]):
        return None
    short = 2 if match[0].isupper() else 1
    *words, last = (
        said
        for part in match["stem"].split("-")
        for said in ([initials(part)] if len(part) <= short else one_word(part, context))
    )
    return [*words, last + (match["own"] or "")]


def _dotted(match: Match, context: Context) -> Sequence[Said] | None:
    letters = match["letters"].replace(".", "").replace(" ", "")
    return [initials(letters) + ("'s" if match["own"] else "")]


def _initial(match: Match, _: Context) -> Sequence[Said] | None:
    return [initials(match["letter"])]


def _department(match: Match, _: Context) -> Sequence[Said] | None:
    return [initials(match[0])]


def _with_ampersand(match: Match, _: Context) -> Sequence[Said] | None:
    words: list[Said] = []
    for place, part in enumerate(match["letters"].split("&")):
        words += [*(["and"] if place else []), initials(part)]
    return [*words[:-1], str(words[-1]) + "'s"] if match["plural"] else words


def _capitals(match: Match, context: Context) -> Sequence[Said] | None:
    """Capitals of two letters or more, with or without a plural's or genitive's s, or a past's d: "OK'd"."""
    stem, ending = match["stem"], match["ending"] or ""
    word = stem.lower()
    if context.shouted:
        if word[:-1] in SPELLED_ANYWAY and word[-1] == "s" and word not in SPELLED_ANYWAY and not ending:
            return [initials(word[:-1]) + "'s"]
        letters = word in SPELLED_ANYWAY or (word in ("us", "un", "la", "it") and is_place(match))
        letters = letters or _no_word(word, context)
    elif word in AMBIGUOUS:
        letters = is_named(match) or (word == "us" and not ending and not is_told(match))
    elif context.titled and word in context.lexicon and word not in SPELLED_ANYWAY:
        letters = False
    else:
        letters = spelled(word, context)
    if not letters:
        return [word + ending.lower()] if not ending or ending.lower() == "'s" else None
    return [initials(word) + ending.lower()]


def _no_word(word: str, context: Context) -> bool:
    return word not in context.lexicon and word not in SAID and (len(word) <= 4 or not re.search(r"[aeiouy]", word))


def _letter_a(match: Match, context: Context) -> Sequence[Said] | None:
    """ "A" inside a sentence is the letter; the article is lower case."""
    if context.shouted or context.titled or (re.match(r"\s[A-Z]?[a-z]+", after(match, 12)) and not _inside(match)):
        return None
    return ["a."] if _inside(match) else None


def _inside(match: Match) -> bool:
    return any(map(str.isalnum, before(match)))


def _listed(match: Match, _: Context) -> Sequence[Said] | None:
    return ["a."]


def _article(match: Match, _: Context) -> Sequence[Said] | None:
    """Before a number or a letter, too, "a" is an article."""
    return ["a"]


_OF = compiled("(?!LoL|JoJ|CoC)[A-Z]o[A-Z]")
"""Initials with a small o, for "of": "DoD", "BoE"."""


def _camel(match: Match, context: Context) -> Sequence[Said] | None:
    stem = match["stem"]
    if _OF.fullmatch(stem):
        return [initials(stem) + (match["ending"] or "")]
    if stem.lower() in context.lexicon:
        return None
    *head, last = (word for part in in_parts(stem) for word in one_word(part, context))
    return [*head, last + (match["ending"] or "")]


_SIDE_BY_SIDE = compiled(
    r"\s(?:ratios?|tests?|testing|tested|equipment|ports?|devices?|errors?|bound|splits?|operations?)\b"
)


def _parted(match: Match, _: Context) -> Sequence[Said] | None:
    """Single letters with a slash between, which is not said in some terms: "A/B", "an I/O port"."""
    if _SIDE_BY_SIDE.match(after(match)) or match[0] in ("P/E", "P/B", "P/S", "D/E"):
        return [initials(match[0].replace("/", ""))]
    return [word for place, letter in enumerate(match[0].split("/")) for word in (*["slash"][:place], initials(letter))]


def _largest(match: Match, _: Context) -> Sequence[Said] | None:
    """A quantity's greatest or least: "Vmax", "VO2 max"."""
    return [initials(match["letter"] or match["one"]), *(["two"] if match["two"] else []), match["end"].lower()]


_ONLY_Y = compiled("(?=[a-z]*y)[b-df-hj-np-tv-z]{3,5}")
_LIT = compiled(r"\s(?:lights?|lighting|bulbs?|strips?|screens?|displays?|lamps?|panels?|tvs?|backlight\w*|torch)\b")


def _small_initials(match: Match, context: Context) -> Sequence[Said] | None:
    """Initials that are written small and would be sounded as a word."""
    stem = match["stem"]
    if stem == "eta" and not re.match(r":?\s\d|\?", after(match, 3)):
        return None  # the letter
    if stem == "led" and not _LIT.match(after(match)):
        return None  # the past of "lead"
    known = stem in SMALL_INITIALS or (stem.lower() in CHAT_INITIALS and match.start() == 0)
    known = known or (
        "y" in stem and _ONLY_Y.fullmatch(stem) is not None and stem not in context.lexicon and stem not in CHAT
    )
    return [initials(stem) + (match["own"] or "")] if known else None


def _plural_letters(match: Match, context: Context) -> Sequence[Said] | None:
    """Initials with a small s: ``"ATMs"``."""
    stem = match["stem"].lower()
    if (
        len(stem) > 2
        and stem + "s" in context.lexicon
        and stem not in SPELLED | SPELLED_ANYWAY
        and re.search(r"[aeiouy]", stem)
    ):
        return None
    return [stem + "s"] if stem in SAID else [initials(stem) + "'s"]


_DIGIT = "zero|one|two|three|four|five|six|seven|eight|nine|\\d"
_ADVERB = r"(?:again|now|please|soon)\b"
KIND = Kind(
    name="Letters or word",
    readings=(
        Reading(
            "a-zA-Z",
            r"\b(?:(?P<word>[A-Za-z]{2,}(?:-Fi\b)?)(?P<own>'s\b)?(?:(?!\w)|(?=\d{1,3}(?!\w)))|(?P<v>IPv)(?=[46]))",
            _mixed,
            then="A-Za-z",
        ),
        Reading(
            "A-Za-z",
            r"\b(?P<stem>[A-Za-z]+(?:-[A-Za-z]+){1,4})(?P<own>'s\b)?(?![\w'-])",
            _hyphened,
            needs="-",
            then="A-Za-z-",
        ),
        Reading(
            "IS",
            r"\b(?:IT(?=\s(?:department|support|team|manager|staff|industry|company|systems?|services?|skills|jobs?|security)\b)"
            r"|SAT(?=\s(?:scores?|tests?|exams?|prep|questions?|tutors?|results?)\b)|(?<=[Tt]he\s)SAT(?!\w))",
            _department,
            then="TA",
        ),
        Reading(
            "a-zA-Z",
            r"\b(?P<letters>(?:[A-Za-z]\.){2,}(?:[A-Za-z]\b(?!\.))?)(?P<own>'s\b)?",
            _dotted,
            needs=".",
            then=".",
        ),
        Reading(
            "ABCDEFGHJKLMNOPQRSTUVWXYZ",
            r"\b(?P<letter>[A-HJ-Z])\.(?=\s+(?:[A-Z]|[a-z]{3})|(?<=[KS]\.)\s\d)",
            _initial,
            needs=".",
            then=".",
        ),
        Reading(
            "A-HJ-Z",
            r"\b(?:(?P<letter>VO)(?P<two>2)\s?|(?P<one>[A-HJ-Z]))(?P<end>[mM]ax|min)(?!\w)",
            _largest,
            then="OMam",
        ),
        Reading("A-Z", r"(?<![\w/])[A-Z](?:/[A-Z]){1,3}(?![\w/])", _parted, needs="/", then="/"),
        Reading("a", r"(?<![\w/])a/b(?=\s(?:split\s)?test)", lambda match, _: [initials("AB")], needs="/", then="/"),
        Reading(
            "a-zA-Z",
            r"(?<![\w'.@-])(?P<stem>[A-Za-z][a-z]{1,5})(?P<own>'s)?(?![\w']|-(?!\d)|\.\w)",
            _small_initials,
            then="a-z",
        ),
        Reading(
            "A-Z",
            r"\b(?P<letters>[A-Z]{1,4}(?:&[A-Z]{1,4}){1,2})(?P<plural>'?s)?\b",
            _with_ampersand,
            needs="&",
            then="A-Z&",
        ),
        Reading("A-Z", r"\b(?P<stem>[A-Z]{2,})(?P<ending>'[sS]|(?<!\bOK)'[dD])?(?![\w]|'\w)", _capitals, then="A-Z"),
        Reading("A-Z", r"\b(?P<stem>[A-Z]{2,5})s(?![\w]|'\w)", _plural_letters, needs="s", then="A-Z"),
        Reading("A", r"\bA(?=:\s|\sv\.?\s[A-Z]|\s(?:is|stands)\sfor\b)", _listed),
        Reading("A", r"\bA(?![\w'.-])", _letter_a, then=r"\W"),
        Reading(
            "a",
            rf"(?<=\b(?:at|by|in)\s)a(?=\s(?:{_DIGIT})\s{_ADVERB})|(?<=\bwith\s)a(?=\s(?:{_DIGIT})\s{_ADVERB})",
            _listed,
        ),
        Reading("a", r"\ba(?=\s[b-z](?:\s[a-z]){1,25}(?!\S)|\s[b-z](?!\S)$)", _listed),
        Reading("a", r"\ba(?=\s(?:\d|[A-Z]\b))", _article, then=r"\s"),
        Reading("a-zA-Z", r"\b(?P<stem>[A-Za-z]*[a-z][A-Z][A-Za-z]*)(?P<ending>'s)?(?![\w-])", _camel, then="A-Za-z"),
    ),
    examples="""
        AI. → A I
        USA 1. → U S A one
        LEADERS OF THE UN AND NATO AGREE → leaders of the U N and nato agree
        THE US AND THE UAE AGREE ON AI → the U S and the U A E agree on A I
        30 PSI → thirty P S I
        the NGOs → the N G O's
        LED → L E D
        IPv6 → I P V six
        JPEG → jpeg
        JSON → json
        OAuth → O auth
        nginx → engine X
        NASA and XQ → nasa and X Q
        US troops help us → U S troops help us
        THIS IS A TEST → this is a test
        FROM: IT → from, I T
        two ATMs → two A T M's
        an M&M → an M and M
        AT&T → A T and T
        ChatGPT → chat G P T
        YouTube → youtube
        iOS → I O S
        the IT department → the I T department
        the U.S.A. → the U S A
        J. Smith → J smith
        an A in maths → an A in maths
        a 550-pound anchor → a five hundred and fifty pound anchor
        the BBC's news → the B B C's news
        UNESCO → unesco
        GDP → G D P
        URLs → U R L's
        YES! → yes
        HELLO WORLD → hello world
        WWII → world war two
        The WHO said → the W H O said
        WHO said it → who said it
        I work in IT. → I work in I T
        I AM IN THE UK → I am in the U K
        pre-COVID → pre covid
        USB-C → U S B C
        Sen. Lee (D-MA) → senator lee, D M A
        McDonald's → mcdonald's
        CLI → C L I
        PDF, HTML → P D F, H T M L
        a U-turn → a u-turn
        lay red at a two now → lay red at A two now
        a b c → A b c
        the BoE and the DoD → the B O E and the D O D
        she was ID'd → she was I D'd
        CONTACT US → contact us
        AC/DC → A C slash D C
        LA and PA → L A and P A
        OH NO → oh no
        DO it → do it
        FYI → F Y I
        E. coli → E coli
        A: Because. → A, because
        A is for apple → A is for apple
        BREAKING: US AND UK AGREE → breaking, U S and U K agree
        AB- type → A B minus type
        A/B test → A B test
        a/b testing → A B testing
        I/O → I slash O
        omg, a diy faq → O M G, a D I Y F A Q
    """,
)
