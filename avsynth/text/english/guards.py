"""What may stand around a match of each reading, told by its pattern: the content of ``guards.txt``.

``python -m avsynth.text.english.page`` writes that file anew, and a test holds it to the patterns. A reading that is
not in it is only asked more often than it needs to be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from re import _constants as kinds  # type: ignore[attr-defined]
from re import _parser as patterns  # type: ignore[attr-defined]
from string import ascii_letters, digits
from typing import Any

from avsynth.text.english.choice import ALPHABET, EDGE, Guards, digest
from avsynth.text.english.reading import Reading

_ANY = frozenset(ALPHABET)
_ALL = _ANY - {EDGE}
_LETTERS, _DIGITS, _BLANKS = frozenset(ascii_letters), frozenset(digits), frozenset(" \n")
_WORD = _LETTERS | _DIGITS | {"_"}
_CATEGORIES: dict[Any, frozenset[str]] = {
    **{kinds.CATEGORY_DIGIT: _DIGITS, kinds.CATEGORY_NOT_DIGIT: _ALL - _DIGITS},
    **{kinds.CATEGORY_SPACE: _BLANKS, kinds.CATEGORY_NOT_SPACE: _ALL - _BLANKS},
    **{kinds.CATEGORY_WORD: _WORD, kinds.CATEGORY_NOT_WORD: _ALL - _WORD},
}
_HEAD, _RUN, _BLANK = range(1, 4)
"""How far a match has come: its first character, more of the run of letters or figures there, a blank after that."""


@dataclass(eq=False)
class _State:
    """A state of an automaton that matches whatever the pattern matches, and more."""

    consumes: list[tuple[frozenset[str], _State]] = field(default_factory=list)
    goes: list[_State] = field(default_factory=list)
    """Without a condition."""
    before: list[tuple[frozenset[str], _State]] = field(default_factory=list)
    """If one of these characters comes next."""
    after: list[tuple[frozenset[str], _State]] = field(default_factory=list)
    """If one of these came last."""
    edges: list[_State] = field(default_factory=list)
    """If a word begins or ends here."""


def _single(kind: Any, value: Any, *, folded: bool) -> frozenset[str] | None:
    """The characters for which a part of a pattern stands; None if it does not stand for one."""
    if kind is kinds.LITERAL or kind is kinds.NOT_LITERAL:
        listed, negated = [(kinds.LITERAL, value)], kind is kinds.NOT_LITERAL
    elif kind is kinds.ANY:
        listed, negated = [(kinds.LITERAL, ord("\n"))], True
    elif kind is kinds.IN:
        negated = value[0][0] is kinds.NEGATE
        listed = value[negated:]
    else:
        return None
    found: set[str] = set()
    for sort, what in listed:
        if sort is kinds.CATEGORY:
            found |= _CATEGORIES[what]
        else:
            low, high = what if sort is kinds.RANGE else (what, what)
            found |= {character for character in _ALL if low <= ord(character) <= high}
    if folded:
        found |= {other for character in found for other in (character.lower(), character.upper())} & _ALL
    return _ALL - found if negated else frozenset(found)


def _joined(parts: Iterable[tuple[Any, Any]], state: _State, *, folded: bool) -> _State:
    """Add parts of a pattern after a state; the state after them."""
    for kind, value in parts:
        following = _State()
        single = _single(kind, value, folded=folded)
        if single is not None:
            state.consumes.append((single, following))
        elif kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT):
            _repeat(value, state, following, folded=folded)
        elif kind is kinds.SUBPATTERN:
            _, added, removed, inner = value
            folds = (folded or bool(added & re.IGNORECASE)) and not removed & re.IGNORECASE
            _joined(inner, state, folded=folds).goes.append(following)
        elif kind is kinds.ATOMIC_GROUP:
            _joined(value, state, folded=folded).goes.append(following)
        elif kind is kinds.BRANCH:
            _branch(value[1], state, following, folded=folded)
        elif kind is kinds.GROUPREF_EXISTS:
            _branch([value[1], value[2] or []], state, following, folded=folded)
        elif kind in (kinds.ASSERT, kinds.ASSERT_NOT):
            forward, seen = value[0] > 0, list(value[1])
            found = _required(seen, forward=forward, folded=folded) if kind is kinds.ASSERT else None
            if kind is kinds.ASSERT_NOT:
                found = _ANY - _forbidden(seen, folded=folded)
            (state.before if forward else state.after).append((found or _ANY, following))
        elif kind is kinds.AT:
            (state.edges if value is kinds.AT_BOUNDARY else state.goes).append(following)
        else:  # what a group matched, once more
            state.goes.append(following)
            following.consumes.append((_ALL, following))
        state = following
    return state


def _repeat(value: Any, state: _State, following: _State, *, folded: bool) -> None:
    """As often as wanted, but at least once if that is asked for."""
    least, most, inner = value
    if least == 0:
        state.goes.append(following)
    state.goes.append(begin := _State())
    end = _joined(inner, begin, folded=folded)
    if most != 1:
        end.goes.append(again := _State())
        _joined(inner, again, folded=folded).goes.extend([again, following])
    if least < 2:
        end.goes.append(following)


def _branch(branches: Iterable[Any], state: _State, following: _State, *, folded: bool) -> None:
    for branch in branches:
        begin = _State()
        state.goes.append(begin)
        _joined(branch, begin, folded=folded).goes.append(following)


def _required(parts: list[tuple[Any, Any]], *, forward: bool, folded: bool) -> frozenset[str]:
    """The characters with which what is looked for ahead may begin, or what is looked for behind ends."""
    if not forward:
        return (_single(*parts[-1], folded=folded) if parts else None) or _ANY
    state = _State()
    end = _joined(parts, state, folded=folded)
    found: set[str] = set()
    for seen in _reached(state):
        if seen is end:
            return _ANY
        found.update(*(characters for characters, _ in seen.consumes))
    return frozenset(found)


def _reached(state: _State) -> list[_State]:
    """The states that are reached from one without consuming."""
    found = [state]
    for seen in found:
        onward = [*seen.goes, *seen.edges, *(state for _, state in (*seen.before, *seen.after))]
        found += [other for other in dict.fromkeys(onward) if other not in found]
    return found


def _forbidden(parts: list[tuple[Any, Any]], *, folded: bool) -> frozenset[str]:
    """The characters that alone are what must not be there."""
    branches = parts[0][1][1] if len(parts) == 1 and parts[0][0] is kinds.BRANCH else [parts]
    singles = [_single(*branch[0], folded=folded) for branch in map(list, branches) if len(branch) == 1]
    return frozenset().union(*(single for single in singles if single is not None))


def guards_of(reading: Reading) -> Guards:
    """What may stand around a match of a reading."""
    start = _State()
    end = _joined(patterns.parse(reading.pattern, re.ASCII), start, folded=False)
    begins = frozenset(filter(reading.first.match, _ALL))
    found = [_around(start, end, run, begins & run) for run in (_LETTERS, _DIGITS)]
    found.append(_around(start, end, frozenset(), begins - _LETTERS - _DIGITS))
    return Guards(*(frozenset().union(*sets) for sets in zip(*found, strict=True)))


def _around(start: _State, end: _State, run: frozenset[str], begins: frozenset[str]) -> Guards:
    """The same for matches that begin with certain characters, each of a run of these."""
    before, first, then, beyond, over = set[str](), set[str](), set[str](), set[str](), set[str]()
    pending = [(start, 0, _ANY, _ANY)] if begins else []
    known = set(pending)
    while pending:
        state, come, ahead, behind = pending.pop()
        if state is end and come:
            over |= ahead if come == _BLANK else _ANY if ahead & (_BLANKS | run) else set()
            beyond |= set() if come == _BLANK else _ANY - run if ahead & run else ahead
            then |= ahead if come == _HEAD else set()
        onward = [(other, come, ahead, behind) for other in state.goes]
        onward += [(other, come, ahead & allowed, behind) for allowed, other in state.before]
        onward += [(other, come, ahead, behind if come else behind & allowed) for allowed, other in state.after]
        for other in state.edges:
            in_word = bool(run) and come in (_HEAD, _RUN)
            outside = bool(run) and not come
            onward.append((other, come, ahead - _WORD if in_word else ahead, behind - _WORD if outside else behind))
        for characters, other in state.consumes:
            seen = characters & ahead
            if not come and seen & begins:
                before |= behind
                first |= seen & begins
                onward.append((other, _HEAD, _ANY, _ANY))
            elif come == _BLANK:
                over |= seen
            elif come:
                then |= seen if come == _HEAD else set()
                beyond |= seen - run
                onward += [(other, _RUN, _ANY, _ANY)] if seen & run else []
                onward += [(other, _BLANK, _ANY, _ANY)] if seen & _BLANKS else []
        pending += (new := [step for step in dict.fromkeys(onward) if step not in known])
        known.update(new)
    return Guards(*map(frozenset, (before, first, then, beyond, over)))


def written(readings: Iterable[Reading]) -> str:
    """The file: for each reading its digest, and its guards."""
    return "".join(f"{digest(reading)}\t{guards_of(reading).written()}\n" for reading in readings)
