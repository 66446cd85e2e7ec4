"""Which words are spelled letter by letter, whatever the lexicon holds, and which are said."""

from __future__ import annotations

import re

from avsynth.text.english.reading import Match, after, around, before, word_set
from avsynth.text.later import compiled

SPELLED = word_set(
    "ot us uk un eu ai id ad os et est pc tv ok pm am psi led ngo usa uae sow dau mau seo eeg als sop ups sec ada "
    "aca ein ira pos cac lax fao cob rip dob doe tia sob til sil mil fil bil dh psa esh nta yta ianal wibta era mot "
    "eps ent pep uti oap cod ama sap dea pow ged mia ins"
)
"""Words of the dictionary that in capitals, among small letters, are letters."""
SPELLED_ANYWAY = word_set(
    "usa uae uk eu ai ngo fbi cia nsa bbc nbc cbs abc cnn mtv hbo espn nba nfl nhl mlb ncaa ufc fifa_ ceo cfo cto "
    "coo cv hr pr gdp gps jfk mgm cgi sos url usb cpu gpu html http https css sql xml api sdk ide dna rna hiv mri "
    "ufo vip dj mc phd mba llc dvd cd tv atm suv rpg fps vpn ip isp lcd pdf rsvp diy faq eta aka asap_ bbq ibm "
    "att gmbh ny nyc la_ dc ussr uss nypd lapd swat_ irs fda epa ftc fcc sec_ imf ecb who_ wto oecd nhs mit ucla "
    "nyu gop pbs npr psi mph kph rpm bmw vw gm_ pc ps xbox_ iq gmt utc est pst cst edt pdt bst cet fyi tba tbd tbc btw "
    "imo imho omg ngl ama nsfw otc roi kpi crm erp saas_ sms gif_ mms lte nfc rfid ssd hdd ui ux qa vat ach "
    "apy usmc usaf raf"
)
"""Initials that are letters even where everything stands in capitals."""
SAID = word_set(
    "nasa nato unesco unicef opec aids laser radar scuba covid fifa uefa jpeg gif nafta asap asean json yaml wasm "
    "pin sim ram rom zip swat nascar sonar taser yolo lol "
    "daca potus scotus flotus captcha cobol basic fortran ajax soap cop brics bogo crispr "
    "jaxa hipaa fomo lidar yimby bafta emea icann iata icao fafsa asbo ukip isro cuda toefl ielts gmat lsat mcat "
    "gimp gui mensa maga bipoc norad ucas tefl fubar bogof hodl fifo gaap swag unrwa lifo wysiwyg ecowas erisa ofsted"
)
"""Acronyms that are said as a word, whether or not the dictionary has them."""
MIXED = {
    **{"iOS": "i.o.s.", "macOS": "mac o.s.", "PhD": "phd", "PhDs": "phds", "OAuth": "o. auth", "nginx": "engine x."},
    **{"LaTeX": "lay tech", "MySQL": "my sequel", "PostgreSQL": "postgres q.l.", "GitHub": "git hub"},
    **{"iPhone": "i. phone"},
    **{"iPad": "i. pad", "iPods": "i. pods", "iPhones": "i. phones", "iPads": "i. pads", "eBay": "e. bay"},
    **{"WiFi": "wifi", "PyTorch": "py torch"},
    **{"Wi-Fi": "wifi", "wi-fi": "wifi", "PCIe": "p.c.i. e.", "IPv": "i.p. v.", "NVMe": "n.v.m. e."},
    **{"IoT": "i.o.t.", "VoIP": "voip", "SaaS": "sass", "PaaS": "pass", "arXiv": "archive", "QoS": "q.o.s."},
    **{"SoC": "s.o.c.", "MHz": "megahertz", "GHz": "gigahertz", "SciFi": "sci fi", "IMDb": "i.m.d.b."},
    **{"BSc": "b.s.c.", "MSc": "m.s.c.", "BEng": "b. eng", "pH": "p.h.", "kWh": "kilowatt hours"},
    **{"WWI": "world war one", "WWII": "world war two", "WWIII": "world war three"},
    **{"McDonald": "mcdonald", "LEDs": "l.e.d.'s", "NGOs": "n.g.o.'s", "URLs": "u.r.l.'s", "iMac": "i. mac"},
    **{"YoY": "year over year", "QoQ": "quarter over quarter", "MoM": "month over month", "Mk": "mark"},
    **{"stdin": "standard in", "stdout": "standard out", "sudo": "sudo", "KPIs": "k.p.i.'s", "OKRs": "o.k.r.'s"},
}
"""Names whose capitals tell how they are said."""


SMALL_INITIALS = word_set(
    "omg faq faqs diy https utf udp wlan idk imho bmi lgbt lgbtq ngo uae ucla ssd www irl ootd iirc afaik ftw usd "
    "eur gbp ide sdk isp lcd led uhd hd fyi eod eob ufc gmo iot ics obgyn mba hru wdym wym tyvm ymmv omfg stfu gtfo "
    "lmfao wya wyd ikr iykyk icymi hmu brb tbh ngl ttyl idc smh fwiw imo wfh cc bcc pto lmao rofl eta aet ily gpu "
    "gpus cpu cpus usb url urls api apis"
)
"""Initials that are no word when written small."""
CHAT_INITIALS = word_set(
    "wdym ymmv omfg wya wyd ikr icymi hmu omg idk imho imo tbh ngl lmao afaik irl fyi fwiw ily brb smh ftw"
)
"""Those that may begin a message, with a capital."""
SHORT_WORDS = word_set(
    "ah am an as at be by do eh go ha he hi ho if in is it me my no of oh on or so to uh um up us we ye yo"
)
"""Of two letters, what in capitals is a word that is stressed."""

_OFFICE = compiled(
    r"\b(?:in|our|your|an|[Aa]sk|[Cc]ontact|[Ee]mail|[Nn]otify|via|from|through|runs|ran|manages|handles|heads|outsourced?|joined|NHS|BBC|UK|US|EU)\s$"
)
_INITIALS_AFTER = compiled(r"(?:,|,?\s(?:and|or)|/)\s?[A-Z]{2,6}\b")
_INITIALS_BEFORE = compiled(r"\b[A-Z]{2,6}(?:,|,?\s(?:and|or)|/)\s?$")
_OF_HEALTH = compiled(
    r"\s(?:says?|said(?!\s(?:it|so|you)\b|\s(?:that|this)\W?$)|has|had|guidelines?|reports?|recommends?|recommended|warns?|warned|declare[sd]?|data|estimates?"
    r"|estimated|director|chief|officials?|experts?|advice|definition|criteria|classification|region|announced)\b"
)


_HEAD = compiled(r"\b(?:from|to|cc|attn|dept|department|team):\s?$", re.IGNORECASE)
"""The head of a mail or a note."""
_OF_OFFICE = compiled(r"\s(?:DEPARTMENT|DEPT|SUPPORT|TEAM|MANAGER|STAFF|HELP\s?DESK|SERVICES)\b")


_TOLD = compiled(
    r"\b(?:ABOUT|ASK|BELIEVE|CALL|CONTACT|EMAIL|FIND|FOLLOW|FOR|GIVE|HELP|HIRE|JOIN|LET|LIKE|MEET|OF|ON|PAY|SAVE|SHOW"
    r"|SUPPORT|TELL|TEXT|THANK|TRUST|VISIT|WATCH|WITH)\s$"
)
_TOLD_ON = compiled(r"(?:[.,;:!?()]|\s[a-z-]|$|\s(?:AGAIN|ALL|AT|BE|BY|FOR|GO|IF|IN|KNOW|NOW|ON|TODAY|TOO)\b)")


def is_told(match: Match) -> bool:
    """Whether "US" is the pronoun: "CONTACT US"."""
    return bool(_TOLD.search(before(match, 9)) and _TOLD_ON.match(after(match, 8)))


def is_named(match: Match) -> bool:
    """Whether one of the words that may also be initials is so among small letters."""
    if _INITIALS_AFTER.match(after(match, 14)) or _INITIALS_BEFORE.search(before(match, 14)):
        return True  # one of several
    if match["stem"] == "WHO" and (_OF_HEALTH.match(after(match)) or re.search(r"\b[Aa]\s$", before(match, 3))):
        return True
    return before(match, 5).lower().endswith((" the ", "the ")) or bool(
        match["stem"] == "IT"
        and (_OFFICE.search(before(match, 10)) or _HEAD.search(before(match, 12)))
        and not after(match, 1).isalnum()
    )


_COUNTRY = compiled(
    r"(?:^|[:;.!?-]\s)US\s[A-Z]|\bUS\s(?:AND|VS\.?|&)\s(?:UK|EU|UN|[A-Z]{5})|\b(?:UK|EU|UN|CHINA|RUSSIA|IRAN|MEXICO)(?:\sAND|,|\sVS\.?|\s&)\sUS\b"
)
"""Among capitals: at the beginning, or beside another country."""
_WHERE = compiled(
    r"\b(?:ACROSS|(?:NORTH|SOUTH|MID)?(?:EAST|WEST)(?:ERN)?|NORTHERN|SOUTHERN|INTO|TO\sVISIT|VISITS|ENTERS)\s$"
)
_OF_COUNTRY = compiled(
    r"\s(?:ARMY|AIR\sFORCE|BANKS?|BORDER|CITIZENS?|CONGRESS|COURTS?|DOLLAR|ECONOMY|ELECTIONS?|EMBASSY|ENVOY|FED|FORCES"
    r"|FIRMS?|GOVERNMENT|HOUSE|INFLATION|JOBS|JUDGE|MARKETS?|NAVY|OFFICIALS|OPEN|PRESIDENT|SANCTIONS|SECRETARY|SENATE"
    r"|SENATORS?|SHARES|SOLDIERS|STATES|STOCKS|STRIKES?|SUPREME|TARIFFS?|TRADE|TREASURY|TROOPS|VISA|WORKERS)\b"
)
"""What a country has, in headlines."""


def is_place(match: Match) -> bool:
    """Whether a country, the nations, a city or an office may stand there, among capitals."""
    if match["stem"] == "IT":
        return bool(_HEAD.search(before(match, 12)) or _OF_OFFICE.match(after(match, 14)))
    if match["stem"] == "US" and (_WHERE.search(before(match, 16)) or _OF_COUNTRY.match(after(match, 14))):
        return True
    if (
        match["stem"] == "US"
        and _COUNTRY.search(around(match, 12))
        and not re.match(r"\s(?:ALL|TOO|BOTH)\b", after(match, 6))
    ):
        return True
    near = "THE" if match["stem"] in ("US", "UN") else "IN|TO|FROM|AND|NEAR|VIA"
    return re.search(rf"\b(?:{near})\s$", before(match, 5)) is not None
