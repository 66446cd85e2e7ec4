"""Functions: what they are of, their primes, logarithms, chances."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, any_of, before, initials
from avsynth.text.tokens import Pause


def _given(match: Match, _: Context) -> Sequence[Said] | None:
    return ["given"]


def _logarithm(match: Match, _: Context) -> Sequence[Said] | None:
    return ["log", "base", *numbers.cardinal(int(match["base"])), "of"]


_CHANCES = {"P": "p.", "E": "e.", "H": "h.", "Pr": "probability", "Var": "variance", "Cov": "covariance"}
_FUNCTIONS = {
    **{"sin": "sine", "cos": "cosine", "tan": "tangent", "log": "log", "ln": "natural log", "exp": "exponential"},
    **{"sqrt": "square root", "max": "maximum", "min": "minimum", "arg": "argument"},
}


def _named_function(match: Match, _: Context) -> Sequence[Said] | None:
    return [*_FUNCTIONS[match["name"]].split(), "of"]


def _argument(written: str) -> list[str]:
    minus = ["minus"] if written[0] == "-" else []
    value = written.removeprefix("-")
    return [*minus, *([value + "."] if value.isalpha() else numbers.number(value))]


def _function(match: Match, _: Context) -> Sequence[Said] | None:
    primes = [["prime"], ["double", "prime"]][match["prime"] != "'"] if match["prime"] else []
    count = numbers.number(match["count"]) if match["count"] else []
    return [*count, match["name"].lower() + ".", *primes, "of", *_argument(match["of"])]


def _trigonometric(match: Match, _: Context) -> Sequence[Said] | None:
    return _FUNCTIONS[match["name"]].split()


def _statistic(match: Match, _: Context) -> Sequence[Said] | None:
    """A test's and its degrees of freedom: "t(28)", "F(2, 57)"."""
    name = ["chi", "squared"] if match["name"].startswith("χ") else [initials(match["name"])]
    second: list[Said] = [Pause(), *numbers.number(match["two"])] if match["two"] else []
    return [*name, "of", *numbers.number(match["one"]), *second, Pause()]


def _limit(match: Match, _: Context) -> Sequence[Said] | None:
    to = match["to"]
    value = ["infinity"] if to.endswith("∞") else _argument(to.lstrip("-"))
    article = [] if re.search(r"\b[Tt]he\s$", before(match, 4)) else ["the"]
    minus = ["minus"] if to.startswith("-") else []
    return [*article, "limit", "as", match["letter"] + ".", "approaches", *minus, *value, "of"]


def _integral(match: Match, _: Context) -> Sequence[Said] | None:
    """Between two bounds: "∫₀¹ x² dx"."""
    low, high = ([*_argument(bound)] if bound != "∞" else ["infinity"] for bound in (match["low"], match["high"]))
    article = [] if re.search(r"\b[Tt]he\s$", before(match, 4)) else ["the"]
    return [*article, "integral", "from", *low, "to", *high, "of"]


def _chosen(match: Match, _: Context) -> Sequence[Said] | None:
    """How many ways there are: "C(5,2)"."""
    return [initials(match["name"]), "of", *numbers.number(match["all"]), Pause(), *numbers.number(match["some"])]


KIND = Kind(
    name="Functions",
    readings=(
        Reading(
            "tFrzχ",
            r"(?<![\w'.])(?P<name>[tFrz]|χ\^2)\((?P<one>\d{1,4}(?:\.\d{1,2})?)(?:,\s?(?P<two>\d{1,5}))?\)(?=\s?[=<>≈])",
            _statistic,
            needs="(",
            figures=True,
            then="(^",
        ),
        Reading(
            "A-Z",
            r"(?<=\()[A-Z](?=\s?\|)|(?<=\|)[A-Z](?=\))|(?<=\|\s)[A-Z](?=\))",
            lambda match, _: [initials(match[0])],
            needs="|",
            then=r"\s|)",
        ),
        Reading("a", r"(?<=[(|])a(?=\s?-\s?[a-z\d](?!\w))", lambda match, _: ["a."], needs="-", then=r"\s-"),
        Reading("a-z", r"\b(?P<name>sin|cos|tan|ln|log)\s(?=\d{1,4}°|[xyzθαβφ](?!\w))", _trigonometric, then="a-z"),
        Reading(
            "a-z",
            r"\b(?P<name>sin|cos|tan|ln|log)(?=\^-?\d\s?[(a-zα-ω\d])",
            _trigonometric,
            needs="^",
            then="a-z",
        ),
        Reading(
            "a-z", rf"\b(?P<name>{any_of(*_FUNCTIONS)})\((?=[^()\n]{{1,40}}\))", _named_function, needs="(", then="a-z"
        ),
        Reading(
            "PEHVC",
            rf"\b(?P<name>{any_of(*_CHANCES)})\((?=[^()\n]{{1,30}}\)\s?[=<>≤≥≈]|[A-Z]\s?[|∩∪=]\s?\w)",
            lambda match, _: [_CHANCES[match["name"]], "of"],
            needs="(",
            then="(ao",
        ),
        Reading(
            "l",
            r"\blim\s?[_(]?\{?\s?(?P<letter>[a-z])\s?(?:→|->)\s?(?P<to>-?(?:∞|\d{1,4}|[a-z]))[)}]{0,2}(?!\w)(?:\sof\b)?",
            _limit,
            needs="→>",
            then="i",
        ),
        Reading(
            "d",
            r"\bd[a-zθφ](?![\w'])",
            lambda match, _: [initials(match[0])] if "∫" in match.string else None,
            then="a-zθφ",
        ),
        Reading("∫", r"∫_?(?P<low>\d{1,3}|[a-z])\^(?P<high>\d{1,3}|[a-z]|∞)\s?", _integral, needs="^", then=r"\da-z_"),
        Reading(
            "CP",
            r"(?<!\w)(?P<name>[CP])\((?P<all>\d{1,3}),\s?(?P<some>\d{1,3})\)(?=\s?[=<>≤≥≈*×])",
            _chosen,
            needs="(",
            figures=True,
            then="(",
        ),
        Reading("|", r"(?<=\([A-Z])\|(?=[A-Z]\))|(?<=\([A-Z]\s)\|(?=\s[A-Z]\))", _given),
        Reading(
            "l", r"\blog_?(?P<base>2|10)(?:\((?=[^()\n]{1,20}\))|\s(?=\d|[a-z]\b))", _logarithm, figures=True, then="o"
        ),
        Reading(
            r"FGfgh\d",
            r"(?:\b(?P<count>\d{1,3})?|(?<=\d))(?P<name>[fghFG])(?P<prime>'{0,2}|\")\((?P<of>-?[a-z]|-?\d{1,4})\)",
            _function,
            needs="(",
            then=r"('\"\dFGfgh",
        ),
    ),
    examples="""
        P(A|B) = 0.3 → P of A given B, equals zero point three
        log₂(8) = 3 → log base two of eight, equals three
        sin(x) → sine of x
        f'(x) and g''(x) → F prime of X and G double prime of X
        f″(x) → F double prime of X
        f(x) = 2x → F of X equals two X
        f(-x) = 2f(x) → F of minus X equals two F of X
        f'(2) → F prime of two
        f(2) = 4 → F of two equals four
        t(28) = 2.31 → T of twenty eight, equals two point three one
        cos 60° → cosine sixty degrees
        lim x→0 f(x) = 1 → the limit as X approaches zero of F of X equals one
        ∫₀¹ x² dx → the integral from zero to one of X squared D X
        C(5,2) = 10 → C of five, two equals ten
        sqrt(2) → square root of two
    """,
)
