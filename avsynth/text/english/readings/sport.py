"""Sport: who beat whom, how often a side won, drew and lost, what players did, runs and wickets."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, around, before
from avsynth.text.later import compiled
from avsynth.text.tokens import Pause

_OUTCOMES = {"W": "win/wins", "L": "loss/losses", "D": "draw/draws", "T": "tie/ties"}
_PLAYED = {"P": "played", "W": "won", "D": "drawn", "L": "lost", "T": "tied"}
_BEAT = {"d": "defeated", "def": "defeated", "bt": "beat"}


def _record(match: Match, _: Context) -> Sequence[Said] | None:
    """How often a side won, drew and lost: "2W-1D-0L"."""
    words: list[Said] = []
    for count, outcome in re.findall(r"(\d+)([WDLT])", match[0]):
        one, many = _OUTCOMES[outcome].split("/")
        words += [*([Pause()] if words else []), *numbers.number(count), one if count == "1" else many]
    return words


def _table(match: Match, _: Context) -> Sequence[Said] | None:
    """The same as a table has it: "P10 W6 D2 L2"."""
    words: list[Said] = []
    for outcome, count in re.findall(r"([PWDLT])(\d+)", match[0]):
        words += [*([Pause()] if words else []), _PLAYED[outcome], *numbers.number(count)]
    return words


_FEATS = {"reb": "rebound", "ast": "assist", "stl": "steal", "blk": "block", "TD": "touchdown", "INT": "interception"}


def _feat(match: Match, _: Context) -> Sequence[Said] | None:
    """What a player did, beside his points: "38 pts, 11 reb"."""
    name = _FEATS[match["feat"].removesuffix("s") if match["feat"] not in _FEATS else match["feat"]]
    return [*numbers.number(match["count"]), name if match["count"] == "1" else name + "s"]


def _beat(match: Match, _: Context) -> Sequence[Said] | None:
    """A winner, a loser and their score: "Nadal d. Federer 6-4"."""
    winner = re.search(r"\b[A-Z][\w'-]+\s$", before(match))
    loser = re.match(r"\s(?:(?:No\.\s|#)\d{1,3}\s)?(?:(?:[A-Z]|\d\ders)[\w'.-]*\s){1,3}\(?\d{1,3}-\d", after(match, 60))
    return [_BEAT[match["how"]]] if winner and loser else None


_CRICKET = compiled(r"\b(?:wickets?|ov|ovs|overs|innings|declared|batting|bowled|batsm[ae]n|cricket)\b")
_CRICKETERS = compiled(
    r"\b(?:England|India|Australia|Pakistan|Bangladesh|Zimbabwe|Ireland|Afghanistan|Netherlands|Scotland|Lanka|Zealand|Africa"
    r"|Indies|Surrey|Yorkshire|Kent|Essex|Sussex)\s(?:(?:are|were|is|was|on|at|made|reached|posted)\s){0,2}$"
)


def _wickets(match: Match, _: Context) -> Sequence[Said] | None:
    """Runs and wickets at cricket: "England 345/6"."""
    if not (match["declared"] or _CRICKET.search(around(match)) or _CRICKETERS.search(before(match))):
        return None
    declared = ["declared"] if match["declared"] else []
    return [*numbers.cardinal(int(match["low"])), "for", *numbers.cardinal(int(match["high"])), *declared]


_PARTS = {"HT": "half time", "FT": "full time", "AET": "after extra time"}


def _part(match: Match, _: Context) -> Sequence[Said] | None:
    """When a score stood so: "HT 1-0"."""
    return _PARTS[match["part"]].split()


_BATTED = compiled(
    r"\b(?:ov|ovs|overs?|wickets?|innings|batting|bowled|made|off|runs|batsm[ae]n|cricket|Test|ODI|T20)\b"
)


def _out(match: Match, context: Context) -> Sequence[Said] | None:
    """The same with a dash, where nobody can have scored so few: "212-5"."""
    return _wickets(match, context) if _CRICKET.search(around(match)) else None


def _under(match: Match, _: Context) -> Sequence[Said] | None:
    """By the age of players: "U/12"."""
    words = numbers.cardinal(int(match["age"]))
    return ["under", *(numbers.plural(words) if match["many"] else words)]


def _not_out(match: Match, _: Context) -> Sequence[Said] | None:
    """The star behind the runs of who was not out."""
    return ["not", "out"] if _BATTED.search(around(match, 60)) else None


_BATTED_AT = compiled(
    r"\b(?:bat(?:s|ting|ted)?|hit(?:s|ting)?|average(?:\sof|d)?|percentage\sof|slugging|OBP|ERA\sand)\s(?:a\s)?$"
)


def _average(match: Match, _: Context) -> Sequence[Said] | None:
    """Of a batter or a side, in thousandths: "batting .312", "a .500 record"."""
    if not _BATTED_AT.search(before(match, 20)) and not re.match(
        r"\s(?:record|hitter|team|club|season|average|ball|pace|baseball)\b", after(match)
    ):
        return None
    return numbers.pairs(int(match["figures"])) if match["figures"][0] != "0" else numbers.digits(match["figures"])


def _bore(match: Match, _: Context) -> Sequence[Said] | None:
    """Of a gun, in hundredths of an inch: "a .45 caliber"."""
    return numbers.pairs(int(match["figures"]))


def _one_against(match: Match, _: Context) -> Sequence[Said] | None:
    """ "1 v 1"."""
    return [*numbers.number(match["low"]), "v.", *numbers.number(match["high"])]


_ON_A_STREET = compiled(r"(?:\d|\b(?:on|of|down|along|off|at\sthe\scorner\sof|and|&|[NSEW])\.?)\s$")
_WAY_ALONG = compiled(
    r"\b(?:[Tt]urn|[Cc]orner|blocks?|Ave|Blvd|Expy|Rd|Hwy|[Ee]xit|left|right|intersection|drive|walk|crash|closed|road)\b"
)
"""Words for ways, near which it is a street."""


def _university(match: Match, _: Context) -> Sequence[Said] | None:
    """ "Ohio St. beat Michigan St."."""
    if _ON_A_STREET.search(before(match)) or _WAY_ALONG.search(around(match, 60)):
        return None
    return [match["name"].lower(), "state"]


_RECORDED = compiled(
    r"\b(?:(?:improv|f[ea]ll|dropp?|mov)(?:ed?|es|s|ing)?\sto|(?:win-loss\s|season\s)?record\s(?:of|is|was|at|to|now))\s$"
)
_GOES_ON = compiled(
    r"\s*$|[.,;:!?)]|\s(?:on|with|in|at|after|for|overall|and|as|this|when|while|since|against|to|under|by|but|last)\b"
)
_MEASURED = compiled(
    r"\b(?:[Pp]rices?|[Tt]emperatures?|[Nn]umbers?|[Rr]ates?|[Cc]osts?|[Ll]evels?|[Ss]ales|[Oo]dds|[Vv]alues?|[Hh]ighs|[Ll]ows)\b"
)
_PLAYS = compiled(
    r"\)\s(?:(?:will|play|lead|meet|face|take|sit|remain|trail|travel|open|are|host|visit|welcome)s?|and\sthe)\b"
)


def _won_and_lost(match: Match, _: Context) -> Sequence[Said] | None:
    """How often a side has won and lost: "improved to 8-2", "the Lakers (38-21) host"."""
    season = re.match(r"\s(?:(?:this|on\sthe|last)\s(?:season|year)|record|as\sa\sstarter)\b", after(match))
    several = len(_BRACKETED.findall(around(match))) > 1 or _PLAYS.match(after(match))
    bracketed = _IN_BRACKETS.search(before(match)) and after(match, 1) == ")" and several
    told = _RECORDED.search(before(match)) and _GOES_ON.match(after(match)) and not _MEASURED.search(around(match))
    if not (told or season or bracketed):
        return None
    return [*numbers.cardinal(int(match["low"])), "and", *numbers.cardinal(int(match["high"]))]


_BRACKETED = compiled(r"[a-z]\s\(\d{1,3}-\d{1,2}\)")
_IN_BRACKETS = compiled(r"\b(?:[A-Z][a-z]+|\d\ders)\s\($")


KIND = Kind(
    name="Results of matches",
    readings=(
        Reading(
            r"\d",
            r"(?<![\w.,/-])(?P<low>[2-9]\d|[1-9]\d\d)/(?P<high>10|\d)(?P<declared>d)?(?![\w/-]|[.,]\d)",
            _wickets,
            needs="/",
            then=r"\d",
        ),
        Reading(
            r"\d",
            r"(?<![\w.,/-])(?P<low>[5-9]\d|[1-9]\d\d)-(?P<high>10|\d)(?P<declared>d)?(?![\w/-]|[.,]\d)",
            _out,
            needs="-",
            then=r"\d",
        ),
        Reading(
            r"\d",
            r"(?<![\w.,/-])(?P<low>\d{1,3})-(?P<high>\d{1,2})(?![\w/-]|[.,]\d)",
            _won_and_lost,
            needs="-",
            then=r"\d-",
        ),
        Reading(
            r"\d",
            r"(?<![\w.,-])\d{1,3}[WDLT](?:(?:-|,?\s)\d{1,3}[WDLT]){1,3}(?![\w-])",
            _record,
            needs="A",
            then=r"\dWDLT",
        ),
        Reading(
            "PWDLT",
            r"(?<![\w.,-])[PWDLT]\d{1,3}(?:,?\s[WDLT]\d{1,3}){1,4}(?![\w-])",
            _table,
            figures=True,
            then=r"\d",
        ),
        Reading(
            r"\d",
            r"(?<![\w.,-])(?P<count>\d{1,3})\s(?P<feat>(?:reb|ast|stl|blk|TD|INT)s?)(?!\w)\.?",
            _feat,
            then=r"\d\s",
        ),
        Reading(
            "HFA",
            r"(?<![\w-])(?P<part>HT|FT|AET)(?=:?\s(?:[A-Z][\w']*\s){0,3}\d{1,2}\s?-\s?\d)",
            _part,
            needs="-",
            figures=True,
            then="TE",
        ),
        Reading("HF", r"(?<=\bat\s)(?P<part>HT|FT)(?![\w.-])", _part, needs="-", figures=True, then="T"),
        Reading("*", r"(?<=[A-Za-z]\s\d)\*|(?<=[A-Za-z]\s\d\d)\*|(?<=[A-Za-z]\s\d\d\d)\*", _not_out, figures=True),
        Reading(
            "uU", r"(?<![\w/])[uU]/(?P<age>\d{1,2})(?P<many>s)?(?![\w/])", _under, needs="/", figures=True, then="/"
        ),
        Reading(
            "A-Z",
            r"(?:(?<!\S)|(?<=[(\"]))(?P<name>Ohio|Penn|Michigan|Florida|Iowa|Boise|Fresno|Kansas|Oklahoma|Oregon|Arizona|Utah|Colorado|Kent"
            r"|Mississippi|Wichita)\sSt\b\.?(?!\s(?:and|&)\s\d)",
            _university,
            needs="S",
            then="a-z",
        ),
        Reading(".", r"(?<![\w.,])\.(?P<figures>\d{3})(?![\w%]|\.\d)", _average, figures=True, then=r"\d"),
        Reading(
            ".",
            r"(?<![\w.,])\.(?P<figures>22|25|30|32|38|357|40|44|45|50)(?=[\s-](?:cal(?:iber|ibre)?\b|rifle|pistol|handgun|revolver|magnum|Magnum|Colt))",
            _bore,
            figures=True,
            then=r"\d",
        ),
        Reading(
            r"\d",
            r"(?<![\w.,/-])(?P<low>[1-9]\d?)\sv\s(?P<high>[1-9]\d?)(?![\w/-]|[.,:]\d)",
            _one_against,
            needs="v",
            then=r"\d\s",
        ),
        Reading("U", r"\bUtd\b\.?", lambda match, _: ["united"], then="t"),
        Reading("bd", r"\b(?P<how>def|d|bt)\b\.?(?=\s(?:[A-Z#]|\d\ders))", _beat, needs="-", figures=True),
    ),
    examples="""
        They improved to 8-2. → they improved to eight and two
        The Lakers (38-21) host them. → the lakers, thirty eight and twenty one, host them
        2W-1D-0L → two wins, one draw, zero losses
        a record of 10W-3L → a record of ten wins, three losses
        1W 2D 1L so far → one win, two draws, one loss so far
        W3 D1 L2 → won three, drawn one, lost two
        P10 W6 D2 L2 → played ten, won six, drawn two, lost two
        Nadal d. Federer 6-4 → nadal defeated federer six to four
        Swiatek def. Gauff 6-2 → swiatek defeated gauff six to two
        Murray bt Nishikori 7-5 → murray beat nishikori seven to five
        Chelsea bt. Leeds 3-1 → chelsea beat leeds three to one
        38 pts, 11 reb, 8 ast → thirty eight points, eleven rebounds, eight assists
        England 345/6 (90 ov) → england three hundred and forty five for six, ninety overs
        Man Utd 2–1 Spurs (HT 1–0) → man united two to one spurs, half time one to zero
        FT: Leeds 3-1 Hull → full time, leeds three to one hull
        batting .312 → batting three twelve
        a .500 record → a five hundred record
        a .45 caliber pistol → a forty five caliber pistol
        1 v 1 → one V one
        p < .312 → P is less than point three one two
        Ohio St. beat Michigan St. → ohio state beat michigan state
        turn left on to Ohio St. → turn left on to ohio street
        a 60W bulb → a sixty watt bulb
    """,
)
