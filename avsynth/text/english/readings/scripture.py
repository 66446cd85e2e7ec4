"""Books of the Bible with chapter and verse."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, any_of
from avsynth.text.tokens import Pause

_COUNTED = "Corinthians|Kings|Samuel|Chronicles|Timothy|Thessalonians|Peter|John|Maccabees|Esdras|Nephi"
_BOOKS = (
    "Genesis|Exodus|Leviticus|Deuteronomy|Joshua|Judges|Ruth|Samuel|Kings|Chronicles|Ezra|Nehemiah|Esther|Job|Psalms?|"
    "Proverbs|Ecclesiastes|Isaiah|Jeremiah|Lamentations|Ezekiel|Daniel|Hosea|Joel|Amos|Obadiah|Jonah|Micah|Nahum|"
    "Habakkuk|Zephaniah|Haggai|Zechariah|Malachi|Matthew|Mark|Luke|John|Acts|Romans|Corinthians|Galatians|Ephesians|"
    "Philippians|Colossians|Thessalonians|Timothy|Titus|Philemon|Hebrews|James|Peter|Jude|Revelation|Qur'?an|Surah?|Koran"
)
_SHORT = {
    **{"Gen": "genesis", "Exod": "exodus", "Ex": "exodus", "Lev": "leviticus", "Num": "numbers", "Deut": "deuteronomy"},
    **{"Josh": "joshua", "Judg": "judges", "Sam": "samuel", "Kgs": "kings", "Chr": "chronicles", "Chron": "chronicles"},
    **{"Ps": "psalm", "Pss": "psalms", "Prov": "proverbs", "Eccl": "ecclesiastes", "Isa": "isaiah", "Jer": "jeremiah"},
    **{"Ezek": "ezekiel", "Dan": "daniel", "Zech": "zechariah", "Mal": "malachi", "Matt": "matthew", "Mt": "matthew"},
    **{"Mk": "mark", "Lk": "luke", "Jn": "john", "Rom": "romans", "Cor": "corinthians", "Gal": "galatians"},
    **{"Eph": "ephesians", "Phil": "philippians", "Col": "colossians", "Thess": "thessalonians", "Tim": "timothy"},
    **{"Heb": "hebrews", "Jas": "james", "Pet": "peter", "Rev": "revelation", "Gn": "genesis", "Rm": "romans"},
    **{
        "Is": "isaiah",
        "Pt": "peter",
        "Eccles": "ecclesiastes",
        "Hab": "habakkuk",
        "Dt": "deuteronomy",
        "Lv": "leviticus",
    },
    **{"Zeph": "zephaniah", "Hos": "hosea", "Mic": "micah", "Neh": "nehemiah", "Prv": "proverbs", "Tit": "titus"},
}
_ORDINALS = {"1": "first", "I": "first", "2": "second", "II": "second", "3": "third", "III": "third"}
_PLACE = (
    r"(?P<chapter>\d{1,3}):(?P<verse>\d{1,3})(?:-(?:(?P<to>\d{1,3}):)?(?P<last>\d{1,3}))?"
    r"(?P<more>(?:,\s?\d{1,3}){0,5})(?![\w:]|[.,-]\d|\s?[ap]\.?m)"
)


def _verses(match: Match) -> list[Said]:
    """Chapter and verse side by side."""
    words: list[Said] = [*numbers.cardinal(int(match["chapter"])), *numbers.cardinal(int(match["verse"]))]
    if match["last"]:
        chapter = numbers.cardinal(int(match["to"])) if match["to"] else []
        words += ["to", *chapter, *numbers.cardinal(int(match["last"]))]
    for verse in re.findall(r"\d+", match["more"]):
        words += [Pause(), *numbers.cardinal(int(verse))]
    return words


def _counted(match: Match, _: Context) -> Sequence[Said] | None:
    """One of several books of a name."""
    start = [_ORDINALS[match["number"]], match["book"].lower()]
    return [*start, *(_verses(match) if match["chapter"] else [])]


def _verse(match: Match, _: Context) -> Sequence[Said] | None:
    return [match["book"].lower(), *_verses(match)]


def _short(match: Match, _: Context) -> Sequence[Said] | None:
    """A book by its short form: "Matt. 5:3", "1 Cor. 13:4"."""
    if match["book"] == "Is" and int(match["chapter"]) < 25 and len(match["verse"]) == 2:
        return None  # "Is 7:30 too late?"
    start = [_ORDINALS[match["number"]]] if match["number"] else []
    return [*start, _SHORT[match["book"]], *_verses(match)]


def _chapter(match: Match, _: Context) -> Sequence[Said] | None:
    """A book of which there are two or three, and a chapter: "2 Sam. 11"."""
    return [_ORDINALS[match["number"]], _SHORT[match["book"]], *numbers.cardinal(int(match["chapter"]))]


def _psalm(match: Match, _: Context) -> Sequence[Said] | None:
    return ["psalm", *numbers.cardinal(int(match["chapter"]))]


KIND = Kind(
    name="Books of the Bible",
    readings=(
        Reading(
            "123I",
            rf"(?<![\w.,:/-])(?P<number>[123]|I{{1,3}})\s(?P<book>{_COUNTED})\b(?:\s{_PLACE}|(?=\s\d)|(?<=s))",
            _counted,
            needs="a",
        ),
        Reading(
            "123A-Z",
            rf"(?<![\w.,:/-])(?:(?P<number>[123])\s?)?(?P<book>{any_of(*_SHORT)})\.?\s{_PLACE}",
            _short,
            needs=":",
            then=r"A-Za-z\s",
            figures=True,
        ),
        Reading(
            "123",
            r"(?<![\w.,:/-])(?P<number>[123])\s?(?P<book>Sam|Kgs|Chr|Cor|Thess|Tim|Pet)\.?\s(?P<chapter>\d{1,2})(?![\w:-]|[.,]\d)",
            _chapter,
            needs="A",
        ),
        Reading("P", r"\bPs\.?\s(?P<chapter>\d{1,3})(?![\w:-]|[.,]\d)", _psalm),
        Reading("A-Z", rf"\b(?P<book>{_BOOKS})\s{_PLACE}", _verse, needs=":", then="a-z", figures=True),
    ),
    examples="""
        Matt. 5:3-12 → matthew five three to twelve
        1 Cor. 13:4 → first corinthians thirteen four
        Gen. 1:1 and Rev 22:21 → genesis one one and revelation twenty two twenty one
        John 3:16 → john three sixteen
        Psalm 23:4 → psalm twenty three four
        1 Corinthians 13:4-8 → first corinthians thirteen four to eight
        II Corinthians → second corinthians
        2 Kings 5 → second kings five
        Genesis 1:1 → genesis one one
        Matthew 5:3-12 → matthew five three to twelve
        Luke 2:10,14 → luke two ten, fourteen
        III John 1:2 → third john one two
        Romans 8:28, 31 → romans eight twenty eight, thirty one
        1 Samuel 17:45 → first samuel seventeen forty five
        Acts 2:38 → acts two thirty eight
        Gen 1:1-2:3 → genesis one one to two three
        1 Pt 5:7 and Is 40:31 → first peter five seven and isaiah forty thirty one
        Ps 23 → psalm twenty three
        Exodus 20:3-17 → exodus twenty three to seventeen
    """,
)
