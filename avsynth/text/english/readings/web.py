"""Addresses of the web, e-mail, file names and paths, handles and hashtags."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, before, initials, word_set
from avsynth.text.english.readings.initialisms import MIXED
from avsynth.text.english.readings.letters import in_parts, one_word
from avsynth.text.later import compiled
from avsynth.text.marked import MARKS

NAMES = {
    **{".": "dot", "@": "at", "-": "dash", "_": "underscore", "/": "slash", "+": "plus", "=": "equals", "&": "and"},
    **{"?": "question mark", "#": "hash", "~": "tilde", ":": "colon", "%": "percent", "\\": "backslash", "*": "star"},
    **{"$": "dollar", ",": "comma"},
}
_SOLID = rf"[^\s{MARKS}\"<>]"
_TOP = (
    "com|org|net|edu|gov|mil|int|uk|io|eu|info|biz|de|fr|nl|es|it|ca|au|nz|jp|cn|kr|ch|se|no|dk|fi|pl|pt|ru|br|mx|za|ie"
    "|be|at|ai|app|dev|tv|fm|gg|ly|me|co|us|xyz|tech|online|site|blog|shop|cloud"
)
_SAID = word_set("com co org net gov info dot app dev tech online site blog shop cloud mil int biz node react vue next")
_SMALL = word_set("pi me in is it no my we go to up on of or so be do he at by al ed jo bo")
"""Of two letters, what in a name is a word."""
_FOLDERS = r"(?:[\w.~+-]{1,64}[/\\]){0,30}[\w.~+*-]{0,63}[\w*]"
_FILE = r"[A-Za-z][A-Za-z0-9]{0,4}"


def _part(written: str, context: Context, *, first: bool) -> list[Said]:
    """A stretch of letters or digits."""
    if written.isdigit():
        return [*numbers.digits(written)]
    word = written.lower()
    if len(word) == 1 or word == "www":
        return [initials(word)]
    if re.search(r"[a-z][A-Z]|[A-Z]{2}[a-z]{3}", written):
        return [said for part in in_parts(written) for said in _part(part, context, first=False)]
    if written in MIXED and written.islower():
        return [*MIXED[written].split()]
    if word in _SAID or (word in context.lexicon and len(word) > 2) or (word in _SMALL and not written.isupper()):
        return [word]
    vowel = re.search(r"[aeiouy]", word)
    return [initials(word)] if len(word) < 4 or not vowel or (written.isupper() and len(word) < 6) else [word]


def spell_out(written: str, context: Context) -> list[Said]:
    """Words and signs one after the other; what mixes letters and digits letter by letter."""
    words: list[Said] = []
    for token in re.findall(r"[A-Za-z0-9]+|[^A-Za-z0-9]", written):
        pieces = re.findall(r"[A-Za-z]+|\d+", token)
        if token in NAMES:
            words += NAMES[token].split()
        elif len(pieces) > 2:
            words += [
                said
                for piece in pieces
                for said in (
                    numbers.digits(piece)
                    if piece.isdigit()
                    else [piece.lower() if len(piece) > 2 and piece.lower() in context.lexicon else initials(piece)]
                )
            ]
        else:
            words += [said for piece in pieces for said in _part(piece, context, first=not words)]
    return words


def _address(match: Match, context: Context) -> Sequence[Said] | None:
    *words, last = spell_out(match["address"], context)
    return [*words, f"{last}{match['own'] or ''}"]


def _domain(match: Match, context: Context) -> Sequence[Said] | None:
    return spell_out(match["address"].rstrip(".,;:!?'\")/"), context)


def _owned(match: Match, context: Context) -> Sequence[Said] | None:
    """What belongs to an address: "Amazon.com's"."""
    *words, last = spell_out(match["address"].rstrip(".,;:!?'\")/"), context)
    return [*words, f"{last}{match['own'] or ''}"]


def _file(match: Match, context: Context) -> Sequence[Said] | None:
    """A dot inside a word that is no abbreviation, as in file names; before a capital it ends a sentence without a
    space."""
    name = match["name"]
    *_, ending = name.split(".")
    if re.fullmatch(r"(?:[A-Za-z]+-)?(?:[A-Za-z]\.)+[A-Za-z]", name) or name.lower() in (
        *("ph.d", "ph.d.s", "a.m", "p.m", "ll.m", "ll.b", "ll.d", "ed.d", "ed.m"),
    ):
        return None
    if re.fullmatch(r"[A-Z][a-z]+", ending) and re.fullmatch(r"[A-Za-z]?[a-z]*", name.split(".")[0]):
        return None
    return spell_out(name + (match["query"] or ""), context)


def _path(match: Match, context: Context) -> Sequence[Said] | None:
    if re.fullmatch(r"/\d{1,2}", match[0]):
        return ["slash", *numbers.number(match[0][1:])]
    return spell_out(match[0].rstrip(".,;:!?'\")"), context)


def _host(match: Match, context: Context) -> Sequence[Said] | None:
    return spell_out(match[0], context)


_NUMBERED = compiled(
    r"\b(?:part|order|model|item|ref|reference|case|lot|serial|invoice|ticket|flight|room|unit|apt\.?|suite|gate|bus|claim"
    r"|tracking|batch|sku|product|policy|account|job)\s$",
    re.IGNORECASE,
)
"""Before a number, not a tag."""


def _hashtag(match: Match, context: Context) -> Sequence[Said] | None:
    if re.fullmatch(r"(?=.*\d)[\dA-Fa-f]{6}", match["tag"]):
        return None  # a colour
    if re.match(r"-\d", after(match, 2)):
        return None
    if re.search(r"\d", match["tag"]) and _NUMBERED.search(before(match)):
        return None
    words: list[Said] = ["hashtag"]
    for part in in_parts(match["tag"]):
        words += numbers.year(int(part)) if re.fullmatch(r"(?:19|20)\d\d", part) else one_word(part, context)
    return words


def _long_option(match: Match, _: Context) -> Sequence[Said] | None:
    return ["dash", "dash"]


_COMMAND = compiled(
    r"\b(?:rm|ls|tar|grep|ps|git|curl|wget|cp|mv|chmod|chown|docker|pip3?|npm|ssh|scp|sed|awk|gcc|python3?|bash|sudo|kill"
    r"|df|du|tail|sort|xargs|kubectl|apt|brew|conda|ffmpeg|zip|unzip|ping|rsync|pytest|cargo)\b[^,;:?!]{0,24}$"
)


def _options(match: Match, _: Context) -> Sequence[Said] | None:
    """Options of a command by their letters: "rm -rf"."""
    return ["minus", initials(match["letters"])] if _COMMAND.search(before(match)) else None


def _handle(match: Match, context: Context) -> Sequence[Said] | None:
    return ["at", *spell_out(match["name"], context)]


_TAIL = rf"(?::\d{{1,5}}\b)?(?:[/?]{_SOLID}{{0,2000}}(?<![.,;:!?'\")]))?"
KIND = Kind(
    name="Web addresses, files and tags",
    readings=(
        Reading(
            "DFGHJMPRSWdfghjmprsw",
            rf"(?i:https?|s?ftps?|ssh|wss?|s3|file|git|redis|gs|postgres(?:ql)?|mysql|mongodb|jdbc)://(?P<address>{_SOLID}{{1,2000}})",
            _domain,
            needs=":",
        ),
        Reading(
            r"\da-zA-Z_",
            r"(?<![\w.+-])(?P<address>[A-Za-z0-9_](?:[\w.+-]{0,62}[\w+-])?@(?:[\w-]{1,63}\.){1,8}[A-Za-z]{1,12})(?!\w)(?P<own>'s\b)?",
            _address,
            needs="@",
            then=r"\w.+@-",
        ),
        Reading("w", rf"(?<![\w.@-])(?P<address>www\.{_SOLID}{{1,2000}})", _domain, needs="."),
        Reading(
            r"\da-zA-Z",
            rf"(?<![\w.@-])(?P<address>(?:[A-Za-z0-9][\w-]{{0,62}}\.){{1,8}}(?:{_TOP})(?![\w-]|\.\w){_TAIL}|(?:[a-z][a-z\d-]{{1,30}}\.){{1,3}}[a-z]{{2}}/[\w-]{{1,80}}(?:/[\w-]{{1,80}}){{0,6}})(?P<own>(?<=com)'s\b)?",
            _owned,
            needs=".",
            then=r"\w.-",
        ),
        Reading("a-zA-Z", rf"(?<![\w.)\]])[A-Za-z]:[\\/]{_FOLDERS}", _path, needs=":", then=":"),
        Reading("./~", rf"(?<![\w.)\]α-ωΑ-Ω])(?:~/|\.{{1,2}}/|/){_FOLDERS}", _path, needs="./~"),
        Reading(
            r"\da-zA-Z_",
            rf"(?<![\w.@'-])(?P<name>(?:[A-Za-z_][\w-]{{0,62}}|\d{{1,9}}[A-Za-z_-][\w-]{{0,52}})(?:\.[\w-]{{1,40}}){{0,4}}\.{_FILE})(?![\w'-]|\.\w)"
            r"(?P<query>\?[\w=&%.+-]{1,200}(?<![.+-]))?",
            _file,
            needs=".",
            then=r"\w.-",
        ),
        Reading(
            ".",
            r"(?<![\w.])(?P<name>\.(?:[a-z]{2,12}|[A-Z]{2,5}))(?!\w)",
            lambda match, context: spell_out(match["name"], context),
        ),
        Reading("l", rf"\blocalhost:\d{{1,5}}\b{_TAIL}", _host, needs=":"),
        Reading(r"\-", r"(?<!\S)--(?=[a-z]{2})", _long_option, then="-"),
        Reading(r"\-", r"(?<=\s)-(?P<letters>[A-Z]|[A-Za-z]{2,5})(?![\w'-])", _options, needs=" ", then="A-Za-z"),
        Reading(
            r"\da-zA-Z",
            r"(?<![\w.@'-])[A-Za-z\d]{1,40}(?:_[A-Za-z\d]{1,40}){1,6}(?!\w)",
            _host,
            needs="_",
            then=r"\w",
        ),
        Reading(
            r"\da-zA-Z*",
            r"(?<![\w*.)\]])(?:\w[\w-]{0,30}[./_])?(?:\*{1,2}[/.])(?:[\w*.-]{1,40}/){0,4}[\w*.-]{0,40}\w(?![\w*])",
            _host,
            needs="*",
            then=r"\w*./",
        ),
        Reading("#", r"#(?P<tag>[A-Za-z]\w{0,100}|\d{1,8}[A-Za-z]{3}\w{0,60})", _hashtag),
        Reading("@", r"(?<![\w.])@(?P<name>[A-Za-z_]\w{0,60}(?:\.[a-z\d_]\w{0,40}){0,3})", _handle),
    ),
    examples="""
        https://www.example.com/news → W W W dot example dot com slash news
        john.smith@example.com → john dot smith at example dot com
        abc123@gmail.com → abc one two three at gmail dot com
        a@b.co.uk → A at B dot co dot U K
        bit.ly/3xYz → bit dot L Y slash three X Y Z
        config.json → config dot json
        node.js → node dot J S
        README.md → readme dot M D
        /usr/bin/python3 → slash U S R slash bin slash python three
        C:\\Users\\Tom → C colon backslash users backslash tom
        ~/notes.txt → tilde slash notes dot T X T
        @real.jane → at real dot jane
        @Jo_K → at jo underscore K
        @user_name → at user underscore name
        #ThrowbackThursday → hashtag throwback thursday
        amazon.de → amazon dot D E
        x.com/a?b=1 → X dot com slash A question mark B equals one
        photo_01.jpg → photo underscore zero one dot J P G
        www.nasa.gov → W W W dot nasa dot gov
        a .txt file → a dot T X T file
        first-last@mail.org → first dash last at mail dot org
        setup.exe → setup dot E X E
        index.html → index dot html
        bob@site.com's inbox → bob at site dot com's inbox
        no-reply@x.com → no dash reply at X dot com
        C:/temp → C colon slash temp
        index.php?id=5 → index dot php question mark I D equals five
        openai.com. → openai dot com
        Amazon.com's boss → amazon dot com's boss
        goo.gl/abc123 → goo dot G L slash abc one two three
        #Vote2024 → hashtag vote twenty twenty four
        main.cpp → main dot C P P
        script.py → script dot P Y
        my-site.net → my dash site dot net
        1and1.com → one and one dot com
        localhost:3000/news → localhost colon three zero zero zero slash news
        rm -rf build → rm minus R F build
        git commit --amend → git commit dash dash amend
        edit known_hosts → edit known underscore hosts
        src/**/*.ts → S R C slash star star slash star dot T S
        #2024goals → hashtag twenty twenty four goals
    """,
)
