"""Abbreviations and what they stand for, and whether a sentence can end at their dot."""

from __future__ import annotations

import re

from avsynth.text.later import compiled


def _listed(text: str) -> dict[str, str]:
    """Pairs of a short form and what it stands for, parted by semicolons and lines."""
    pairs = (entry.partition(":") for entry in re.split("[;\n]", text.strip()))
    return {short.strip(): said.strip() for short, _, said in pairs}


CALENDAR = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
MONTHS = {name[:3]: name for name in CALENDAR if name != "may"} | {"sept": "september"}
DAYS = {
    **{
        "mon": "monday",
        "tue": "tuesday",
        "tues": "tuesday",
        "wed": "wednesday",
        "weds": "wednesday",
        "thu": "thursday",
    },
    **{"thur": "thursday", "thurs": "thursday", "fri": "friday", "sat": "saturday", "sun": "sunday"},
}
TITLES = {
    **{
        "cllr": "councilor",
        "rt": "right",
        "mr": "mister",
        "mrs": "missus",
        "ms": "ms",
        "dr": "doctor",
        "prof": "professor",
        "st": "saint",
    },
    **{"capt": "captain", "sgt": "sergeant", "lt": "lieutenant", "messrs": "messieurs", "mt": "mount"},
    **{
        "bro": "brother",
        "ste": "saint",
        "mme": "madame",
        "mlle": "mademoiselle",
        "msgr": "monsignor",
        "drs": "doctors",
        "profs": "professors",
    },
}
"""Before a name."""
RANKS = {
    **{"gen": "general", "col": "colonel", "rev": "reverend", "gov": "governor", "sen": "senator", "ft": "fort"},
    **{"cmdr": "commander", "maj": "major", "cpl": "corporal", "hon": "honorable", "rep": "representative"},
    **{"adm": "admiral", "brig": "brigadier", "pvt": "private", "pfc": "private first class", "amb": "ambassador"},
    **{"sec": "secretary", "treas": "treasurer", "atty": "attorney", "ald": "alderman", "mx": "mix"},
    **{
        "insp": "inspector",
        "det": "detective",
        "supt": "superintendent",
        "pres": "president",
        "fr": "father",
        "pt": "point",
    },
    **{"wm": "william", "geo": "george", "chas": "charles", "jas": "james", "thos": "thomas", "robt": "robert"},
}
"""Before a name, if written with a capital."""
INTRODUCERS = {
    "min": "minimum",
    "vit": "vitamin",
    "nr": "near",
    "e.g": "for example",
    "i.e": "that is",
    "vs": "versus",
    "cf": "compare",
    "approx": "approximately",
    "attn": "attention",
    "op": "op",
} | {
    **{
        "incl": "including",
        "excl": "excluding",
        "viz": "namely",
        "esp": "especially",
        "est": "established",
        "resp": "respectively",
        "ref": "reference",
    },
    **{
        "jct": "junction",
        "emer": "emeritus",
        "orig": "original",
        "prev": "previous",
        "std": "standard",
        "wt": "weight",
        "diam": "diameter",
    },
}
"""Abbreviations that introduce something ("e.g.")."""
CLOSERS = {
    **{"etc": "et cetera", "jr": "junior", "sr": "senior", "dept": "department", "inc": "incorporated"},
    **{"ltd": "limited", "corp": "corporation", "ave": "avenue", "rd": "road", "blvd": "boulevard"},
    **{"co": "company", "univ": "university", "intl": "international", "dist": "district", "ln": "lane"},
    **{"pkwy": "parkway", "expy": "expressway", "sq": "square", "assoc": "associates", "misc": "miscellaneous"},
    **{"mfg": "manufacturing", "bldg": "building", "mtn": "mountain", "natl": "national", "org": "organization"},
    **{"max": "maximum", "avg": "average", "temp": "temperature", "tech": "technology", "al": "al"},
    **{
        "doz": "dozen",
        "pkg": "package",
        "qty": "quantity",
        "cont": "continued",
        "appt": "appointment",
        "ext": "extension",
    },
    **{"tel": "telephone", "mts": "mountains", "div": "division", "mgr": "manager", "asst": "assistant"},
    **{"tbsp": "tablespoons", "tsp": "teaspoons"},
    **{"ret": "retired", "encl": "enclosed", "lic": "license", "acct": "account"},
    **{
        "pgs": "pages",
        "rpt": "report",
        "mtg": "meeting",
        "mtgs": "meetings",
        "mgmt": "management",
        "mktg": "marketing",
    },
    **{
        "pcs": "pieces",
        "ea": "each",
        "yr": "year",
        "fav": "favorite",
        "mvmt": "movement",
        "regt": "regiment",
        "bde": "brigade",
        "esq": "esquire",
        "bros": "brothers",
        "hwy": "highway",
        "govt": "government",
        "assn": "association",
    },
}
_DOTTED = """
vis: visibility; hrs: hours; lbs: pounds; mos: months; secs: seconds; wks: weeks; yrs: years
abbr: abbreviated; adj: adjusted; agg: aggregate; anon: anonymous; attrib: attributed; auth: authorized
avail: available; bal: balance; cert: certificate; certs: certificates; comm: committee; conf: conference
ctr: center; cyl: cylinder; dbl: double; dia: diameter; dir: director; dup: duplicate; educ: education
eff: effective; elec: electricity; equip: equipment; equiv: equivalent; evng: evening; exec: executive; fed: federal
freq: frequency; gdn: garden; gdns: gardens; hdqrs: headquarters; hosp: hospital; illus: illustrated
immed: immediately; incr: increase; indiv: individual; init: initial; ins: insurance; instr: instructor
intro: introduction; maint: maintenance; mfr: manufacturer; mkt: market; cust: customer; spd: speed; cnr: corner
mthly: monthly; neg: negative
opp: opposite; opt: optional; pkgs: packages; pmt: payment; poss: possibly; pref: preferably; prelim: preliminary
prod: product; pymt: payment; qtr: quarter; recd: received; recs: recommendations; req: required; reqd: required
sched: scheduled; sect: section; subj: subject; subs: subscriptions; supp: supplement; surg: surgery; svc: service
svcs: services; temps: temperatures; transl: translated; trans: translated; twp: township; usu: usually; util: utilities
utils: utilities; vocab: vocabulary; wkday: weekday; wkly: weekly; xfer: transfer; yrly: yearly
"""
CLOSERS = _listed(_DOTTED) | CLOSERS
"""Abbreviations after a name or a list ("Jr.", "etc."); a pause follows where a sentence might end."""
_UNITS = (
    "sh min mins sec secs hr hrs ch pcs pp p ft oz lb lbs yd yds mi in km m cm mm kg g mg l ml cl c mph tsp tbsp "
    "gal qt pt sq cu fl deg yr yrs mo mos wk wks mag"
)
MEASURED = frozenset(_UNITS.split())
"""After a number."""
_COUNTED = """
rt: route; ht: height; wt: weight
no: number; nos: numbers; vol: volume; vols: volumes; p: page; pp: pages; fig: figure; figs: figures; ch: chapter
chap: chapter; ed: edition; sec: section; para: paragraph; art: article; apt: apartment; ext: extension
tel: telephone; ph: phone; mvmt: movement; plat: platform; sz: size; pl: platform; lv: level; lvl: level
mvt: movement; elev: elevation; ep: episode; eps: episodes; pop: population; reg: regulation; ps: psalm; pt: part
pts: parts; eq: equation; eqs: equations; ref: reference; refs: references; bk: book; ser: series; ver: version
pg: page; ex: example; thm: theorem; rm: room; rev: revision; op: opus; sc: scene; rs: rupees; col: column
cols: columns; bks: books; app: appendix; v: verse; vv: verses; l: line; ll: lines; min: minimum; max: maximum
secs: sections; chs: chapters; paras: paragraphs; arts: articles; approx: approximately; rte: route
prop: proposition; tab: table
bldg: building; ste: suite; fl: floor; acct: account; mk: mark; fn: footnote; fns: footnotes; ca: circa
"""
COUNTED = _listed(_COUNTED)
"""Before a number."""
LETTERED = ("App", "Fig", "Sec", "Ex", "Rm", "Bldg")
"""Of those, what parts of books and buildings have before a letter as well: "App. B"."""
CAPITALISED = RANKS | MONTHS | {name: day for name, day in DAYS.items() if name != "sun"}
"""Abbreviations only if written with a capital; ordinary words otherwise."""
ABBREVIATIONS = TITLES | INTRODUCERS | CAPITALISED | CLOSERS
"""Everything that is expanded when a dot follows, without the dot."""

ENDLESS = frozenset((*TITLES, *RANKS, *INTRODUCERS, "def", "bt"))
"""No sentence ends at their dot."""
WAYS = frozenset(("st", "dr"))
"""Those of them that may also name a street ("St.", "Dr."), and then may end a sentence."""
NUMBERED = frozenset((*COUNTED, *MONTHS, *DAYS))
"""No sentence ends at their dot before a digit."""
NAMED = frozenset(("bros", "jr", "sr", "assn", "govt", "dept"))
"""Those of the closers after which a name may continue ("Warner Bros. Pictures")."""
EXCLAIMED = frozenset(("yahoo", "jeopardy", "wham"))
"""Names that are written with an exclamation mark."""
ZONES = frozenset(("Eastern", "Central", "Mountain", "Pacific", "Greenwich"))
"""Words that may continue a sentence after "a.m." and "p.m.", as names of days and months and initials may."""
_STARTERS = (
    "The A An I He She It We They You This That These Those There Then But And So In On At If When My Our His Her "
    "What Who Where Why How Is Are Was Do Does Did Yes No Not Now Please Let After Before As For Every Each All Some "
    "Many Most Both Such Although While Since Because However Unless Until Once Also Another Any Nobody Everyone "
    "Someone Today Yesterday Tomorrow Later Instead Perhaps Maybe Just Only Even Their Its From With By To Of Under "
    "Go Come Call Bring Take Get Meet See Try Ask Tell Make Check Visit Look Wait Stop Buy Next "
    "Over Between During Through Without Within Can Could Will Would Should Have Has Had Were Never Always Often "
    "Sometimes Finally Thus Therefore Meanwhile Moreover Still Yet Or Nor"
)
STARTERS = frozenset(_STARTERS.split())
"""Words that begin a sentence after initials ("in the U.S. The") rather than go on with a name ("J. Smith")."""

_BARE = """
subj: subject; cnr: corner; jct: junction
acct: account; mkt: market; spd: speed; accts: accounts
dr: doctor; prof: professor; eg: for example; ie: that is; vs: versus; dept: department; hr: hour; hrs: hours
mins: minutes; secs: seconds; yrs: years; yr: year; lbs: pounds; aka: a.k.a.; tbsp: tablespoons; tsp: teaspoons
qty: quantity; appt: appointment; attn: attention; pkg: package; mgr: manager; asst: assistant; fwd: forward
gov't: government; govt: government; int'l: international; nat'l: national; dep't: department; cyl: cylinder
btwn: between; chars: characters; pcs: pieces; ret'd: retired; lvl: level; lvls: levels; wkts: wickets; wkt: wicket
btl: bottle; btls: bottles; pkt: packet; rec'd: received; b'day: birthday; mvmt: movement; req'd: required
add'l: additional; stn: station; pgs: pages; rpt: report; ctrl: control; cmd: command; esc: escape
ass'n: association; sec'y: secretary; cont'd: continued; est'd: established; tel: telephone; hwy: highway
blvd: boulevard; approx: approximately; incl: including; esp: especially; dept's: department's
"""
BARE = _listed(_BARE)
"""Read in full without any dot as well."""
_GREATLY = (
    "good nice much happy sorry bad tired funny cool busy late early nearly important useful helpful sad kind sweet "
    "cute hot cold cheap expensive big small long short quick quickly slow slowly well hard easy close far few "
    "little many interesting excited exciting annoying annoyed strange weird different similar likely unlikely "
    "often soon clever smart pretty lovely tasty true high low old young loud quiet clear dark rare common proud "
    "pleased keen"
)
GREATLY = frozenset(_GREATLY.split())
"""What "v." before it makes very so."""
_CHAT = """
txt: text; srry: sorry; cmon: come on; l8er: later
thx: thanks; tnx: thanks; pls: please; plz: please; ppl: people; msg: message; msgs: messages; tmrw: tomorrow
tmr: tomorrow; abt: about; bday: birthday; sry: sorry; smth: something; wknd: weekend; nvm: never mind; bc: because
rn: right now; b4: before; gr8: great; l8r: later; l8: late; m8: mate; 2nite: tonight; 2day: today; 2moro: tomorrow
mtg: meeting; mtgs: meetings; rgds: regards; lmk: let me know; omw: on my way; hbd: happy birthday; np: no problem
ty: thank you; cu: see you; yw: you're welcome; pwd: password; prob: probably; probs: probably; rly: really
tho: though; defo: definitely; ur: your; hbu: how about you; wbu: what about you; ofc: of course
tysm: thank you so much; g2g: got to go; gtg: got to go; cya: see ya; srsly: seriously; sth: something; w8: wait
str8: straight; whyd: why'd; obvs: obviously; deffo: definitely
"""
CHAT = _listed(_CHAT)
"""Short forms of chats, in small letters or with a capital first."""
NUMBERED_THINGS = compiled(
    r"\b(?:order|company|ref\.?|reference|serial|part|tel\.?|phone|invoice|account|acct\.?|model|item|case|id|room|fax|vat|lot"
    r"|batch|flight|house|registration|reg\.?|policy|customer|member|passport|card|licen[cs]e)\s$",
    re.IGNORECASE,
)
"""Before "no.", which then is a number and no answer."""
SORTS_OF_DAYS = {"bus": "business", "cal": "calendar"}
"""Before days and hours."""
CAPITAL_BARE = {
    **{"Rm": "room"},
    **{
        "Inc": "incorporated",
        "Ltd": "limited",
        "Corp": "corporation",
        "Jr": "junior",
        "Sr": "senior",
        "Feb": "february",
        "Hons": "honors",
    },
    **{"Aug": "august", "Sept": "september", "Oct": "october", "Nov": "november", "Dec": "december", "Apr": "april"},
}
"""As these, if written with a capital."""
BEFORE_NUMBERS = {
    **{"Wk": "week", "wk": "week", "Ph": "phone", "ph": "phone", "rm": "room", "Rm": "room"},
    **{"Vol": "volume", "Fig": "figure", "Figs": "figures", "Ch": "chapter", "Sec": "section", "Eq": "equation"},
    **{"Apt": "apartment", "Rte": "route", "Pg": "page", "pp": "pages", "pg": "page", "vol": "volume", "fig": "figure"},
    **{"ch": "chapter", "p": "page", "Ver": "version", "Ste": "suite", "Nos": "numbers", "min": "minimum"},
    **{"max": "maximum", "Mk": "mark"},
}
"""Read in full before a number without any dot as well."""
BEFORE_NAMES = {
    **{"Rt": "right"},
    **{"Mr": "mister", "Mrs": "missus", "Ms": "ms", "St": "saint", "Gen": "general", "Col": "colonel"},
    **{"Lt": "lieutenant", "Sgt": "sergeant", "Gov": "governor", "Sen": "senator", "Rev": "reverend", "Mt": "mount"},
    **{"Ft": "fort", "Adm": "admiral", "Hon": "honorable", "Maj": "major", "Cpl": "corporal", "Mme": "madame"},
    **{"Capt": "captain"},
}
"""Read in full before a name without any dot as well."""
_SLASHED = """
e/w: each way; w/in: within; w/i: within
and/or: and or; either/or: either or; he/she: he or she; she/he: she or he; his/her: his or her; s/he: she or he
him/her: him or her; b/c: because; a/c: air conditioning; b/w: between; km/h: kilometers per hour; w/out: without
y/o: year old; w/o: without; w/: with; sir/madam: sir or madam; mr/mrs: mister or missus; mr/ms: mister or ms
o/w: one way; r/t: round trip; p/t: part time; f/t: full time; w/c: week commencing; w/e: week ending
y/y: year over year; m/m: month over month; w/w: week over week; d/d: day over day; q/q: quarter over quarter
n/a: not applicable; s/n: serial number; p/n: part number; c/o: care of; d/b/a: doing business as
f/k/a: formerly known as; a/k/a: a.k.a.
"""
SLASHED = _listed(_SLASHED)
MOVED = compiled(
    r"\b(?:meetings?|moved|rescheduled|postponed|trip|holiday|vacation|away|closed|open|booked|stay|visit|conference|festival"
    r"|exams?|course|deadline|appointment|leave|runs|rental|tour)\b",
    re.IGNORECASE,
)
"""What takes place from one day to another, or is put off to another day."""
_NO_VOWEL = compiled("[b-df-hj-np-tv-xz]{2,5}")
_SOUNDS = frozenset(
    ("hm", "hmm", "hmmm", "sh", "shh", "shhh", "mm", "mmm", "mmmm", "brr", "psst", "pst", "pfft", "tsk", "zz", "pm")
)


def looks_short(word: str) -> bool:
    """Whether a word of small letters can only be an abbreviation: without a vowel, no sound, no chat word."""
    return _NO_VOWEL.fullmatch(word) is not None and word not in _SOUNDS and word not in CHAT
