"""Units of measure as written after a number, and their names."""

from __future__ import annotations

import re
from functools import cache

_PREFIXES = {
    **{"n": "nano", "μ": "micro", "u": "micro", "p": "pico", "m": "milli", "c": "centi", "d": "deci", "h": "hecto"},
    **{"k": "kilo", "M": "mega", "G": "giga", "T": "tera", "P": "peta"},
}
_METRIC = {
    **{"m": ("nμmcdk", "meter"), "g": ("nμmk", "gram"), "l": ("μmcdh", "liter"), "L": ("μmcd", "liter")},
    **{"s": ("nμm", "second"), "Hz": ("mkMGT", "hertz/hertz"), "W": ("μmkMGT", "watt"), "V": ("μmkM", "volt")},
    **{"A": ("nμmk", "amp"), "Ω": ("mkMG", "ohm"), "F": ("pnμm", "farad"), "H": ("nμm", "henry")},
    **{"Pa": ("hkMG", "pascal"), "J": ("mkMG", "joule"), "eV": ("mkMGT", "electron volt"), "N": ("mkM", "newton")},
    **{"mol": ("nμmk", "mole"), "Wh": ("mkMGT", "watt hour"), "Ah": ("mk", "amp hour"), "Sv": ("nμm", "sievert")},
    **{"T": ("nμm", "tesla"), "Bq": ("kMGT", "becquerel"), "Gy": ("μm", "gray"), "cal": ("k", "calorie")},
    **{"b": ("kMGT", "bit"), "B": ("kMGTP", "byte"), "bit": ("kMGT", "bit"), "bar": ("m", "bar")},
    **{"bps": ("kMGT", "bit/bits per second"), "C": ("μm", "coulomb"), "Nm": ("k", "newton meter")},
}
"""Metric units: the prefixes that each takes, and its name."""
_EXACT = {
    **{"m": "meter", "g": "gram", "l": "liter", "L": "liter", "h": "hour", "s": "second", "W": "watt", "V": "volt"},
    **{"A": "amp", "J": "joule", "K": "kelvin/kelvin", "Ω": "ohm", "t": "ton", "Hz": "hertz/hertz", "B": "byte"},
    **{"N": "newton", "kn": "knot", "ly": "light year", "pc": "parsec", "Mpc": "megaparsec"},
    **{
        "KiB": "kibibyte",
        "MiB": "mebibyte",
        "GiB": "gibibyte",
        "TiB": "tebibyte",
        "em": "em",
        "AU": "astronomical unit",
    },
    **{"mM": "millimolar/millimolar", "μM": "micromolar/micromolar", "nM": "nanomolar/nanomolar", "ps": "picosecond"},
    **{"Pa": "pascal", "eV": "electron volt", "mol": "mole", "Sv": "sievert", "Bq": "becquerel", "Nm": "newton meter"},
    **{"Wh": "watt hour", "Ah": "amp hour", "lm": "lumen", "lx": "lux/lux", "ha": "hectare", "u": "unit"},
    **{
        "mEq": "milliequivalent",
        "rad": "radian",
        "mrad": "milliradian",
        "sr": "steradian",
        "\u212b": "angstrom",
        "mOsm": "milliosmole",
    },
    **{"KB": "kilobyte", "Kb": "kilobit", "Kbps": "kilobit/kilobits per second", "nmi": "nautical mile"},
    **{"VDC": "volt d.c./volts d.c.", "VAC": "volt a.c./volts a.c.", "arcsec": "arcsecond", "arcmin": "arcminute"},
    **{
        "dBm": "d.b.m./d.b.m.",
        "kpc": "kiloparsec",
        "Gpc": "gigaparsec",
        "bu": "bushel",
        "cd": "candela",
        "bhp": "brake horsepower/brake horsepower",
    },
    **{"kly": "thousand light years/thousand light years", "Mly": "million light years/million light years"},
    **{"kyr": "thousand years/thousand years", "Myr": "million years/million years"},
    **{"Gyr": "billion years/billion years", "Mya": "million years ago/million years ago"},
    **{"MB": "megabyte", "GB": "gigabyte", "TB": "terabyte", "°": "degree"},
}
_CASELESS = {
    **{
        "km": "kilometer",
        "cm": "centimeter",
        "mm": "millimeter",
        "kg": "kilogram",
        "kgs": "kilogram",
        "mg": "milligram",
    },
    **{"ml": "milliliter", "mb": "megabyte", "gb": "gigabyte", "kb": "kilobyte", "tb": "terabyte", "ms": "millisecond"},
    **{"lb": "pound", "lbs": "pound", "oz": "ounce", "yd": "yard", "yds": "yard", "mi": "mile", "ft": "foot/feet"},
    **{"min": "minute", "mins": "minute", "sec": "second", "secs": "second", "hr": "hour", "hrs": "hour"},
    **{"yr": "year", "yrs": "year", "wk": "week", "wks": "week", "mo": "month", "mos": "month", "kw": "kilowatt"},
    **{"tsp": "teaspoon", "tsps": "teaspoon", "tbsp": "tablespoon", "tbsps": "tablespoon", "tbs": "tablespoon"},
    **{
        "gal": "gallon",
        "gals": "gallon",
        "qt": "quart",
        "qts": "quart",
        "pt": "point",
        "pts": "point",
        "cc": "c.c./c.c.'s",
    },
    **{"hz": "hertz/hertz", "khz": "kilohertz/kilohertz", "mhz": "megahertz/megahertz", "ghz": "gigahertz/gigahertz"},
    **{"mph": "mile/miles per hour", "kph": "kilometer/kilometers per hour", "kmh": "kilometer/kilometers per hour"},
    **{
        "mpg": "mile/miles per gallon",
        "fps": "frame/frames per second",
        "rpm": "r.p.m./r.p.m.",
        "psi": "p.s.i./p.s.i.",
    },
    **{"kbps": "kilobit/kilobits per second", "mbps": "megabit/megabits per second", "bpm": "beat/beats per minute"},
    **{"gbps": "gigabit/gigabits per second", "kwh": "kilowatt hour", "mah": "milliamp hour", "db": "decibel"},
    **{
        "dba": "decibel",
        "dpi": "dot/dots per inch",
        "ppi": "pixel/pixels per inch",
        "px": "pixel",
        "mp": "megapixel",
        "mpx": "megapixel",
    },
    **{
        "ppm": "part/parts per million",
        "ppb": "part/parts per billion",
        "hp": "horsepower/horsepower",
        "kcal": "calorie",
    },
    **{
        "mcg": "microgram",
        "sqft": "square foot/square feet",
        "sqm": "square meter",
        "atm": "atmosphere",
        "ct": "carat",
    },
    **{"°c": "degree celsius/degrees celsius", "°f": "degree fahrenheit/degrees fahrenheit", "°k": "kelvin/kelvin"},
    **{
        "%": "percent/percent",
        "‰": "per mille/per mille",
        "ac": "acre",
        "mag": "magnitude",
        "bbl": "barrel",
        "bbls": "barrel",
        "ov": "over",
        "ovs": "over",
        "fl oz": "fluid ounce",
        "kt": "knot",
        "kts": "knot",
    },
    **{
        "lb-ft": "pound foot/pound feet",
        "lbs-ft": "pound foot/pound feet",
        "ft-lb": "foot pound",
        "ft-lbs": "foot pound",
        "n·m": "newton meter",
        "mmhg": "millimeter/millimeters of mercury",
    },
    **{"deg": "degree", "cal": "calorie", "rem": "rem", "inhg": "inch/inches of mercury", "mins": "minute"},
    **{
        "nt": "night",
        "nts": "night",
        "in": "inch/inches",
        "mmol": "millimole",
        "iu": "i.u./i.u.'s",
        "bar": "bar",
        "kj": "kilojoule",
    },
}
_NOT_ALONE = frozenset(
    ("in", "mo", "ac", "pt", "ct", "mp", "u", "atm", "B", "K", "A", "t", "N", "T", "F", "C", "ps", "em", "us")
)
"""Units that are also words or letters ("in", "pt"), read as units only where nothing else is likely."""
_NONE = frozenset(("HRs", "AC", "ATM", "ATMs", "PT"))
"""What looks like a unit and is none: home runs, alternating current."""
_GLUED = frozenset(("mo", "in", "ct", "mp", "pt", "us", "ps", "em"))
"""Those of them that are units directly after a number ("5in")."""
_PER = {
    **{"s": "second", "h": "hour", "d": "day", "w": "week", "min": "minute", "l": "liter", "gal": "gallon"},
    **{"sec": "second", "hr": "hour", "wk": "week", "mo": "month", "yr": "year"},
    **dict.fromkeys(("second", "minute", "hour", "day", "night", "week", "month", "year", "person", "head"), ""),
    **dict.fromkeys(
        (
            "side",
            "batch",
            "load",
            "serving",
            "student",
            "capita",
            "employee",
            "household",
            "game",
            "share",
            "room",
            "meter",
        ),
        "",
    ),
    **dict.fromkeys(("unit", "kilo", "pound", "gallon", "mile", "page", "piece", "item", "user", "seat"), ""),
}
"""What may follow a slash besides units ("km/h"), with its name."""
_POWERS = {"2": "square", "3": "cubic"}
_SPELT = {"sq": "square", "sq.": "square", "cu": "cubic", "cu.": "cubic"}

_ONE = (
    r"(?:mmHg(?![A-Za-z])|(?:[a-z]{3,12}s|people)(?=/[a-z])|ft-lbs?(?![A-Za-z])|lbs?-ft(?![A-Za-z])|N·m(?![A-Za-z])|[A-Za-zμΩ\u212b]{1,6}"
    r"|(?:°|deg)\s?[CFKcf](?![A-Za-z]))"
)
UNIT = (
    rf"(?P<unit>%|‰|(?:(?i:sq|cu)\.?[\s-])?(?:fl\.?\s)?{_ONE}(?:\^-?[1-4]|(?<=m)[23](?!\d)|(?<=ft)[23](?!\d))?"
    r"(?:\.?/(?:100\s?km|(?:sq|cu)\.?\s(?:in|ft|mi|km|cm|m|yd)\b|[A-Za-zμ]{1,9})(?:\^[1-4]|(?<=m)[23](?!\d))?){0,2})(?![\w$£€^]|/(?!\d)|'\w|-(?!(?:equivalent|rated|long|wide|deep|high|tall|thick|capable|class|only)\b)\w)"
    r"(?P<dot>\.(?=[,;:)]|-[\da-z]|\s+(?:[a-z(\d]|[A-Z]{2}|[NSEW]\s)|\s*$))?"
)
"""Pattern of a unit after a number, with or without a space, and its dot where that does not seem to end a sentence."""


@cache
def _names() -> dict[str, str]:
    metric = {
        prefix + base: "/".join(_PREFIXES[prefix] + part for part in name.split("/"))
        for base, (prefixes, name) in _METRIC.items()
        for prefix in prefixes + ("u" if "μ" in prefixes else "")
    }
    return {**metric, **_EXACT}


def _single(written: str) -> tuple[str, str] | None:
    """One unit without its power: the singular and the plural."""
    name = _names().get(written) or (_CASELESS.get(written.lower()) if written not in _NONE else None)
    if name is None:
        return None
    one, _, many = name.partition("/")
    if " per " in many or " of " in many:
        one += many[min(many.find(mark) for mark in (" per ", " of ") if mark in many) :]
    return one, many or (one[:-1] + "ies" if one.endswith("ry") else one + "s")


def unit_words(written: str, *, one: bool, glued: bool = False) -> list[str] | None:
    """The words of a unit, in the singular for ``one``; None if it is none. ``glued``: no space stands before it.

    >>> " ".join(unit_words("kg/m^3", one=False))
    'kilograms per cubic meter'
    """
    above, *below = re.sub(r"(?:°|deg(?=\s?[CFKcf]$))\s?", "°", written).replace("./", "/").split("/")
    words = _with_power(above, one=one)
    if words is None and below and re.fullmatch(r"[a-z]+s|people", above):
        words = [above]
    alone = not below and "^" not in above and " " not in above
    if words is None or (alone and above in _NOT_ALONE and not (glued and above in _GLUED)):
        return None
    for part in below:
        of = _per(part)
        if of is None:
            return None
        words += ["per", *of]
    return words


def _per(written: str) -> list[str] | None:
    if written in _PER:
        return [_PER[written] or written]
    if written.startswith("100"):
        return ["one", "hundred", "kilometers"]
    if written == "s^2":
        return ["second", "squared"]
    return _with_power(written, one=True)


def _with_power(written: str, *, one: bool) -> list[str] | None:
    spelt, _, rest = re.sub(r"^((?i:sq|cu)\.?)-", r"\1 ", written).partition(" ")
    name, power = (rest, _SPELT[spelt.lower()]) if spelt.lower() in _SPELT else (written, "")
    name = re.sub(r"^fl\.?\s", "fl ", name)
    high = re.fullmatch(r"(.+?)\^?(-?[1-4])", name)
    if high and (high[1].endswith(("m", "ft")) or "^" in name):
        name, sign = high[1], high[2].lstrip("-")
        if sign not in _POWERS or power:
            return None
        power = _POWERS[sign]
    forms = _single(name)
    if forms is None:
        return None
    return [*([power] if power else []), *forms[0 if one else 1].split()]
