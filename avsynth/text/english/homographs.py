"""Words of one spelling and several pronunciations, told apart by the words around them.

Light rules in place of a parser: a word after an article is a noun, one after "to" or a pronoun a verb, and so on.
Where nothing tells, the more frequent reading is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Literal

from avsynth.text.english.lexicon import with_s
from avsynth.text.english.numbers import NUMBER_WORDS
from avsynth.text.tokens import Pronunciation, Spoken, Token

NOUN_VERB = """
abuse: AH B Y UW S / AH B Y UW Z
address: AE D R EH S / AH D R EH S
advocate: AE D V AH K AH T / AE D V AH K EY T
alternate: AO L T ER N AH T / AO L T ER N EY T
animate: AE N AH M AH T / AE N AH M EY T
appropriate: AH P R OW P R IY AH T / AH P R OW P R IY EY T
approximate: AH P R AA K S AH M AH T / AH P R AA K S AH M EY T
articulate: AA R T IH K Y AH L AH T / AA R T IH K Y AH L EY T
associate: AH S OW S IY AH T / AH S OW S IY EY T
attribute: AE T R AH B Y UW T / AH T R IH B Y UW T
combat: K AA M B AE T / K AH M B AE T
*combine: K AA M B AY N / K AH M B AY N
compact: K AA M P AE K T / K AH M P AE K T
compound: K AA M P AW N D / K AH M P AW N D
conduct: K AA N D AH K T / K AH N D AH K T
conflict: K AA N F L IH K T / K AH N F L IH K T
console: K AA N S OW L / K AH N S OW L
contest: K AA N T EH S T / K AH N T EH S T
contract: K AA N T R AE K T / K AH N T R AE K T
contrast: K AA N T R AE S T / K AH N T R AE S T
convict: K AA N V IH K T / K AH N V IH K T
*convert: K AA N V ER T / K AH N V ER T
coordinate: K OW AO R D AH N AH T / K OW AO R D AH N EY T
decrease: D IY K R IY S / D IH K R IY S
defect: D IY F EH K T / D IH F EH K T
delegate: D EH L AH G AH T / D EH L AH G EY T
deliberate: D IH L IH B ER AH T / D IH L IH B ER EY T
desert: D EH Z ER T / D IH Z ER T
diffuse: D IH F Y UW S / D IH F Y UW Z
duplicate: D UW P L AH K AH T / D UW P L AH K EY T
elaborate: IH L AE B R AH T / IH L AE B ER EY T
estimate: EH S T AH M AH T / EH S T AH M EY T
excuse: IH K S K Y UW S / IH K S K Y UW Z
extract: EH K S T R AE K T / IH K S T R AE K T
frequent: F R IY K W AH N T / F R IY K W EH N T
graduate: G R AE JH AH W AH T / G R AE JH AH W EY T
house: HH AW S / HH AW Z
intimate: IH N T AH M AH T / IH N T AH M EY T
misuse: M IH S Y UW S / M IH S Y UW Z
moderate: M AA D ER AH T / M AA D ER EY T
mouth: M AW TH / M AW DH
object: AA B JH EH K T / AH B JH EH K T
perfect: P ER F IH K T / P ER F EH K T
present: P R EH Z AH N T / P R IY Z EH N T
*produce: P R OW D UW S / P R AH D UW S
progress: P R AA G R EH S / P R AH G R EH S
project: P R AA JH EH K T / P R AH JH EH K T
protest: P R OW T EH S T / P R AH T EH S T
rebel: R EH B AH L / R IH B EH L
record: R EH K ER D / R IH K AO R D
*refuse: R EH F Y UW Z / R AH F Y UW Z
*reject: R IY JH EH K T / R IH JH EH K T
*resume: R EH Z AH M EY / R IH Z UW M
separate: S EH P R AH T / S EH P ER EY T
*sow: S AW / S OW
subject: S AH B JH IH K T / S AH B JH EH K T
use: Y UW S / Y UW Z
wind: W IH N D / W AY N D
"""
"""A word, how it is said as a noun or adjective, and how as a verb; a star marks those that are mostly verbs."""

OTHERS = {
    "bass": ("B EY S", "B AE S"),
    "bow": ("B OW", "B AW"),
    "bows": ("B OW Z", "B AW Z"),
    "close": ("K L OW S", "K L OW Z"),
    "content": ("K AA N T EH N T", "K AH N T EH N T"),
    "does": ("D AH Z", "D OW Z"),
    "dove": ("D AH V", "D OW V"),
    "lead": ("L IY D", "L EH D"),
    "learned": ("L ER N D", "L ER N IH D"),
    "live": ("L IH V", "L AY V"),
    "lives": ("L IH V Z", "L AY V Z"),
    "minute": ("M IH N AH T", "M AY N UW T"),
    "read": ("R IY D", "R EH D"),
    "tear": ("T IH R", "T EH R"),
    "tears": ("T IH R Z", "T EH R Z"),
    "used": ("Y UW Z D", "Y UW S T"),
    "wound": ("W UW N D", "W AW N D"),
}
"""Words with a rule of their own (:data:`_RULES`): how they are said, and how where the rule holds."""

Category = Literal["noun", "verb"]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BE = _set("am is are was were be been being i'm you're he's she's it's we're they're isn't aren't wasn't weren't")
_HAVE = _set("have has had having i've you've we've they've haven't hasn't hadn't")
_MODALS = _set(
    "to will would can could should shall may might must cannot do does did let let's please i'll you'll he'll she'll "
    "it'll we'll they'll i'd you'd he'd she'd we'd they'd can't won't wouldn't couldn't shouldn't mustn't don't "
    "doesn't didn't shan't gonna"
)
_CAUSES = _set("let lets make makes made help helps helped see saw watch watched hear heard")
_SUBJECTS = _set("i you we they he she it who")
_OBJECTS = _set("me him them us it you")
_POSSESSIVES = _set("my your his her its our their whose")
_ARTICLES = _set("the a an this that these those no every each some any another all both many few several one") | (
    NUMBER_WORDS | _POSSESSIVES
)
_ADJECTIVES = _set(
    "new old good bad great big small long short own whole same other first second third last next best worst better "
    "little more most such full high low human daily everyday young early late public private strong northern southern "
    "eastern western north south east west fresh cold hot warm light heavy single special"
)
_ADJECTIVE_ENDINGS = ("ous", "ful", "less", "ual", "onal", "able", "ish")
_PREPOSITIONS = _set("of in on at for with by from about into without under per than between against during like as")
_JOINERS = _set("and or but then so if when while because until before after where that which")
_OBJECT_STARTERS = (
    _set("the a an this that these those it him me us them you myself all every each some any both everything how what")
    | _POSSESSIVES
)
_PLURALS = _set("people children men women police everyone parents")
_ADVERBS = _set("not never always often usually just also ever still even already soon again now then really")
_PAST = _set(
    "yesterday ago last was were had did went came said told took got sat saw thought knew found made gave wrote "
    "bought heard began felt stood lay kept left met ran brought once earlier"
)
_HABIT = _set("every always usually often sometimes tomorrow now can will")
_FISH = _set("fish fishing fished sea lake river caught trout salmon striped largemouth cook cooked grilled pond")
_DEER = _set("deer buck bucks stag stags fawn fawns hinds")
_AWAY = _set("up down apart off open away through out")
_LIVE_THINGS = _set(
    "music show shows concert concerts broadcast broadcasts band performance performances audience audiences tv "
    "television stream streams streaming coverage album recording version report reports update updates event events "
    "chat wire wires ammunition bait animals animal birth births stock entertainment feed feeds video radio action"
)
_LEAD_THINGS = _set(
    "pipe pipes paint paints poisoning pencil pencils bullet bullets shot weight weights acid mine mines sheet roof "
    "crystal glass content levels free based"
)
_TINY_THINGS = _set(
    "detail details amount amounts particle particles quantity quantities trace traces difference differences fraction "
    "fractions creatures organisms size pieces piece specks variations crack cracks hole holes search inspection "
    "examination"
)


def _leads_noun(word: str) -> bool:
    """Whether what follows such a word is a noun or an adjective."""
    return word in _ARTICLES | _ADJECTIVES | _PREPOSITIONS or (len(word) > 5 and word.endswith(_ADJECTIVE_ENDINGS))


class Context:
    """The words of a sentence around one of them; "" stands for a pause and beyond the ends."""

    def __init__(self, words: Sequence[str], place: int) -> None:
        self._words, self._place = words, place
        self.all = frozenset(words)
        self.word = words[place]

    def at(self, offset: int) -> str:
        """The word that far away."""
        place = self._place + offset
        return self._words[place] if 0 <= place < len(self._words) else ""

    @property
    def next(self) -> str:
        """The word after."""
        return self.at(1)

    @property
    def before(self) -> tuple[str, str]:
        """The two words before, the nearest first, adverbs passed over; nothing beyond a pause."""
        kept: list[str] = []
        for offset in range(1, 6):
            word = self.at(-offset)
            if word == "":
                break
            if word not in _ADVERBS and not (word.endswith("ly") and len(word) > 4):
                kept.append(word)
        first, second = [*kept, "", ""][:2]
        return first, second

    @property
    def earlier(self) -> frozenset[str]:
        """All words before."""
        return frozenset(self._words[: self._place])


def category(context: Context, *, ends_in_s: bool = False) -> Category | None:
    """Whether a word stands as a noun (or adjective) or as a verb; None where nothing tells."""
    previous, earlier = context.before
    if ends_in_s:
        if previous in _SUBJECTS - {"i", "you", "we", "they"} or previous in ("that", "which", "this", "everyone"):
            return "verb"
        after_noun = not _leads_noun(previous) and previous not in _MODALS | _HAVE | _BE | {""}
        return "verb" if after_noun and context.next in _OBJECT_STARTERS else "noun"
    if previous == "":
        return "verb" if context.next in _OBJECT_STARTERS | {"to"} else None
    if previous in _MODALS or previous.endswith(("'ll", "'d")):
        return "verb"
    if previous in _OBJECTS and earlier in _CAUSES | {"let"}:
        return "verb"
    if previous in _SUBJECTS:
        return "verb"
    if _leads_noun(previous) or previous in _BE | _HAVE or previous.endswith(("'s", "s'")):
        return "noun"
    if context.next == "of":
        return "noun"
    if previous in _PLURALS or (previous in _JOINERS and context.next in _OBJECT_STARTERS):
        return "verb"
    plural = previous.endswith("s") and not previous.endswith("ss")
    return "verb" if plural and context.next in _OBJECT_STARTERS else None


def _is_verb(context: Context) -> bool:
    return category(context) == "verb"


def _fish(context: Context) -> bool:
    return bool(context.all & _FISH)


def _bends(context: Context) -> bool:
    """The bow of the head or of a ship, not of an archer."""
    takes = context.at(-1) == "a" and context.at(-2) in _set("take took takes taking taken")
    return _is_verb(context) or takes or context.next in ("of", "down", "before") or context.next == "to"


def _bows_down(context: Context) -> bool:
    return category(context, ends_in_s=True) == "verb" or context.next in ("down", "before", "to")


def _shuts(context: Context) -> bool:
    previous, earlier = context.before
    if previous in _BE or (context.next == "to" and previous not in ("to", "please")):
        return previous in ("a", "the") and earlier in ("to", "at")
    if context.next == "of" or (previous == "a" and earlier == "to" and context.next == ""):
        return True
    hours = previous.endswith("s") and context.next in _set("at on early late for down their")
    return _is_verb(context) or hours


def _satisfied(context: Context) -> bool:
    previous = context.before[0]
    feels = _BE | _set("feel feels felt seem seems seemed quite very perfectly so sounds looks looked")
    return previous in feels or context.at(-1) in feels or (previous == "" and context.next in ("with", "to"))


def _hinds(context: Context) -> bool:
    return bool(context.all & _DEER) and context.before[0] in _ARTICLES | {"and", "of"}


def _dived(context: Context) -> bool:
    return context.before[0] in _SUBJECTS or context.next in _set("into in off under down for")


def _metal(context: Context) -> bool:
    made = context.at(-1) in ("of", "molten", "like", "contain", "contains", "liquid") and context.next in ("", "and")
    heavy = context.at(-1) == "as" and context.at(-2) in ("heavy", "soft", "dull")
    return context.next in _LEAD_THINGS or made or heavy


def _scholarly(context: Context) -> bool:
    return context.at(-1) in _set("the a very most his her your") and context.next not in ("", "that", "to", "from")


def _in_person(context: Context) -> bool:
    happening = _set(
        "go goes going went gone played playing performed performing recorded broadcast streamed streaming"
    )
    previous = context.before[0]
    if previous in _MODALS | _SUBJECTS:
        return False
    return context.next in _LIVE_THINGS or previous in happening | _BE | {"a", "the"}


def _spans(context: Context) -> bool:
    """The plural of life."""
    previous = context.before[0]
    saved = _set("save saves saved saving lose loses lost cost costs change changes changed ruin ruined claimed live")
    many = _leads_noun(previous) and previous not in ("this", "one", "that", "like")
    return many or previous in saved or previous.endswith(("'s", "s'"))


def _tiny(context: Context) -> bool:
    counted = context.at(-1) in NUMBER_WORDS
    return not counted and (context.next in _TINY_THINGS or context.at(-1) in ("very", "so", "extremely", "incredibly"))


def _has_read(context: Context) -> bool:
    previous, earlier = context.before
    if previous in _MODALS or (earlier in _MODALS | _CAUSES and previous in _SUBJECTS | _OBJECTS | {"her"}):
        return False
    if previous in _HAVE | _BE or (earlier in _HAVE and previous in _SUBJECTS):
        return True
    if context.at(-1) in ("well", "widely") or context.next == "by" or previous in ("he", "she", "it"):
        return True
    if previous in _ARTICLES - {"this", "that", "these", "those"} | _ADJECTIVES:
        return False
    past = bool(context.all & _PAST) or any(word.endswith("ed") and len(word) > 4 for word in context.earlier)
    if previous in _SUBJECTS | _JOINERS | _PLURALS | {""} or previous.endswith("s"):
        return past and not context.earlier & _HABIT
    return previous not in _PREPOSITIONS


def _rips(context: Context) -> bool:
    cloth = context.next in ("in", "along") and not context.all & _set("eye eyes cheek cheeks crying sad")
    wear = context.at(-1) == "and" and context.at(-2) == "wear"
    torn = context.next in _AWAY and context.before[0] not in _ARTICLES
    return _is_verb(context) or torn or wear or (cloth and context.at(-1) == "a")


def _rips_up(context: Context) -> bool:
    torn = context.next in _AWAY and context.before[0] not in _ARTICLES | _PREPOSITIONS
    return torn or category(context, ends_in_s=True) == "verb"


def _accustomed(context: Context) -> bool:
    """ "Used to" as a habit ("I used to sing") or custom ("I am used to it"), not as a means ("it is used to sing")."""
    if context.next != "to":
        return False
    after = context.at(2)
    custom = after in _OBJECT_STARTERS | {"being", "having", "doing", "living", "working"}
    return context.before[0] not in _BE or custom


def _coiled(context: Context) -> bool:
    return context.before[0] not in _ARTICLES and context.next in _set("up down around round through its back tightly")


_RULES: dict[str, Callable[[Context], bool]] = {
    **{"bass": _fish, "bow": _bends, "bows": _bows_down, "close": _shuts, "content": _satisfied, "does": _hinds},
    **{"dove": _dived, "lead": _metal, "learned": _scholarly, "live": _in_person, "lives": _spans, "minute": _tiny},
    **{"read": _has_read, "tear": _rips, "tears": _rips_up, "used": _accustomed, "wound": _coiled},
}


@cache
def _table() -> dict[str, tuple[Pronunciation, Pronunciation, Category]]:
    """Every noun and verb of one spelling, with its -s: the one, the other, and what it mostly is."""
    table: dict[str, tuple[Pronunciation, Pronunciation, Category]] = {}
    for line in NOUN_VERB.split("\n"):
        word, _, said = line.partition(": ")
        if said:
            noun, verb = (tuple(phones.split()) for phones in said.split(" / "))
            mostly: Category = "verb" if word.startswith("*") else "noun"
            table[word.lstrip("*")] = noun, verb, mostly
            table[word.lstrip("*") + "s"] = with_s(noun), with_s(verb), mostly
    return table


def by_context(tokens: Iterable[Token], known: Container[str]) -> Iterator[Token]:
    """The tokens of a sentence, each homograph with the phones that fit its context; words in ``known`` are let be."""
    listed = list(tokens)
    words = [token.text if isinstance(token, Spoken) else "" for token in listed]
    for place, token in enumerate(listed):
        if not isinstance(token, Spoken) or token.phones is not None or token.text in known:
            yield token
        elif token.text in OTHERS or token.text in _table():
            yield replace(token, phones=_pronounce(Context(words, place)))
        else:
            yield token


def _pronounce(context: Context) -> Pronunciation:
    word = context.word
    if word in OTHERS:
        return tuple(OTHERS[word][_RULES[word](context)].split())
    noun, verb, mostly = _table()[word]
    ends_in_s = word.endswith("s") and word[:-1] in _table()
    return verb if (category(context, ends_in_s=ends_in_s) or mostly) == "verb" else noun
