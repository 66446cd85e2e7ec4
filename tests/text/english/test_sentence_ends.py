"""Where a sentence ends: its text with a bar at each cut."""

import pytest

from avsynth.text.english.normalise import spoken_words
from avsynth.text.english.sentences import LONGEST_SENTENCE, split_sentences
from avsynth.text.tokens import Pause, Spoken

ABBREVIATED = """
See Pt. II for more.
By Eq. 5 it holds.
Adm. Nelson won.
Mme. Curie came.
It was built ca. 1900 by monks.
Come at 5 p.m. Monday.
In D.C.|Every year it snows.
Yahoo! and so on.
We use Yahoo! every day.
We met on Mon. Oct. 3.|It rained.
The meeting is at 3 p.m. EST.|Don't be late.
Brig. Gen. Jones and Lt. Col. Ames agreed.
Mlle. Blanc met Msgr. Rossi.
The cast (b. 1950) met Drs. Hall and Poe.
See Figs. 3 and 4, Eqs. 2 and 3, Ref. 7.
Read Vol. IV, Ch. XII, Sec. 3, Art. V.
Call at 9 a.m. Eastern or 3 p.m. March 4.
He works for Warner Bros. Pictures.
Martin Luther King Jr. Day is a holiday.
Smith et al. found it.|Then Lee et al. Asked why.
She lives on Main St. in York.|He lives on Elm St.|The shop is near.
We walked up Elm Dr.|Then it rained.
Add 2 tsp. salt and 3 tbsp. oil.
It weighs 4 kg. or so.
Insp. Morse and Det. Hale met Fr. Brown.
Supt. Ames called Pvt. Ryan and Amb. Rice.
In the U.S.|Although it rained, we went.
He has a Ph.D.|Many do.
The U.S. Army left the U.K. Embassy.
I bought pens, ink, etc. for school.
Viz. three of them, i.e. Tom, Ann, etc.|Others left.
Ask Mr. and Mrs. J. R. Hill of St. Ives.
From Mon. to Fri. we work.
She runs Hill & Co. Ltd. in York.
The book, ed. by K. Park, is out.
She earned a B.Sc. in York and an LL.M. at Leeds.
Read 1 Cor. 13:4 and Matt. 5:3 to them.
Boys 5-7 yrs. old and babies of 6 mos. or less came.
See App. B.1 and Rte. 66 first.
"""
"""One each of the abbreviations whose dot ends no sentence."""

MARKED = """
"No!" he said.
"Where to?" she asked.|"Home."
What a day!|Everybody laughed.
Yahoo! is a company.
really?|yes
hello!|how are you
Wait...|Then go.
Wait... and go.
Wait… and go.
(He left.)|She stayed.
He asked (why?) and left.
1. Buy milk
2. Sell eggs
What?!|No way!!|Stop.
He stopped;|she did not.
Jeopardy! was on, and Yahoo! Mail was down.
"""

LONG = [
    (
        "the man who had been walking along the river since the early morning with his old dog and a heavy bag of "
        "apples sat down on the bench under the tree because he was tired and hungry and wanted to look at the boats "
        "that went by on the water",
        {"and", "because", "that", "who"},
    ),
    (
        "nobody in the whole wide world could possibly have expected such an extraordinarily long line of words going "
        "on without any commas or full stops when the author simply never learned how to use them properly at school",
        {"when", "or"},
    ),
    (
        "a very big red bus full of happy young people from a small town near the northern coast drove slowly down "
        "the long straight road past green fields of wheat towards the bright lights of the distant noisy city",
        {"from", "near", "down", "past", "of", "towards"},
    ),
    (
        "he said that the price would rise if nobody did anything, which seemed likely to most of the people in that "
        "room although some of them were still hoping for a change of heart on the part of the men in charge of it",
        {"which"},
    ),
]

PAUSES = [
    ("He left… and came back.", "he left, and came back"),
    ("He left — and came back.", "he left, and came back"),
    ("He left—and came back.", "he left, and came back"),
    ("He left – and came back.", "he left, and came back"),
    ("He left -- and came back.", "he left, and came back"),
    ("He left - and came back.", "he left, and came back"),
    ("My dog (a pug) barks.", "my dog, a pug, barks"),
    ("My dog [a pug] barks.", "my dog, a pug, barks"),
    ("Mother-in-law came Mon–Fri.", "mother-in-law came monday to friday"),
    ('She said "where on earth are you" and left.', "she said, where on earth are you, and left"),
    ("She said “where on earth are you” and left.", "she said, where on earth are you, and left"),
    ('The so-called "expert" left.', "the so-called expert left"),
    ("The 'best' of them left.", "the best of them left"),
    ("...and then?!", "and then"),
    ('"Go home," he said.', "go home, he said"),
    ('He calls it "a big deal" often.', "he calls it a big deal often"),
]


@pytest.mark.parametrize("cut", [*ABBREVIATED.split("\n")[1:-1], *MARKED.split("\n")[1:-1]])
def test_sentences_end_where_people_end_them(cut: str) -> None:
    folded = cut.replace("…", "...")
    assert "|".join(sentence.text for sentence in split_sentences(cut.replace("|", " "))) == folded


@pytest.mark.parametrize(("text", "starters"), LONG)
def test_a_long_sentence_is_cut_before_a_clause(text: str, starters: set[str]) -> None:
    pieces = [piece.text for piece in split_sentences(text)]
    assert " ".join(pieces) == text
    assert len(pieces) == 2 and all(len(piece) <= LONGEST_SENTENCE for piece in pieces)
    assert pieces[1].split()[0] in starters
    assert all(len(piece) >= 40 for piece in pieces)


@pytest.mark.parametrize(("text", "said"), PAUSES)
def test_pauses(text: str, said: str) -> None:
    sentences = split_sentences(text)
    assert len(sentences) == 1
    shown = " ".join(
        "," if isinstance(token, Pause) else token.text
        for token in spoken_words(sentences[0])
        if isinstance(token, Pause | Spoken)
    )
    assert shown.replace(" ,", ",") == said
