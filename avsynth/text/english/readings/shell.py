"""Prompts of shells, which nobody says: "$ git status"."""

from __future__ import annotations

from collections.abc import Sequence

from avsynth.text.english.reading import Context, Kind, Match, Reading, Said

_PROGRAMS = (
    "git npm npx pip pip3 pipx python python3 cd ls sudo apt apt-get brew curl wget ssh scp docker kubectl make cmake "
    "cargo go node yarn pnpm cat echo export chmod chown mkdir rm cp mv grep find tar conda bash sh source uv poetry "
    "pytest java javac mvn gradle terraform aws gcloud az ps kill touch vim nano less head tail man which whoami "
    "unzip zip ffmpeg rsync systemctl journalctl dnf yum pacman ruby gem bundle rails php composer deno bun psql mysql "
    "redis-cli helm ansible ping ifconfig df du top tmux screen sed awk sort env alias gcc clang rustc rustup "
    "dotnet flutter"
)


def _prompt(match: Match, _: Context) -> Sequence[Said] | None:
    return []


KIND = Kind(
    name="Prompts of shells",
    readings=(
        Reading(
            "$%#",
            rf"(?<![\s\S])[$%#]\s(?=(?:{_PROGRAMS.replace(' ', '|')})(?:\s|$)"
            r"|\.{0,2}/\w|[a-z][\w-]*\s(?:[a-z]+\s)?--?[a-zA-Z])",
            _prompt,
            then=r"\s",
        ),
        Reading(
            ".",
            r"(?:(?<=\bcd\s)|(?<=\bls\s))\.\.(?=\s|$)",
            lambda match, _: ["dot", "dot"],
            then=".",
        ),
        Reading(">", r"(?<![\s\S])>>>\s(?=\S)", _prompt, then=">"),
    ),
    examples="""
        $ pip install x → pip install X
        $ git status → git status
        $ cd /tmp → cd slash T M P
        $ ./run.sh → dot slash run dot S H
        $ make test → make test
        % ls → ls
        # apt update → apt update
        >>> print(5) → print, five
        $ 5 is enough → five dollars is enough
        cd .. → cd dot dot
        $ java Main → java main
        $ frobnicate --all → frobnicate dash dash all
    """,
)
