"""Words: clipped ones, contractions whose apostrophe is left out, lengthened ones, and all the rest as written."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from functools import cache

from avsynth.text.english.abbreviations import CHAT
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, before, initials, word_set
from avsynth.text.english.readings.initialisms import SMALL_INITIALS
from avsynth.text.later import compiled

_CLIPPED = word_set("'em 'til 'tis 'twas 'cause 'bout 'round 'n 'cos 'cuz 'kay 'twere 'twill")
_CONTRACTIONS = word_set(
    "aren't couldn't didn't doesn't don't hadn't hasn't haven't isn't mightn't mustn't needn't shouldn't wasn't "
    "weren't wouldn't can't won't ain't that's what's there's here's where's who's how's he's she's let's i'm i've "
    "you've we've they've you're they're you'll they'll it'll that'll should've could've would've y'all it'd that'd "
    "who'd they'd you'd who'll what'll there'll how'd why'd where'd shan't who've o'clock ma'am"
)
_WORDS_OTHERWISE = word_set("cant wont lets whats wheres hows shell well were its hell shed wed id ill")
"""Contractions that are (or might be) another word without their apostrophe."""
_READ_ANYWAY = {"im": "i'm", "cant": "can't", "wont": "won't", "whats": "what's", "wheres": "where's"}
"""Those of them that are far more often the contraction."""
_VERBS = word_set(
    "go see not do talk get make play try take be eat have start say look move meet keep face hope just all call come "
    "txt text msg message email ring phone pick drop check grab stay stop help open finish start "
    "give tell let never always probably send show find put think wait leave bring pay ask need want love like rather"
)
_BY_WHAT_FOLLOWS = {
    "lets": ("let's", _VERBS - {"all", "love", "like", "rather", "need", "want", "never", "always", "probably"}),
    "ill": ("i'll", _VERBS - {"all", "rather", "like", "not", "to"}),
    "well": ("we'll", word_set("see be need take meet find send pick drop try bring probably never always")),
    "id": ("i'd", word_set("like love rather be say go have never prefer suggest recommend appreciate do")),
}
_NOUNS_ELSE = {
    "wed": ("we'd", word_set("like love rather be need prefer appreciate suggest never better have")),
    "hed": ("he'd", word_set("like love rather be need never better have go say")),
    "shed": ("she'd", word_set("like love rather better never")),
    "hell": ("he'll", word_set("be call come bring pick meet get take need tell text pay probably")),
    "shell": ("she'll", word_set("be call come bring pick meet get take need tell text pay probably never")),
    "were": (
        "we're",
        word_set("gonna going coming leaving having getting running meeting moving staying looking planning not"),
    ),
}
"""Those that are read so only where a clause begins."""
_BEFORE_WE = compiled(r"(?:^|[.,;:!?]\s|\b(?:and|then|so|but|think|hope|guess|know|or|if)\s)$", re.IGNORECASE)
_BEGINS = compiled(r"(?:^|[.;!]\s|\b(?:think|so|and|but)\s)$")
_IN_CODE = frozenset("$@%&#/\\-.")
"""Before a name that is no chat word."""
_THRICE = compiled(r"(.)\1\1")
_ALTERED = {
    "th'": "the",
    "o'": "of",
    "'n'": "and",
    "'n": "and",
    "'em": "'em",
    "ol'": "old",
    "an'": "and",
    "wi'": "with",
}


@cache
def _contractions() -> dict[str, str]:
    return {word.replace("'", ""): word for word in _CONTRACTIONS}


def _unclipped(match: Match, _: Context) -> Sequence[Said] | None:
    said = _ALTERED.get(match[0].lower())
    return [said] if said else None


def _contracted(match: Match, _: Context) -> Sequence[Said] | None:
    word = match[0].lower()
    if match[0].isupper() and (word in ("im", "id") or word in CHAT):
        return None
    if word in CHAT and before(match, 1) not in _IN_CODE and (match[0].islower() or len(word) > 2):
        return CHAT[word].split()
    if word in _BY_WHAT_FOLLOWS:
        following = re.match(r"\s([a-z]+)", after(match))
        contraction, verbs = _BY_WHAT_FOLLOWS[word]
        if word == "well" and not _BEFORE_WE.search(before(match, 12)):
            return None  # "may well be"
        return [contraction] if following and following[1] in verbs else None
    if word in _NOUNS_ELSE and match[0][1:].islower():
        following = re.match(r"\s([a-z]+)", after(match))
        contraction, verbs = _NOUNS_ELSE[word]
        begins = _BEGINS if word == "were" else _BEFORE_WE
        return [contraction] if following and following[1] in verbs and begins.search(before(match, 12)) else None
    if word == "wont" and re.search(r"\b(?:his|her|their|my|your|our|as is)\s$", before(match, 8)):
        return None
    if word in _READ_ANYWAY:
        return [_READ_ANYWAY[word]]
    contracted = _contractions().get(word)
    return [contracted] if contracted and word not in _WORDS_OTHERWISE else None


def _lengthened(match: Match, context: Context) -> Sequence[Said] | None:
    """A letter three times or more ("soooo")."""
    written = match[0].lower()
    if (letters := re.sub(r"(.)\1+", r"\1", written)) in SMALL_INITIALS:
        return [initials(letters)]
    return [shortened(written, context.lexicon)] if written not in context.lexicon else None


_RATHER = {
    "loong": "long",
    "thee": "the",
    "bo": "boo",
    "moore": "more",
    "to": "too",
    "zo": "zoo",
    "mo": "moo",
    "z": "zzz",
}
"""Of what is found for a lengthened word, what is far rarer than another."""


def shortened(written: str, lexicon: Container[str]) -> str:
    """A word of small letters where none stands three times in a row, if possible so that it is in the lexicon."""
    if not _THRICE.search(written):
        return written
    runs = re.findall(r"((.)\2*)", written)
    last = len(runs) - 1
    lengths = [
        [len(run)] if len(run) < 3 else [1, 2] if letter in "aiuy" or (letter == "o" and place == last) else [2, 1]
        for place, (run, letter) in enumerate(runs)
    ]
    if len([options for options in lengths if len(options) > 1]) > 4:
        lengths = [[1] for options in lengths]
    words = [""]
    for (_, letter), options in zip(runs, lengths, strict=True):
        words = [word + letter * count for word in words for count in options]
    words += [word.rstrip(word[-1]) + word[-1] for word in words]
    found = next((word for word in words if word in lexicon), words[0] if len(words[0]) > 2 else written)
    return _RATHER.get(found, found)


def _word(match: Match, _: Context) -> Sequence[Said] | None:
    written = match[0].lower()
    return [written if written in _CLIPPED else written.lstrip("'")]


KIND = Kind(
    name="Words",
    readings=(
        Reading(
            "'ANOTWanotw",
            r"(?<!\w)(?:[Tt]h'(?=\s)|'?[nN]'?(?=\s)(?<=')|[oO]'(?=\s)|[oO]l'(?=\s)|[aA]n'(?=\s)|[wW]i'(?=\s))",
            _unclipped,
            needs="'Nn",
        ),
        Reading("a-zA-Z", r"(?<![\w'])[A-Za-z]{2,8}(?![\w'-])", _contracted, then="A-Za-z"),
        Reading(
            "a-zA-Z",
            r"(?<![\w'])(?=[A-Za-z]{0,60}([A-Za-z])(?i:\1\1))[A-Za-z]{3,60}(?![\w'-])",
            _lengthened,
            then="A-Za-z",
        ),
        Reading("a-zA-Z'", r"'?[A-Za-z]+(?:['-](?![A-Z]\.[A-Z])[A-Za-z]+)*", _word),
    ),
    examples="""
        dont → don't
        thats → that's
        im → i'm
        Yessss → yes
        Sooooo → so
        th' barn → the barn
        re-enter → re-enter
        read-only → read-only
        'tis → 'tis
        cant stop → can't stop
        youre → you're
        theyve → they've
        isnt → isn't
        didnt → didn't
        noooo → no
        heyyyy → hey
        coooool → cool
        hellooo → hello
        whats up → what's up
        lets go → let's go
        ill be back → i'll be back
        id like tea → i'd like tea
        thx, pls msg me → thanks, please message me
        he was ill → he was ill
        you wont know → you won't know
        as was his wont → as was his wont
        it lets you → it lets you
        we were ill → we were ill
        rock 'n' roll → rock and roll
        wow!!! → wow
        goooood → good
        ok → ok
        shouldnt → shouldn't
        couldve → could've
        Wed like a table → we'd like a table
        hell be late → he'll be late
        Were going home → we're going home
        a shed like ours → a shed like ours
    """,
)
