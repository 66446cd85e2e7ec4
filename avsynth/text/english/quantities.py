"""Shared by readings of money, measures, ranges and fractions: written numbers, magnitudes, singular and plural."""

from __future__ import annotations

import re
from functools import lru_cache

from avsynth.text.english import numbers
from avsynth.text.english.numbers import NUMBER_WORDS
from avsynth.text.english.reading import Match, after, before, word_set
from avsynth.text.later import compiled

WHOLE = (
    r"(?:\d{1,3}(?:,\d{3}){1,6}(?![\d,]\d)|\d{1,3}(?:'\d{3}){1,6}(?!['\d])|\d{1,2}(?:,\d\d){1,4},\d{3}(?![\d,]\d)"
    r"|\d{1,21}(?!\d))"
)
AMOUNT = rf"(?:{WHOLE}(?:\.\d{{1,30}}(?!\d))?|\.\d{{1,30}}(?!\d))"
"""A number of bounded length, with thousands parted by commas or, as in Switzerland, by apostrophes, and its decimals.
"""
_LARGE = "thousand|million|billion|trillion|lakhs?|crores?"
SCALE = rf"(?:[\s-]?(?P<scale>(?i:{_LARGE}|mn|mil|bn|trn|tn)|[kKmMBT])\b(?!'|/(?![a-z])))"
"""A magnitude after money, where "m" can be no meter."""
GLUED = rf"(?P<scale>[kKMB]|\s?bn|mn|\s?tn|(?:\s(?:hundred|{_LARGE})))(?![\w'/])"
"""A magnitude after any number."""
MINUS = r"(?P<minus>(?<![\w.,)%])-)?"

_MAGNITUDES = {"k": "thousand", "m": "million", "mn": "million", "mil": "million", "b": "billion", "bn": "billion"} | {
    "t": "trillion",
    "tn": "trillion",
    "trn": "trillion",
}
_WARMTH = word_set(
    "temperature temperatures temp temps degree degrees oven ovens preheat preheated bake baked baking roast roasted "
    "simmer boil boils boiled boiling freeze freezes freezing frozen melt melts melted melting hot hotter cold colder "
    "cool cooler cooled warm warmer heat heated heating fever weather forecast sunny rain raining rainy cloudy snow "
    "windy humid outside outdoors cook cooked fan thermostat thermometer thermal climate celsius "
    "fahrenheit high highs low lows water air winter summer feels chill chilly sauna wash"
)
_BY_CONTEXT = {
    "A": (
        "amp/amps",
        word_set(
            "v w kw ma amp amps volt volts watt watts fuse fuses current currents charge charger chargers charging "
            "circuit circuits breaker breakers usb draw draws outlet outlets socket sockets plug"
        ),
    ),
    "N": ("newton/newtons", word_set("force forces newton newtons gravity weigh weighs push pull tension friction kg")),
    "T": ("tesla/tesla", word_set("mri magnet magnets magnetic tesla teslas field fields")),
    "K": ("kelvin/kelvin", word_set("kelvin kelvins temperature temperatures absolute superconducting superconductor")),
    "C": ("degree celsius/degrees celsius", _WARMTH),
    "F": ("degree fahrenheit/degrees fahrenheit", _WARMTH),
}
"""Capitals that may be units: their names, and words one of which must be in the sentence."""


@lru_cache(maxsize=4)
def _words_of(sentence: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]+", sentence.lower()))


def told_unit(match: Match, written: str, *, one: bool) -> list[str] | None:
    """The words of a capital that is a unit where the sentence tells so: "20C outside", "a 13 A fuse"."""
    if written not in _BY_CONTEXT:
        return None
    name, near = _BY_CONTEXT[written]
    warmth = written in "CF" and (match.groupdict().get("minus") or "." in match[0] or "°" in match.string)
    if written == "K" and re.fullmatch(r"\d{1,4}(?:\.\d+)?\sK\.?", match.string.strip()):
        warmth = True
    warmth = warmth or (
        written in "CF" and re.fullmatch(r"-?\d{2,3}(?:-\d{2,3})?[CF]\.?", match.string.strip()) is not None
    )
    warmth = warmth or (
        written in "CF"
        and re.search(r"\d\s?C\s?/\s?-?\d{1,3}\s?F\b|\d\s?F\s?/\s?-?\d{1,3}\s?C\b", match.string) is not None
    )
    if not warmth and near.isdisjoint(_words_of(match.string)):
        return None
    singular, plural = name.split("/")
    return (singular if one else plural).split()


_DETERMINERS = (
    word_set("a an the this that these those my your his her its our their another each every any no per new")
    | NUMBER_WORDS
)
_NO_NOUNS = word_set(
    "a about above across after again ago all along already also although an and apart are around as at away back "
    "be because been before behind below between both but by can celsius clockwise colder cooler could "
    "counterclockwise deep did do does down during each east every fahrenheit fell for from gets had has have he "
    "her here high his hotter i if in instead into is it its just later left less like long may me might more must "
    "my next no nor north not now of off old on only overnight onto or our out over per per plus right rose she "
    "should since so some south tall than that the their them then there these they thick this those though through "
    "to today tomorrow too toward towards under until up warmer was we were west what when where which while who "
    "wide will with within without would yesterday yet you your"
)

_NOT_SORTED = word_set(
    "late ahead behind tops max min left read write away home downhill uphill net gross forward forwards backward "
    "backwards free early last straight total flat whole extra onwards offshore inland upstream downstream "
    "underwater apiece both half please thanks said went came got made ran won lost plus minus times versus vs "
    "longer shorter taller heavier lighter faster slower wider deeper closer further farther larger smaller bigger "
    "less better worse old young daily weekly monthly yearly hourly annually separates divides parts lies "
    "stretches remains YTD MTD IV SC IM SQ bid tid qid qd qod qhs prn po wins "
    "clear adrift eats uses needs fills holds lasts weighs covers burns keeps lets helps allows saves kills hits fits "
    "works goes comes gets "
    "beats feels seems looks equals gives makes takes becomes means costs runs has walked ran swam drove rode see "
    "use used SSW SSE NNW NNE ENE ESE WNW WSW "
    "city highway hwy combined dc ac nw ne sw se utc est am pm DC AC NW NE SW SE UTC EST PST GMT AM PM BC AD"
)
"""What may come after an amount and is no noun that it describes."""
_THINGS = word_set(
    "charging recording heating lighting gaming landing ceiling wiring housing building training meeting hearing ring "
    "string swing filling crossing drawing railing fencing tubing piping decking edging streaming bed shed seed speed"
)
"""Words that end like verbs and are things."""
_MANY = word_set("yrs hrs mins secs wks mos lbs yds gals qts tsps tbsps kgs kts")
_CONTAINERS = word_set(
    "bag sack weight dumbbell bottle can jar tin pack packet tub tube parcel plate kettlebell limit block bar dose "
    "tablet capsule pill vial bucket barrel tank cup glass carton steak burger portion serving load baby box ball "
    "gloves glove syringe ampoule flask beaker cylinder test sachet mug pot pan kettle drum canister pouch punnet "
    "slab ingot coin chain ring hammer anchor fish dog cat man fighter payload suitcase case luggage allowance size "
    "fillet joint turkey patch injection bolus infusion solution sample bird newborn boy girl package"
)
"""What is of a weight or a volume, and is no stuff of which there is so much."""
_SPOONS = word_set("tsp tbsp tbs tsp. tbsp.")
_OF_STUFFS = word_set("mol mmol g kg mg µg μg mcg ug ng ml l cl dl oz lb lbs t tsp tbsp cc pt qt gal")
STUFFS = word_set(
    "sugar flour water butter milk oil salt rice pasta cheese chocolate cream yeast honey beef chicken meat pork "
    "fish bacon ham lamb mince turkey yogurt yoghurt syrup vinegar wine beer juice stock broth sauce paste powder "
    "soda protein fat fiber fibre carbs carbohydrate carbohydrates sodium calcium iron caffeine alcohol fuel petrol "
    "gas diesel gold silver sand cement soil hay wheat corn oats nuts almonds walnuts raisins spinach potatoes "
    "tomatoes onions carrots mushrooms strawberries berries blueberries apples cherries beans lentils peas tofu "
    "coffee tea bread cocoa vanilla garlic ginger parsley basil coriander cornflour breadcrumbs margarine lard "
    "cheddar mozzarella parmesan white brown caster icing plain dark fresh dried ground minced grated melted chopped "
    "unsalted salted double single whole warm cold hot boiling olive vegetable vitamin paracetamol ibuprofen "
    "aspirin cinnamon pepper nutmeg lemon lime baking paprika cumin turmeric oregano thyme mustard ketchup "
    "mayonnaise gin vodka rum whisky whiskey tonic lemonade cola brandy tequila vermouth cordial"
)
"""What is weighed or poured, and what is said of it."""


ROAD = compiled(r"\b(?:Hwy\.?|Highway|Rte\.?|Route|Interstate|US|SR)\s$")
"""Before the number of a road, after which a capital is a direction."""
POPULATION = compiled(r"\b[Pp]op(?:ulation|\.)(?::|\sof|\sis|\swas)?\s$")
"""Before a number of people, where m is no meter."""


def magnitude(written: str) -> str:
    """``"M"`` -> million."""
    name = written.strip().lower()
    return _MAGNITUDES.get(name, name.removesuffix("s"))


def signed(match: Match) -> list[str]:
    """ "minus" if the match has that group."""
    return ["minus"] if match["minus"] else []


def is_one(amount: str) -> bool:
    """Whether what is counted stands in the singular."""
    return amount in ("1", "1.0", "1.00")


def noun_follows(match: Match) -> bool:
    """Whether a word comes next that may be what an amount describes."""
    noun = re.match(
        r"\s(?:\d[A-Z]\s)?([a-z]{2,}|[A-Z]{2,4}|[A-Z][a-z]*[A-Z][A-Za-z]*|[A-Z]\d{1,2})\b(?!\s?=)", after(match)
    )
    return noun is not None and noun[1].lower() not in _NO_NOUNS


def is_sort(match: Match, unit: str) -> bool:
    """Whether an amount whose unit is written short says of which sort the next noun is ("60W bulb"), and not how much
    of it there is ("200g flour"), or how far or how long something is done ("10km daily")."""
    noun = re.match(r"\s([A-Za-z]{2,})\b", after(match))
    if (
        noun is None
        or unit.startswith("°")
        or unit.lower() in _MANY
        or unit.lower() in _SPOONS
        or not noun_follows(match)
        or (noun[1].endswith(("ly", "ing", "ed")) and noun[1] not in _THINGS)
    ):
        return False
    return noun[1] not in _NOT_SORTED and not (
        unit.lower() in _OF_STUFFS and noun[1].lower().removesuffix("s") not in _CONTAINERS
    )


def adjectival(match: Match) -> bool:
    """Whether an amount describes the noun after it ("a $5 bill", "the 3 km run") and so stands in the singular."""
    word = re.search(r"\b([A-Za-z]+)\s$", before(match))
    single = word is not None and word[1].lower() in ("a", "an")
    if single and re.match(r"\s(?:[A-Za-z]{0,3}[A-Z][a-z]|can\b)", after(match, 6)):
        return True
    return word is not None and word[1].lower() in _DETERMINERS and noun_follows(match)


_LISTED = compiled(r"\s(?:and|or)\s\d{1,2}s\b|\b\d{1,2}s\s(?:and|or)\s$")
_LASTING = compiled(
    r"\b(?:for|in|after|within|every|takes|took|lasts|lasted|about|under|over|only|wait|than|pause|timeout|delay|rest|hold"
    r"|plank|sleep|interval|duration)\s$",
    re.IGNORECASE,
)


def are_tens(match: Match, value: str) -> bool:
    """Whether a number with an s after it counts tens or names figures ("80s", "10s of thousands", "1s and 0s"), and
    not seconds ("in 80s", "30s")."""
    if (len(value) < 3 or value.endswith("0")) and (_LISTED.match(after(match)) or _LISTED.search(before(match))):
        return True
    if not value.endswith("0") or _LASTING.search(before(match)):
        return False
    return int(value) >= 50 or after(match, 4).startswith(" of ")


_COUNTED = compiled(
    r"\s(?:people|men|women|children|dollars|pounds|euros|yen|rupees|miles|kilometers|kilometres|meters|metres|feet|yards|inches"
    r"|tons|tonnes|kilograms|grams|liters|litres|gallons|hours|minutes|seconds|days|weeks|months|votes|points|calories|copies"
    r"|pages|words|times|students|seats|jobs|homes|employees|members|soldiers|troops|workers|residents|inhabitants|visitors"
    r"|users|cases|deaths|square|cubic|degrees|bytes|pixels|watts|volts|horsepower|acres|hectares|rooms|years)\b"
)


def counts(match: Match, value: str) -> bool:
    """Whether what could be a year is a number of things: "2020 dollars"; of hundreds both are said alike."""
    return not value.endswith("00") and _COUNTED.match(after(match)) is not None


def plain_or_year(text: str) -> list[str]:
    """A number by itself: of four digits it may be a year."""
    if len(text) == 4 and text.isdigit() and 1100 <= int(text) <= 2099:
        return numbers.year(int(text))
    return numbers.number(text)
