"""Digits that are names, not amounts: codes, PINs, IP addresses, versions, serial numbers, types."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, before, initials, word_set
from avsynth.text.english.readings.initialisms import MIXED, SAID, SPELLED_ANYWAY
from avsynth.text.later import compiled
from avsynth.text.tokens import Pause

_NAMED = word_set(
    "code codes plate pin passcode password otp zip isbn issn imei vin postcode extension id token combination "
    "account acct serial tracking reference ref confirmation booking case ticket license licence ssn iban routing "
    "policy pw ext sn sku upc ean asin guid uuid mac po digits invoice order member customer registration passport "
    "card badge enter cvv cvc conf vat company docket"
)
_SHORT_NAMES = word_set("mp ps pc tv ip id us uk eu hp")
"""Words of the dictionary that are spelled before a number ("PC 3")."""
_BETWEEN = word_set("isn t not s code number no id is was are of the")
_ENDING = compiled(
    r"\b(?:(?:card|account|visa|amex|number|phone)\s(?:number\s|no\.\s)?ending|(?:end(?:s|ing)?|(?:number|card|code)s?\s(?:start|begin)s?)\s(?:in|with)|last\s(?:four|4|three|3|six|6)(?:\sdigits)?(?:\s(?:are|is|of))?)$"
)
LASTING = compiled(
    r"\b(?:years?|seasons?|quarters?|periods?|decades?|era|war|reign|months?|weeks?|term|contract|run|age)\b|\d-?\s?ending\s$"
)
"""Before a year with which something ends."""
_NUMBERED = (
    "xbox|boeing|airbus|flight|room|highway|route|interstate|bus|apartment|suite|ward|gate|channel|error|model|cessna|"
    "porsche|peugeot|ferrari|volvo|fiat|mercedes|renault|mclaren|nokia|thinkpad|http|rfc|rtx|gtx|rx|bmw|cs|psych|econ|math|chem|bio|formula|platoon|hwy|rte|rm"
    r"|(?-i:Form)|(?<=\b(?:on|by|of)\s)train|(?<=\bthe\s)train"
)
_SHORT_FORMS = {"hwy": "highway", "rte": "route", "rm": "room", "math": "math", "chem": "chem", "econ": "econ"}
_SO_NUMBERED = compiled(
    r"\b(?:[Aa]/[Cc](?:\s[Nn]o\.?)?|[SP]/N|(?:[Ss]tudent|[Ee]mployee|[Pp]atient|[Mm]embership|[Ff]lyer)\s(?:[Nn]umber|[Nn]o\.|ID)(?:\sis|\swas)?)[\s:]{0,3}$"
)
_CLUSTER = compiled(r"[^aeiouy]{3}$|^[^aeiouy]{3}|[^aeiouy]{3}[aeiouy]$")
_VARIABLES = frozenset("ijkmnpqtxyz")
"""Small letters from which a number is taken ("n-1")."""
_VERSION_TAIL = (
    r"(?P<tail>(?:[-_+][A-Za-z]{1,10}\d{0,3}|-\d{1,5}(?![.\d])|(?:rc|alpha|beta|dev|post|[abp])\.?\d{1,3}"
    r"|(?<=[a-z])\.\d{1,3}|\.(?:dev|post|rc)\d{1,3}){0,4})"
)
_SPELLED_TAILS = word_set("amd arm cpu gpu svn lts aws gcp win sse avx mkl")
_SERIAL_START = r"(?<![\w.,$£€/'#-])"


def characters(text: str) -> list[Said]:
    """Letters by their names and digits one by one, with a pause for any other character."""
    words: list[Said] = []
    for part in re.findall(r"[A-Za-z]+|\d+|[^A-Za-z\d]+", text):
        if part.isalpha():
            words.append(initials(part))
        else:
            words += numbers.digits(part) if part.isdigit() else ([Pause()] if words else [])
    return words


def is_asked(text: str) -> bool:
    """Whether a code is announced: a word such as "PIN", at most three lower-case words, a colon."""
    if not re.search(r"[A-Za-z.][\s:#=]{1,4}$", text):
        return False
    *_, third, second, first, last = ["", "", "", "", *re.findall(r"[A-Za-z]+", text.lower())]
    if _SO_NUMBERED.search(text) or re.search(r"\btext\b.{1,24}\bto\s$", text.lower()):
        return True  # "text STOP to 12345"
    named = next((word for word in (last, first, second, third) if word not in _BETWEEN or word in ("code", "id")), "")
    return named in _NAMED or bool(_ENDING.search(text.lower().rstrip(" :#=")))


def _code(match: Match, context: Context) -> Sequence[Said] | None:
    written = match[0]
    if not is_asked(before(match)) and not (
        re.fullmatch(r"\d+(?:-\d+)*-0\d*", written) and re.search(r"\b[Nn]o\.\s?$", before(match, 5))
    ):
        return None
    if not any(character.isdigit() for character in written) or (written.isdigit() and len(written) < 3):
        return None
    if re.fullmatch(r"(?:19|20)\d\d", written) and LASTING.search(before(match)):
        return None
    promised = re.fullmatch(r"([A-Z]{3,})-?(\d{1,3})", written)
    if promised and promised[1].lower() in context.lexicon and before(match, 6).rstrip(" :").endswith("code"):
        return [promised[1].lower(), *numbers.number(promised[2])]
    return characters(written)


def _ip(match: Match, _: Context) -> Sequence[Said] | None:
    parts = match["ip"].split(".")
    if any(int(part) > 255 for part in parts):
        return None
    words = [word for place, part in enumerate(parts) for word in (*["dot"][:place], *numbers.digits(part))]
    if match["bits"]:
        words += ["slash", *numbers.number(match["bits"])]
    return [*words, *(["port", *numbers.number(match["port"])] if match["port"] else [])]


def _ip6(match: Match, _: Context) -> Sequence[Said] | None:
    """Eight groups, of which two colons stand for any that are zero."""
    address = match["ip"]
    groups = [group for group in address.split(":") if group]
    if not re.search(r"\d", address) or ("::" in address) == (len(groups) == 8) or address.count("::") > 1:
        return None
    words: list[Said] = []
    for part in re.findall(r"[\dA-Fa-f]+|:", address):
        words += ["colon"] if part == ":" else characters(part)
    zone = ["percent", *characters(match["zone"])] if match["zone"] else []
    return [*words, *zone, *(["slash", *numbers.number(match["bits"])] if match["bits"] else [])]


def _version(match: Match, _: Context) -> Sequence[Said] | None:
    if re.fullmatch(r"[1-9]\d{0,2}(?:\.\d{3}){2,4}", match["number"]) and not match["v"]:
        return None  # thousands, as on the continent
    if match["v"] == "V" and match["number"].isdigit():
        return None  # an engine
    start = ["version"] if match["v"] and not before(match, 9).lower().endswith("version ") else []
    if match["v"] and re.search(r"\b(?:[Cc]h(?:apter|\.)|[Pp]salm)\s\d{1,3},?\s$", before(match, 14)):
        start = ["verse"]
    return [*start, *numbers.number(match["number"]), *_version_tail(match["tail"] or "")]


def _version_tail(written: str) -> list[str]:
    """What stands behind a version: "rc1", "-18-amd64"."""
    words: list[str] = []
    for joint, letters, figures in re.findall(r"([-_+.]?)([A-Za-z]*)(\d*)", written):
        words += [{"+": "plus", "-": "" if letters else "dash"}.get(joint, "")] if joint else []
        if letters:
            word = letters.lower()
            words.append(initials(word) if len(word) < 3 or word in _SPELLED_TAILS else word)
        words += numbers.number(figures) if figures else []
    return [word for word in words if word]


def _hexadecimal(match: Match, _: Context) -> Sequence[Said] | None:
    if not re.search(r"\d", match["digits"]):
        return None
    return [*(["hash"] if match[0].startswith("#") else ["zero", "x."]), *characters(match["digits"])]


def _mixed(match: Match, _: Context) -> Sequence[Said] | None:
    """Long mixtures of letters and digits, where neither makes a word."""
    changes = len(re.findall(r"(?<=\d)[A-Za-z]|(?<=[A-Za-z])\d", match[0]))
    return characters(match[0]) if changes > 2 else None


def _name_number(match: Match, _: Context) -> Sequence[Said] | None:
    word = match["word"]
    name = _SHORT_FORMS.get(word.lower(), initials(word) if word.isupper() and len(word) < 5 else word.lower())
    return [name, *numbers.pairs(int(match["value"])), *([initials(match["tail"])] if match["tail"] else [])]


def _serial(match: Match, context: Context) -> Sequence[Said] | None:
    """A few letters and a number: ``B-52``, ``COVID-19``, ``A380``."""
    letters, figures, tail = match["letters"], match["figures"], match["tail"]
    if letters in MIXED:
        return [*MIXED[letters].split(), *type_number(figures)]
    if letters == "log" or (letters in _VARIABLES and match["dash"]):
        return None  # a sum
    if letters.islower() and len(letters) == 1 and match["dash"] and re.match(r"\s?[)=+*/]", after(match, 2)):
        return None
    word = letters.lower()
    if letters == "WW" and figures in ("1", "2"):
        return ["world", "war", *numbers.cardinal(int(figures))]
    if letters.islower() and len(letters) > 1 and match["dash"]:
        return None
    if letters.islower() and len(letters) > 1 and word in context.lexicon and word not in _SHORT_NAMES:
        return [word, *type_number(figures), *([initials(tail)] if tail else [])]
    said_as_word = (
        word in SAID
        or (len(word) > 3 and word not in SPELLED_ANYWAY and (word in context.lexicon or not _CLUSTER.search(word)))
        or (len(word) == 3 and word in context.lexicon and match["dash"])
    )
    if (letters.isupper() and not said_as_word) or (re.fullmatch(r"[A-Z][a-z]O", letters)):
        words: list[Said] = [initials(letters)]
    elif len(letters) == 1 or (len(letters) == 2 and word not in context.lexicon):
        words = [initials(letters)]
    else:
        words = [word]
    words += type_number(figures)
    if tail and len(tail) == 2 and tail[1] == "s" and tail[0].isupper():
        return [*words, initials(tail[0]) + "'s"]
    if tail == "s" and letters.islower() and len(letters) == 1:
        return [*words, "s."]
    if tail == "s":
        *head, last = [word for word in words if isinstance(word, str)]
        return [*head, *numbers.plural([last])]
    words += [tail if len(tail) > 2 else initials(tail)] if tail else []
    return [*words[:-1], f"{words[-1]}{match['own'] or ''}"]


def type_number(figures: str) -> list[str]:
    """The number in a name: by digit, in pairs or whole."""
    if figures[0] == "0" or len(figures) > 4:
        return numbers.digits(figures)
    if "." in figures:
        return numbers.number(figures)
    return numbers.pairs(int(figures)) if len(figures) in (3, 4) else numbers.cardinal(int(figures))


def _dotted_type(match: Match, _: Context) -> Sequence[Said] | None:
    return [
        initials(match["letter"]),
        *(word for figures in match["figures"].split(".")[1:] for word in ("dot", *type_number(figures))),
    ]


def _build(match: Match, _: Context) -> Sequence[Said] | None:
    """A build of a system: "21E236"."""
    tail = [initials(match["tail"])] if match["tail"] else []
    return [*numbers.number(match["first"]), initials(match["letter"]), *type_number(match["last"]), *tail]


def _figure_first(match: Match, _: Context) -> Sequence[Said] | None:
    figures, letters = match["figures"], match["letters"]
    plural = letters.endswith("s") and len(letters) > 1
    name = initials(letters.rstrip("s") if plural else letters)
    return [
        *(type_number(figures) if letters in ("p", "i") or letters[0].isupper() else numbers.number(figures)),
        name + ("'s" if plural else ""),
    ]


KIND = Kind(
    name="Codes, versions and types",
    readings=(
        Reading(
            r"\dA-Z",
            r"(?<![\w-])(?!(?:PIN|ID|OTP|CODE|NO)\s)[A-Z\d](?:[ -]?[A-Z\d]){2,24}(?![\w'])",
            _code,
            then=r" A-Z\d-",
            figures=True,
        ),
        Reading(
            r"\d",
            r"(?<![\w.])(?P<ip>\d{1,3}(?:\.\d{1,3}){3})(?:/(?P<bits>\d{1,2}))?(?::(?P<port>\d{1,5}))?(?![\w]|\.\d)",
            _ip,
            needs=".",
            then=r"\d.",
        ),
        Reading(
            r"\dABCDEFabcdef:",
            r"(?<![\w:.-])(?P<ip>(?:[\dA-Fa-f]{1,4}|:)(?::[\dA-Fa-f]{0,4}){1,7})(?:%(?P<zone>[a-z]{2,5}\d{0,2}))?"
            r"(?:/(?P<bits>\d{1,3}))?(?![\w:-]|\.\d)",
            _ip6,
            needs=":",
            then=r"\dA-Fa-f:",
        ),
        Reading(
            "Vv",
            rf"(?<![\w.])(?P<v>[vV]\.?\s?)(?P<number>\d{{1,6}}(?:\.\d{{1,6}}){{0,4}})(?:(?<=\.\d){_VERSION_TAIL})?(?!\w|\.\d)",
            _version,
            then=r".\s\d",
            figures=True,
        ),
        Reading(
            r"\d",
            rf"(?<![\w.,])(?P<v>)(?P<number>\d{{1,6}}(?:\.\d{{1,6}}){{2,4}}){_VERSION_TAIL}(?!\w|\.\d)",
            _version,
            needs=".",
            then=r"\d.",
        ),
        Reading(
            "#0", r"(?:\b0[xX]|#)(?P<digits>[\dA-Fa-f]{6}|(?<=[xX])[\dA-Fa-f]{1,16})(?!\w)", _hexadecimal, needs="#Xx"
        ),
        Reading(
            r"\dABCDEFabcdef",
            r"(?<![\w:-])[\dA-Fa-f]{2}(?:[:-][\dA-Fa-f]{2}){5}(?![\w:-])",
            lambda match, _: characters(match[0]),
            needs="-:",
            then=r"\dA-Fa-f",
        ),
        Reading(
            r"\dABCDEFabcdef",
            r"(?<![\w-])[\dA-Fa-f]{8}-(?:[\dA-Fa-f]{4}-){3}[\dA-Fa-f]{12}(?![\w-])",
            lambda match, _: characters(match[0]),
            needs="-",
            then=r"\dA-Fa-f",
        ),
        Reading(
            r"\da-zA-Z",
            r"(?<![\w-])(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z\d]{5,64}(?![\w'-])",
            _mixed,
            needs="aA",
            then=r"A-Za-z\d",
            figures=True,
        ),
        Reading(
            "abcefghimnprstvwxABCEFGHIMNPRSTVWX",
            rf"\b(?P<word>(?i:{_NUMBERED}))\.?\s(?P<value>[1-9]\d\d{{1,2}})(?P<tail>[a-rt-z]{{1,2}})?\b(?![.,:-]\d|\s(?i:million|thousand))",
            _name_number,
            then="a-zA-Z",
            figures=True,
        ),
        Reading(
            "a-zA-Z",
            rf"{_SERIAL_START}(?P<letters>[A-Z]{{1,5}}|[A-Za-z]|[A-Z][A-Za-z]{{1,3}}|[A-Z][a-z]{{4,9}}(?=-\d{{3}}\b)|[a-z]{{2,3}})(?P<dash>-?)"
            r"(?P<figures>\d{1,8}(?:\.\d{1,2}(?!\d))?)(?P<tail>s|[A-Z]s|[A-Z]{1,2}|[a-z]{3,8}|(?<=\d)[a-z])?(?P<own>'s\b)?(?![\w'/]|-\d|[.,]\d)",
            _serial,
            then=r"A-Za-z\d-",
            figures=True,
        ),
        Reading(
            "A-Z",
            r"(?<![\w.])(?P<letter>[A-Z]{1,2})(?P<figures>\.\d{2,4}|(?:\.\d{1,3}){2,4})(?!\w|\.\w)",
            _dotted_type,
            needs=".",
            then="A-Z.",
            figures=True,
        ),
        Reading(
            r"\d",
            r"(?<![\w.,$£€-])(?P<first>\d{2})(?P<letter>[A-Z])(?P<last>\d{1,4})(?P<tail>[a-z])?(?![\w'-]|[.,]\d)",
            _build,
            needs="A",
            then=r"\d",
        ),
        Reading(
            r"\d",
            rf"{_SERIAL_START}(?P<figures>\d{{1,4}})-?(?P<letters>(?!(?:ST|ND|RD|TH)\b)[A-Z]{{1,3}}s?)(?![\w'])",
            _figure_first,
            needs="A",
            then=r"\dA-Z-",
        ),
        Reading(
            r"\d",
            rf"{_SERIAL_START}(?P<figures>\d{{1,4}}|\d{{1,3}}\.\d{{1,3}})(?P<letters>[a-rt-z])(?![\w'.-]|\s?[=+*/!]|(?<=[fgh])\()",
            _figure_first,
            needs="a",
            then=r"\d.a-rt-z",
        ),
    ),
    examples="""
        Your code is 276983. → your code is two seven six nine eight three
        PIN 1234 → pin one two three four
        ZIP 90210 → zip nine zero two one zero
        your card ending 4242 → your card ending four two four two
        ending in 8876 → ending in eight eight seven six
        passcode: 0042 → passcode, zero zero four two
        Enter 4471 → enter four four seven one
        order number 55321 → order number five five three two one
        192.168.0.1 → one nine two dot one six eight dot zero dot one
        10.0.0.0/8 → one zero dot zero dot zero dot zero slash eight
        2001:db8::1 → two zero zero one colon D B eight colon colon one
        ::1 → colon colon one
        fe80::1%eth0 → F E eight zero colon colon one percent E T H zero
        fe80::/10 → F E eight zero colon colon slash ten
        127.0.0.1:8080 → one two seven dot zero dot zero dot one port eight thousand and eighty
        a V8 engine → a V eight engine
        v2.0 → version two point zero
        version 1.2.3 → version one point two point three
        3.13.0rc1 → three point thirteen point zero R C one
        kernel 6.1.0-18-amd64 → kernel six point one point zero dash eighteen A M D sixty four
        Python 3.11.4 → python three point eleven point four
        MIG-25 → mig twenty five
        a B-52 → a B fifty two
        W2s → W twos
        F-150 → F one fifty
        A380 → A three eighty
        MP3 → M P three
        mp4 → M P four
        Airbus A320neo → airbus A three twenty neo
        WW2 → world war two
        CO2 → C O two
        R2D2 → R two D two
        COVID-19 → covid nineteen
        4K → four K
        5G → five G
        3D → three D
        GPT-4 → G P T four
        Flight 370 → flight three seventy
        Boeing 747 → boeing seven forty seven
        Room 101 → room one oh one
        agent 007 → agent zero zero seven
        H2O → H two O
        00:1B:44:11:3A:B7 → zero zero, one B, four four, one one, three A, B seven
        IPv6 → I P V six
        i7 → I seven
        #FF5733 → hash F F five seven three three
        COVID-19's → covid nineteen's
        1080i → ten eighty I
        the B.1.1.7 variant → the B dot one dot one dot seven variant
        two mp3s → two M P threes
        H.264 → H dot two sixty four
        T-1000 → T one thousand
        X-15 → X fifteen
        AA1234 → A A twelve thirty four
        Blink-182 → blink one eighty two
        Xbox 360 → xbox three sixty
        HTTP 404 → H T T P four oh four
        Hwy 101 → highway one oh one
        RTX 4090 → R T X forty ninety
        CS 101 → C S one oh one
        HTML5 → H T M L five
        1040EZ → ten forty E Z
        k8s → K eight S
        the 3RD floor → the third floor
        Q3 → Q three
        ref. ABC123 → reference A B C one two three
    """,
)
