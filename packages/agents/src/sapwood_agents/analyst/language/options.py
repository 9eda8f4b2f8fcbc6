"""What the words at one place of a question may be, each way with its score."""

from __future__ import annotations

from sapwood_agents.analyst.language.beside import kinds_barred, runs_on
from sapwood_agents.analyst.language.certain import certain_value
from sapwood_agents.analyst.language.codes import explains
from sapwood_agents.analyst.language.dimensions import DIMENSIONS
from sapwood_agents.analyst.language.items import UNKNOWN, Item, Place
from sapwood_agents.analyst.language.linking import Linker
from sapwood_agents.analyst.language.literals import add_literals
from sapwood_agents.analyst.language.rows.described import are_such_people, described_as
from sapwood_agents.analyst.language.rows.kinds import PEOPLE, ROWS_THEMSELVES
from sapwood_agents.analyst.language.spans import Spans
from sapwood_agents.analyst.language.tokens import Token, name_words

_GLOSSED = 4
"""So many words before a parenthesis may be explained by it."""
_COUNTED = frozenset("number count share percentage percent proportion total sum average all".split())
_ORDERS = frozenset("return report".split())
_AFTER_ORDERS = frozenset("the all a an me us only each every any how which what number".split())
"""`return the rate` is an order, `return rate` a thing."""
_SUBJECTS = PEOPLE | {"customer", "client", "buyer", "guest", "folk", "user", "visitor"}
_AUXILIARIES = frozenset("do does did can could when".split())
_COUNTING = frozenset("many of most fewest all the total".split())
_AFTER_ROWS = frozenset(
    "per by in on during from at came come were are did happened of for with each ? .".split()
)
_WITHIN = frozenset("at in on during per".split())
"""`at a single stop`: of each row, not of all together."""
_BEFORE_SINGLE = frozenset("which what any a one the every each".split())
_BEFORE_A_NOUN = frozenset("the this that average each other same whole single".split())
"""After these `one` stands for a noun, not for a number."""


class Options:
    """Looks up the places of questions about one table."""

    def __init__(self, linker: Linker) -> None:
        self._linker = linker
        self._rows = linker.rows
        self._title = tuple(word for word in name_words(linker.card.title) if len(word) > 2)
        self._spans = Spans(linker)

    def at(self, tokens: tuple[Token, ...], start: int) -> list[Item]:
        """Every item that may begin with the word at `start`."""
        place = Place(tokens, start, is_row=self._is_row(tokens[start]))
        before_row = place.after is not None and self._is_row(place.after)
        if sure := certain_value(place, self._linker, before_row=before_row):
            return [sure]
        self._spans.find(place)
        if place.token.word in _ORDERS and place.after and place.after.word not in _AFTER_ORDERS:
            place.drop("_")
        self._file(place)
        self._idle(place)
        self._restrict(place)
        self._logged(place)
        self._small_words(place)
        add_literals(place, self._linker)
        self._row(place)
        self._unknown(place)
        return place.items

    def _file(self, place: Place) -> None:
        """Words of the file's name: those that only say which table is asked, and those for its rows."""
        if not place.names_something and self._names_table(place):
            place.add("_")
        token, after = place.token, place.after
        if after and f"{token.word}{after.lemma}" == self._linker.title and len(self._title) == 1:
            place.add("R", 2, payload=self._title[-1])
        for size in (2, 3):
            span = place.tokens[place.start : place.start + size]
            said = tuple(word.lemma for word in span)
            if (
                len(said) == size
                and said == self._title[-size:]
                and said[-1] in self._rows.titled
                and not self._named(span)
            ):
                place.add("R", size, 1.2, payload=said[-1])

    def _idle(self, place: Place) -> None:
        """Words that say nothing where they stand: `any single shop`, `what do people pay`."""
        token, after = place.token, place.after
        one = place.follows(_BEFORE_SINGLE) or bool(place.before and after and self._is_row(after))
        if token.word == "single" and one and not _is_within(place):
            place.add("_")
        if token.lemma in _SUBJECTS and place.follows(_AUXILIARIES) and not place.names_something:
            place.drop("R")
            place.add("_")

    def _restrict(self, place: Place) -> None:
        """Only what the words beside allow."""
        barred = kinds_barred(place.tokens, place.start, self._linker)
        if barred == "*":
            place.items = []
        elif barred is not None:
            place.drop(barred)
        if runs_on(place.tokens, place.start):
            place.items = [item for item in place.items if item.kind == "C"]

    def _small_words(self, place: Place) -> None:
        """`one`, `%` and `least` by what stands before them."""
        token, before = place.token, place.before
        if before is None:
            return
        if token.word == "one" and (
            place.after is None or before.word in _BEFORE_A_NOUN or before.word in DIMENSIONS
        ):
            place.add("_")
        if token.word in ("%", "percent", "pct") and before.number is not None:
            place.drop("%")  # "over 5%" asks for no share
        if token.word == "least" and before.word != "at":
            place.add("S", payload=("asc",))

    def _logged(self, place: Place) -> None:
        """`events per user` of a log are its rows, and not the kinds of them."""
        token, after = place.token, place.after
        if token.lemma not in self._rows.logged or token.word == token.lemma:
            return
        counted = place.follows(_COUNTING) or (place.before is None and after is not None)
        if counted and (after is None or after.word in _AFTER_ROWS):
            place.drop("Cp")
            place.add("R", payload=token.lemma)

    def _row(self, place: Place) -> None:
        """A noun for a row, or for the many things that each row counts."""
        if not place.is_row:
            return
        counted, noun = self._rows.counted, place.token.lemma
        if counted is not None and noun not in ROWS_THEMSELVES:
            place.add("C", score=0.95, columns=((counted, 0.95),))
        else:
            place.add("R", payload=noun)

    def _unknown(self, place: Place) -> None:
        """A word that is nothing else: explained by a parenthesis, a noun for the rows, or unplaced."""
        if any(item.end == place.start + 1 for item in place.items):
            return
        token = place.token
        place.add("_" if self._glossed(place) else "?")
        if (
            token.kind == "word"
            and token.word.isalpha()
            and (token.word != token.lemma or self._describes(token))
        ):
            place.add("R", payload=UNKNOWN)  # `trainees`: perhaps what the rows are

    def _describes(self, token: Token) -> bool:
        """Whether the columns tell that a row is one of these: `the tallest athlete`."""
        return are_such_people(token.lemma, self._rows) or described_as(token.lemma, self._linker.card)

    def _named(self, tokens: tuple[Token, ...]) -> bool:
        """Whether one of the words is a value, which says more than the file's name."""
        return self._rows.counted is not None or any(self._linker.values((token,)) for token in tokens)

    def _names_table(self, place: Place) -> bool:
        """Whether a word only says which table is asked: `video clips` in a file that is called so."""
        token, after, start = place.token, place.after, place.start
        if token.kind != "word" or token.lemma not in self._title or self._is_row(token):
            return False
        if after is not None and (
            self._is_row(after) or after.lemma in self._title or self._linker.columns((after,))
        ):
            return True
        if start > 1 and place.follows(_OF) and place.tokens[start - 2].word in _COUNTED:
            return False  # "the number of lids" in a file `lid_boxes`
        before = next((other.word for other in reversed(place.tokens[:start]) if other.word != "the"), "")
        return before in ("in", "of", "at", "for")

    def _is_row(self, token: Token) -> bool:
        return token.kind == "word" and token.lemma in self._rows.nouns

    def _glossed(self, place: Place) -> bool:
        """Whether a parenthesis soon after explains the word by an exact column name: `seats (capacity)`."""
        tokens, start = place.tokens, place.start
        for opening in range(start + 1, min(len(tokens), start + _GLOSSED + 1)):
            if tokens[opening].inside and not tokens[opening - 1].inside:
                spans = (tokens[opening : opening + size] for size in (4, 3, 2, 1))
                linked = (self._linker.columns(span) for span in spans if all(t.inside for t in span))
                if any(columns and columns[0][1] >= 0.99 for columns in linked):
                    return True
                return explains(tokens, start, opening, self._linker)
        return False


_OF = frozenset({"of"})


def _is_within(place: Place) -> bool:
    """`the most at a single stop`: an amount of one row."""
    start, tokens = place.start, place.tokens
    return (
        start > 1
        and tokens[start - 1].word == "a"
        and tokens[start - 2].word in _WITHIN
        and any(token.word in ("most", "fewest", "least") for token in tokens[:start])
    )
