"""Measures: numbers with units, magnitudes, degrees, feet and inches, things counted by the million."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.quantities import (
    AMOUNT,
    GLUED,
    MINUS,
    adjectival,
    are_tens,
    is_one,
    is_sort,
    magnitude,
    noun_follows,
    signed,
    told_unit,
)
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, before
from avsynth.text.english.units import UNIT, unit_words

_SPELT = (
    "thousand|million|billion|seconds|minutes|hours|days|weeks|months|years|euros|percent|degrees|meters|metres|"
    "kilometers|kilometres|kilograms|liters|litres|times"
)
"""What a decimal comma may stand before, in full."""
_ABOVE = "[mnμk]?g|[mμ]?[lL]|m?mol|[kcm]?m|k?J|kcal|[km]?W|[kM]?N|[kMG][Bb]|lbs?|oz|ft|mi"
_BELOW = "k?g|[dm]?[lL]|[cm]?m\\^[23]|m|mol|s|sec|min|hr?|day|K"
"""What stands in a unit above and below the stroke, where no number comes before it."""
_POINTS = {"N": "north", "S": "south", "E": "east", "W": "west"}


_NUMBERED = re.compile(
    r"\b(?:room|gate|seat|flat|unit|row|platform|suite|building|block|bus|route|exhibit|section|figure|table|grade|class"
    r"|apt|apartment|bay|dock|line|hall|exit|terminal|aisle|level|zone|lot|stand|form|size|plan|option|page)\s#?$",
    re.IGNORECASE,
)


_SCREEN = re.compile(
    r"\s(?:videos?|tvs?|screens?|monitors?|displays?|resolution|cameras?|footage|movies?|films?|content|streaming|gaming"
    r"|projectors?|ultra|uhd|hdr|webcams?)\b",
    re.IGNORECASE,
)
_RACE = re.compile(r"\s(?:runs?|races?|walks?|runners?|charity|fun|pb|course|event|training)\b")
_RATES = {"wk": "week", "mo": "month", "yr": "year", "hr": "hour", "min": "minute"}
_PEOPLE = (
    "people|users|views|viewers|followers|subscribers|downloads|copies|homes|jobs|households|customers|visitors|tourists"
    "|residents|voters|children|students|workers|members|passengers|barrels|shares|doses|deaths|cases|refugees|hits"
    "|streams|fans|likes|players|sales|units|cars|vehicles|listeners|readers|records|accounts|Americans|Britons|items"
)
"""What is counted by the million and not measured in meters."""


def _measure(match: Match, _: Context) -> Sequence[Said] | None:
    amount, scale = match["amount"], match.groupdict().get("scale")
    described = adjectival(match) or is_sort(match, match["unit"])
    glued = match["gap"] == "-" or (match["gap"] == "" and (match["unit"] != "in" or described))
    if glued and match["unit"] == "s" and ("," in amount or (amount.isdigit() and are_tens(match, amount))):
        return None
    one = (is_one(amount) and not scale) or (described and match["unit"] != "%")
    words = unit_words(match["unit"], one=one or match["gap"] == "-", glued=glued)
    following = after(match, 2).strip("-").strip()
    if words is None or (match["gap"] == "-" and not following.isalpha() and (following or len(match["unit"]) < 2)):
        return None
    return [*signed(match), *numbers.number(amount), *([magnitude(scale)] if scale else []), *words]


def _per(match: Match, _: Context) -> Sequence[Said] | None:
    """A unit in the singular."""
    words = unit_words(match["unit"], one=True, glued=True)
    return words and ["per", *words]


def _unit_alone(match: Match, _: Context) -> Sequence[Said] | None:
    """A unit per another, without a number: "in mg/kg"."""
    return unit_words(match[0], one=False, glued=True)


def _rate(match: Match, _: Context) -> Sequence[Said] | None:
    """How often, or how many: "3x/day", "5/week"."""
    times = ["time" if is_one(match["amount"]) else "times"] if match["times"] else []
    return [*numbers.number(match["amount"]), *times, "per", *_RATES.get(match["per"], match["per"]).split()]


def _told(match: Match, _: Context) -> Sequence[Said] | None:
    """A capital that is a unit by what stands around it."""
    sort = match[0][-2].isdigit() and match["unit"] not in "CF" and is_sort(match, match["unit"])
    unit = told_unit(match, match["unit"], one=is_one(match["amount"]) or adjectival(match) or sort)
    return (
        None
        if unit is None or _NUMBERED.search(before(match))
        else [*signed(match), *numbers.number(match["amount"]), *unit]
    )


def _decimal_comma(match: Match, _: Context) -> Sequence[Said] | None:
    """As on the continent; only before what is measured, elsewhere a comma parts."""
    amount = f"{match['amount']}.{match['part']}"
    if match["scale"]:
        return [*signed(match), *numbers.number(amount), match["scale"].strip()]
    unit = None if match["unit"] == "in" else unit_words(match["unit"], one=False, glued=True)
    return None if unit is None else [*signed(match), *numbers.number(amount), *unit]


def _cups(match: Match, _: Context) -> Sequence[Said] | None:
    if _NUMBERED.search(before(match)):
        return None
    return [*numbers.number(match["amount"]), "cup" if is_one(match["amount"]) else "cups"]


def _karats(match: Match, _: Context) -> Sequence[Said] | None:
    return [*numbers.number(match["amount"]), "karat"]


def _scaled(match: Match, _: Context) -> Sequence[Said] | None:
    if match["scale"] in "kK" and (_RACE.match(after(match)) or re.search(r"\b[Aa]\s$", before(match, 2))):
        return None
    if match["amount"] in ("2", "4", "5", "8") and (match["scale"] == "K" or _SCREEN.match(after(match))):
        return None
    if len(match["scale"]) == 1 and _NUMBERED.search(before(match)):
        return None
    return [*signed(match), *numbers.number(match["amount"]), magnitude(match["scale"])]


def _inches(match: Match, _: Context) -> Sequence[Said] | None:
    if after(match, 240).count('"') % 2:
        return None  # the end of a quotation
    words = unit_words("in", one=is_one(match["amount"]) or noun_follows(match), glued=True)
    return [*numbers.number(match["amount"]), *(words or ())]


def _long(match: Match, _: Context) -> Sequence[Said] | None:
    return [*numbers.number(match["amount"]), "inches" if not is_one(match["amount"]) else "inch"]


def _feet_by_feet(match: Match, _: Context) -> Sequence[Said] | None:
    return [*numbers.number(match["one"]), "by", *numbers.number(match["two"]), "feet"]


def _inches_by_inches(match: Match, _: Context) -> Sequence[Said] | None:
    third = ["by", *numbers.number(match["three"])] if match["three"] else []
    return [*numbers.number(match["one"]), "by", *numbers.number(match["two"]), *third, "inches"]


def _height(match: Match, _: Context) -> Sequence[Said] | None:
    return [*numbers.number(match["feet"]), "foot", *numbers.number(match["inches"])]


def _feet(match: Match, _: Context) -> Sequence[Said] | None:
    if re.search(r"(?<!\w)'", before(match, 200)):
        return None  # the end of a quotation
    return [*numbers.number(match["amount"]), "foot" if is_one(match["amount"]) or adjectival(match) else "feet"]


def _angle(match: Match, _: Context) -> Sequence[Said] | None:
    one = is_one(match["degrees"]) or (noun_follows(match) and not match["minute"] and not match["point"])
    words = [*signed(match), *numbers.number(match["degrees"]), "degree" if one else "degrees"]
    for name in ("minute", "second"):
        if match[name]:
            words += [*numbers.number(match[name]), name if match[name] == "1" else name + "s"]
    return [*words, *([_POINTS[match["point"]]] if match["point"] else [])]


def _times(match: Match, _: Context) -> Sequence[Said] | None:
    if re.search(r"[=+*/^-]\s?$", before(match, 2)) or re.match(r"\s?[=+*/^]", after(match, 2)):
        return None  # a letter of a sum
    return [*numbers.number(match["amount"]), "times"]


KIND = Kind(
    name="Measures",
    readings=(
        Reading("a-zA-Zμ", rf"(?<![\w/.-])(?:{_ABOVE})/(?:{_BELOW})(?![\w/'^-])", _unit_alone, needs="/"),
        Reading(
            r"\d\-",
            rf"{MINUS}(?<![\w.])(?P<degrees>\d{{1,3}})°\s?(?P<minute>\d{{1,2}}(?:\.\d{{1,9}})?)'"
            r"(?:\s?(?P<second>\d{1,2}(?:\.\d{1,9})?)(?:\"|''))?(?:\s?(?P<point>[NSEW])\b)?",
            _angle,
            needs="°",
        ),
        Reading(
            r"\d\-.",
            rf"{MINUS}(?<![\w.])(?P<degrees>{AMOUNT})°(?P<minute>)(?P<second>)(?:\s?(?P<point>[NSEW])\b)?"
            r"(?!\s?[CFKcf]\b)",
            _angle,
            needs="°",
        ),
        Reading(r"\d", r"(?<![\w'.])(?P<one>\d{1,4})'\s?[x×]\s?(?P<two>\d{1,4})'(?![\w'])", _feet_by_feet, needs="'"),
        Reading(
            r"\d.",
            rf"(?<![\w.])(?P<one>{AMOUNT})(?:\"|'')?\s?[x×]\s?(?P<two>{AMOUNT})(?:(?:\"|'')?\s?[x×]\s?(?P<three>{AMOUNT}))?(?:\"|'')(?!\w)",
            _inches_by_inches,
            needs="x×",
        ),
        Reading(
            "123456789", r"(?<![\w'.])(?P<feet>[1-9])'\s?(?P<inches>1[01]|\d)(?:\"|''|(?![\w']))", _height, needs="'"
        ),
        Reading("123456789", r"(?<![\w'.])(?P<feet>[1-9])\s?ft\.?\s(?P<inches>1[01]|\d)\s?in\b\.?", _height, needs="f"),
        Reading(
            r"\d.",
            rf"(?<![\w\".])(?P<amount>{AMOUNT})(?:\"|'')(?!\w)",
            _inches,
            needs=""""'""",
        ),
        Reading(r"\d", r"(?<![\w'.])(?P<amount>\d{1,5})'(?=\s[a-z]|\s*$|[,.;:)])", _feet, needs="'"),
        Reading(
            r"\d.",
            rf"(?<![\w.])(?P<amount>{AMOUNT})\s?in\b\.?(?=\s*$|[,;:)]|\s(?:tall|wide|long|deep|thick|high|by|x)\b)",
            _long,
            needs="i",
        ),
        Reading(
            r"\d\-.",
            rf"{MINUS}(?<![\w.])(?P<amount>{AMOUNT})(?P<scale>\s(?:hundred|thousand|million|billion|trillion))"
            rf"(?P<gap>\s){UNIT}",
            _measure,
            needs="bhmt",
        ),
        Reading(
            r"\d\-",
            rf"{MINUS}(?<![\w.,])(?P<amount>\d{{1,3}}),(?P<part>\d{{1,2}})(?:(?P<scale>\s(?:{_SPELT}))\b|\s?{UNIT})",
            _decimal_comma,
            needs=",",
        ),
        Reading(r"\d\-.", rf"{MINUS}(?<![\w.])(?P<amount>{AMOUNT})\s?(?P<unit>[ACFKNT])(?![\w'/(-])", _told, needs="A"),
        Reading("Pp", rf"\b(?i:per)\s(?!in\b|us\b){UNIT}", _per, needs="aA"),
        Reading(r"\d", r"(?<![\w./])(?P<amount>\d{1,2})\s?c\.(?=\s[a-z])", _cups, needs="."),
        Reading(
            r"\d\-.", rf"{MINUS}(?<![\w.])(?P<amount>{AMOUNT})(?P<scale>m)(?=\s(?:{_PEOPLE})\b)", _scaled, needs="m"
        ),
        Reading(
            "129",
            r"(?<![\w.])(?P<amount>9|1[048]|2[24])\s?[kK](?:t|arat)?(?=\s(?:(?:white|rose|yellow|solid|pure)\s)?gold\b)",
            _karats,
            needs="Kk",
        ),
        Reading(r"\d\-.", rf"{MINUS}(?<![\w.])(?P<amount>{AMOUNT})(?P<gap>[\s-]?){UNIT}", _measure, needs="aA%‰°"),
        Reading(r"\d\-.", rf"{MINUS}(?<![\w.])(?P<amount>{AMOUNT}){GLUED}", _scaled, needs="BKMbhkmtcl"),
        Reading(
            r"\d",
            rf"(?<![\w.,/])(?P<amount>{AMOUNT})(?P<times>\s?[xX])?/(?P<per>day|week|month|year|hour|night|person|{'|'.join(_RATES)})\b",
            _rate,
            needs="/",
        ),
        Reading(r"\d.", rf"(?<![\w.])(?P<amount>{AMOUNT})[xX](?![\w-])", _times, needs="Xx"),
    ),
    examples="""
        5 km → five kilometers
        1 km → one kilometer
        5 sq ft → five square feet
        1,500 sq. ft. of space → one thousand five hundred square feet of space
        20 m² → twenty square meters
        3 m³ → three cubic meters
        30 km² → thirty square kilometers
        1 cm3 → one cubic centimeter
        2 tsp. of salt → two teaspoons of salt
        1 tsp. → one teaspoon
        100 mbps → one hundred megabits per second
        60 km/h → sixty kilometers per hour
        9.81 m/s² → nine point eight one meters per second squared
        1 mph → one mile per hour
        50 µg → fifty micrograms
        20 kΩ → twenty kiloohms
        100 million kg → one hundred million kilograms
        5M users → five million users
        10k → ten thousand
        1.5x → one point five times
        –5 degrees → minus five degrees
        it fell to -12.5°C overnight → it fell to minus twelve point five degrees celsius overnight
        -1°C → minus one degree celsius
        100°F → one hundred degrees fahrenheit
        45° → forty five degrees
        40° 26′ 46″ N → forty degrees twenty six minutes forty six seconds north
        a 5 km run → a five kilometer run
        the 10-kg bag → the ten kilogram bag
        a 550-pound anchor → a five hundred and fifty pound anchor
        3.5% → three point five percent
        2‰ → two per mille
        16 GB of RAM → sixteen gigabytes of ram
        240 V, 13A → two hundred and forty volts, thirteen amps
        3.2 GHz → three point two gigahertz
        120 bpm → one hundred and twenty beats per minute
        30 PSI → thirty P S I
        5'11" → five foot eleven
        6 ft 2 in → six foot two
        a 12" ruler → a twelve inch ruler
        1.5" pipe → one point five inch pipe
        5' → five feet
        a 90° angle → a ninety degree angle
        5'x7' → five by seven feet
        Room 12B → room twelve B
        60 mph → sixty miles per hour
        80 mg/dL → eighty milligrams per deciliter
        1.2 kg/m³ → one point two kilograms per cubic meter
        10 lbs. → ten pounds
        8 oz → eight ounces
        12 fl oz → twelve fluid ounces
        1080 px → one thousand and eighty pixels
        5 mL → five milliliters
        2.5bn people → two point five billion people
        It is 20C outside. → it is twenty degrees celsius outside
        set the oven to 350F → set the oven to three hundred and fifty degrees fahrenheit
        down to -5C → down to minus five degrees celsius
        98.6 F → ninety eight point six degrees fahrenheit
        20C → twenty degrees celsius
        72F → seventy two degrees fahrenheit
        Seat 20C → seat twenty C
        a 13 A fuse → a thirteen amp fuse
        pulls with 100 N of force → pulls with one hundred newtons of force
        1,5 km → one point five kilometers
        2,5 kg of flour → two point five kilograms of flour
        3,75 % → three point seven five percent
        in 2,5 minutes → in two point five minutes
        2,5 million → two point five million
        8.5x11" paper → eight point five by eleven inches paper
        12" x 18" x 4" → twelve by eighteen by four inches
        10" x 12" → ten by twelve inches
        1 c. flour → one cup flour
        60 beats/min → sixty beats per minute
        5 l/100km → five liters per one hundred kilometers
        3 ft² → three square feet
        30 deg → thirty degrees
        a 12V battery → a twelve volt battery
        60W bulb → sixty watt bulb
        two 500mg tablets → two five hundred milligram tablets
        16GB RAM → sixteen gigabyte ram
        a 24in monitor → a twenty four inch monitor
        it weighs 10kg → it weighs ten kilograms
        add 200ml milk → add two hundred milliliters milk
        runs 10km daily → runs ten kilometers daily
        65" TV → sixty five inch T V
        a 30s ad → a thirty second ad
        5.6m people → five point six million people
        4k video → four K video
        50 lb. bag → fifty pound bag
        a 6-in. nail → a six inch nail
        ran 5 km yesterday → ran five kilometers yesterday
        $5 per kg → five dollars per kilogram
        a 5k run → a five K run
        3x/day → three times per day
        5/wk → five per week
        24K gold → twenty four karat gold
        18kt white gold → eighteen karat white gold
        5 mM → five millimolar
    """,
)
