"""Word classes that the rules for homographs use."""

from __future__ import annotations

from avsynth.text.english.numbers import NUMBER_WORDS


def words(listed: str) -> frozenset[str]:
    """The words of a line."""
    return frozenset(listed.split())


BE = words("am is are was were be been being i'm you're he's she's it's we're they're isn't aren't wasn't weren't")
HAVE = words("have has had having i've you've we've they've haven't hasn't hadn't")
DO = words("do does did don't doesn't didn't")
MODALS = DO | words(
    "to will would can could should shall may might must cannot let's please i'll you'll he'll she'll it'll we'll "
    "they'll i'd you'd he'd she'd we'd they'd can't won't wouldn't couldn't shouldn't mustn't shan't gonna"
)
"""A verb follows."""
CAUSES = words("let lets make makes made help helps helped see saw watch watched hear heard")
WONDERS = words("when where why how what who if")
SUBJECTS = words("i you we they he she it who")
ONES = words("everyone everybody nobody somebody someone anyone anybody")
"""Pronouns with a verb in -s."""
OBJECTS = words("me him them us it you")
POSSESSIVES = words("my your his her its our their whose")
ARTICLES = words("the a an this that these those no every each some any another all both many few several one") | (
    NUMBER_WORDS | POSSESSIVES
)
SINGULAR_ARTICLES = words("a an this that every each another")
ADJECTIVES = words(
    "new old good bad great big small long short own whole same other first second third last next best worst better "
    "little more most such full high low human daily everyday young early late public private strong northern southern "
    "eastern western north south east west fresh cold hot warm light heavy single special medical criminal rough "
    "blue white pink red black green grey local sharp close front different recent deep fat famous official major minor"
)
ADJECTIVE_ENDINGS = ("ous", "ful", "less", "ual", "onal", "able", "ish", "ical", "ible")
PREPOSITIONS = words("of in on at for with by from about into without under per than between against during like as")
ALONG = PREPOSITIONS - {"of", "like", "as", "than"} | words("through along over across around up down off out after to")
"""What may follow a verb without an object."""
SUBORDINATORS = words("when if because while before after until unless although so since whenever where that which")
JOINERS = words("and or but then so if when while because until before after where that which")
OBJECT_STARTERS = (
    words(
        "the a an this that these those it him me us them you myself all every each some any both everything how what"
    )
    | POSSESSIVES
)
PLURALS = words("people children men women police everyone parents teenagers thousands millions hundreds others most")
AGENTS = ("ists", "ers", "ors", "ants", "ents")
"""Endings of plurals that do something."""
ADVERBS = words("not never always often usually just also ever still even already soon again now then really hardly")
LATER_ADVERBS = words("well slowly quickly again slightly often together easily now here there badly away back sharply")
IRREGULAR_PAST = words(
    "was were had did went came said told took got sat saw thought knew found made gave wrote bought heard began felt "
    "stood lay kept left met ran brought lost won fell grew held broke rose sold sent paid spoke drove flew sang drew "
    "threw wept slept spent built led meant became chose wore tore swam stole shook hid hung rode sank shone shot"
)
PAST = IRREGULAR_PAST | words("yesterday ago last earlier once")
FINITE = BE - words("be been being am") | words("has had have will would can could may might must shall should")
PLAIN = words(
    "work cost need earn pay help sell make get go come take cause tend seem look feel last grow run stay fall rise "
    "differ vary matter require offer provide want like prefer slow save include keep give mean bring"
)
"""Verbs whose subject may be a plural before them."""
THIRD = words(
    "makes gets goes comes takes seems requires provides keeps gives means brings sells remains becomes kills"
)
"""Verbs whose subject may be a singular before them."""
NAMED_BY = {
    "conflict": words("zone zones resolution"),
    "contract": words("law lawyers killer workers killing"),
    "desert": words("island islands storm storms heat sands"),
    "export": words("ban bans markets licences licenses"),
    "house": words("party parties music wine rules arrest calls"),
    "import": words("duty duties tax taxes tariffs"),
    "permit": words("holder holders fees"),
    "produce": words("aisle section stand stands"),
    "project": words("manager managers gutenberg"),
    "protest": words("march marches movement movements songs group groups leaders organizers organisers"),
    "rebel": words("forces fighters leader leaders groups soldiers army"),
    "record": words("label labels company companies player players store stores shop shops holder holders highs lows"),
    "refund": words("policy policies requests"),
    "refuse": words("collection collections collector collectors disposal bins bags sacks truck trucks"),
    "subject": words("line lines matter"),
    "suspect": words("package packages vehicle device"),
    "transport": words("links police minister secretary officials"),
    "use": words("case cases"),
    "wind": words("turbine turbines farm farms speed speeds chill power energy tunnel instruments chimes"),
}
"""What nouns describe that might begin a command: "Refuse collection is late"."""
HABIT = words("every always usually often sometimes tomorrow now can will")
AMOUNTS_OF_METAL = words(
    "trace traces level levels amount amounts sheet sheets piece pieces ton tons tonne tonnes pounds lump lumps block "
    "blocks layer layers concentration concentrations quantity quantities dangers particles grams kilograms milligrams "
    "micrograms vein veins ingots dose doses bits"
)
SEWN = words(
    "needle needles thread threads threaded stitch stitches stitched sewing sewed sewn sews seam seams fabric quilt "
    "quilts dress dresses hem hems embroidery tailor seamstress garment garments"
)
OARS = words("boat boats oar oars seats seat trees houses beans tulips graves vines bottles shelves desks chairs")
LIVE_THINGS = words(
    "music show shows concert concerts broadcast broadcasts band performance performances audience audiences tv "
    "television stream streams streaming coverage album recording version report reports update updates event events "
    "sport sports football cricket theatre theater comedy gig gigs podcast debate demo session game games match "
    "batteries battery bullets rounds ammo grenade cable cables rail coal coals cultures bees lobster crabs cattle "
    "fish shrimp oysters chat wire wires ammunition bait animals animal birth births stock entertainment feed feeds "
    "video radio action"
)
TINY_THINGS = words(
    "detail details amount amounts particle particles quantity quantities trace traces difference differences fraction "
    "fractions creatures organisms size pieces piece specks variations crack cracks hole holes search inspection "
    "examination"
)
LEAD_THINGS = words(
    "pipe pipes paint paints poisoning pencil pencils bullet bullets shot weight weights acid mine mines sheet roof "
    "crystal glass balloon content levels free based thieves thief theft prices ingots smelter smelters miners "
    "mining ore"
)
METAL = words(
    "metal metals copper zinc tin mercury iron petrol gasoline solder toxic molten melts poisoning exposure exposed "
    "pencil roof pipe pipes bullets battery batteries lined contain contains contained dust paint"
)
NEAR_THINGS = words(
    "friends friend family relatives ties links contact range allies attention inspection observers examination "
    "proximity cooperation quarters combat"
)
PLACES_OF_LEAD = words(
    "paint water pipes pipe soil blood petrol gasoline fuel air dust toys glass food bones bullets roof battery"
)
OLD_PEOPLE = words(
    "parent parents mother father aunt uncle relative relatives grandmother grandfather woman man lady gentleman "
    "couple people population dog"
)
MUSICAL = words(
    "guitar guitars guitarist player players line lines drum drums clef solo amp note notes singer voice boost"
)
HAPPENING = words(
    "go goes going went gone play played playing perform performed performing recorded broadcast broadcasts streamed "
    "streaming shown aired show sung"
)
