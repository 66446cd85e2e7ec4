"""Codes with signs inside ("24#68"), codes of two groups, numbers of orders and builds."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, before, initials
from avsynth.text.english.readings.codes import LASTING, characters, is_asked
from avsynth.text.later import compiled
from avsynth.text.tokens import Pause

_KEYED_IN = compiled(
    r"\b(?:[Dd]ial|[Pp]ress|[Tt]ype|[Ee]nter)\s$|\b(?:codes?|PIN|keypad)\b[^.;!?]*\s(?:is|was|are|or|and)\s$"
)
_KEYS = {"#": "hash", "*": "star"}


def _keyed(match: Match, _: Context) -> Sequence[Said] | None:
    """What is typed at a door or a telephone: "24#68"."""
    if not is_asked(before(match)) and not _KEYED_IN.search(before(match, 60)):
        return None
    words: list[Said] = []
    for part in re.findall(r"\d+|[A-Z]+|[#*]", match[0]):
        words += [_KEYS[part]] if part in _KEYS else characters(part)
    return words


def _in_groups(match: Match, _: Context) -> Sequence[Said] | None:
    """ "Your code is 559-204"."""
    return characters(match[0]) if is_asked(before(match)) else None


def _lettered(match: Match, _: Context) -> Sequence[Said] | None:
    """ "#4471-B"."""
    return ["number", *numbers.digits(match["figures"]), Pause(), initials(match["letters"])]


def _build(match: Match, _: Context) -> Sequence[Said] | None:
    part = match["part"]
    return [*numbers.digits(match["figures"]), *(["point", *numbers.digits(part)] if part else [])]


_IS_A_CODE = compiled(
    r"\s(?:is|as|was)\s(?:your|the|my|our|his|her|a)\s(?:[\w-]{1,16}\s){0,3}(?:codes?|PIN|pin|OTP|passcode|password|combination|passkey)\b",
)


def _named_after(match: Match, _: Context) -> Sequence[Said] | None:
    """ "482913 is your verification code"."""
    return characters(match[0]) if _IS_A_CODE.match(after(match, 90)) else None


_AFTER_A_CODE = compiled(
    r"\b(?:PINs?|[Cc]odes?|[Pp]asscodes?|OTPs?)\s(?:(?:is|are|was|were)\s)?\d{3,8}(?:,|,?\s(?:and|or|then|now|not|but))(?:\sthen|\snow)?\s$"
)


def _another(match: Match, _: Context) -> Sequence[Said] | None:
    """ "The PIN was 5501, then 7730"."""
    return characters(match[0]) if _AFTER_A_CODE.search(before(match)) else None


def _card(match: Match, _: Context) -> Sequence[Said] | None:
    """The last figures of a card or an account, behind its name or stars: "Visa 4242", "ending *4242"."""
    if match[0].isdigit() and match[0][:2] in ("19", "20") and LASTING.search(before(match, 60)):
        return None  # a year
    return numbers.digits(match["figures"])


_REFERRED = compiled(
    r"\b(?:[Rr]ef(?:erence)?|[Cc]ase|[Ii]nvoice|[Pp]olicy|[Dd]ocket|[Ff]ile|[Aa]pplication|[Cc]laim|[Tt]icket|[Oo]rder|PO)"
    r"(?:\.|\s(?:[Nn]o\.?|[Nn]umber|[Nn]r\.?))?(?:\sis)?:?\s#?$"
)


def _with_slashes(match: Match, _: Context) -> Sequence[Said] | None:
    """ "Ref: 2023/441"."""
    if not _REFERRED.search(before(match, 24)):
        return None
    words: list[Said] = []
    for part in re.findall(r"[A-Z\d]+|/", match[0]):
        words += ["slash"] if part == "/" else characters(part)
    return words


def _of_part(match: Match, _: Context) -> Sequence[Said] | None:
    """ "Part #88-4102-C": groups of figures, with letters last."""
    return characters(match[0])


def _referred(match: Match, _: Context) -> Sequence[Said] | None:
    """ "Ref. 88-20417": groups of which one is too long, or begins with a zero, for a range."""
    long = any(len(part) > 4 or part[0] == "0" for part in match[0].split("-"))
    return characters(match[0]) if long and _REFERRED.search(before(match, 24)) else None


def _extension(match: Match, _: Context) -> Sequence[Said] | None:
    """ "Reach me at x4421"."""
    named = before(match, 14).rstrip().lower().endswith(("extension", "extension is"))
    return [*(["x."] if named else ["extension"]), *numbers.digits(match["figures"])]


_CODE_FOR = compiled(
    r"\b(?:[Cc]odes?|PIN|OTP|[Pp]in|[Pp]ass(?:code|word)|[Cc]ombination)\s(?:for|of|to|on|in)\s(?:\S{1,14}\s){1,4}(?:is|was)\s$"
)


def _code_for(match: Match, _: Context) -> Sequence[Said] | None:
    """ "The code for the gate is 4471"."""
    return characters(match[0]) if _CODE_FOR.search(before(match, 72)) else None


KIND = Kind(
    name="Codes with signs, orders and builds",
    readings=(
        Reading(
            r"\d*x-",
            r"(?:(?:(?<=\bVisa\s)|(?<=\bMastercard\s)|(?<=\bMasterCard\s)|(?<=\bAmex\s)|(?<=\b[Ee]nding\s)|(?<=\b[Ee]nding\sin\s))[*x.-]{0,4}"
            r"|(?<=\bcard\s)[*x.-]{1,4})(?P<figures>\d{4})(?![\w-]|[.,]\d)",
            _card,
            figures=True,
            then=r"\d*x.-",
        ),
        Reading(
            r"\dA-Z*#",
            r"(?<![\w*#])(?=[\dA-Z#*]*\d)(?:[*#]?[\dA-Z]{1,8}[*#]){1,4}[\dA-Z]{0,8}(?![\w*#])|(?<![\w*#])\*\d{2,4}(?![\w*#])",
            _keyed,
            needs="#*",
            figures=True,
        ),
        Reading(
            r"\d",
            r"(?<![\w.,$£€/-])(?:\d{3,5}|(?<=[Nn]o\.\s)\d\d)(?:-\d{3,5}){1,3}(?![\w-]|[.,/]\d)",
            _in_groups,
            needs="-",
            then=r"\d",
        ),
        Reading(
            "#",
            r"#(?P<figures>\d{3,9})-(?P<letters>[A-Z]{1,3})(?![\w'-])",
            _lettered,
            needs="-",
            figures=True,
            then=r"\d",
        ),
        Reading(
            r"\d",
            r"(?:(?<=\bBuild\s)|(?<=\bbuild\s))(?P<figures>\d{5,6})(?:\.(?P<part>\d{3,5}))?(?![\w,-]|\.\d|\s[a-z]+s\b)",
            _build,
            then=r"\d",
        ),
        Reading(r"\d", r"(?<=[a-z,]\s)\d{3,8}(?![\w/-]|[.,:]\d|\s(?:[a-z]+s|people)\b)", _another, then=r"\d"),
        Reading(r"\d", r"(?<![\w.,$£€/-])\d{4,8}(?=\s(?:is|as|was)\s)", _named_after, then=r"\d"),
        Reading(
            r"\dA-Z",
            r"(?<![\w/])(?:[A-Z]{1,4}|[A-Z]{0,2}\d{1,8})(?:/(?:[A-Z]{1,4}|\d{1,8})){1,3}(?![\w/])",
            _with_slashes,
            needs="/",
            figures=True,
            then=r"\dA-Z/",
        ),
        Reading(
            r"\d",
            r"(?:(?<=#)|(?<=\b[Nn]o\.\s)|(?<=\b[Nn]umber\s))\d{1,8}(?:-\d{1,8}){1,3}-[A-Z]{1,3}(?![\w'-])",
            _of_part,
            needs="-",
            then=r"\d-",
        ),
        Reading(
            r"\d",
            r"(?<![\w.,$£€/-])\d{1,8}(?:-\d{1,8}){1,3}(?![\w-]|[.,/]\d|\s[a-z]+s\b)",
            _referred,
            needs="-",
            then=r"\d-",
        ),
        Reading(
            "x",
            r"(?:(?<=\bat\s)|(?<=\b[Dd]ial\s)|(?<=\b[Cc]all\s)|(?<=\bextension\s)|(?<=\bextension\sis\s)|(?<=\bon\s))"
            r"x(?P<figures>\d{3,5})(?![\w-])",
            _extension,
            figures=True,
            then=r"\d",
        ),
        Reading(
            r"\d",
            r"(?:(?<=\bis\s)|(?<=\bwas\s))\d{3,8}(?:-\d{2,8})?(?=\W*$|[,;)])(?!,\d)",
            _code_for,
            then=r"\d",
        ),
    ),
    examples="""
        the door code is 24#68 → the door code is two four hash six eight
        code C2468# → code C two four six eight hash
        dial *67 → dial star six seven
        press #31# → press hash three one hash
        Your code is 559-204. → your code is five five nine, two zero four
        passcode 4471-2290 → passcode four four seven one, two two nine zero
        #4471-B → number four four seven one, B
        order #40021-AC → order number four zero zero two one, A C
        Build 19045 → build one nine zero four five
        OS build 22631.2861 → O S build two two six three one point two eight six one
        build 12000 homes → build twelve thousand homes
        a C#-like language → A C sharp like language
        482913 is your login code. → four eight two nine one three is your login code
        use 5520 as your PIN → use five five two zero as your pin
        Visa 4242 → visa four two four two
        the card ending *0071 → the card ending zero zero seven one
        Ref: 2023/441 → reference, two zero two three slash four four one
        Please quote ref. 88-20417. → please quote reference eight eight, two zero four one seven
        part no. 88-4102-C → part number eight eight, four one zero two, C
        docket no. 22-451 → docket number two two, four five one
        reach me at x4421 → reach me at extension four four two one
        her extension is x302 → her extension is X three zero two
        the ZIP code for Yuma is 85364. → the zip code for yuma is eight five three six four
        The code to the shed is 4471, I think. → the code to the shed is four four seven one, I think
        we are #1 → we are number one
        559-204 votes → five hundred and fifty nine to two hundred and four votes
    """,
)
