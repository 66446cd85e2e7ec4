"""Measures: numbers with units, magnitudes, degrees, feet and inches, things counted by the million."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.quantities import (
    AMOUNT,
    GLUED,
    MINUS,
    POPULATION,
    ROAD,
    adjectival,
    are_tens,
    is_one,
    is_sort,
    magnitude,
    signed,
    told_unit,
)
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, around, before
from avsynth.text.english.units import UNIT, unit_words
from avsynth.text.later import compiled

_SPELT = (
    "thousand|million|billion|seconds|minutes|hours|days|weeks|months|years|euros|percent|degrees|meters|metres|"
    "kilometers|kilometres|kilograms|liters|litres|times"
)
"""What a decimal comma may stand before, in full."""
_ABOVE = "[mnμk]?g|[mμ]?[lL]|m?mol|[kcm]?m|k?J|kcal|[km]?W|[kM]?N|[kMG][Bb]|lbs?|oz|ft|mi"
_BELOW = "k?g|[dm]?[lL]|[cm]?m\\^[23]|m|mol|s|sec|min|hr?|day|K"
"""What stands in a unit above and below the stroke, where no number comes before it."""
_NUMBERED = compiled(
    r"\b(?:room|gate|seat|flat|unit|row|platform|suite|building|block|bus|route|exhibit|section|figure|table|grade|class"
    r"|apt|apartment|bay|dock|line|hall|exit|terminal|aisle|level|zone|lot|stand|form|size|plan|option|page)s?\s#?(?:\d{1,4}[A-Z]?(?:,|\sand|\s&|\sor|\sto)\s){0,3}$",
    re.IGNORECASE,
)


_SCREEN = compiled(
    r"\s(?:videos?|tvs?|screens?|monitors?|displays?|resolution|cameras?|footage|movies?|films?|content|streaming|gaming"
    r"|projectors?|ultra|uhd|hdr|webcams?)\b",
    re.IGNORECASE,
)
_RACE = compiled(r"\s(?:runs?|races?|walks?|runners?|charity|fun|pb|course|event|training)\b")
_RUN = compiled(r"\b(?:[Aa]|ran|runs?|running|raced|jog(?:s|ged)?|walked)\s$")
_RATES = {"wk": "week", "mo": "month", "yr": "year", "hr": "hour", "min": "minute"}
_STORED = (
    "data|storage|ram|memory|disk|space|files|photos|drive|ssds?|hdds?|disks|drives|usb|flash|vram|cloud|bandwidth"
)
_PEOPLE = (
    "people|users|views|viewers|followers|subscribers|downloads|copies|homes|jobs|households|customers|visitors|tourists"
    "|residents|voters|children|students|workers|members|passengers|barrels|shares|doses|deaths|cases|refugees|hits"
    "|streams|fans|likes|players|sales|units|cars|vehicles|listeners|readers|records|accounts|Americans|Britons|items"
)
"""What is counted by the million and not measured in meters."""


_VOTED = compiled(r"\b(?:votes?|voted|voters|viewers|subscribers|followers|downloads|electorate|ballots)\b")
_FAR = compiled(r"\b(?:tall|long|high|wide|deep|metres|meters|km|race|swim|sprint|away|from|hurdles|final|jump)\b")
_OR_ELSE = compiled(r"/\d[\d.]*\s?[a-z]{1,3}\s[a-z]{3,}")
"""The same in another unit, and what it describes: "a 20 kg/44 lb bag"."""


def _measure(match: Match, _: Context) -> Sequence[Said] | None:
    amount, scale = match["amount"], match.groupdict().get("scale")
    if match["unit"] in ("N", "S", "E", "W") and ROAD.search(before(match, 12)):
        return None
    if match["unit"] == "m" and (
        POPULATION.search(before(match))
        or (match["gap"] == "" and _VOTED.search(around(match, 80)) and not _FAR.search(around(match, 80)))
    ):
        return [*numbers.number(amount), "million"]
    described = adjectival(match) or is_sort(match, match["unit"]) or bool(re.match(r"-[a-z]", after(match, 2)))
    described = described or bool(
        re.search(r"\b[Aa]\s$", before(match, 2)) and re.match(r"\s?[x×]\s?\d", after(match, 4))
    )
    described = described or bool(_OR_ELSE.match(after(match)) and re.search(r"\b[Aa]n?\s$", before(match, 3)))
    glued = match["gap"] == "-" or (match["gap"] == "" and (match["unit"] != "in" or described))
    glued = glued or (match["unit"] in ("in", "mo") and bool(match["dot"]))
    glued = glued or (match["unit"] == "in" and re.match(r"\s[=≈]\s?\d", after(match, 4)) is not None)
    if match["unit"] == "t" and (
        ("," in amount and len(amount) > 4) or re.match(r"\sof\s(?!the\b)|\sCO2\b", after(match))
    ):
        return [*numbers.number(amount), "ton" if described or is_one(amount) else "tons"]
    if match["unit"] == "s" and before(match, 1) == "-" and not match["minus"]:
        return None
    if glued and match["unit"] == "s" and ("," in amount or (amount.isdigit() and are_tens(match, amount))):
        return None
    one = (is_one(amount) and not scale) or (described and match["unit"] != "%")
    words = unit_words(match["unit"], one=one or match["gap"] == "-", glued=glued)
    if len(match["unit"]) == 1 and match["unit"].isupper() and re.search(r"\b[Ss]izes?:?\s$", before(match, 7)):
        return None
    following = after(match, 2).strip("-").strip()
    if following[:1] == ")" and len(match["unit"].rstrip(".")) > 1:
        following = "a"
    following = "" if following == "," else following
    if words is None or (match["gap"] == "-" and not following.isalpha() and (following or len(match["unit"]) < 2)):
        return None
    return [*signed(match), *numbers.number(amount), *([magnitude(scale)] if scale else []), *words]


def _per(match: Match, _: Context) -> Sequence[Said] | None:
    """A unit in the singular."""
    words = unit_words(match["unit"], one=True, glued=True)
    return words and ["per", *words]


def _unit_alone(match: Match, _: Context) -> Sequence[Said] | None:
    """A unit per another, without a number: "in mg/kg"."""
    if match[0] == "m/m" and before(match, 2) == "% ":
        return None  # month over month
    return unit_words(match[0], one=False, glued=True)


def _rate(match: Match, _: Context) -> Sequence[Said] | None:
    """How often, or how many: "3x/day", "5/week"."""
    times = ["time" if is_one(match["amount"]) else "times"] if match["times"] else []
    return [*numbers.number(match["amount"]), *times, "per", *_RATES.get(match["per"], match["per"]).split()]


def _is_kelvin(match: Match) -> bool:
    """Whether K is a unit by what stands before it: "T = 300 K", "cooled to 4 K"."""
    if re.search(r"\bT(?:_?[a-z]{1,2})?\s?[=<>≈≤≥~]\s?$|[=≈]\s?$", before(match, 9)):
        return " " in match[0] or "T" in before(match, 9)
    if " " not in match[0] or _RACE.match(after(match)) or re.match(r"\s(?:[a-z]+s|people)\b", after(match)):
        return False
    warmed = r"(?:cool|heat|warm|freez|froze|anneal|melt|boil|quench|superconduct)[a-z]*\s(?:(?:down|up)\s)?"
    near = re.search(rf"\b(?:at|below|above|near|{warmed}(?:to|at|below|above|from))\s$|°[CF]/$", before(match))
    among = re.search(r"\d\sK\s(?:to|and|or)\s$", before(match)) or re.match(
        r"\s(?:to|and)\s\d{1,4}\sK\b", after(match)
    )
    return bool(near or among)


def _told(match: Match, _: Context) -> Sequence[Said] | None:
    """A capital that is a unit by what stands around it."""
    if match["unit"] == "K" and _is_kelvin(match):
        return [*signed(match), *numbers.number(match["amount"]), "kelvin"]
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


def _sort_of_days(match: Match, _: Context) -> Sequence[Said] | None:
    return [*numbers.number(match["amount"]), "calendar"]


def _stored(match: Match, _: Context) -> Sequence[Said] | None:
    """ "2T of data", "a 16G drive"."""
    name = {"G": "gigabyte", "T": "terabyte"}[match["unit"]]
    one = is_one(match["amount"]) or not match["of"]
    return [*numbers.number(match["amount"]), name if one else name + "s"]


def _trillions(match: Match, _: Context) -> Sequence[Said] | None:
    """ "1T": after words for what is worth much, before what is counted, or alone."""
    alone = match.string.strip(" .!?") == match[0]
    worth = re.search(
        r"\b(?:worth|over|nearly|almost|about|cap\sof|reach(?:ed)?|hit|hits|debt\sof|valued\sat|valuation\sof)\s$",
        before(match),
    )
    counted = re.match(
        rf"\s(?:{_PEOPLE}|parameters|params|tokens|rows|cells|bacteria|dollars|rupees|yen)\b", after(match)
    )
    return [*numbers.number(match["amount"]), "trillion"] if alone or worth or counted else None


def _karats(match: Match, _: Context) -> Sequence[Said] | None:
    return [*numbers.number(match["amount"]), "karat"]


_SUMMED = compiled(r"[+*^-]\d|\s[+*=-]\s(?:\d+|[a-z])(?!\w)")


def _scaled(match: Match, _: Context) -> Sequence[Said] | None:
    if before(match, 1) == "#":
        return None  # a flat
    if match["scale"] in "kK" and (_RACE.match(after(match)) or _RUN.search(before(match, 12))):
        return None
    if match["amount"] in ("2", "4", "5", "8") and (match["scale"] == "K" or _SCREEN.match(after(match))):
        return None
    if match["scale"] == "k" and (_SUMMED.match(after(match)) or re.search(r"\b[a-z]\s?=\s?$", before(match, 5))):
        return None  # twice a letter
    if len(match["scale"]) == 1 and _NUMBERED.search(before(match)):
        return None
    return [*signed(match), *numbers.number(match["amount"]), magnitude(match["scale"])]


def _times(match: Match, _: Context) -> Sequence[Said] | None:
    if match[0][-1] == "X" and match["amount"].isdigit() and len(match["amount"]) == 4:
        return None  # a type
    if re.match(r"\s?-\s?\d", after(match, 4)) and re.search(r"[=<>≤≥≠]", match.string):
        return None
    if re.search(r"[=+*/^-]\s?$", before(match, 2)) or re.match(r"\s?[=+*/^]", after(match, 2)):
        return None  # a letter of a sum
    return [
        *numbers.number(match["amount"]),
        "time" if match["amount"] == "1" and not after(match, 2).strip().isalpha() else "times",
    ]


KIND = Kind(
    name="Measures",
    readings=(
        Reading(
            "a-zA-Zμ", rf"(?<![\w/.-])(?:{_ABOVE})/(?:{_BELOW})(?![\w/'^-])", _unit_alone, needs="/", then="a-zA-Z/"
        ),
        Reading(
            r"\d\-.",
            rf"{MINUS}(?<![\w.])(?P<amount>{AMOUNT})(?P<scale>\s(?:hundred|thousand|million|billion|trillion))"
            rf"(?P<gap>\s){UNIT}",
            _measure,
            needs="bhmt",
            then=r"\d,.\s",
        ),
        Reading(
            r"\d\-",
            rf"{MINUS}(?<![\w.,])(?P<amount>\d{{1,3}}),(?P<part>\d{{1,2}})(?:(?P<scale>\s(?:{_SPELT}))\b|\s?{UNIT})",
            _decimal_comma,
            needs=",",
            then=r"\d,",
        ),
        Reading(
            r"\d.",
            rf"(?<![\w.,$£€-])(?P<amount>{AMOUNT})\sM(?=\s(?:{_PEOPLE})\b)",
            lambda match, _: [*numbers.number(match["amount"]), "million"],
            needs="A",
            then=r"\d,.\s",
        ),
        Reading(r"\d", r"(?<![\w.])(?P<amount>\d{1,3})\scal\.(?=\sdays?\b)", _sort_of_days, needs=".", then=r"\d\s"),
        Reading(
            r"\d.",
            rf"(?<![\w.,$£€-])(?P<amount>{AMOUNT})(?P<unit>[GT])(?=(?P<of>\sof)?\s(?i:{_STORED})\b)",
            _stored,
            needs="A",
            then=r"\d,.GT",
        ),
        Reading(
            r"\d", rf"(?<![\w.,$£€-])(?P<amount>{AMOUNT})T(?![\w'-]|[/.,]\w)", _trillions, needs="A", then=r"\d,.T"
        ),
        Reading(
            r"\d\-.",
            rf"{MINUS}(?<![\w.])(?P<amount>{AMOUNT})\s?(?P<unit>[ACFKNT])(?![\w'(-]|/(?!-?\d{{1,3}}[CF]|[Gg]as\b))",
            _told,
            needs="A",
            then=r"\d,.\sACFKNT",
        ),
        Reading("Pp", rf"\b(?i:per)\s(?!in\b|us\b|[Ss]ec\.\s\d|Sec\.\s[A-Z]){UNIT}", _per, needs="aA", then="eE"),
        Reading(
            r"\d\-.",
            rf"{MINUS}(?<![\w.])(?P<amount>{AMOUNT})(?P<scale>m)(?=\s(?:{_PEOPLE})\b)",
            _scaled,
            needs="m",
            then=r"\d,.m",
        ),
        Reading(
            "129",
            r"(?<![\w.])(?P<amount>9|1[048]|2[24])\s?[kK](?:t|arat)?(?=\s(?:(?:white|rose|yellow|solid|pure)\s)?gold\b)",
            _karats,
            needs="Kk",
            then=r"\d\skK",
        ),
        Reading(
            r"\d\-.",
            rf"{MINUS}(?<![\w.])(?P<amount>{AMOUNT})(?P<gap>[\s-]?){UNIT}",
            _measure,
            needs="aA%‰°",
            then=r"\d,.'\sa-zA-Z%‰°μΩ\u212b-",
        ),
        Reading(
            r"\d\-.",
            rf"{MINUS}(?<![\w.])(?P<amount>{AMOUNT}){GLUED}",
            _scaled,
            needs="BKMbhkmtcl",
            then=r"\d,.\skKMBbmt",
        ),
        Reading(
            r"\d",
            rf"(?<![\w.,/])(?P<amount>{AMOUNT})(?P<times>\s?[xX])?/(?P<per>day|week|month|year|hour|night|person|customer|household|family|guest|order|account|user|child|adult|team|{'|'.join(_RATES)})\b",
            _rate,
            needs="/",
            then=r"\d,.\sxX/",
        ),
        Reading(r"\d.", rf"(?<![\w.])(?P<amount>{AMOUNT})[xX](?![\w-])", _times, needs="Xx", then=r"\d,.xX"),
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
        a 30s ad → a thirty second ad
        5.6m people → five point six million people
        4k video → four K video
        50 lb. bag → fifty pound bag
        ran 5 km yesterday → ran five kilometers yesterday
        $5 per kg → five dollars per kilogram
        a 5k run → a five K run
        3x/day → three times per day
        5/wk → five per week
        24K gold → twenty four karat gold
        18kt white gold → eighteen karat white gold
        5 mM → five millimolar
        2T of data → two terabytes of data
        a 256G SSD → a two hundred and fifty six gigabyte S S D
        15T tokens → fifteen trillion tokens
        T = 5 K → T equals five kelvin
        0.1 M NaOH → zero point one molar N A O H
        cooled to 4 K → cooled to four kelvin
    """,
)
