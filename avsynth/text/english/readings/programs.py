"""Programs: versions of two numbers, of which the second is no decimal ("Python 3.11"), passwords, answers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, around, before, initials
from avsynth.text.english.readings.codes import is_asked
from avsynth.text.later import compiled

_NAMES = (
    "Python|Node|Node\\.js|PHP|Go|Golang|Java|Ubuntu|Debian|Fedora|Ruby|Rails|Django|Perl|Swift|Kotlin|Rust|GCC|Clang|LLVM"
    "|CUDA|PyTorch|TensorFlow|Kubernetes|Docker|Postgres|PostgreSQL|MySQL|MariaDB|Redis|macOS|iOS|iPadOS|Android|Chrome"
    "|Firefox|Safari|Blender|Linux|kernel|OpenSSL|npm|pip|Angular|React|Vue|Laravel|Terraform|Unity|Unreal|Godot|Elixir"
    "|Scala|Julia|Lua|Qt|GTK|Spark|Kafka|Ansible|Jenkins|GitLab|Gradle|Maven|Xcode|Minecraft|NumPy|pandas|SciPy|Mint"
)
_PROGRAM = compiled(
    rf"\b(?:{_NAMES})(?:\s(?:v|version|release|LTS))?(?:\s\d{{1,2}}\.\d{{1,2}}(?:,|,?\s(?:and|or|to)))*\s$"
)


def _version(match: Match, _: Context) -> Sequence[Said] | None:
    first, second = match["first"], match["second"]
    if not match["name"] and not _PROGRAM.search(before(match)):
        return None
    low = ["oh", *numbers.cardinal(int(second))] if second[0] == "0" and len(second) == 2 else numbers.number(second)
    return [
        *([initials("php") if match["name"] == "PHP" else match["name"].lower()] if match["name"] else []),
        *numbers.number(first),
        "point",
        *low,
    ]


def _password(match: Match, context: Context) -> Sequence[Said] | None:
    """A word and figures: "latte123"."""
    word, figures = match["word"], match["figures"]
    if word not in context.lexicon or not is_asked(before(match)):
        return None
    return [word, *(numbers.year(int(figures)) if re.fullmatch(r"(?:19|20)\d\d", figures) else numbers.digits(figures))]


_WEB = compiled(
    r"\b(?:errors?|https?|not\sfound|forbidden|servers?|gateway|pages?|endpoint|status|api|requests?|redirects?|browser|url)\b",
    re.IGNORECASE,
)


def _answer(match: Match, _: Context) -> Sequence[Said] | None:
    """What a server answers: "404"."""
    return numbers.pairs(int(match[0])) if _WEB.search(around(match)) else None


KIND = Kind(
    name="Versions, passwords and answers of programs",
    readings=(
        Reading(
            "a-z",
            r"(?<![\w.-])(?P<word>[a-z]{3,12})(?P<figures>\d{2,6})(?![\w-])",
            _password,
            figures=True,
            then="a-z",
        ),
        Reading(
            "45",
            r"(?<![\w.,$£€/-])(?:40[0-9]|41[0-8]|429|50[0-4])(?![\w%/-]|[.,]\d|\s(?:[a-z]+s|people)\b)",
            _answer,
            then="0-2",
        ),
        Reading(
            r"\d",
            r"(?<![\w.,$£€-])(?P<name>)(?P<first>\d{1,3})\.(?P<second>\d{1,2})(?![\w%]|\.\d|\s(?:percent|million|billion))",
            _version,
            needs=".",
            then=r"\d.",
        ),
        Reading(
            r"\d",
            r"(?<![\w.,$£€-])(?P<number>\d{1,3}(?:\.\d{1,3}){0,2})\.[xX](?![\w-]|\.\d)",
            lambda match, _: [*numbers.number(match["number"]), "point", "x."],
            needs=".",
            then=r"\d.",
        ),
        Reading(
            "*",
            r"(?<=[Ss][Ee][Ll][Ee][Cc][Tt] )\*(?=\s)|(?<=\()\*(?=\))",
            lambda match, _: ["star"],
        ),
        Reading(
            "P",
            r"\b(?P<name>PHP)\s(?P<first>[4-9])\.(?P<second>\d)(?!\d|,\d)",
            _version,
            needs=".",
            then="H",
            figures=True,
        ),
        Reading(
            "gjlprcP",
            r"\b(?P<name>python|Python|php|gcc|lua|perl|ruby|java|clang)(?P<first>\d{1,2})\.(?P<second>\d{1,2})(?!\w|\.\w)",
            _version,
            needs=".",
            then="a-z",
            figures=True,
        ),
    ),
    examples="""
        a 404 page → a four oh four page
        404 people → four hundred and four people
        Python 3.11 → python three point eleven
        python3.11 → python three point eleven
        python3.11-venv → python three point eleven venv
        SELECT * FROM t → select star from T
        bugs in 1.9.x → bugs in one point nine point X
        Node 20.11 → node twenty point eleven
        PHP 8.3 → P H P eight point three
        Go 1.22 → go one point twenty two
        Java 17.0 → java seventeen point zero
        Ubuntu 22.04 → ubuntu twenty two point oh four
        Firefox 115.10 → firefox one hundred and fifteen point ten
        PyTorch version 2.10 → py torch version two point ten
        Python grew 3.11 percent. → python grew three point one one percent
    """,
)
