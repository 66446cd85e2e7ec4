"""The kitchen: cups and spoons that are written with one letter, which tells the large spoons from the small."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.quantities import STUFFS
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, word_set

_SPOONS = {"T": "tablespoon", "t": "teaspoon", "C": "cup", "c": "cup", "pt": "pint", "pts": "pint"}
_FOODS = STUFFS - word_set("fuel petrol gas diesel gold silver sand cement soil hay iron")


def _spoons(match: Match, _: Context) -> Sequence[Said] | None:
    following = re.findall(r"[a-z]+", after(match).partition(",")[0])[:3]
    if not after(match, 2)[1:].islower() or _FOODS.isdisjoint(following):
        return None
    whole, above = match["whole"], match["above"]
    words = numbers.number(whole) if whole else []
    if match["high"]:
        words += ["to", *numbers.number(match["high"])]
    spoon = _SPOONS[match["spoon"]]
    if not above:
        return [*words, spoon if match["whole"] == "1" and not match["high"] else spoon + "s"]
    part = numbers.fraction(int(above), int(match["below"]))
    if whole:
        return [*words, "and", *part, spoon + "s"]
    return [*part, *([] if part[-1] == "half" or spoon == "cup" else ["of", "a"]), spoon]


KIND = Kind(
    name="Spoons and cups",
    readings=(
        Reading(
            r"\d",
            r"(?<![\w.,/$£€-])(?=\d)(?:(?P<whole>\d{1,2})(?:-(?P<high>\d{1,2})|\s{1,2}(?=\d{1,2}\s?[/\u2044]))?\s?)?"
            r"(?:(?P<above>\d)[/\u2044](?P<below>[2-8])\s{0,2})?(?<=[\d\s])(?P<spoon>[TtCc]|pts?)\b\.?(?=\s[a-z])",
            _spoons,
            needs="TCa",
            then=r"\d\s/\u2044TtCcp-",
        ),
    ),
    examples="""
        2 T. olive oil → two tablespoons olive oil
        1 T. sugar → one tablespoon sugar
        2-3 T. olive oil → two to three tablespoons olive oil
        1 t. salt → one teaspoon salt
        3 T butter → three tablespoons butter
        1/4 t. baking soda → one quarter of a teaspoon baking soda
        ½ t. vanilla → one half teaspoon vanilla
        1½ T. lemon juice → one and one half tablespoons lemon juice
        1 C flour → one cup flour
        3 c flour → three cups flour
        2 pts. cream → two pints cream
        2T of data → two terabytes of data
        2T butter, melted → two tablespoons butter, melted
        a 3 T field → a three tesla field
    """,
)
