"""Mathematics: operators, powers, scientific notation, letters that stand for numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.quantities import AMOUNT, MINUS, signed
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, Saying, after, before, initials
from avsynth.text.english.units import UNIT, unit_words
from avsynth.text.later import compiled

_NUMBER = r"\d{1,21}(?:\.\d{1,21})?"
_OPERATORS = r"[=+*/<>^≠≈≥≤±×÷√∞∈-]"
_RELATIONS = {
    "<": "is less than",
    ">": "is greater than",
    "<=": "less than or equal to",
    ">=": "greater than or equal to",
}
_RELATIONS |= {"!=": "not equal to", "==": "equals", "->": "to", "-->": "to", "=>": "implies", "+-": "plus or minus"}
_RELATIONS |= {"+/-": "plus or minus", "<->": "to and from", "<-": "from", "~=": "approximately equal to"}
_RELATIONS |= {"&&": "and", "||": "or"}


def _power(match: Match, _: Context) -> Sequence[Said] | None:
    value = match["value"]
    if value in ("2", "3") and not match["minus"]:
        return ["squared" if value == "2" else "cubed"]
    raised = [value + "."] if value.isalpha() else numbers.number(value)
    return ["to", "the", "minus", *raised] if match["minus"] else ["to", "the", "power", "of", *raised]


_SURE_UNITS = {"A": ["amps"], "C": ["coulombs"], "F": ["farads"], "N": ["newtons"], "T": ["tesla"]}
"""Capitals that after a power of ten can only be units."""


def _power_of_ten(match: Match, context: Context) -> Sequence[Said] | None:
    unit = _SURE_UNITS.get(match["unit"]) or unit_words(match["unit"], one=False)
    power = _power(match, context)
    return None if unit is None or power is None else [*power, *unit]


def _exponent(match: Match, _: Context) -> Sequence[Said] | None:
    value = match["value"].lstrip("0") or "0"
    if len(value) > 2 and "." not in match["amount"]:
        return None  # a type
    power = ["minus"] if match["down"] == "-" else ["power", "of"]
    return [
        *signed(match),
        *numbers.number(match["amount"]),
        *["times", "ten", "to", "the"],
        *power,
        *numbers.number(value),
    ]


def _exponent_measured(match: Match, context: Context) -> Sequence[Said] | None:
    unit, power = unit_words(match["unit"], one=False, glued=match["unit"] != "in"), _exponent(match, context)
    return None if unit is None or power is None else [*power, *unit]


def _between(word: str) -> Saying:
    def say(match: Match, _: Context) -> Sequence[Said] | None:
        return word.split()

    return say


def _relation(match: Match, _: Context) -> Sequence[Said] | None:
    words = _RELATIONS[match["sign"]].split()
    asked = words[0] == "is" and re.search(r"\b[Ii]s\s\S{1,12}\s?$", before(match, 18))
    return words[1:] if asked else words


def _bound(match: Match, _: Context) -> Sequence[Said] | None:
    """Before a number, with nothing to compare it with."""
    return {"<": ["less", "than"], ">": ["more", "than"], "<=": ["at", "most"], ">=": ["at", "least"]}[match["sign"]]


_RECKONED = compiled(
    r"=|(?<!\w)(?:[Ff]ind|[Ss]olve|[Cc]ompute|[Cc]alculate|[Ee]valuate|[Ss]implify)\s\S{1,24}\s-\s\S{1,24}\W*$"
)


def _spaced_minus(match: Match, context: Context) -> Sequence[Said] | None:
    """A hyphen with spaces around: minus between letters or figures of a sum, else a pause."""
    one = re.search(r"(?:(?<![A-Za-z\d_.'])[a-zA-Zα-ω]|(?<!\w)\d+[a-z]{0,2}|[)\]²³])\s$", before(match, 24)) or (
        "=" in match.string and re.search(r"(?<!\w)[A-Z]{2}\s$", before(match, 4))
    )
    other = re.match(r"\s(?:[a-zA-Zα-ω](?![A-Za-z\d_'])|\d|[(\[√])", after(match, 8))
    letters = re.search(r"[^\W\d]\s$", before(match, 2)) and re.match(r"\s[^\W\d]", after(match, 2))
    bounded = (
        (letters and _RECKONED.search(match.string))
        or re.search(r"[|(=]\s?[a-z]\s$", before(match, 4))
        or re.match(r"\s[a-z]\s?[|)=]", after(match, 4))
    )
    if not one or not other or (letters and not bounded and {before(match, 2)[0], after(match, 2)[1]} & set("aAI")):
        return None
    return ["minus"]


def _reckoned_letter(match: Match, _: Context) -> Sequence[Said] | None:
    """What is no article before a minus."""
    return ["a."] if _RECKONED.search(match.string) else None


def _variable(match: Match, _: Context) -> Sequence[Said] | None:
    return [match["letter"].lower() + "."]


def _coefficient(match: Match, _: Context) -> Sequence[Said] | None:
    if not (re.match(rf"\s?{_OPERATORS}|\)", after(match, 2)) or re.search(rf"{_OPERATORS}\s?$", before(match, 2))):
        return None
    return [*numbers.number(match["amount"]), match["letter"].lower() + "."]


def _two_letters(match: Match, _: Context) -> Sequence[Said] | None:
    """Two letters that are multiplied: "4ac"."""
    letters = match["letters"]
    if (
        set("=^√").isdisjoint(match.string)
        or unit_words(letters, one=False, glued=True)
        or letters in ("st", "nd", "rd", "th", "pm", "am", "nd")
    ):
        return None
    beside = re.match(r"\s?[-+=*^)]", after(match, 2)) or re.search(r"[-+=*(]\s?$", before(match, 2))
    return [*numbers.number(match["amount"]), initials(letters)] if beside else None


def _primed(match: Match, _: Context) -> Sequence[Said] | None:
    return [match["letter"].lower() + ".", *(["double"] if match["prime"] != "'" else []), "prime"]


def _product(match: Match, _: Context) -> Sequence[Said] | None:
    return [initials(match[0])]


def _about(match: Match, _: Context) -> Sequence[Said] | None:
    return ["about"]


def _prefix(match: Match, _: Context) -> Sequence[Said] | None:
    return None if re.search(r"[\w)]\s?$", before(match, 2)) else ["approximately"]


_SUM = compiled(r"(?:\b[A-Za-z](?![A-Za-z])|\d+(?:\.\d+)?|[-+*/=^()<>×÷√≠≈≥≤!|\s])+")


def _is_sum(match: Match) -> bool:
    """Whether all of a short text is letters that stand for numbers, figures and operators."""
    text = match.string.strip(" .")
    return 1 < len(text) <= 60 and _SUM.fullmatch(text) is not None


def _factorial(match: Match, _: Context) -> Sequence[Said] | None:
    return ["factorial"]


def _factorial_alone(match: Match, _: Context) -> Sequence[Said] | None:
    """ "5!" is a factorial only in mathematical text; otherwise an exclamation."""
    if _is_sum(match) and match.start() > 1 and re.search(r"[-+*/=(]", match.string):
        return ["factorial"]
    return ["factorial"] if _RECKONING.search(before(match, 60)) else None


_RECKONING = compiled(
    r"\b(?:comput\w*|calculat\w*|evaluat\w*|factorials?|permutations?|equals?|simplify)\b", re.IGNORECASE
)


def _minus_in_sum(match: Match, _: Context) -> Sequence[Said] | None:
    return ["minus"] if _is_sum(match) else None


def _over_in_sum(match: Match, _: Context) -> Sequence[Said] | None:
    return ["over"] if re.search(r"[a-z(!]", match.string) and _is_sum(match) else None


def _divided(match: Match, _: Context) -> Sequence[Said] | None:
    return ["divided", "by"]


def _differential(match: Match, _: Context) -> Sequence[Said] | None:
    return [initials(match["above"]), "over", initials(match["below"])]


def _absolute(match: Match, _: Context) -> Sequence[Said] | None:
    return ["the", "absolute", "value", "of"]


_LETTERED = compiled(r"\b(?i:phase|stage|type|level|class|grade|part|figure|fig\.|table|room|unit)\s\d{1,2}[a-z]$")


def _over(match: Match, _: Context) -> Sequence[Said] | None:
    reckoned = "=" in match.string or not re.search(r"(?<!\d)[a-z]$", before(match, 2)) or not after(match, 1).isdigit()
    return ["over"] if reckoned and not _LETTERED.search(before(match, 12)) else None


def _aperture(match: Match, _: Context) -> Sequence[Said] | None:
    return ["f.", *numbers.number(match["value"])]


def _difference(match: Match, _: Context) -> Sequence[Said] | None:
    return [*numbers.number(match["low"]), "minus", *numbers.number(match["high"])]


KIND = Kind(
    name="Mathematics",
    readings=(
        *(
            Reading(
                r"\d\-.",
                rf"{MINUS}(?<![\w.])(?P<amount>{AMOUNT})[eE](?P<down>[+-])?(?P<value>\d{{1,3}}){end}",
                say,
                needs="Ee",
                then=r"\d,.eE",
            )
            for end, say in ((rf"\s{UNIT}", _exponent_measured), (r"(?!\w|\.\w)", _exponent))
        ),
        Reading(
            r"\d",
            rf"(?<![\w.,/-])(?P<low>{_NUMBER})\s?-\s?(?P<high>{_NUMBER})(?=\s?=)",
            _difference,
            needs="-",
            then=r"\d.\s-",
        ),
        Reading(r"\^", rf"(?<=10)\^(?P<minus>-)?(?P<value>\d{{1,3}})\s{UNIT}", _power_of_ten),
        Reading(
            "*", r"(?<=[\w)])\*\*\(?(?P<minus>-)?(?P<value>\d{1,9}(?:\.\d{1,9})?|[a-z](?![\w]))\)?", _power, then="*"
        ),
        Reading(r"\^", r"\^\(?(?P<minus>-)?(?P<value>\d{1,9}(?:\.\d{1,9})?|[a-z](?![\w]))\)?", _power),
        Reading(
            r"!&|+\-<=>~",
            r"(?:(?<=[\w)|α-ωΑ-Ω])|(?<=[\w)|α-ωΑ-Ω]\s))(?P<sign><->|-->|&&|\|\||\+/-|<=|>=|!=|==|->|=>|<-|~=|\+-)(?=\s?[\w(./~-])",
            _relation,
            then="=>&|/-",
        ),
        Reading(
            "<>", r"(?<![\w)α-ωΑ-Ω])(?<![\w)α-ωΑ-Ω]\s)(?<!\w\|)(?<!\w\|\s)(?P<sign><=|>=|<|>)(?=\s?[$£€]?\d)", _bound
        ),
        Reading("<>", r"(?<=[\w)|\sα-ωΑ-Ω])(?P<sign>[<>])(?=\s?[\d(-]|\s?\.\d|\s?[a-zA-Z](?![\w>]))", _relation),
        Reading("+", r"(?P<sign>\+/-)(?=\s?\d)", _relation),
        Reading("*", r"(?<=[\d)])\*(?=[\d(])|(?<=[\d)]\s)\*(?=\s[\d(])", _between("times")),
        Reading("x", r"(?<=[\d)]\s)x(?=\s{1,2}(?:\d{1,9}\s?=|\d{1,2}\u2044\d|\(|10\^))", _between("times")),
        Reading(
            "*",
            r"(?<=\b[a-z])\*(?=[a-z\d(]\b)|(?<=\b[a-z]\s)\*(?=\s[a-z\d(]\b)|(?<=[\d)])\*(?=[a-z]\b)",
            _between("times"),
        ),
        Reading("(", r"(?<=\d)\((?=(?:[a-z]|\d{1,6})\s?[-+*/^]\s?[a-z\d])", _between("times")),
        Reading(
            "!", r"(?:(?<=\d)|(?<=\))|(?<=\b[a-z]))!(?=\s?[=*/+÷×]|\s?[<>-]\s?\d)|(?<=\b[nkmr])!(?!\w)", _factorial
        ),
        Reading("!", r"(?<=[\d)])!(?!\w)", _factorial_alone),
        Reading("fF", r"(?<![\w/])[fF]/(?P<value>\d{1,2}(?:\.\d)?)(?![\w/]|\.\d)", _aperture, needs="/", then="/"),
        Reading("d", r"(?<!\w)(?P<above>d[a-z]?)/(?P<below>d[a-z])(?!\w)", _differential, needs="/", then="a-z/"),
        Reading("|", r"\|(?=-?(?:[a-z]|\d{1,9}(?:\.\d{1,9})?)(?:\s?[-+*/]\s?(?:[a-z]|\d{1,9}))?\|)", _absolute),
        Reading("/", r"(?<=[\d)]\s)/(?=\s[\d(])", _divided),
        Reading("/", r"(?<=[\d)])/(?=[a-z(](?!\w))|(?<=\d[a-z])/(?=\d|[a-z](?!\w))", _over),
        Reading("/", r"(?<=[\w)!])/(?=[\w(])|(?<=[\w)!]\s)/(?=\s[\w(])", _over_in_sum),
        Reading(
            r"\-",
            r"(?<![^\s(=])-(?=[a-z](?![\w'-])|[a-z]{2}\s?=)|(?:(?<==\s)|(?<=[(=]))-(?=[A-Za-z]{1,3}(?![\w'-])|[√∇∫∑∞∂α-ωΑ-Ω])",
            _between("minus"),
        ),
        Reading(r"\-", r"(?<=\s)-(?=\s)|(?<=\b[a-z])-(?=[a-z\d])", _minus_in_sum),
        Reading("x", r"(?<=\d\s)x(?=\s?[$£€])", _between("times")),
        Reading("x", r"(?<=[\d)]\s)x(?=\s\d)", _between("by")),
        Reading("≈", r"≈(?=\s?\d)", _prefix),
        Reading(
            "a-z",
            rf"(?<={_OPERATORS})[a-z]{{2}}(?=\^)|(?<={_OPERATORS}\s)[a-z]{{2}}(?=\^)",
            _product,
            needs="^",
            then="a-z",
        ),
        Reading(
            "a-z",
            r"(?!(?:is|it|in|to|of|or|as|at|an|by|no|so|we|he|me|my|if|do|go|up|us|be|am|on|pi|mu|nu|xi|ad|et|un|ok)\b)"
            r"(?:(?<![\w'.-])[a-z]{2}(?=\s?[=+]\s?[a-z\d](?![a-z'])|\^)|(?:(?<=[=+]\s)|(?<==\s-))[a-z]{2}(?=\s[=+-]\s|[.,]?$))",
            _product,
            needs="=+^",
            then="a-z",
        ),
        Reading("~", r"~(?=\s?[$£€]?\d)", _about),
        Reading(r"\-", r"(?<=\s)-(?=\s)", _spaced_minus),
        Reading("a", r"(?<![\w'.-])a(?=\s-\s[a-z](?![\w']))", _reckoned_letter, needs="-", then=r"\s"),
        Reading(
            r"\-",
            r"(?<=\d[a-z])-(?=\d)|(?<=\d)-(?=[α-ω])|(?<=[α-ω])-(?=[\dα-ω])|(?<=[)\]])-(?=[\dA-Za-z(])|(?<![\w'][a-z])(?<=[a-z])-(?=\d{1,4}(?:\s?[=+]|\)))"
            r"|(?<=\b[ijkmnpqtxyz])-(?=\d{1,4}(?![\w-]))",
            _between("minus"),
        ),
        Reading(":", r"(?<=\^\d):(?=\d)", _between("to")),
        Reading(
            "a-zA-Z",
            r"(?<![\w'.-])(?P<letter>[A-Za-z])(?P<prime>'{1,2}|\")(?=\s?[=+*/^<>]|\s-\s)",
            _primed,
            needs="=+*/^<>-",
            then="'\"",
        ),
        Reading(
            r"\d",
            r"(?<![\w.,])(?P<amount>\d{1,3})(?P<letters>[a-z]{2})(?![\w'])",
            _two_letters,
            then=r"\da-z",
        ),
        Reading(
            r"\d", r"(?<![\w.,])(?P<amount>\d{1,9})(?P<letter>[a-z])(?!\w)", _coefficient, needs="a", then=r"\da-z"
        ),
        Reading(
            "a-zA-Z",
            r"(?<![\w'.-])(?!a\s±\s?\d)(?P<letter>[A-Za-z])(?=\s?[=+≠≈≥≤±×÷^→⇒⇔∈∉∩∪⊂⊆]\s?-?[\w(√{\[])",
            _variable,
            needs="+=^±×÷≈≠≤≥→⇒⇔∈∉∩∪⊂⊆",
            then=r"\s=+≠≈≥≤±×÷^→⇒⇔∈∉∩∪⊂⊆",
        ),
        Reading(
            "a-zA-Z",
            r"(?<=[=+≠≈≥≤±×÷√(∈∉∩∪⊂⊆]\s)(?P<letter>[A-Za-z])(?![\w'])|(?<=[=+≠≈≥≤±×÷√])(?P<next>[A-Za-z])(?![\w'])",
            lambda match, _: [(match["letter"] or match["next"]).lower() + "."],
            then=r"\W",
        ),
        Reading(
            "/",
            r"(?<=\b[a-z])/(?=\d{1,3}[a-z]?(?![\w/-]))|(?<=\^\d)/(?=[A-Za-z(](?!\w))|(?<=[)])/(?=[\w(])|(?<=\b[a-z])/(?=[a-z]\b)(?=[a-z]\s?[=+])",
            _over,
        ),
        Reading(
            "/",
            r"(?<=[Α-Ωα-ω∂][a-zA-Z])/(?=[α-ωΑ-Ω∂]|d[a-z]\b)|(?<=\bd[α-ω])/(?=[∂d])|(?<=[α-ω])/(?=[α-ω\d])",
            _over,
        ),
    ),
    examples="""
        y = mx + b → Y equals M X plus B
        ax² + bx + c = 0 → A X squared plus B X plus C equals zero
        the first n-1 terms → the first N minus one terms
        x ≠ 4 → X not equal to four
        ±5 → plus or minus five
        x ≥ 2 and y ≤ 3 → X greater than or equal to two and Y less than or equal to three
        π ≈ 3.14 → pi approximately equal to three point one four
        √2 → the square root of two
        2^-3 → two to the minus three
        2⁻³ → two to the minus three
        x′ = x + 1 → X prime equals X plus one
        10⁶ → ten to the power of six
        6.02×10²³ → six point zero two times ten to the power of twenty three
        1.5e-3 → one point five times ten to the minus three
        1e6 → one times ten to the power of six
        x - y → x minus y
        (-5) → minus five
        2a + b → two A plus B
        a + b = c → A plus B equals C
        E = mc² → E equals M C squared
        5 - 3 = 2 → five minus three equals two
        3*4 → three times four
        x > y → x is greater than y
        x² + y² → x squared plus y squared
        ∆x → delta x
        10^6 → ten to the power of six
        ~5 → about five
        5 × 10⁻⁶ m → five times ten to the minus six meters
        <5 → less than five
        8 1/2 x 11 → eight and one half by eleven
        6 ÷ 2 → six divided by two
        3 × 4 = 12 → three times four equals twelve
        x <= 10 → x less than or equal to ten
        -3 → minus three
        a = 5 → A equals five
        A → B → A to B
        ≈50 → approximately fifty
        ∞ → infinity
        n! = n(n-1)! → N factorial equals N, N minus one, factorial
        10! / 8! = 90 → ten factorial over eight factorial equals ninety
        Compute 5! now → compute five factorial now
        I am 5! → I am five
        plan b! (really!) → plan b, really
        12 / 4 = 3 → twelve divided by four equals three
        1/x → one over X
        (a+b)/2 → A plus B, over two
        dy/dx → D Y over D X
        Δy/Δx → delta Y over delta X
        ε > 0 → epsilon is greater than zero
        a - b → A minus B
        x = -b → X equals minus B
        1.6 x 10^-19 → one point six times ten to the minus nineteen
        a*b → A times B
        x && y || z → X and Y or Z
        p<.05 → P is less than point zero five
        f/2.8 → F two point eight
        2 x $5 → two times five dollars
        2(x+1) → two times X plus one
        sin 30° → sine thirty degrees
        |a - b| > 0 → the absolute value of A minus B is greater than zero
        |x| = 3 → the absolute value of X equals three
    """,
)
