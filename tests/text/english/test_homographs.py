import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from avsynth.text.english.g2p import G2P, phonemise
from avsynth.text.english.homographs import by_context
from avsynth.text.english.homographs.rules import RULES
from avsynth.text.english.homographs.tables import NOUN_VERB, OTHERS
from avsynth.text.english.lexicon import package_file
from avsynth.text.symbols import PHONES, unstressed
from avsynth.text.tokens import Pause, Spoken

PAIRS = [
    ("He tears up every letter.", "tears", "T EH R Z"),
    ("He tears up every time.", "tears", "T IH R Z"),
    ("Juries deliberate.", "deliberate", "D IH L IH B ER EY T"),
    ("Dates conflict.", "conflict", "K AH N F L IH K T"),
    ("The museum houses old coins.", "houses", "HH AW Z AH Z"),
    ("Our library houses are tall.", "houses", "HH AW S AH Z"),
    ("The book you read last week was mine.", "read", "R EH D"),
    ("I read somewhere that bees count.", "read", "R EH D"),
    ("You read every day.", "read", "R IY D"),
    ("She sang about lead.", "lead", "L EH D"),
    ("Coins were made from lead and tin.", "lead", "L EH D"),
    ("They went from lead to last.", "lead", "L IY D"),
    ("The tool used to cut it was dull.", "used", "Y UW Z D"),
    ("The man used to cut it daily.", "used", "Y UW S T"),
    ("The police record shows it.", "record", "R EH K ER D"),
    ("Produce is cheap in June.", "produce", "P R OW D UW S"),
    ("Live fish are sold here.", "live", "L AY V"),
    ("It made him content.", "content", "K AH N T EH N T"),
    ("It keeps us content.", "content", "K AH N T EH N T"),
    ("Learned men wrote it.", "learned", "L ER N IH D"),
    ("Blessed are the meek.", "blessed", "B L EH S IH D"),
    ("A bird that dove into the water drowned.", "dove", "D OW V"),
    ("I saw that dove in the tree.", "dove", "D AH V"),
    ("Traces of lead were found.", "lead", "L EH D"),
    ("A sheet of lead covered it.", "lead", "L EH D"),
    ("The last piece of lead was sold.", "lead", "L EH D"),
    ("The dangers of lead are known.", "lead", "L EH D"),
    ("The role of lead went to her.", "lead", "L IY D"),
    ("The invalid read an old book.", "invalid", "IH N V AH L AH D"),
    ("There was a row among friends about the rent.", "row", "R AW"),
    ("A row among the trees was bare.", "row", "R OW"),
    ("My hands grew number by the minute.", "number", "N AH M ER"),
    ("My jaw got number and I slept.", "number", "N AH M ER"),
    ("He got number one.", "number", "N AH M B ER"),
    ("A great number grew tired.", "number", "N AH M B ER"),
    ("The sewer threaded her needle.", "sewer", "S OW ER"),
    ("The sewer ran under the street.", "sewer", "S UW ER"),
    ("I read the book yesterday.", "read", "R EH D"),
    ("I read the paper every day.", "read", "R IY D"),
    ("She has read it.", "read", "R EH D"),
    ("He read it aloud.", "read", "R EH D"),
    ("I will read it.", "read", "R IY D"),
    ("Did you read it?", "read", "R IY D"),
    ("Have you read it?", "read", "R EH D"),
    ("The letter was read by all.", "read", "R EH D"),
    ("It was a good read.", "read", "R IY D"),
    ("Read this page.", "read", "R IY D"),
    ("She sat down and read the letter.", "read", "R EH D"),
    ("I like to read.", "read", "R IY D"),
    ("They live in Leeds.", "live", "L IH V"),
    ("We watched live music.", "live", "L AY V"),
    ("The show is live tonight.", "live", "L AY V"),
    ("I want to live.", "live", "L IH V"),
    ("She lives here.", "lives", "L IH V Z"),
    ("Many lives were lost.", "lives", "L AY V Z"),
    ("My brother lives in Rome.", "lives", "L IH V Z"),
    ("They lead the way.", "lead", "L IY D"),
    ("The pipe is made of lead.", "lead", "L EH D"),
    ("Old lead pipes are bad.", "lead", "L EH D"),
    ("She took the lead.", "lead", "L IY D"),
    ("The wind is strong.", "wind", "W IH N D"),
    ("Please wind the clock.", "wind", "W AY N D"),
    ("A tear ran down her cheek.", "tear", "T IH R"),
    ("Do not tear the page.", "tear", "T EH R"),
    ("She burst into tears.", "tears", "T IH R Z"),
    ("He tears the paper.", "tears", "T EH R Z"),
    ("He took a bow.", "bow", "B AW"),
    ("She tied a bow in her hair.", "bow", "B OW"),
    ("They bow to the king.", "bow", "B AW"),
    ("Close the door.", "close", "K L OW Z"),
    ("We are close friends.", "close", "K L OW S"),
    ("It is close to the sea.", "close", "K L OW S"),
    ("The shop will close at five.", "close", "K L OW Z"),
    ("The day came to a close.", "close", "K L OW Z"),
    ("Use the stairs.", "use", "Y UW Z"),
    ("What is the use of it?", "use", "Y UW S"),
    ("I use it daily.", "use", "Y UW Z"),
    ("It has many uses.", "uses", "Y UW S AH Z"),
    ("She uses a pen.", "uses", "Y UW Z AH Z"),
    ("He used to sing.", "used", "Y UW S T"),
    ("The knife is used to cut bread.", "used", "Y UW Z D"),
    ("I am used to it.", "used", "Y UW S T"),
    ("He used the stairs.", "used", "Y UW Z D"),
    ("Record the show.", "record", "R IH K AO R D"),
    ("She broke the record.", "record", "R EH K ER D"),
    ("We record the sound.", "record", "R IH K AO R D"),
    ("The old records are here.", "records", "R EH K ER D Z"),
    ("It records the sound.", "records", "R IH K AO R D Z"),
    ("They present the prize.", "present", "P R IY Z EH N T"),
    ("He got a present.", "present", "P R EH Z AH N T"),
    ("All were present.", "present", "P R EH Z AH N T"),
    ("I object to that.", "object", "AH B JH EH K T"),
    ("What is that object?", "object", "AA B JH EH K T"),
    ("Wait a minute.", "minute", "M IH N AH T"),
    ("A minute amount of salt.", "minute", "M AY N UW T"),
    ("She is content with it.", "content", "K AH N T EH N T"),
    ("The content is new.", "content", "K AA N T EH N T"),
    ("He wound up the clock.", "wound", "W AW N D"),
    ("The wound has healed.", "wound", "W UW N D"),
    ("Camels cross the desert.", "desert", "D EH Z ER T"),
    ("Do not desert me.", "desert", "D IH Z ER T"),
    ("Does it work?", "does", "D AH Z"),
    ("The bucks and does ran.", "does", "D OW Z"),
    ("They refuse to go.", "refuse", "R AH F Y UW Z"),
    ("The refuse was burnt.", "refuse", "R EH F Y UW Z"),
    ("My resume is short.", "resume", "R EH Z AH M EY"),
    ("Work will resume soon.", "resume", "R IH Z UW M"),
    ("He plays the bass.", "bass", "B EY S"),
    ("He caught a bass in the lake.", "bass", "B AE S"),
    ("A dove flew off.", "dove", "D AH V"),
    ("He dove into the pool.", "dove", "D OW V"),
    ("I need an estimate.", "estimate", "EH S T AH M AH T"),
    ("Can you estimate the cost?", "estimate", "EH S T AH M EY T"),
    ("They live in separate houses.", "separate", "S EH P R AH T"),
    ("Please separate the eggs.", "separate", "S EH P ER EY T"),
    ("I graduate in May.", "graduate", "G R AE JH AH W EY T"),
    ("She is a graduate.", "graduate", "G R AE JH AH W AH T"),
    ("Excuse me.", "excuse", "IH K S K Y UW Z"),
    ("That is no excuse.", "excuse", "IH K S K Y UW S"),
    ("The farms produce milk.", "produce", "P R AH D UW S"),
    ("Fresh produce is cheap.", "produce", "P R OW D UW S"),
    ("We made progress.", "progress", "P R AA G R EH S"),
    ("You can progress to the next level.", "progress", "P R AH G R EH S"),
    ("The project is late.", "project", "P R AA JH EH K T"),
    ("They project a loss.", "project", "P R AH JH EH K T"),
    ("The shops close at five.", "close", "K L OW Z"),
    ("He is perfect for it.", "perfect", "P ER F IH K T"),
    ("She wants to perfect her French.", "perfect", "P ER F EH K T"),
    ("The learned judge spoke.", "learned", "L ER N IH D"),
    ("I learned it.", "learned", "L ER N D"),
    ("What is your address?", "address", "AE D R EH S"),
    ("We must address this.", "address", "AH D R EH S"),
    ("How do you use it?", "use", "Y UW Z"),
    ("A conflict of interest.", "conflict", "K AA N F L IH K T"),
    ("Contrast the two.", "contrast", "K AH N T R AE S T"),
]


LISTS = Path(__file__).parent / "homographs"
"""Below each pronunciation its sentences; where the word comes twice, stars stand around the one that is meant. Half as
many as the rules were made with were kept back until they were done."""
SHARE = 0.93


def listed(name: str) -> Iterator[tuple[str, str, str, int]]:
    """Sentence, word, phones, and which of the sentence's words of that spelling is meant."""
    word, phones = "", ""
    for line in (LISTS / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            word, _, phones = line[2:].partition(" ")
        else:
            before = line.partition("*")[0] if "*" in line else ""
            yield line.replace("*", ""), word, phones, len(re.findall(rf"(?i)\b{word}\b", before))


@pytest.fixture(scope="module")
def g2p() -> G2P:
    return G2P()


@pytest.mark.parametrize(("sentence", "word", "phones"), PAIRS)
def test_readings(g2p: G2P, sentence: str, word: str, phones: str) -> None:
    sequence = phonemise(sentence, g2p)
    assert [" ".join(sequence.phones[span.first : span.last]) for span in sequence.words if span.text == word] == [
        phones
    ]


@pytest.mark.parametrize(("name", "count"), [("known", 222), ("held_out", 110), ("running", 240)])
def test_homographs_of_three_hundred_sentences(g2p: G2P, name: str, count: int) -> None:
    cases, wrong = list(listed(name)), []
    for sentence, word, phones, which in cases:
        sequence = phonemise(sentence, g2p)
        said = [" ".join(sequence.phones[span.first : span.last]) for span in sequence.words if span.text == word]
        if said[which] != phones:
            wrong.append(f"{sentence}: {said[which]}")
    assert len(cases) == count
    assert len(wrong) <= (1 - SHARE) * count, wrong


@pytest.mark.parametrize(
    ("sentence", "word", "stress"),
    [
        ("The insult hurt.", "insult", "12"),
        ("They insult us.", "insult", "01"),
        ("I need a permit.", "permit", "12"),
        ("I will permit it.", "permit", "01"),
        ("The suspect fled.", "suspect", "12"),
        ("I suspect him.", "suspect", "01"),
        ("We import cars.", "import", "01"),
        ("The import of cars is banned.", "import", "12"),
        ("Prices increase daily.", "increase", "01"),
        ("An increase was planned.", "increase", "12"),
        ("They survey the land.", "survey", "01"),
        ("The survey is done.", "survey", "12"),
    ],
)
def test_stress_tells_nouns_from_verbs(g2p: G2P, sentence: str, word: str, stress: str) -> None:
    assert [span.stress for span in phonemise(sentence, g2p).words if span.text == word] == [stress]


def written() -> Iterator[tuple[str, str]]:
    for line in NOUN_VERB.strip().split("\n"):
        word, said = line.lstrip("*").split(": ")
        yield from ((word, phones) for phones in said.split(" / "))
    for word, pair in OTHERS.items():
        yield from ((word, phones) for phones in pair)


def test_the_tables_hold_phones_and_two_readings_of_each_word() -> None:
    assert all({unstressed(phone) for phone in phones.split()} <= set(PHONES) for _, phones in written())
    words = [word for word, _ in written()]
    assert len(set(written())) == len(words) == 2 * len(set(words))
    assert set(RULES) == set(OTHERS)


def test_all_but_a_few_readings_are_the_dictionarys_own() -> None:
    text = package_file("pocketsphinx", "model/en-us/cmudict-en-us.dict").read_text(encoding="utf-8")
    variants = {(line.split("(")[0].split(" ")[0], line.split(" ", 1)[1]) for line in text.splitlines()}
    own = {word for word, phones in written() if (word, " ".join(map(unstressed, phones.split()))) not in variants}
    assert own == {
        *("analyses", "beloved", "blessed", "conduct", "consort", "does", "dogged", "entrance"),
        *("exploit", "house", "initiate", "mouth", "number", "row", "sewer", "used"),
    }


def test_the_users_words_are_let_be(g2p: G2P) -> None:
    to, record = Spoken("to"), Spoken("record")
    assert list(by_context([to, record, Pause()], {"record"})) == [to, record, Pause()]
    assert list(by_context([to, record], ())) == [to, Spoken("record", phones=("R", "IH0", "K", "AO1", "R", "D"))]
    own = G2P({"read": ("B",)})
    assert phonemise("I have read", own).phones[-2] == "B"
