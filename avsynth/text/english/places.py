"""The states of America and the parts of addresses, as they are written short."""

from __future__ import annotations

_STATE_LIST = """
AL alabama AK alaska AZ arizona AR arkansas CA california CO colorado CT connecticut DE delaware FL florida GA georgia
HI hawaii ID idaho IL illinois IN indiana IA iowa KS kansas KY kentucky LA louisiana ME maine MD maryland
MA massachusetts MI michigan MN minnesota MS mississippi MO missouri MT montana NE nebraska NV nevada
NH new_hampshire NJ new_jersey NM new_mexico NY new_york NC north_carolina ND north_dakota OH ohio OK oklahoma OR oregon
PA pennsylvania RI rhode_island SC south_carolina SD south_dakota TN tennessee TX texas UT utah VT vermont VA virginia
WA washington WV west_virginia WI wisconsin WY wyoming DC d.c. PR puerto_rico
"""
_fields = _STATE_LIST.split()
STATES = {code: name.replace("_", " ") for code, name in zip(_fields[::2], _fields[1::2], strict=True)}
_SHORT_FORMS = """
Ala alabama Ariz arizona Ark arkansas Calif california Cal california Colo colorado Conn connecticut Del delaware
Fla florida Ga georgia Ill illinois Ind indiana Kan kansas Kans kansas Ky kentucky La louisiana Mass massachusetts
Md maryland Mich michigan Minn minnesota Miss mississippi Mo missouri Mont montana Neb nebraska Nebr nebraska Nev nevada
Okla oklahoma Ore oregon Pa pennsylvania Penn pennsylvania Tenn tennessee Tex texas Va virginia Vt vermont
Wash washington Wis wisconsin Wisc wisconsin Wyo wyoming
"""
_forms = _SHORT_FORMS.split()
SHORT_STATES = dict(zip(_forms[::2], _forms[1::2], strict=True))
"""As they are written with a dot after a city, or as the name of a street."""
STREETS = {
    **{"St": "street", "Ave": "avenue", "Av": "avenue", "Rd": "road", "Blvd": "boulevard", "Dr": "drive", "Ln": "lane"},
    **{"Ct": "court", "Pl": "place", "Sq": "square", "Ter": "terrace", "Terr": "terrace", "Pkwy": "parkway"},
    **{
        "Expy": "expressway",
        "Expwy": "expressway",
        "Hwy": "highway",
        "Fwy": "freeway",
        "Cir": "circle",
        "Trl": "trail",
    },
    **{"Gdns": "gardens", "Grv": "grove", "Cl": "close", "Hts": "heights"},
    **{"Aly": "alley", "Xing": "crossing", "Plz": "plaza", "Cres": "crescent", "Tpke": "turnpike", "Rte": "route"},
}
FULL_STREETS = (
    *("Street", "Avenue", "Road", "Boulevard", "Drive", "Lane", "Court", "Place", "Square", "Terrace", "Parkway"),
    *("Expressway", "Highway", "Freeway", "Circle", "Trail", "Way", "Broadway", "Alley", "Crescent", "Close", "Plaza"),
)
POINTS = {
    **{"N": "north", "S": "south", "E": "east", "W": "west"},
    **{"NE": "northeast", "NW": "northwest", "SE": "southeast", "SW": "southwest"},
}
UNITS_OF_HOUSES = {"Apt": "apartment", "Ste": "suite", "Rm": "room", "Fl": "floor", "Bldg": "building", "Unit": "unit"}
COUNTIES = frozenset(
    (
        *(
            "Antrim",
            "Armagh",
            "Carlow",
            "Cavan",
            "Clare",
            "Cork",
            "Derry",
            "Donegal",
            "Down",
            "Dublin",
            "Durham",
            "Fermanagh",
        ),
        *(
            "Galway",
            "Kerry",
            "Kildare",
            "Kilkenny",
            "Laois",
            "Leitrim",
            "Limerick",
            "Londonderry",
            "Longford",
            "Louth",
            "Mayo",
        ),
        *(
            "Meath",
            "Monaghan",
            "Offaly",
            "Roscommon",
            "Sligo",
            "Tipperary",
            "Tyrone",
            "Waterford",
            "Westmeath",
            "Wexford",
        ),
        "Wicklow",
    )
)
"""Those of Ireland, which are written with "Co." before them."""
AFTER_COUNTY = COUNTIES | {"Rd", "Road", "Hwy", "Highway"}
"""What makes "Co." a county."""
PROVINCES = {
    **{"ON": "ontario", "QC": "quebec", "BC": "british columbia", "AB": "alberta", "MB": "manitoba"},
    "SK": "saskatchewan",
    **{"NS": "nova scotia", "NB": "new brunswick", "NL": "newfoundland", "PE": "prince edward island", "YT": "yukon"},
}
"""Of Canada."""
