"""Keys that are pressed together: "Ctrl+C", "Alt-F4"."""

from __future__ import annotations

from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, any_of, initials
from avsynth.text.later import compiled

_HELD = {
    **{"ctrl": "control", "control": "control", "alt": "alt", "shift": "shift", "cmd": "command", "fn": "function"},
    **{"command": "command", "option": "option", "opt": "option", "win": "windows", "meta": "meta", "super": "super"},
}
"""Keys that are held down while another is pressed."""
_OTHERS = {
    **{"del": "delete", "delete": "delete", "esc": "escape", "escape": "escape", "ins": "insert", "insert": "insert"},
    **{"pgup": "page up", "pgdn": "page down", "enter": "enter", "return": "return", "tab": "tab", "space": "space"},
    **{"home": "home", "end": "end", "backspace": "backspace", "left": "left", "right": "right", "up": "up"},
    **{"down": "down", "click": "click", "drag": "drag", "scroll": "scroll", "arrow": "arrow", "break": "break"},
}
_NAMES = _HELD | _OTHERS
_ONE = rf"(?:{any_of(*_NAMES)}|f\d{{1,2}}|[a-z\d])(?!\w)"
_JOINT = compiled(r"\s?\+\s?|-")


def _together(match: Match, _: Context) -> Sequence[Said] | None:
    words: list[Said] = []
    for part in _JOINT.split(match[0].lower()):
        if part in _NAMES:
            words += _NAMES[part].split()
        else:
            letter, figures = part.rstrip("0123456789"), part.lstrip("f")
            words += [*([initials(letter)] if letter else []), *(numbers.number(figures) if figures.isdigit() else [])]
    return words


KIND = Kind(
    name="Keys pressed together",
    readings=(
        Reading(
            "acfmoswACFMOSW",
            rf"(?<![\w-])(?:(?i:{any_of(*_HELD)})(?:\s?\+\s?)|(?:Ctrl|Alt|Shift|Cmd|Option|Opt|Win|Fn|ctrl|cmd)-)"
            rf"(?i:{_ONE}(?:(?:\s?\+\s?|-){_ONE}){{0,3}})(?!-)",
            _together,
            needs="+-",
            then="tlhmopineuTLHMOPINEU",
        ),
    ),
    examples="""
        Press Ctrl+C to copy. → press control C to copy
        Ctrl+Alt+Del → control alt delete
        Cmd-Q → command Q
        Alt + F4 → alt F four
        Shift+Tab → shift tab
        Ctrl-click the link → control click the link
        Cmd+Shift+4 → command shift four
        Win+R → windows R
        Ctrl+PgUp → control page up
        Option-Left → option left
        the alt-right → the alt-right
    """,
)
