"""What is written short and read in full, and what its dot says about the end of a sentence."""

from __future__ import annotations

CALENDAR = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
MONTHS = {name[:3]: name for name in CALENDAR if name != "may"} | {"sept": "september"}
DAYS = {
    **{"mon": "monday", "tue": "tuesday", "tues": "tuesday", "wed": "wednesday", "thu": "thursday"},
    **{"thur": "thursday", "thurs": "thursday", "fri": "friday", "sat": "saturday", "sun": "sunday"},
}
TITLES = {
    **{"mr": "mister", "mrs": "missus", "ms": "ms", "dr": "doctor", "prof": "professor", "st": "saint"},
    **{"capt": "captain", "sgt": "sergeant", "lt": "lieutenant", "messrs": "messieurs", "mt": "mount"},
}
"""Before a name."""
RANKS = {
    **{"gen": "general", "col": "colonel", "rev": "reverend", "gov": "governor", "sen": "senator", "ft": "fort"},
    **{"cmdr": "commander", "maj": "major", "cpl": "corporal", "hon": "honorable", "rep": "representative"},
}
"""Before a name, if written with a capital."""
INTRODUCERS = {"e.g": "for example", "i.e": "that is", "vs": "versus", "cf": "compare", "approx": "approximately"} | {
    **{"incl": "including", "excl": "excluding"}
}
"""Before what they introduce."""
CLOSERS = {
    **{"etc": "et cetera", "jr": "junior", "sr": "senior", "dept": "department", "inc": "incorporated"},
    **{"ltd": "limited", "corp": "corporation", "ave": "avenue", "rd": "road", "blvd": "boulevard"},
    **{"esq": "esquire", "bros": "brothers", "hwy": "highway", "govt": "government", "assn": "association"},
}
"""After a name or a list; a pause follows where a sentence might."""
MEASURED = frozenset(("min", "mins", "sec", "secs", "hr", "hrs", "ft", "oz", "lb", "lbs", "yd", "yds", "mi", "in"))
"""After a number."""
COUNTED = {
    **{"no": "number", "nos": "numbers", "vol": "volume", "vols": "volumes", "p": "page", "pp": "pages"},
    **{"fig": "figure", "figs": "figures", "ch": "chapter", "chap": "chapter", "ed": "edition", "sec": "section"},
    **{"para": "paragraph", "art": "article", "apt": "apartment", "ext": "extension", "tel": "telephone"},
}
"""Before a number."""
CAPITALISED = RANKS | MONTHS | {name: day for name, day in DAYS.items() if name != "sun"}
"""Words otherwise, unless written with a capital."""
ABBREVIATIONS = TITLES | INTRODUCERS | CAPITALISED | CLOSERS
"""Everything that is read otherwise than written when a dot follows, without the dot."""

ENDLESS = frozenset((*TITLES, *RANKS, *INTRODUCERS))
"""No sentence ends at their dot."""
NUMBERED = frozenset((*COUNTED, *MONTHS, *DAYS))
"""No sentence ends at their dot before a digit."""
_STARTERS = (
    "The A An I He She It We They You This That These Those There Then But And So In On At If When My Our His Her "
    "What Who Where Why How Is Are Was Do Does Did Yes No Not Now Please Let After Before As For"
)
STARTERS = frozenset(_STARTERS.split())
"""Words that begin a sentence after initials ("in the U.S. The") rather than go on with a name ("J. Smith")."""

BARE = {"dr": "doctor", "prof": "professor", "eg": "for example", "ie": "that is", "vs": "versus"}
"""Read in full without any dot as well."""
SLASHED = {"w/o": "without", "w/": "with", "n/a": "not applicable", "c/o": "care of"}
SPELLED_IN_CAPITALS = frozenset(("us", "ai", "un", "id", "ad", "os", "et", "est"))
"""Words that in capitals are initials."""
SAID_IN_CAPITALS = frozenset(("covid", "fifa", "uefa", "jpeg", "gif", "nafta", "asap"))
"""Initials that are said as a word, which the dictionary need not hold."""
CLIPPED = frozenset(("'em", "'til", "'tis", "'twas", "'cause", "'bout", "'round"))
