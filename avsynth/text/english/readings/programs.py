"""Versions of two numbers after the name of a program, of which the second is no decimal: "Python 3.11"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, before, initials

_NAMES = (
    "Python|Node|Node\\.js|PHP|Go|Golang|Java|Ubuntu|Debian|Fedora|Ruby|Rails|Django|Perl|Swift|Kotlin|Rust|GCC|Clang|LLVM"
    "|CUDA|PyTorch|TensorFlow|Kubernetes|Docker|Postgres|PostgreSQL|MySQL|MariaDB|Redis|macOS|iOS|iPadOS|Android|Chrome"
    "|Firefox|Safari|Blender|Linux|kernel|OpenSSL|npm|pip|Angular|React|Vue|Laravel|Terraform|Unity|Unreal|Godot|Elixir"
    "|Scala|Julia|Lua|Qt|GTK|Spark|Kafka|Ansible|Jenkins|GitLab|Gradle|Maven|Xcode|Minecraft|NumPy|pandas|SciPy|Mint"
)
_PROGRAM = re.compile(rf"\b(?:{_NAMES})(?:\s(?:v|version|release|LTS))?\s$")


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


KIND = Kind(
    name="Versions of programs",
    readings=(
        Reading(
            r"\d",
            r"(?<![\w.,$£€-])(?P<name>)(?P<first>\d{1,3})\.(?P<second>\d{1,2})(?![\w%]|\.\d|\s(?:percent|million|billion))",
            _version,
            needs=".",
            then=r"\d.",
        ),
        Reading(
            "P",
            r"\b(?P<name>PHP)\s(?P<first>[4-9])\.(?P<second>\d)(?![\d,])",
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
        Python 3.11 → python three point eleven
        python3.11 → python three point eleven
        python3.11-venv → python three point eleven venv
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
