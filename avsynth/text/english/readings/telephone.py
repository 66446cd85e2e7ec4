"""Telephone numbers and other digits in groups: digit by digit, with a pause between groups."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, before, initials
from avsynth.text.later import compiled
from avsynth.text.tokens import Pause

_SEP = r"(?:[ .-]|\s-\s)"
_AMERICAN = rf"(?:\+?1{_SEP}?)?(?:\(\d{{3}}\){_SEP}?|\d{{3}}{_SEP})\d{{3}}{_SEP}\d{{4}}"
_INTERNATIONAL = r"(?:\+\d{1,3}|\b00[1-9]\d{0,2})(?:[ .-]?\(\d{1,5}\))?(?:[ .-]?\d{1,5}){1,6}"
_BRITISH = r"\(0\d{1,5}\) ?\d{3,4}[ -]?\d{3,5}|0\d{2,5}(?:[ -]\d{3,8}){1,3}|0[358]00 \d{2} \d{4}"
_OTHER = (
    r"\d{4}(?:[ -]\d{4}){2,3}|1[38]00[ -]\d{3}[ -]\d{3}|1[38]00(?:[ -]\d{2}){3}"
    r"|\d{3}-\d{2}-\d{4}|\d{1,15}(?:-\d{1,15}){2,5}|\d{3}[-.]\d{4}"
)
_EXTENSION = r"(?:,?\s?(?P<ext>x|ext\.?|extension)\s?(?P<inner>\d{1,6}))?"


_SPANNED = compiled(r"\b(?:c|ca|circa|from|between|about|of)\.?\s$", re.IGNORECASE)
_COUNTED = compiled(r"\s(?:CE|BCE|BC|AD|people|calories|words|men|women|children)\b")


def _groups(match: Match, context: Context) -> Sequence[Said] | None:
    written = match["digits"]
    count = len(re.sub(r"\D", "", written))
    if count == 8 and re.match(r"\s?(?:hours|hrs)\b", after(match, 7)):
        return None
    if count < 7 or re.fullmatch(r"\d{1,2}(?:-\d{1,2}){2}", written):
        return None
    if re.fullmatch(r"\d{3}-\d{4}", written) and (_SPANNED.search(before(match, 8)) or _COUNTED.match(after(match))):
        return None
    words: list[Said] = ["plus"] if written.startswith("+") else []
    if american := re.fullmatch(r"\+1([2-9]\d\d)(\d{3})(\d{4})", written):
        written = " ".join(("1", *american.groups()))
    for place, group in enumerate(re.findall(r"\d+", written)):
        free = group == "800" and place == 1 and words[-1] == "one"
        words += [*([Pause()] if place else []), *(["eight", "hundred"] if free else numbers.digits(group))]
    if match["ext"]:
        words += [Pause(), "extension", *numbers.digits(match["inner"])]
    return words


_ASKING = compiled(r"\b(?:call|dial|phone|tel|telephone|text|fax|number|mobile|cell|ring|at|is)\W{1,2}$", re.IGNORECASE)


def _unparted(match: Match, _: Context) -> Sequence[Said] | None:
    """Ten digits as in North American numbers; where the fourth is 0 or 1, only after a word such as "call"."""
    if match[0][3] in "01" and not _ASKING.search(before(match, 12)):
        return None
    area, exchange, line = (numbers.digits(part) for part in (match[0][:3], match[0][3:6], match[0][6:]))
    return [*area, Pause(), *exchange, Pause(), *line]


_ASKED_BEFORE = compiled(
    r"\b(?:call|dial|phone|tel|fax|mobile|cell|ring)\W{1,3}\d{3} \d{4}\b[^\d.]{1,30}$", re.IGNORECASE
)


def _keys(match: Match, _: Context) -> Sequence[Said] | None:
    """What is typed: "dial *67"."""
    names = {"*": "star", "#": "hash"}
    keys = [names.get(key) or numbers.digits(key)[0] for key in match["keys"]]
    return [match["word"].lower(), *keys]


def _short(match: Match, _: Context) -> Sequence[Said] | None:
    """Seven digits, where a word asks for a number or nothing else stands."""
    if match.string.strip(" .!") != match[0] and not (
        _ASKING.search(before(match, 12)) or _ASKED_BEFORE.search(before(match, 70))
    ):
        return None
    return [*numbers.digits(match[0][:3]), Pause(), *numbers.digits(match[0][4:])]


def _emergency_alone(match: Match, _: Context) -> Sequence[Said] | None:
    called = re.search(
        r"\b(?:call|dial|phon|text|ring|rang)(?:e|l?ed|l?ing|s)?\s(?:(?:999|911|112|111|000)\b[^.?!]{0,40}\bor\s|\d{3}\sor\s)?$",
        before(match, 64),
        re.IGNORECASE,
    )
    alone = match[0] == "911" and match.string.strip(" .!") == match[0]
    return numbers.digits(match[0]) if alone or called else None


_CODED = compiled(r"\b(?:(?P<keyed>dial(?:l?ed|l?ing|s)?|short\s?codes?)|(?P<sent>text(?:ed|ing)?|sms|call))\s$", re.I)
_SENT_TO = compiled(r"\b(?:[Tt]ext|[Ss]end|[Rr]eply|SMS|sms)\s['\"]?[A-Z]{2,9}['\"]?\sto\s$")


def _short_code(match: Match, _: Context) -> Sequence[Said] | None:
    """What is dialled or texted: "text 40404", "dial 1234", but "text 20 people"."""
    told = _CODED.search(before(match, 14))
    counted = re.match(r"\s(?:[a-z]+s|people|men|women|more)\b(?!\s*$)|\s(?:[a-z]+s|people)\b", after(match))
    if counted or not (told or _SENT_TO.search(before(match))):
        return None
    least = 2 if told and told["keyed"] else 4
    return numbers.digits(match[0]) if len(match[0]) >= least else None


def _parted_code(match: Match, _: Context) -> Sequence[Said] | None:
    """ "Text JOIN to 55-255"."""
    return numbers.digits(match[0]) if _SENT_TO.search(before(match)) else None


def _hidden(match: Match, _: Context) -> Sequence[Said] | None:
    """What is left of a number that is not shown in full: "****4242"."""
    return numbers.digits(match["shown"])


def _carded(match: Match, _: Context) -> Sequence[Said] | None:
    """As :func:`_hidden`, with one letter for what is hidden: "Visa x4455"."""
    return ["x.", *numbers.digits(match["shown"])] if _CARD.search(before(match, 16)) else None


_CARD = compiled(r"\b(?:visa|mastercard|amex|card|account|acct\.?|ending(?:\sin)?)\s$", re.IGNORECASE)
_ASKING_FIRST = compiled(r"\b(?:call|dial|phone|tel|telephone|fax|mobile|cell|ring|whatsapp)\W{1,2}$", re.IGNORECASE)


def _two_fours(match: Match, _: Context) -> Sequence[Said] | None:
    """Eight digits after a word that asks for a number: "fax 9555 1235"."""
    if not _ASKING_FIRST.search(before(match, 12)):
        return None
    return [*numbers.digits(match[0][:4]), Pause(), *numbers.digits(match[0][5:])]


def _extension(match: Match, _: Context) -> Sequence[Said] | None:
    return ["extension", *numbers.digits(match["inner"])]


def _with_letters(match: Match, context: Context) -> Sequence[Said] | None:
    if len(re.sub(r"\W", "", match["letters"])) < 7:
        return None
    words: list[Said] = ["one", Pause()] if match["one"] else []
    words += numbers.pairs(int(match["area"])) if match["area"].endswith("00") else numbers.digits(match["area"])
    for part in match["letters"].split("-"):
        known = part.isalpha() and len(part) > 1 and part.lower() in context.lexicon
        spelt = [initials(part)] if part.isalpha() else numbers.digits(part)
        words += [Pause(), *([part.lower()] if known else spelt)]
    return words


def _named_line(match: Match, context: Context) -> Sequence[Said] | None:
    """A number without its area, as a word: "555-PIZZA"."""
    word = match["letters"].lower()
    return [*numbers.digits(match["area"]), Pause(), word if word in context.lexicon else initials(word)]


def _emergency(match: Match, _: Context) -> Sequence[Said] | None:
    return [match["word"].lower(), *numbers.digits(match["digits"])]


KIND = Kind(
    name="Telephone numbers",
    readings=(
        Reading(
            r"\d(+",
            rf"(?<![\w.,/-])(?P<digits>{_INTERNATIONAL}|{_AMERICAN}|{_BRITISH}|{_OTHER})(?![\w/]|[.,-]\d){_EXTENSION}",
            _groups,
            needs=" .-(+",
            then=r"\d\s.(-",
        ),
        Reading(
            "123456789(+",
            r"(?<![\w.,/-])(?:\+?(?P<one>1)[-. ])?\(?(?P<area>[2-9]\d\d)(?:\)\s?|[-. ])"
            r"(?P<letters>(?=[\dA-Z-]{0,12}[A-Z]{2})[A-Z\d]{1,7}(?:-[A-Z\d]{1,7}){0,3})\b(?![-'])",
            _with_letters,
            needs="A",
            then=r"\d. -",
        ),
        Reading(
            "2-9",
            r"(?<![\w.,/$£€-])(?P<area>[2-9]\d\d)-(?P<letters>[A-Z]{4,8})(?![\w'-])",
            _named_line,
            needs="-",
            then=r"\d",
        ),
        Reading("23456789", r"(?<![\w.,/$£€-])[2-9]\d{5}(?!0000)\d{4}(?![\w/]|[.,-]\d)", _unparted, then=r"\d"),
        Reading(r"\d", r"(?<![\w.,/$£€-])\d{3}\s\d{4}(?![\w/]|[.,-]\d)", _short, needs=" ", then=r"\d"),
        Reading(
            "*Xx",
            r"(?<![\w*])(?:[*]{2,}|[Xx]{3,4})(?:[\s-]?(?:[*]{2,4}|[Xx]{2,4})){0,4}[\s-]?(?P<shown>\d{3,4})(?![\w*/]|[.,]\d)",
            _hidden,
            figures=True,
            then="*Xx",
        ),
        Reading(
            r"\d",
            r"(?:(?<=,\s,\s)|(?<=,\s,\s\s))(?P<shown>\d{4})(?![\w/-]|[.,]\d)",
            _hidden,
            needs=",",
            then=r"\d",
        ),
        Reading(r"\d", r"(?<=\sto\s)\d{2,3}-\d{3}(?![\w/-]|[.,]\d)", _parted_code, needs="-", then=r"\d"),
        Reading("x", r"(?<!\w)x(?P<shown>\d{4})(?![\w/-]|[.,]\d)", _carded, figures=True, then=r"\d"),
        Reading(r"\d", r"(?<![\w.,/$£€-])\d{4}\s\d{4}(?![\w/-]|[.,]\d|\s\d)", _two_fours, needs=" ", then=r"\d"),
        Reading(
            "1-9", r"(?<![\w.,/$£€-])(?:[2-9]11|999|112|101|111|988)(?![\w/%-]|[.,]\d)", _emergency_alone, then=r"\d"
        ),
        Reading(
            "DPEHdpeh",
            r"\b(?P<word>(?i:dial|press|enter|hit))\s(?P<keys>[*#]\d{0,6}[*]#?|[*]#?\d{1,6}#?|\d{1,3}[*#]|#(?!\s?\w))(?!\w)",
            _keys,
            needs="*#",
            then="a-zA-Z",
        ),
        Reading(r"\d", r"(?<=[a-zA-Z]\s)\d{2,6}(?![\w/%:-]|[.,]\d)", _short_code, then=r"\d"),
        Reading(
            "Ee",
            r"\b(?i:ext(?:ension|\.)?):?\s?(?P<inner>\d{1,6})(?![\w/]|[.,-]\d)",
            _extension,
            then="xX",
            figures=True,
        ),
        Reading(
            "CDRTcdrt",
            r"\b(?P<word>(?i:dial|call|ring|text))\s(?P<digits>[2-9]11|999|112|101|111|000|988)\b",
            _emergency,
            then="a-zA-Z",
            figures=True,
        ),
    ),
    examples="""
        555-1234 → five five five, one two three four
        555.123.4567 → five five five, one two three, four five six seven
        (212) 555-0100 → two one two, five five five, zero one zero zero
        1-800-FLOWERS → one, eight hundred, flowers
        1-800-555-1234 → one, eight hundred, five five five, one two three four
        +1 (555) 123-4567 → plus one, five five five, one two three, four five six seven
        +44 20 7946 0958 → plus four four, two zero, seven nine four six, zero nine five eight
        (020) 7946 0958 → zero two zero, seven nine four six, zero nine five eight
        0800 123 456 → zero eight zero zero, one two three, four five six
        555-123-4567 ext. 12 → five five five, one two three, four five six seven, extension one two
        123-45-6789 → one two three, four five, six seven eight nine
        1234 5678 9012 3456 → one two three four, five six seven eight, nine zero one two, three four five six
        212 555 0100 → two one two, five five five, zero one zero zero
        dial 911 → dial nine one one
        call 999 now → call nine nine nine now
        1-800-GO-FEDEX → one, eight hundred, go, fedex
        +1-212-555-0100 → plus one, two one two, five five five, zero one zero zero
        5558675309 → five five five, eight six seven, five three zero nine
        Call 5551234567 → call five five five, one two three, four five six seven
        ext. 405 → extension four zero five
        card ****4242 → card four two four two
        fax 9555 1235 → fax nine five five five, one two three five
        512 KB → five hundred and twelve kilobytes
        (02) 9876 5432 → zero two, nine eight seven six, five four three two
        dial *67 → dial star six seven
        press # → press hash
        call 555 1234 → call five five five, one two three four
        911 → nine one one
        He called 911. → he called nine one one
        (800) 555-HELP → eight hundred, five five five, help
        +14155552671 → plus one, four one five, five five five, two six seven one
        0044 20 7946 0958 → zero zero four four, two zero, seven nine four six, zero nine five eight
        call 311 → call three one one
        text 40404 → text four zero four zero four
        dial 1234 → dial one two three four
        text JOIN to 55-255 → text join to five five two five five
        text 20 people → text twenty people
        555-0199 x42 → five five five, zero one nine nine, extension four two
    """,
)
