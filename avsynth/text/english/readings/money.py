"""Money: signs before and after, codes, cents, magnitudes, ranges, adjectives ("a $5 bill")."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.quantities import AMOUNT, MINUS, SCALE, adjectival, is_one, magnitude, noun_follows, signed
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, any_of, before
from avsynth.text.later import compiled


def _dollars(whose: str = "") -> str:
    return f"{whose}dollar/{whose}dollars/cent/cents"


_SIGNS = {
    **{"$": _dollars(), "£": "pound/pounds/penny/pence", "€": "euro/euros/cent/cents", "¥": "yen/yen/sen/sen"},
    **{"₹": "rupee/rupees/paisa/paise", "₩": "won/won", "₽": "ruble/rubles/kopeck/kopecks", "₺": "lira/liras"},
    **{"₪": "shekel/shekels/agora/agorot", "₱": "peso/pesos/centavo/centavos", "₫": "dong/dong"},
    **{"₴": "hryvnia/hryvnias", "₦": "naira/nairas/kobo/kobo", "฿": "baht/baht", "₿": "bitcoin/bitcoins"},
    **{"₡": "colon/colones", "₸": "tenge/tenge", "₲": "guarani/guaranies", "₵": "cedi/cedis"},
    **{"₤": "lira/liras", "₾": "lari/laris", "₼": "manat/manats", "₮": "tugrik/tugriks", "₭": "kip/kip"},
    **{"₣": "franc/francs", "₧": "peseta/pesetas"},
}
_CODES = {
    **dict.fromkeys(("US$", "US $", "USD", "USD $", "usd"), _dollars("u.s. ")),
    **dict.fromkeys(("A$", "AU$", "AUD", "AUD $", "Aus$"), _dollars("australian ")),
    **dict.fromkeys(("C$", "CA$", "CAD", "CAD $", "Can$"), _dollars("canadian ")),
    **dict.fromkeys(("NZ$", "NZD"), _dollars("new zealand ")),
    **dict.fromkeys(("HK$", "HKD"), _dollars("hong kong ")),
    **dict.fromkeys(("S$", "SGD"), _dollars("singapore ")),
    **dict.fromkeys(("R$", "BRL"), "real/reais/centavo/centavos"),
    **{
        "EUR": _SIGNS["€"],
        "eur": _SIGNS["€"],
        "GBP": _SIGNS["£"],
        "gbp": _SIGNS["£"],
        "JPY": _SIGNS["¥"],
        "INR": _SIGNS["₹"],
        "KRW": _SIGNS["₩"],
    },
    **{"RUB": _SIGNS["₽"], "TRY": _SIGNS["₺"], "ILS": _SIGNS["₪"], "NIS": _SIGNS["₪"], "PHP": _SIGNS["₱"]},
    **{"UAH": _SIGNS["₴"], "BTC": _SIGNS["₿"], "THB": _SIGNS["฿"], "CNY": "yuan/yuan", "RMB": "yuan/yuan"},
    **{"CHF": "swiss franc/swiss francs/centime/centimes", "PLN": "zloty/zlotys", "HUF": "forint/forints"},
    **{"SEK": "swedish krona/swedish kronor", "NOK": "norwegian krone/norwegian kroner", "ZAR": "rand/rand"},
    **{"DKK": "danish krone/danish kroner", "CZK": "czech koruna/czech korunas", "AED": "dirham/dirhams"},
    **dict.fromkeys(("NT$", "TWD"), _dollars("new taiwan ")),
    **{
        "MX$": "mexican peso/mexican pesos",
        "MXN": "mexican peso/mexican pesos",
        **dict.fromkeys(("kr", "Kr", "Kr."), "krona/kronor"),
        "SAR": "riyal/riyals",
        "EGP": "egyptian pound/egyptian pounds",
    },
    **{"Rs.": _SIGNS["₹"], "Rs": _SIGNS["₹"]},
}
_ALL = _SIGNS | _CODES
_PER = {
    **{"yr": "year", "mo": "month", "wk": "week", "hr": "hour", "h": "hour", "d": "day", "min": "minute"},
    **{
        "lb": "pound",
        "kg": "kilogram",
        "oz": "ounce",
        "g": "gram",
        "gal": "gallon",
        "l": "liter",
        "L": "liter",
        "mi": "mile",
    },
    **{"bbl": "barrel", "pp": "person", "pk": "pack", "doz": "dozen", "sf": "square foot", "sqm": "square meter"},
    **{"txn": "transaction", "nt": "night", "bu": "bushel", "sh": "share", "ea": "each", "ea.": "each"},
    **{"sqft": "square foot", "sq ft": "square foot", "m^2": "square meter", "GB": "gigabyte", "kWh": "kilowatt hour"},
}

_TERMS = {
    "pcm": "month",
    "pw": "week",
    "p.a.": "year",
    "p.m.": "month",
    "p/h": "hour",
    "p/w": "week",
    "p/m": "month",
    "p/d": "day",
    "pa": "year",
    "pppn": "person per night",
    "pp": "person",
}
"""What is paid how often, after an amount."""
_AMOUNT = rf"(?:\d{{1,3}}(?:\.\d{{3}}){{0,4}},\d\d(?![\d,.]\d|\d)|{AMOUNT})"
"""An amount, which may have a comma before the hundredths."""
_CODE = any_of(*(code for code in _CODES if len(code) == 3 and code.isupper()))
_BEFORE = rf"(?<!\w)(?P<sign>{any_of(*_ALL)})"
_AFTER = rf"(?P<sign>[{''.join(_SIGNS)}]|(?:{any_of(*(code for code in _CODES if code.isalpha()))})\b)"
_PAID_FOR = (
    r"(?:/[-=](?![\w-]))?(?:\s(?:dollars|pounds|euros|bucks)\b)?(?:-(?P<each>(?:an?|per)-[a-z]{2,8})\b)?"
    rf"(?:(?:\s|(?=p(?:p|w|cm|ppn)\b))(?P<term>{any_of(*_TERMS)})(?!\w))?"
    rf"(?:\s?/\s?(?P<per>{any_of(*_PER)}|[a-z]{{3,12}})(?![\w/])(?:\.(?=\s[a-z+&(]|[,;:)]))?)?"
)


def _amount(amount: str, scale: str | None, sign: str, *, described: bool) -> list[str]:
    """Number and name, hundredths by their own; ``described``: a noun follows."""
    one, many, *hundredths = _ALL[sign].split("/")
    if re.fullmatch(r"[\d.]+,\d\d", amount):
        amount = amount.replace(".", "").replace(",", ".")
    whole, _dot, part = amount.replace(",", "").replace("'", "").partition(".")
    if scale or len(part) != 2 or not hundredths or part == "00":
        count = [*numbers.number(amount.removesuffix(".00")), *([magnitude(scale)] if scale else [])]
        return [*count, *(one if described or count == ["one"] else many).split()]
    above = (
        [*numbers.cardinal(int(whole)), *(one if int(whole) == 1 or described else many).split(), "and"]
        if int(whole or 0)
        else []
    )
    return [
        *above,
        *numbers.cardinal(int(part)),
        hundredths[part != "01" and (not described or hundredths[1] == "pence")],
    ]


_PIECES = compiled(
    r"\s(?:bill|note|coin|ticket|stamp|chip|voucher|banknote)s?\b|\s(?:deal|contract"
    r"|project|budget|fund|plan|investment|mansion|lawsuit|settlement|prize|jackpot|grant|loan|mortgage|fine|donation|bid"
    r"|package|upgrade|facility|takeover|merger|purchase|price\stag|deposit|scheme|rescue|bailout|verdict|payout|scandal"
    r"|valuation|stadium|transfer|buyout|expansion|debt|bond|reward)\b"
)


def _paid_for(match: Match) -> list[str]:
    if match["each"]:
        return match["each"].split("-")
    if match["term"]:
        return ["per", *_TERMS[match["term"]].split()]
    if match["per"] and match["per"].startswith("ea"):
        return ["each"]
    return ["per", *_PER.get(match["per"], match["per"]).split()] if match["per"] else []


def _money(match: Match, _: Context) -> Sequence[Said] | None:
    start = ["minus"] if match["minus"] or match.groupdict().get("inner") else []
    paid_for = _paid_for(match)
    described = (adjectival(match) or bool(_PIECES.match(after(match)))) and not match["per"]
    described = described and before(match, 5) != "-for-" and not re.match(r"\s(?:US|CAN|AUS|NZ)\b", after(match))
    described = described or bool(match["each"] and noun_follows(match))
    sign = match.groupdict().get("code") or match["sign"]
    if len(sign) == 3 and re.search(r"=\s?$", before(match, 2)):  # a rate of exchange has no cents
        one, many = _ALL[sign].split("/")[:2]
        name = one if is_one(match["amount"]) else many
        return [
            *numbers.number(match["amount"]),
            *([magnitude(match["scale"])] if match["scale"] else []),
            *name.split(),
        ]
    return [*start, *_amount(match["amount"], match["scale"], sign, described=described), *paid_for]


def _range(match: Match, _: Context) -> Sequence[Said] | None:
    """The name once, at the end, unless there are cents."""
    low, high, sign = match["low"], match["amount"], match["sign"]
    described = adjectival(match) and not match["per"]
    last = _amount(high, match["scale"], sign, described=described)
    if last[-1] == "dollar" and high == "1":
        return None
    cents = any(len(part.partition(".")[2]) == 2 for part in (low, high)) and not match["scale"]
    less = [magnitude(match["less"])] if match["less"] else []
    first = _amount(low, match["less"], sign, described=False) if cents else [*numbers.number(low), *less]
    return [*signed(match), *first, "to", *last, *_paid_for(match)]


def _rupees(match: Match, _: Context) -> Sequence[Said] | None:
    return _amount(match["amount"], None, "₹", described=False)


def _notes(match: Match, _: Context) -> Sequence[Said] | None:
    """Notes of one kind, "a stack of $20s"; from a thousand on an amount."""
    value = int(match["amount"].replace(",", ""))
    words = numbers.plural(numbers.cardinal(value)[value in (100, 1000, 1_000_000) :])
    return [*words, "of", _ALL[match["sign"]].split("/")[1]] if value > 999 else words


def _cents(match: Match, _: Context) -> Sequence[Said] | None:
    if match["pence"] == "p":
        if len(match["amount"]) > 2 and "." not in match["amount"]:
            return None
        return [*numbers.number(match["amount"]), "p.", *_paid_for(match)]
    return [
        *numbers.number(match["amount"]),
        "cent" if is_one(match["amount"]) or adjectival(match) else "cents",
        *_paid_for(match),
    ]


_STARTS = r"\-k" + "".join(sorted({code[0] for code in _CODES if code[0].isupper()}.union(_SIGNS)))
KIND = Kind(
    name="Money",
    readings=(
        Reading(
            "$£€", r"(?P<sign>[$£€])(?P<amount>[1-9]\d{0,3}|[1-9]\d{0,2}(?:,000){1,2})'?s(?!\w)", _notes, needs="s"
        ),
        Reading(
            _STARTS,
            rf"{MINUS}{_BEFORE}\s?(?P<low>{_AMOUNT})(?P<less>(?:[kKmMBT]|bn|mn|tn)(?=\s?-)|\s(?:thousand|million|billion|trillion)(?=\s?-))?\s?-\s?"
            rf"(?:{any_of(*_ALL)})?(?P<amount>{_AMOUNT}){SCALE}?{_PAID_FOR}",
            _range,
            needs="-",
            figures=True,
        ),
        Reading(
            _STARTS,
            rf"{MINUS}{_BEFORE}(?P<inner>-)?\s?(?P<amount>{_AMOUNT}){SCALE}?(?:\s?(?P<code>{_CODE})\b)?{_PAID_FOR}",
            _money,
            figures=True,
        ),
        Reading(
            r"\d\-.",
            rf"{MINUS}(?<![\w.])(?P<amount>{_AMOUNT}){SCALE}?\s?{_AFTER}(?!\s?\d){_PAID_FOR}",
            _money,
            needs="aA" + "".join(_SIGNS),
            then=r"\d,.'\s\-A-Za-z" + "".join(_SIGNS),
        ),
        Reading(
            r"\d.",
            rf"{MINUS}(?<![\w.,/-])(?P<low>{_AMOUNT})(?P<less>)\s?-\s?(?P<amount>{_AMOUNT}){SCALE}?\s?{_AFTER}(?!\s?\d){_PAID_FOR}",
            _range,
            needs="-",
            then=r"\d,.\s-",
        ),
        Reading(
            r"\d.",
            rf"(?<![\w.])(?P<amount>{AMOUNT})(?:\s?(?P<sign>¢|cts?\b)|(?P<pence>p|(?<=\d\d)c)(?![\w.'-])){_PAID_FOR}",
            _cents,
            needs="cp¢",
            then=r"\d,.\s¢cp",
        ),
        Reading(r"\d", rf"(?<![\w.,/-])(?P<amount>{AMOUNT})/-(?![\w-])", _rupees, needs="/", then=r"\d,./"),
    ),
    examples="""
        $1 → one dollar
        a stack of $20s → a stack of twenties
        in $10s and $100s → in tens and hundreds
        $1000s lost → thousands of dollars lost
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
        two $20 bills → two twenty dollar bills
        his $300 phone → his three hundred dollar phone
        the $20 is mine → the twenty dollars is mine
        a $1.2 million house → a one point two million dollar house
        ₹500 → five hundred rupees
        Rs. 250 → two hundred and fifty rupees
        Rs. 499/- only → four hundred and ninety nine rupees only
        Fees: 1,200/- → fees, one thousand two hundred rupees
        CHF 12'500 → twelve thousand five hundred swiss francs
        a $20M Series A → a twenty million dollar series a
        ₩10,000 → ten thousand won
        ₽90 and ₺45 → ninety rubles and forty five liras
        ₪18 → eighteen shekels
        ₱100 → one hundred pesos
        AUD 30 → thirty australian dollars
        50 CAD → fifty canadian dollars
        CHF 20.50 → twenty swiss francs and fifty centimes
        $2 - $5.30 → two dollars to five dollars and thirty cents
        $5.3 million dollars → five point three million dollars
        a $5-million deal → a five million dollar deal
        €5,50 → five euros and fifty cents
        1.000,50 € → one thousand euros and fifty cents
        99c → ninety nine cents
        20p → twenty P
        $10–$20/hr → ten to twenty dollars per hour
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
        $2bn-$3bn → two billion to three billion dollars
        $7.5k/month → seven point five thousand dollars per month
        ₹5 lakh → five lakh rupees
        US $5 → five U S dollars
        CAD $5 → five canadian dollars
        5 usd → five U S dollars
        $50 USD → fifty U S dollars
        a $10-a-day habit → a ten dollar a day habit
        5-10 USD → five to ten U S dollars
        99¢/lb → ninety nine cents per pound
        a $3-per-gallon tax → a three dollar per gallon tax
        $10-a-day → ten dollars a day
        NT$100 → one hundred new taiwan dollars
        50 kr → fifty kronor
        a $2 billion-$3 billion fund → a two billion to three billion dollar fund
        ₿0.5 → zero point five bitcoins
    """,
)
