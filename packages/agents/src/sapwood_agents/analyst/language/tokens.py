"""Cuts a question into words, numbers and symbols, and names into words."""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

from sapwood_agents.analyst.language.spelling import lemma

Kind = Literal["word", "number", "quoted", "symbol"]

_SCALES = {"k": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "b": 1e9, "bn": 1e9}
_SCALE_WORDS = {
    "hundred": 1e2,
    "thousand": 1e3,
    "grand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
}
_NUMBER_WORDS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen twenty".split()
    )
} | {
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "dozen": 12,
}

_CONTRACTIONS = {
    "what's": "what is", "whats": "what is", "who's": "who is", "where's": "where is", "when's": "when is",
    "how's": "how is", "that's": "that is", "there's": "there is", "it's": "it is", "let's": "let us",
    "isn't": "is not", "aren't": "are not", "wasn't": "was not", "weren't": "were not", "isnt": "is not",
    "arent": "are not", "wasnt": "was not", "werent": "were not", "don't": "do not", "dont": "do not",
    "doesn't": "does not", "doesnt": "does not", "didn't": "did not", "didnt": "did not",
    "haven't": "have not", "hasn't": "has not", "havent": "have not", "hasnt": "has not",
    "hadn't": "had not", "can't": "can not", "cannot": "can not", "i'd": "i would", "i'm": "i am",
    "i've": "i have", "we've": "we have", "they're": "they are",
}  # fmt: skip

_TOKEN = re.compile(
    r"""
    (?P<quoted>"[^"]+"|“[^”]+”|(?<!\w)'[^']+'(?!\w)|(?<!\w)‘[^’]+’(?!\w))
  | (?P<date>\d{4}-\d{1,2}-\d{1,2}(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?)
  | (?P<number>(?<![\w.])[$€£]?[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:(?:k|mn|mio|m|bn|b)\b)?(?![\w]))
  | (?P<dash>(?<=\d)\s?[-–]\s?(?=[$€£]?\d))
  | (?P<dotted>(?<![\w.])\.\d+)
  | (?P<meaning>\b(?:i\.e\.?|e\.g\.?|namely\b|that\ is,))
  | (?P<mail>\be-mails?\b)
  | (?P<with>\bw/o?(?=\s|\w))
  | (?P<word>[^\W_]+(?:[’'][^\W\d_]+)?)
  | (?P<symbol><=|>=|!=|<>|==|[<>=≥≤≠%$€£&+/#,;:()?@])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CAMEL = re.compile(
    r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_]{2})"
)

_WATTS = re.compile(r"(?<![A-Za-z])[kMGT]?Wh?(?![A-Za-z])")
"""Units with capitals of their own: `peat_TWh` is no `T` and `Wh`."""
_TEXT_OPERATOR = re.compile(
    r"""\b(?:(?:start|begin)(?:s|ing|ning|ned|ed)?\s+(?:with|by|w/)|end(?:s|ing)?\s+(?:with|in|on)|contain(?:s|ing)?|
    mention(?:s|ing)?|the\s+word|the\s+letters?)\s+(?:with\s+)?(?:the\s+(?:word|text|string|letters?)\s+)?
    (?!(?:the|an?|at|more|less|with|no|any)\s|["'“‘])(?P<text>[^\s,;:?!()]*[^\s.,;:?!()])(?=[\s.,;:?!)]|$)""",
    re.VERBOSE | re.IGNORECASE,
)
"""What follows `starts with` is text, whatever it looks like."""

_TEXT_IN_NAME = re.compile(
    r"""\b(?:have|has|having|with|includes?|including)\s+(?:the\s+word\s+)?(?P<text>[^\W\d_]+)
    (?=\s+(?:somewhere\s+|anywhere\s+)?in\s+(?:their|its|the|his|her|a)?\s*(?:[\w-]+\s+)?(?:name|title|address|description|subject|label|url|comment)s?\b)""",
    re.VERBOSE | re.IGNORECASE,
)
"""`with love in the title`."""

_SLIPS = {
    "teh": "the",
    "hte": "the",
    "adn": "and",
    "nad": "and",
    "w": "with",
    "w/": "with",
    "w/o": "without",
    "hav": "have",
    "wich": "which",
    "wat": "what",
}
"""Shorthand, and slips in words that are too short for the rules of typing errors."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number, quoted text or sign, and where it stands in the question."""

    text: str
    word: str
    lemma: str
    kind: Kind
    start: int
    end: int
    number: float | None = None
    unit: str = ""  # a currency sign written with the number
    inside: bool = False  # within parentheses: said once more, in other words

    @property
    def whole(self) -> int | None:
        """The number when it is a whole one."""
        return int(self.number) if self.number is not None and self.number == int(self.number) else None


def tokenize(question: str) -> tuple[Token, ...]:
    """Cut `question`; punctuation that carries no meaning is dropped."""
    text = unicodedata.normalize("NFKC", question)
    found = (*_TEXT_OPERATOR.finditer(text), *_TEXT_IN_NAME.finditer(text))
    texts = {match.start("text"): match.end("text") for match in found}
    tokens: list[Token] = []
    depth, opened = 0, 0
    position = 0
    while match := _TOKEN.search(text, position):
        kind, raw, start, end = match.lastgroup, match.group(), match.start(), match.end()
        if start in texts and kind != "quoted":
            kind, end = "quoted", texts[start]
            raw = f'"{text[start:end]}"'
        position = end
        if kind == "quoted":
            tokens.append(Token(raw[1:-1], raw[1:-1].casefold(), raw[1:-1].casefold(), "quoted", start, end))
        elif kind in ("number", "dotted"):
            unit = raw[0] if raw[0] in "$€£" else ""
            raw = raw.removeprefix(unit)
            tokens.append(Token(raw, raw, raw, "number", start, end, _number(raw), unit))
        elif kind == "date":
            tokens.append(Token(raw, raw.casefold(), raw, "word", start, end))
        elif kind == "mail":
            tokens.append(Token(raw, "email", "email", "word", start, end))
        elif kind == "dash":
            tokens.append(Token(raw, "to", "to", "word", start, end))
        elif kind == "meaning":
            depth += 1
        elif kind == "symbol":
            depth = max(0, depth + (raw == "(") - (raw == ")"))
            if raw == ":" and _RATIO.match(text, end):
                tokens.append(Token(raw, "to", "to", "word", start, end))
            elif raw not in "?;:()@":
                tokens.append(Token(raw, raw, raw, "symbol", start, end))
        else:
            tokens.extend(
                _words(
                    raw.replace("’", "'"), start, end, tokens[-1].word if tokens else "", text[end : end + 40]
                )
            )
        if depth:
            tokens[opened:] = [replace(token, inside=True) for token in tokens[opened:]]
        opened = len(tokens)
    return _merge_numbers(tokens)


_RATIO = re.compile(r"\s*[\w-]+\s+ratio\b", re.IGNORECASE)
_SPANS = frozenset(
    "hour minute second day week month year kilometer kilometre mile meter metre kilo ton pound".split()
)
_BEFORE_ONE = frozenset(
    "least most than exactly only over under above below equal just with have has had having by".split()
)


_COMPOUND = re.compile(r"-[a-z]+s\b", re.IGNORECASE)
"""`three-pointers` are no number."""


def _words(raw: str, start: int, end: int, before: str, after: str = "") -> list[Token]:
    lowered = _SLIPS.get(raw.casefold(), raw.casefold())
    if lowered in _CONTRACTIONS:
        return [Token(word, word, lemma(word), "word", start, end) for word in _CONTRACTIONS[lowered].split()]
    if lowered.endswith("'s"):
        raw, lowered = raw[:-2], lowered[:-2]
    if lowered in _NUMBER_WORDS and _COMPOUND.match(after):
        return [Token(raw, f"{lowered}-", f"{lowered}-", "word", start, end)]
    number = _NUMBER_WORDS.get(lowered)
    if number is not None and (lowered != "one" or before in _BEFORE_ONE):
        return [Token(raw, lowered, lowered, "number", start, end, float(number))]
    return [Token(raw, lowered, lemma(lowered), "word", start, end)]


def _number(raw: str) -> float:
    body, scale = raw.replace(",", ""), 1.0
    for suffix in ("mio", "mn", "bn", "k", "m", "b"):
        if body.casefold().endswith(suffix):
            body, scale = body[: -len(suffix)], _SCALES[suffix]
            break
    return float(body) * scale


def _merge_numbers(tokens: list[Token]) -> tuple[Token, ...]:
    merged: list[Token] = []
    for index, token in enumerate(tokens):
        one = token.word in ("a", "an") and index + 1 < len(tokens)
        if one and tokens[index + 1].word in _SCALE_WORDS:
            token = replace(token, kind="number", number=1.0)  # "a million"
        compared = one and merged and merged[-1].word in _BEFORE_ONE
        if compared and tokens[index + 1].lemma in _SPANS:
            token = replace(token, kind="number", number=1.0)  # "longer than an hour"
        scale = _SCALE_WORDS.get(token.word)
        if scale and merged and merged[-1].number is not None:
            last = merged.pop()
            text = f"{last.text} {token.text}"
            _share_scale(merged, last, scale)
            merged.append(Token(text, text, text, "number", last.start, token.end, last.number * scale))  # type: ignore[operator]  # checked above
        else:
            merged.append(token)
    return tuple(merged)


def _share_scale(before: list[Token], last: Token, scale: float) -> None:
    """`between 10 and 20 million` is between 10 million and 20 million."""
    if (
        len(before) < 2
        or before[-1].word not in ("and", "to")
        or before[-2].number is None
        or last.number is None
    ):
        return
    first = before[-2]
    if (
        first.number is not None
        and first.number < last.number
        and " " not in first.text
        and first.text.isdigit()
    ):
        before[-2] = replace(first, number=first.number * scale)


def instead(token: Token, word: str) -> Token:
    """Another word at the place of a token."""
    if word.isdigit():
        return replace(token, text=word, word=word, lemma=word, kind="number", number=float(word))
    return replace(token, text=word, word=word, lemma=lemma(word))


@lru_cache(maxsize=10_000)
def name_words(name: str) -> tuple[str, ...]:
    """The lemmas of an identifier, in English: `totalBill_USD` gives total, bill, usd, `PRECIO` gives price."""
    spaced = _CAMEL.sub(" ", _WATTS.sub(lambda unit: unit[0].lower(), unicodedata.normalize("NFKC", name)))
    words = (word.casefold() for word in re.findall(r"[^\W_]+", spaced))
    return tuple(_from_abroad().get(word) or lemma(word) for word in words)


def said_abroad(word: str) -> frozenset[str]:
    """Words of other languages that mean the same as one of them, itself included; none for an English one."""
    english = _from_abroad().get(word.casefold())
    return frozenset(
        other for other, meant in _from_abroad().items() if english is not None and meant == english
    )


@cache
def _from_abroad() -> dict[str, str]:
    """What words of headers in other languages are in English."""
    text = files("sapwood_agents.analyst.language").joinpath("headers_abroad.txt").read_text("utf-8")
    lines = (line.partition(":") for line in text.splitlines())
    return {word: english for english, _, words in lines for word in words.split()}
