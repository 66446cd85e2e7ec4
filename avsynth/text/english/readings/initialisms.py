"""Which words are spelled letter by letter, whatever the lexicon holds, and which are said."""

from __future__ import annotations

from avsynth.text.english.reading import word_set

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
    "jaxa hipaa fomo lidar yimby bafta emea icann iata icao fafsa asbo ukip isro cuda toefl ielts gmat lsat mcat"
)
"""Acronyms that are said as a word, whether or not the dictionary has them."""
MIXED = {
    **{"iOS": "i.o.s.", "macOS": "mac o.s.", "PhD": "phd", "PhDs": "phds", "OAuth": "o. auth", "nginx": "engine x."},
    **{"LaTeX": "lay tech", "MySQL": "my sequel", "PostgreSQL": "postgres q.l.", "GitHub": "git hub"},
    **{"iPhone": "i. phone"},
    **{"iPad": "i. pad", "iPods": "i. pods", "iPhones": "i. phones", "iPads": "i. pads", "eBay": "e. bay"},
    **{"WiFi": "wifi"},
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
