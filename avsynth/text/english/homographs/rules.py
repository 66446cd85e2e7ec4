"""Homographs that the part of speech does not decide: the context that each needs for its second pronunciation."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from avsynth.text.english.homographs.context import Context, category, is_finite, is_plural, leads_noun
from avsynth.text.english.homographs.words import (
    ADJECTIVES,
    ADVERBS,
    AMOUNTS_OF_METAL,
    ARTICLES,
    BE,
    CAUSES,
    DO,
    HABIT,
    HAPPENING,
    HAVE,
    JOINERS,
    LEAD_THINGS,
    LIVE_THINGS,
    METAL,
    MODALS,
    MUSICAL,
    NEAR_THINGS,
    OARS,
    OBJECT_STARTERS,
    OBJECTS,
    OLD_PEOPLE,
    ONES,
    PAST,
    PLACES_OF_LEAD,
    PLURALS,
    PREPOSITIONS,
    SEWN,
    SUBJECTS,
    SUBORDINATORS,
    TINY_THINGS,
    WONDERS,
    words,
)
from avsynth.text.english.numbers import NUMBER_WORDS

_FISH = words("fish fishing fished sea lake river caught trout salmon striped largemouth cook cooked grilled pond")
_DEER = words("deer buck bucks stag stags fawn fawns hinds")
_AWAY = words("up down apart off open away through out")
_UNDER = words("into beneath below under underwater headfirst through deep")
_SHOWN = HAPPENING | words(
    "record recording hear heard see saw seen watch watched watching air airs aired catch stream"
)
_WHERE_SHOWN = words("in on at from to via tonight today tomorrow now before for") | {""}
_ON_AIR = {
    "from": words("new the los london paris washington tokyo sydney studio studios madrid berlin rome chicago"),
    "on": words("stage air tv television radio youtube facebook zoom twitch bbc cnn fox i.t.v. n.b.c. a.b.c. b.b.c."),
    "at": words("five six seven eight nine ten eleven noon"),
}
_BY_THEN = words("at by near before after until since")
_AFLOAT = words("ship ship's ships boat boat's vessel ferry hull stern deck iceberg yacht port starboard sailors prow")
_BENT = words("low deep final last small slight little polite quick graceful formal respectful stiff courtly")
_TAKES = words("take took takes taking make made makes give gave with")
_BOWED = words("violin viola cello fiddle archer arrow arrows ribbon hair cellist violinist")
_QUARRELS = words("terrible furious blazing angry bitter flaming heated diplomatic public huge neighbours neighbors")
_LOUD = words("over about with erupted broke between")
_SICK = words("mother father wife husband son daughter brother sister aunt uncle parent parents child carriage chair")
_GRAPHS = words("graph chart plot coordinate coordinates labelled labeled perpendicular horizontal vertical symmetry")
_GROUNDS = words("theory theories legal theoretical vector vectors scientific argument arguments claims hypotheses")
_SCRIPTURE = words("book patience prophet god bible")


def _is_verb(context: Context) -> bool:
    return category(context) == "verb"


def _verb_in_s(context: Context) -> bool:
    return category(context, ends_in_s=True) == "verb"


def _topic(*topics: frozenset[str]) -> Callable[[Context], bool]:
    return lambda context: bool(context.all & frozenset().union(*topics))


def _place(context: Context) -> bool:
    """A place of that name: capitalised inside a sentence."""
    return context.capital and context.at(-1) in words("in to from of near at and via")


def _swims(context: Context) -> bool:
    return context.next not in MUSICAL and bool(context.all & _FISH)


def _from_poland(context: Context) -> bool:
    return context.capital and (context.at(-1) != "" or not _is_verb(context))


def _bends(context: Context) -> bool:
    """The bow of the head or of a ship, not of an archer."""
    takes = context.at(-1) == "a" and context.at(-2) in words("take took takes taking taken")
    played = bool(context.all & _BOWED)
    if context.all & _AFLOAT and not played:
        return True
    if context.at(-1) in _BENT and context.next not in ("tie", "ties") and not played:
        return not _TAKES.isdisjoint(context.clause_before[-5:])
    return (
        _is_verb(context) or takes or context.next in ("down", "before", "to") or (context.next == "of" and not played)
    )


def _bows_down(context: Context) -> bool:
    return bool(context.all & _AFLOAT) or _verb_in_s(context) or context.next in ("down", "before", "to")


def _shuts(context: Context) -> bool:
    previous, earlier = context.before
    if previous in BE or (context.next == "to" and previous not in ("to", "please")):
        return previous in ("a", "the") and earlier in ("to", "at")
    if context.next == "of" or (previous == "a" and earlier == "to" and context.next == ""):
        return True
    if context.opens and context.next in NEAR_THINGS:
        return False
    if previous == "the" and earlier in _BY_THEN and (context.next in PREPOSITIONS | {""} or is_finite(context.next)):
        return True  # "the price at the close was"
    hours = previous.endswith("s") and (
        context.next in words("at on early late for down their") or (is_plural(previous) and context.next == "ranks")
    )
    ends = previous in JOINERS and context.next in ("early", "late", "down")
    return _is_verb(context) or hours or ends


def _satisfied(context: Context) -> bool:
    previous = context.before[0]
    feels = BE | words("feel feels felt seem seems seemed quite very perfectly so sounds looks looked")
    asked = context.clause_before[:1] and context.clause_before[0] in BE and previous in SUBJECTS
    opens = previous == "" and context.next in ("with", "to")
    if previous in OBJECTS and context.before[1] in words("make makes made keep keeps kept leave leaves left"):
        return True
    return bool(asked) or opens or previous in feels or context.at(-1) in feels


def _hinds(context: Context) -> bool:
    if context.opens and context.next in ("are", "were", "have", "and"):
        return True
    return bool(context.all & _DEER) and context.before[0] in ARTICLES | {"and", "of"}


def _dived(context: Context) -> bool:
    previous = context.before[0]
    moves = context.next in _UNDER and previous not in ARTICLES | ADJECTIVES | {""}
    which = context.at(-1) == "that" and context.next in _UNDER and context.at(-2) not in PREPOSITIONS | {""}
    return previous in SUBJECTS or moves or which or (context.next in words("in off for") and previous not in ARTICLES)


def _metal(context: Context) -> bool:
    previous, earlier = context.before
    if is_plural(previous) and context.next in OBJECT_STARTERS:
        return False
    if context.next == "to" and (is_plural(previous) or previous in MODALS | SUBJECTS | {"that", "which"}):
        return False
    inside = context.next in ("in", "from") and not {previous, earlier} & words("take takes took taking a")
    if (
        inside
        and context.at(2) in ARTICLES | ADJECTIVES | {"drinking"}
        and frozenset(context.clause_after[1:4]) & PLACES_OF_LEAD
    ):
        return True
    if context.at(-1) == "of" and context.at(-2) in AMOUNTS_OF_METAL:
        return True
    if context.at(-1) in ("about", "with", "from", "against") and context.next in ("", "and", "or"):
        return True
    heavy = context.at(-1) == "as" and context.at(-2) in ("heavy", "soft", "dull")
    made = context.at(-1) in words("of molten like contain contains contained liquid pencil") and not heavy
    if context.next in LEAD_THINGS or heavy or (made and context.next in ("", "and", "or", "in")):
        return True
    led = previous in {"the", "a"} | SUBJECTS | MODALS and not (previous == "to" and earlier.startswith("expos"))
    topic = bool((context.all - {"lead"}) & METAL)
    return (topic and not led) or (previous == "" and context.next in ("is", "was", "and") and topic)


def _scholarly(context: Context) -> bool:
    if context.opens and context.next in words("scholars men women people colleagues professors judges friends"):
        return True
    return context.at(-1) in words("the a very most his her your") and context.next not in ("", "that", "to", "from")


def _in_person(context: Context) -> bool:
    previous, earlier = context.before
    if previous in SUBJECTS and earlier in BE:
        return True
    if previous in ("it", "him", "her", "me") and earlier in _SHOWN and context.next in _WHERE_SHOWN:
        return True  # "watch it live"
    if context.opens and context.at(2) in _ON_AIR.get(context.next, ()):
        return True  # "Live from New York"
    if previous in MODALS | SUBJECTS:
        return False
    now = context.next in words("or on now yet in from tonight today") | {""}
    if now and context.clause_before[:1] and context.clause_before[0] in BE and len(context.clause_before) > 2:
        return True
    shown = context.next in _WHERE_SHOWN and not {previous, context.at(-1)} & (JOINERS | PLURALS | {"who", "which"})
    if shown and any(word in _SHOWN for word in context.clause_before[:-1]):
        return True
    return context.next in LIVE_THINGS or previous in HAPPENING | BE | {"a", "the"}


def _spans(context: Context) -> bool:
    """The plural of life."""
    previous = context.before[0]
    saved = words("save saves saved saving lose loses lost cost costs change changes changed ruin ruined claimed live")
    many = leads_noun(previous) and previous not in ("this", "one", "that", "like")
    return many or previous in saved or previous.endswith(("'s", "s'"))


def _tiny(context: Context) -> bool:
    if context.at(-1) in NUMBER_WORDS:
        return False
    so = context.at(-1) in ("very", "so", "extremely", "incredibly", "even")
    described = context.before[0] in BE | words("seem seems seemed look looks looked") and context.next == ""
    several = (
        is_plural(context.next)
        and context.at(2) in PREPOSITIONS | MODALS
        and context.at(-1) not in ("a", "one", "per", "last")
    )
    return context.next in TINY_THINGS or so or described or several


def _awaits_verb(context: Context) -> bool:
    """Whether a question's auxiliary stands first and its subject just before: "did the lead investigator read"."""
    clause = context.clause_before
    first = clause[1:] if clause[:1] and clause[0] in WONDERS else clause
    if not first or first[0] not in MODALS - {"to", "please"} or len(first) > 6 or context.word in first:
        return False
    return not any(word in SUBORDINATORS | JOINERS or is_finite(word) for word in first[1:])


def _told_past(context: Context, previous: str) -> bool:
    """Whether what comes after the verb tells that it is past: "the book you read last week"."""
    if previous not in SUBJECTS | PLURALS:
        return False
    after = context.clause_after[:6]
    what = context.clause_before[:1] in (["what"], ["everything"]) and (
        context.next in PAST or context.next.endswith("ed")
    )
    told = (
        what
        or context.next in ("last", "yesterday", "somewhere", "recently")
        or bool(
            frozenset(after) & {"yesterday", "ago"} or {("this", "morning"), ("other", "day")} & set(pairwise(after))
        )
    )
    return told and not frozenset(after) & {"every", "always"}


def _has_read(context: Context) -> bool:
    previous, earlier = context.before
    closest = context.at(-1)
    if previous in MODALS or (earlier in MODALS | CAUSES and previous in SUBJECTS | OBJECTS | {"her"}):
        return False
    if previous in BE:
        return not (context.earlier & DO and context.clause_before[:1] in (["what"], ["all"]))
    if previous in HAVE or (earlier in HAVE and previous in SUBJECTS):
        return True
    if _awaits_verb(context):
        return False
    if _told_past(context, previous):
        return True
    clause = frozenset(context.clause_before)
    if clause & PAST and not clause & HABIT and previous in SUBJECTS | PLURALS:
        return True
    if closest in ("last", "first", "best") and context.at(-2) in BE | HAVE:
        return True
    if closest in ("well", "widely") or context.next == "by" or previous in ONES or previous in ("he", "she", "it"):
        return True
    if previous in SUBJECTS and closest == "just":
        return True
    if previous in ARTICLES - {"this", "that", "these", "those"} | ADJECTIVES:
        return False
    past = bool(context.all & PAST) or any(word.endswith("ed") and len(word) > 4 for word in context.earlier)
    if previous in SUBJECTS | JOINERS | PLURALS | {""} or previous.endswith("s"):
        return past and not context.earlier & HABIT
    return previous not in PREPOSITIONS


def _quarrel(context: Context) -> bool:
    if context.at(-1) in words("a this the that huge") | _QUARRELS and context.at(-2) not in ("in", "on"):
        among = context.next in ("among", "amongst") and not context.all & OARS
        return among or context.next in _LOUD or context.at(-1) in _QUARRELS
    return False


def _more_numb(context: Context) -> bool:
    grows = words("got get gets getting grew grow grows growing feel feels feeling felt went become becomes became")
    felt = context.at(-1) in grows or (context.at(-1) == "and" and context.at(-2) == context.word)
    return felt and context.next in words("and than by every as with from when until in") | {""}


def _stitches(context: Context) -> bool:
    return bool(context.all & SEWN)


def _rips(context: Context) -> bool:
    cloth = context.next in ("in", "along") and not context.all & words("eye eyes cheek cheeks crying sad")
    wear = context.at(-1) == "and" and context.at(-2) == "wear"
    torn = context.next in _AWAY and context.before[0] not in ARTICLES
    opens = context.opens and context.next == "along"
    return (
        (_is_verb(context) and context.next != "gas")
        or torn
        or wear
        or (cloth and context.at(-1) in ("a", "the", "this", "that", "small", "big", "long", "huge"))
        or opens
    )


def _rips_up(context: Context) -> bool:
    weeps = context.next == "up" and context.at(2) in words("at when whenever and because during over") | {""}
    weeps = weeps or (context.at(2) == "every" and context.at(3) in ("time", "night", "day"))
    if weeps and context.before[0] not in {"it"}:
        return False
    torn = context.next in _AWAY and context.before[0] not in ARTICLES | PREPOSITIONS
    return torn or _verb_in_s(context)


def _accustomed(context: Context) -> bool:
    """ "Used to" as a habit ("I used to sing") or custom ("I am used to it"), not as a means ("it is used to sing")."""
    if context.next != "to":
        return False
    after = context.at(2)
    noun = context.before[1] in ARTICLES and context.before[0] not in SUBJECTS
    if noun and frozenset(context.clause_after[2:]) & {"is", "was", "are", "were"}:
        return False  # "the tool used to cut it was dull"
    custom = after in OBJECT_STARTERS or (after.endswith("ing") and after not in ("bring", "sing", "ring", "swing"))
    return context.before[0] not in BE or custom


def _coiled(context: Context) -> bool:
    previous, earlier = context.before
    if previous in ARTICLES | ADJECTIVES | MODALS | PREPOSITIONS:
        return False
    along = context.next in words("up down around round through its back tightly along past into over")
    if previous in BE and context.next in PREPOSITIONS | {""}:
        return True
    return along or (previous in SUBJECTS and earlier not in MODALS) or context.next in OBJECT_STARTERS


def _winding(context: Context) -> bool:
    along = words("through along around round up down into its back slowly between past towards across over")
    return _verb_in_s(context) or (context.next in along and not leads_noun(context.before[0]) and not context.opens)


def _buffets(context: Context) -> bool:
    if context.at(-1) in ("that", "which") and is_plural(context.at(-2)) and context.next in OBJECT_STARTERS:
        return False
    return not (_is_verb(context) or (context.next in OBJECT_STARTERS and context.before[0] not in ARTICLES))


def _sick(context: Context) -> bool:
    if context.next in _SICK:
        return True
    person = context.before[0] in ARTICLES and context.before[1] not in BE
    return person and (is_finite(context.next) or context.next in words("for and in who read") or context.next == "")


def _elderly(context: Context) -> bool:
    return context.next in OLD_PEOPLE or (context.at(-1) == "the" and (context.next == "" or is_finite(context.next)))


def _described(context: Context) -> bool:
    """An adjective or a person, and not what somebody did: "the dogged reporter", "my beloved"."""
    return context.at(-1) in ARTICLES | {"very", "most", "with", "dearly"} and context.next not in ("by", "the")


def _holy(context: Context) -> bool:
    if context.opens and context.next in ("are", "is", "be"):
        return True
    return context.at(-1) in ARTICLES | {"every"} and context.next not in ("with", "by", "")


def _earned(context: Context) -> bool:
    goes_on = words("as to with at along through on slowly smoothly normally quickly without")
    if context.next in goes_on and context.before[0] not in ARTICLES | ADJECTIVES | PREPOSITIONS | {""}:
        return False
    return category(context, ends_in_s=True) == "noun" and context.before[0] not in SUBJECTS | ADVERBS


RULES: dict[str, Callable[[Context], bool]] = {
    **{"aged": _elderly, "analyses": _verb_in_s, "axes": _topic(_GRAPHS, words("axis x. y."))},
    **{"bases": _topic(_GROUNDS), "bass": _swims, "blessed": _holy, "bow": _bends, "bows": _bows_down},
    **{"beloved": _described, "buffet": _buffets, "close": _shuts, "content": _satisfied, "does": _hinds},
    **{"dogged": _described, "dove": _dived, "invalid": _sick},
    **{"job": lambda context: context.capital and bool(context.all & _SCRIPTURE), "lead": _metal},
    **{"learned": _scholarly, "live": _in_person, "lives": _spans, "minute": _tiny, "nice": _place},
    **{"number": _more_numb, "polish": _from_poland, "proceeds": _earned, "read": _has_read, "reading": _place},
    **{"row": _quarrel, "sewer": _stitches},
    **{"tear": _rips, "tears": _rips_up, "used": _accustomed, "winds": _winding, "wound": _coiled},
}
"""For each word of :data:`avsynth.text.english.homographs.tables.OTHERS` when it is said the second way."""
