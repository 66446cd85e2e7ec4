"""Signs that are said by their names. Folding keeps them; readings that know more about them go first."""

from __future__ import annotations

SIGNS = {
    **{"&": "and", "@": "at", "%": "percent", "+": "plus", "=": "equals", "#": "hash", "\\": "backslash"},
    **{"$": "dollars", "£": "pounds", "€": "euros", "¥": "yen", "¢": "cents", "₹": "rupees", "₩": "won"},
    **{"₽": "rubles", "₺": "liras", "₪": "shekels", "₱": "pesos", "₫": "dong", "₴": "hryvnias", "₦": "nairas"},
    **{"฿": "baht", "₿": "bitcoins", "₡": "colones", "₸": "tenge", "₲": "guaranies", "₵": "cedis"},
    **{"₤": "liras", "₾": "laris", "₼": "manats", "₮": "tugriks", "₭": "kip", "₣": "francs", "₧": "pesetas"},
    **{"°": "degrees", "‰": "per mille", "№": "number", "§": "section", "¶": "paragraph", "©": "copyright"},
    **{"±": "plus or minus", "∓": "minus or plus", "×": "times", "÷": "divided by", "·": "times", "⋅": "times"},
    **{"≠": "not equal to", "≈": "approximately equal to", "≅": "congruent to", "≡": "identical to"},
    **{"≥": "greater than or equal to", "≤": "less than or equal to", "≪": "much less than", "≫": "much greater than"},
    **{"√": "the square root of", "∛": "the cube root of", "∞": "infinity", "∝": "proportional to"},
    **{"→": "to", "←": "from", "↔": "to and from", "↑": "up", "↓": "down", "⇒": "implies", "⇔": "if and only if"},
    **{"∑": "the sum of", "∏": "the product of", "∫": "the integral of", "∂": "partial", "∇": "nabla"},
    **{"∈": "in", "∉": "not in", "∅": "the empty set", "∪": "union", "∩": "intersection", "⊂": "a subset of"},
    **{"⊆": "a subset of", "∀": "for all", "∃": "there exists", "∧": "and", "∨": "or", "¬": "not"},
    **{"∴": "therefore", "∵": "because", "∠": "angle", "∥": "parallel to", "⊥": "perpendicular to"},
    **{
        "⌘": "command",
        "⇧": "shift",
        "⌥": "option",
        "⌃": "control",
        "⏎": "enter",
        "⌫": "delete",
        "★": "star",
        "☆": "star",
    },
    **{
        "♯": "sharp",
        "♭": "flat",
        "⌀": "diameter",
        "℗": "copyright",
        "\u212b": "angstroms",
        "℮": "estimated",
        "♠": "spades",
        "♥": "hearts",
        "♣": "clubs",
        "♦": "diamonds",
    },
}
"""The names of signs wherever they stand alone."""

_ALPHABET = (
    *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu"),
    *("xi", "omicron", "pi", "rho", "sigma", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"),
)
GREEK = {chr(0x3B1 + place): name for place, name in enumerate(_ALPHABET)} | {
    chr(0x391 + place): name for place, name in enumerate(_ALPHABET) if place != 17
}
"""The letters of the Greek alphabet, small and capital."""
