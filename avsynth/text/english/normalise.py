"""Text normalisation: written English to the words that a person would say.

Characters without a reading (emoji, other scripts) are skipped.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import replace

from avsynth.errors import UserError
from avsynth.text.english.lexicon import with_s
from avsynth.text.english.markup import read_inline
from avsynth.text.english.reading import Context, Dates, word_set
from avsynth.text.english.readings import choice
from avsynth.text.english.readings.initialisms import SPELLED_ANYWAY
from avsynth.text.english.ssml import has_ssml_tags, is_ssml, read_ssml
from avsynth.text.html import read_html, without_colours
from avsynth.text.later import compiled
from avsynth.text.markdown import is_markdown, read_markdown, unprotected
from avsynth.text.marked import MARKS, Format, MarkedText
from avsynth.text.subtitles import read_subtitles
from avsynth.text.tokens import Given, Language, Pause, Span, Spoken, Token, Told, Unread, join_pauses

_SMALL_WORDS = word_set("A I AM AN AND ARE AT BE DO FOR GO HE IN IS MY NO NOT OF ON OR SHE THE THIS TO WE YOU")
_GENITIVE = compiled(r"'s\b")
_QUIET = frozenset(" \n\t'\"-_.,;:!?()[]{}|\u2044")
"""Characters that may be skipped without a remark."""


def read_marked(text: str, form: Format = "auto") -> MarkedText:
    """A text of that format, folded (:mod:`avsynth.text.english.folding`), with what is marked in it set apart.

    Terminals' colour codes are removed in every format. ``auto`` means SSML where the text begins as SSML or has one of
    its tags, Markdown where it has something that only Markdown has, else plain text. HTML's tags and entities are
    understood in plain text and Markdown. The numbers and times of subtitles are left out.
    """
    source = without_colours(text)
    if form == "ssml" or (form == "auto" and is_ssml(source.text)):
        read = read_ssml(source.text)
    elif form == "auto" and has_ssml_tags(source.text):
        read = read_ssml(source.text, wrapped=False)
    else:
        source = read_subtitles(source) if form == "auto" else source
        if form == "markdown" or (form == "auto" and is_markdown(source.text)):
            source = unprotected(read_html(read_markdown(source)))
        elif form == "auto":
            source = read_html(source)
        read = read_inline(source.text)
    return read if source.source is None else replace(read, source=read.origins.through(source.origins))


def spoken_words(
    sentence: str | MarkedText, lexicon: Container[str] = (), dates: Dates = "uk", unread: list[str] | None = None
) -> list[Token]:
    """The lower-case words of one sentence as they are spoken, with pauses between them.

    Spelled letters come with dots ("u.s.a."), and "a." is the letter where "a" may be the article. ``lexicon`` tells
    which words in capitals are words ("NASA") and not initials ("XQ"), ``dates`` which number of a date is the day. No
    two pauses meet, and only one whose length is given stands first or last. UserError if nothing can be said and no
    pause is given.
    Characters that are passed over are added to ``unread``.
    """
    marked = read_marked(sentence) if isinstance(sentence, str) else sentence
    tokens = list(read_tokens(marked, lexicon, dates))
    sorts = set(map(type, tokens))
    if unread is not None:
        unread += marked.lost
    if Unread in sorts:
        if unread is not None:
            unread += [token.character for token in tokens if isinstance(token, Unread)]
        tokens = [token for token in tokens if not isinstance(token, Unread)]
    if Pause in sorts:
        tokens = list(join_pauses(tokens))
    if Spoken not in sorts and not _is_rest(tokens, unread):
        raise nothing_to_say(sentence if isinstance(sentence, str) else marked.text)
    if _is_breath(tokens[0]):
        del tokens[0]
    if _is_breath(tokens[-1]):
        del tokens[-1]
    return tokens


def _is_rest(tokens: list[Token], unread: list[str] | None) -> bool:
    """Whether there is a pause of given length, and nothing that was passed over."""
    return not unread and any(isinstance(token, Pause) and token.seconds for token in tokens)


def _is_breath(token: Token) -> bool:
    """Whether it is a pause of no given length."""
    return isinstance(token, Pause) and token.seconds is None


def context_of(text: str, lexicon: Container[str], dates: Dates) -> Context:
    """The context of a sentence for its readings."""
    shouted = text.isupper() and _is_shouted(re.findall(r"[A-Z]+", text), lexicon)
    return Context(lexicon, dates, shouted, text.istitle())


def _is_shouted(words: list[str], lexicon: Container[str]) -> bool:
    """Whether words in capitals are words of a sentence, and not initials."""
    small = sum(word in _SMALL_WORDS for word in words)
    long = sum(len(word) > 2 and word.lower() in lexicon and word.lower() not in SPELLED_ANYWAY for word in words)
    return small > 1 or long > 1


def read_tokens(sentence: MarkedText, lexicon: Container[str], dates: Dates = "uk") -> Iterator[Token]:
    """Words, pauses and other marks one by one, as they stand."""
    text, origins, marks = sentence.text, sentence.origins, iter(sentence.marks)
    starts, ends = origins.starts, origins.ends
    context = context_of(text, lexicon, dates)
    readings = choice()
    possible = readings.possible(text)
    place, last = 0, Span(0, 0)
    while place < len(text):
        character = text[place]
        if character == " ":
            place += 1
            continue
        if character in MARKS:
            mark, first = next(marks), place
            place += 1
            if isinstance(mark, Language):
                context = context._replace(dates=_dates_of(mark.tag, dates))
            elif isinstance(mark, Told):
                yield from (Spoken(word, origins.span(first, place)) for word in mark.words)
            elif not isinstance(mark, Given):
                yield mark
            if not isinstance(mark, Given):
                continue
            genitive = _GENITIVE.match(text, place)
            place = genitive.end() if genitive else place
            word, phones = (f"{mark.text}'s", with_s(mark.phones)) if genitive else (mark.text, mark.phones)
            yield Spoken(word, origins.span(first, place), phones)
            continue
        for find, say in readings.at(text, place, possible):
            match = find(text, place)
            if match is None:
                continue
            end = match.end()
            if end == place or (words := say(match, context)) is None:
                continue
            start, until = starts[place], ends[end - 1]
            if until > last.end:  # otherwise two readings take parts of one character ("£¼") and share its span
                last = Span(max(start, last.end), until)
            capital = character.isupper()
            for said in words:
                yield said if isinstance(said, Pause) else Spoken(said, last, None, capital)
            place = end
            break
        else:
            if character not in _QUIET:
                yield Unread(character)
            place += 1


def _dates_of(language: str, otherwise: Dates) -> Dates:
    """The order of a date's numbers in a language tag's country; ``otherwise`` where it names none."""
    country = re.split("[-_]", language.lower())[1:]
    return "us" if "us" in country else "uk" if country else otherwise


def nothing_to_say(text: str) -> UserError:
    """The error for a text without a word in it, which it shows as written."""
    plain = "".join(character for character in text if character not in MARKS)
    shown = plain if len(plain) <= 40 else plain[:37] + "..."
    return UserError(f"nothing to say in {shown!r}; give words in English letters or digits")
