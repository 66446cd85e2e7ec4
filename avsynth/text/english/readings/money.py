"""Money: signs before and after, codes, cents, magnitudes, ranges, what it is paid for."""

from __future__ import annotations

from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.quantities import AMOUNT, MINUS, SCALE, adjectival, is_one, magnitude
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, any_of


def _dollars(whose: str = "") -> str:
    return f"{whose}dollar/{whose}dollars/cent/cents"


_SIGNS = {
    **{"$": _dollars(), "£": "pound/pounds/penny/pence", "€": "euro/euros/cent/cents", "¥": "yen/yen/sen/sen"},
    **{"₹": "rupee/rupees/paisa/paise", "₩": "won/won", "₽": "ruble/rubles/kopeck/kopecks", "₺": "lira/liras"},
    **{"₪": "shekel/shekels/agora/agorot", "₱": "peso/pesos/centavo/centavos", "₫": "dong/dong"},
    **{"₴": "hryvnia/hryvnias", "₦": "naira/nairas/kobo/kobo", "฿": "baht/baht", "₿": "bitcoin/bitcoins"},
    **{"₡": "colon/colones", "₸": "tenge/tenge", "₲": "guarani/guaranies", "₵": "cedi/cedis"},
}
_CODES = {
    **dict.fromkeys(("US$", "USD"), _dollars("u.s. ")),
    **dict.fromkeys(("A$", "AU$", "AUD"), _dollars("australian ")),
    **dict.fromkeys(("C$", "CA$", "CAD"), _dollars("canadian ")),
    **dict.fromkeys(("NZ$", "NZD"), _dollars("new zealand ")),
    **dict.fromkeys(("HK$", "HKD"), _dollars("hong kong ")),
    **dict.fromkeys(("S$", "SGD"), _dollars("singapore ")),
    **dict.fromkeys(("R$", "BRL"), "real/reais/centavo/centavos"),
    **{"EUR": _SIGNS["€"], "GBP": _SIGNS["£"], "JPY": _SIGNS["¥"], "INR": _SIGNS["₹"], "KRW": _SIGNS["₩"]},
    **{"RUB": _SIGNS["₽"], "TRY": _SIGNS["₺"], "ILS": _SIGNS["₪"], "NIS": _SIGNS["₪"], "PHP": _SIGNS["₱"]},
    **{"UAH": _SIGNS["₴"], "BTC": _SIGNS["₿"], "THB": _SIGNS["฿"], "CNY": "yuan/yuan", "RMB": "yuan/yuan"},
    **{"CHF": "swiss franc/swiss francs/centime/centimes", "PLN": "zloty/zlotys", "HUF": "forint/forints"},
    **{"SEK": "swedish krona/swedish kronor", "NOK": "norwegian krone/norwegian kroner", "ZAR": "rand/rand"},
    **{"DKK": "danish krone/danish kroner", "CZK": "czech koruna/czech korunas", "AED": "dirham/dirhams"},
    **{"MXN": "mexican peso/mexican pesos", "Rs.": _SIGNS["₹"], "Rs": _SIGNS["₹"]},
}
_ALL = _SIGNS | _CODES
_PER = {
    **{"yr": "year", "mo": "month", "wk": "week", "hr": "hour", "h": "hour", "d": "day", "min": "minute"},
    **{"lb": "pound", "kg": "kilogram", "oz": "ounce", "g": "gram", "gal": "gallon", "l": "liter", "mi": "mile"},
    **{"sqft": "square foot", "sq ft": "square foot", "m^2": "square meter", "GB": "gigabyte", "kWh": "kilowatt hour"},
}

_BEFORE = rf"(?<!\w)(?P<sign>{any_of(*_ALL)})"
_AFTER = rf"(?P<sign>[{''.join(_SIGNS)}]|(?:{any_of(*(code for code in _CODES if code.isalpha()))})\b)"
_PAID_FOR = rf"(?:\s?/\s?(?P<per>{any_of(*_PER)}|[a-z]{{3,12}})(?![\w/]))?"


def _money(match: Match, _: Context) -> Sequence[Said] | None:
    groups = {"low": None, "less": None, "inner": None} | match.groupdict()
    one, many, *hundredths = _ALL[match["sign"]].split("/")
    amount, scale, per = match["amount"].replace(",", ""), match["scale"], match["per"]
    paid_for = ["per", *_PER.get(per, per).split()] if per else []
    start = ["minus"] if match["minus"] or groups["inner"] else []
    if groups["low"]:
        start += [*numbers.number(groups["low"]), *([magnitude(groups["less"])] if groups["less"] else []), "to"]
    described = adjectival(match) and not paid_for
    whole, _dot, part = amount.partition(".")
    if not scale and len(part) == 2 and hundredths and part != "00" and not groups["low"]:
        name = one if int(whole or 0) == 1 else many
        above = [*numbers.cardinal(int(whole)), *name.split(), "and"] if int(whole or 0) else []
        return [*start, *above, *numbers.cardinal(int(part)), hundredths[part != "01"], *paid_for]
    count = [*numbers.number(amount.removesuffix(".00")), *([magnitude(scale)] if scale else [])]
    name = one if described or (count == ["one"] and not groups["low"]) else many
    return [*start, *count, *name.split(), *paid_for]


def _cents(match: Match, _: Context) -> Sequence[Said] | None:
    if match["pence"]:
        if len(match["amount"]) > 2:
            return None
        return [*numbers.number(match["amount"]), "p."]
    return [*numbers.number(match["amount"]), "cent" if is_one(match["amount"]) or adjectival(match) else "cents"]


_STARTS = r"\-A-Z" + "".join(_SIGNS)
KIND = Kind(
    name="Money",
    readings=(
        Reading(
            _STARTS,
            rf"{MINUS}{_BEFORE}\s?(?P<low>{AMOUNT})(?P<less>[kKmMB](?=-)|\s(?:million|billion)(?=-))?\s?-\s?"
            rf"(?:{any_of(*_ALL)})?(?P<amount>{AMOUNT}){SCALE}?{_PAID_FOR}",
            _money,
            needs="-",
        ),
        Reading(
            _STARTS,
            rf"{MINUS}{_BEFORE}(?P<inner>-)?\s?(?P<amount>{AMOUNT}){SCALE}?{_PAID_FOR}",
            _money,
        ),
        Reading(r"\d\-.", rf"{MINUS}(?<![\w.])(?P<amount>{AMOUNT}){SCALE}?\s?{_AFTER}(?!\s?\d){_PAID_FOR}", _money),
        Reading(
            r"\d.", rf"(?<![\w.])(?P<amount>{AMOUNT})(?:\s?(?P<sign>¢)|(?P<pence>p)(?![\w.'-]))", _cents, needs="p¢"
        ),
    ),
    examples="""
        $1 → one dollar
        $20.50 → twenty dollars and fifty cents
        $.01 → one cent
        $0.05 → five cents
        $1.5 → one point five dollars
        $1,925.21 → one thousand nine hundred and twenty five dollars and twenty one cents
        £1.01 → one pound and one penny
        €3bn → three billion euros
        US$3 trillion → three trillion U S dollars
        $350/yr → three hundred and fifty dollars per year
        -$5 → minus five dollars
        $-5 → minus five dollars
        a $5 bill → a five dollar bill
        his $300 phone → his three hundred dollar phone
        the $20 is mine → the twenty dollars is mine
        a $1.2 million house → a one point two million dollar house
        ₹500 → five hundred rupees
        Rs. 250 → two hundred and fifty rupees
        ₩10,000 → ten thousand won
        ₽90 and ₺45 → ninety rubles and forty five liras
        ₪18 → eighteen shekels
        ₱100 → one hundred pesos
        AUD 30 → thirty australian dollars
        50 CAD → fifty canadian dollars
        CHF 20.50 → twenty swiss francs and fifty centimes
        C$1 → one canadian dollar
        5€ → five euros
        20 EUR → twenty euros
        75¢ → seventy five cents
        $5-10 → five to ten dollars
        $5M–$10M → five million to ten million dollars
        $20/month → twenty dollars per month
        €2.50/kg → two euros and fifty cents per kilogram
        £350k → three hundred and fifty thousand pounds
        $5.00 → five dollars
        ¥1,000 → one thousand yen
        It costs $10. → it costs ten dollars
        ₿0.5 → zero point five bitcoins
    """,
)
