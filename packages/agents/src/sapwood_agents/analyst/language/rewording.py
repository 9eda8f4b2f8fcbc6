"""Says in the grammar's own words what a single word of a question stands for in this table.

`where` is `which place`, `unsafe` is `not safe`, `r` is `are`: each becomes words that the rules know,
where the table leaves no doubt of it.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

from sapwood_agents.analyst.card import ColumnCard
from sapwood_agents.analyst.language.almanac import REGULAR
from sapwood_agents.analyst.language.befallen import befallen, only_joins
from sapwood_agents.analyst.language.denials import both_denied
from sapwood_agents.analyst.language.linking import Linker
from sapwood_agents.analyst.language.rows.kinds import ROWS_THEMSELVES
from sapwood_agents.analyst.language.sizes import says_only_size
from sapwood_agents.analyst.language.takings import only_money, spoken_of
from sapwood_agents.analyst.language.tokens import Token, instead, name_words
from sapwood_agents.analyst.language.trade import QUANTITY, SPENDING
from sapwood_agents.analyst.language.turns import Turns, sought
from sapwood_agents.analyst.language.units import UNITS
from sapwood_storage.tabular.model import ColumnType

_PLACES = frozenset("place location city town venue site country state region address".split())
_OPPOSITES = ("un", "non", "in", "im", "dis")
_BEFORE_AMOUNT = frozenset("than under over above below least most exceeding".split())
_AS_ONE = frozenset("together combined pooled".split())
_SINCE = frozenset("from since starting".split())
_CHAT = {"r": "are", "u": "you", "ur": "your", "n": "and"}
_CHATTED_BEFORE = frozenset("there here in the you we from at who which what that how and".split())
_COMPARATIVES = frozenset(
    "more less fewer greater higher lower larger smaller bigger older younger longer shorter".split()
)
_MEANS = frozenset("average avg mean median".split())
_OURS = frozenset("our the my their was were is are".split())
_SPANS = frozenset("year month week day hour quarter decade season".split())
_A_CLAUSE = 2
_WITH = {"with": "without", "without": "with"}
_TOTALS = frozenset("total sum".split())
_EXPENSES = frozenset("expense payment donation fine fee".split())
_ANYBODY = frozenset("anyone anybody".split())
_MULTIPLIED = QUANTITY | {"unit", "count", "number"}
"""What prices are multiplied by, where a column is called so."""
_BEFORE_NUMBER = frozenset("by in the of and a per which what".split())
_SEXES = {
    "male": "female",
    "men": "female",
    "man": "female",
    "female": "male",
    "women": "male",
    "woman": "male",
}
"""Where a yes/no column says the one, the other is its no."""
_OTHER_WORDS = """
died dead perished drowned = not survived; lived alive survivors = survived
survived survivors alive = not died
perished deceased = died; failed = not passed; rejected refused denied declined = not approved
rejected refused denied declined = not accepted; rejected denied = not admitted; rejected denied = not granted
approved accepted granted = not rejected; approved accepted granted = not denied
stayed retained = not churned; left quit = churned; stayed retained = not churn; left quit = churn
stayed retained = not attrition; left quit = attrition; stayed retained = not exited; left quit = exited
"""
"""What is said of a yes/no column in another word than its name."""
_LEAST_LETTERS = 4
_SHORT_SLIPS = {"ppl": "people", "meny": "many", "wiht": "with", "hav": "have"}
"""Words that are spelled so often enough, and too short for their slips to be mended."""
_EARNED = frozenset("salary wage income pay earning compensation".split())
_PARTS = frozenset("share shares percentage percentages percent proportion proportions".split())
_BREAK = frozenset("break split breaking splitting".split())
_GREETINGS = frozenset("hi hey hello".split())


class Rewording:
    """The words of one table's questions in those that the grammar knows."""

    def __init__(self, linker: Linker) -> None:
        self._linker = linker
        self._place = _only_place(linker)
        self._money = only_money(linker)
        self._takings = linker.rows.takings
        self._turns = Turns(linker)
        words = [(column, name_words(column.name)) for column in linker.card.columns]
        self._years = any("year" in said and column.is_number for column, said in words) and not any(
            {"fiscal", "financial"} & set(said) for _, said in words
        )

    def reworded(self, tokens: tuple[Token, ...]) -> tuple[Token, ...]:
        """The tokens, some of them replaced by one or two others at the same place."""
        tokens = both_denied(tokens, self._linker)
        found: list[Token] = []
        skipped = -1
        for index, token in enumerate(tokens):
            after = [other.word for other in tokens[index + 1 : index + 3]]
            if index <= skipped:
                continue
            if after == ["by", token.word] and token.word in _SPANS:
                continue  # "year by year"
            if (turned := self._turns.at(tokens, index)) is not None:
                words, size = turned
                skipped = index + size - 1
                found.extend(instead(token, word) for word in words)
                continue
            if size := says_only_size(tokens, index, self._linker):
                skipped = index + size - 1
                continue
            if self._both_ways(tokens, index):
                found.append(instead(token, "by"))  # "with and without a permit"
                skipped = index + 2
                continue
            if size := befallen(tokens, index, self._linker):
                skipped = index + size - 1
                continue
            if token.word in _BREAK and _breaks_down(tokens, index):
                continue
            if (
                token.word == "down"
                and after[:1] == ["by"]
                and any(t.word in _BREAK and _breaks_down(tokens, at) for at, t in enumerate(tokens[:index]))
            ):
                continue  # "break the fees down by depot"
            if only_joins(tokens, index, self._linker):
                continue  # "how many riders were injured"
            if token.word in _ANYBODY and len(after) < _A_CLAUSE and sought(tokens[:index]):
                continue  # "the lowest score anyone got"
            if token.word == "all" and len(after) == 2 and after[1] in _AS_ONE:
                found.extend((instead(token, "across"), token, tokens[index + 1]))
                skipped = index + 2  # "all depots together"
            elif (
                token.word == "of"
                and after[:1] == ["any"]
                and index + 2 < len(tokens)
                and self._linker.columns((tokens[index + 2],))
            ):
                found.extend((instead(token, "across"), instead(token, "all")))
                skipped = index + 1  # "the highest price of any shop"
            elif token.word in REGULAR and after and tokens[index + 1].lemma in ROWS_THEMSELVES:
                continue  # "the weekly records"
            elif token.word == "wise" and found and found[-1].kind == "word":
                found.insert(len(found) - 1, instead(found[-1], "by"))  # "year wise"
            elif self._takings is not None and (said := spoken_of(tokens, index, self._linker)):
                found.extend(self._come_to(self._takings, tokens, index))
                skipped = index + said - 1
            else:
                found.extend(self._one(tokens, index, token))
        return tuple(found)

    def _one(self, tokens: tuple[Token, ...], index: int, token: Token) -> list[Token]:
        if token.kind != "word":
            return [token]
        after = tokens[index + 1].word if index + 1 < len(tokens) else ""
        if token.word in ("fiscal", "financial") and after in ("year", "years") and self._years:
            return []
        if index == 0 and token.word in _GREETINGS and not token.text.isupper():
            return []  # "hi, how many …"
        if token.word in _SHORT_SLIPS:
            return [instead(token, _SHORT_SLIPS[token.word])]
        ends = token.word == "number" and index and not after
        named = ends and any(self._linker.columns(tokens[start:]) for start in (index - 1, index))
        if ends and tokens[index - 1].word not in _BEFORE_NUMBER and not named:
            return [instead(token, "count")]  # "staff under 30, number"
        if (
            token.word == "on"
            and after in ("", ",")
            and {t.word for t in tokens[max(0, index - 4) : index]} & _SINCE
        ):
            return [instead(token, "onwards")]
        if token.word == "money" and index and (column := self._money) is not None:
            if self._linker.columns((tokens[index - 1],)):
                return []  # "tip money"
            said = ("total", *name_words(column.name))
            return [instead(token, word) for word in said]  # "earned the most money"
        summed = bool(index) and tokens[index - 1].word in _TOTALS
        if summed and token.lemma in _EXPENSES and self._money is not None and not self._is_amount_of(token):
            return [instead(token, word) for word in name_words(self._money.name)]  # "total expenses"
        averaged = bool(index) and tokens[index - 1].word in _MEANS
        spent = self._money is not None and not (_is_signed(self._money) or _is_earned(self._money))
        if (
            token.word in SPENDING
            and not averaged
            and self._money is not None
            and spent
            and self._is_amount(token)
        ):
            return [instead(token, word) for word in name_words(self._money.name)]  # "total spending"
        if (
            token.word in ("a", "an")
            and index
            and tokens[index - 1].word in _BEFORE_AMOUNT
            and after in UNITS
        ):
            return [instead(token, "1")]  # "under a dollar"
        if token.word == "then" and index and tokens[index - 1].word in _COMPARATIVES:
            return [instead(token, "than")]
        if token.word == "where" and index == 0 and self._place:
            return [
                instead(token, "which"),
                *(instead(token, word) for word in name_words(self._place.name)),
            ]
        if token.text in _CHAT and after in _CHATTED_BEFORE and index and not self._is_spelled(token):
            return [instead(token, _CHAT[token.text])]
        other = _SEXES.get(token.word)
        if other and self._is_flag(instead(token, other)) and not self._known(token):
            return [instead(token, "not"), instead(token, other)]
        for said in _said_of_flags().get(token.word, ()):
            flag = instead(token, said[-1])
            named = any(other.lemma == flag.lemma for other in tokens)
            if self._is_flag(flag) and not named and not self._known(token):
                return [instead(token, word) for word in said]
        for prefix in _OPPOSITES:
            rest = token.word.removeprefix(prefix)
            if rest != token.word and len(rest) >= _LEAST_LETTERS and self._is_flag(instead(token, rest)):
                return [instead(token, "not"), instead(token, rest)] if not self._known(token) else [token]
        return [token]

    def _come_to(self, takings: ColumnCard, tokens: tuple[Token, ...], index: int) -> list[Token]:
        """`sales` as the column of what each deal comes to, added up where only a column is named."""
        before = tokens[index - 1].word if index else ""
        said = ["sum", "of"] if before in _OURS else []
        return [instead(tokens[index], word) for word in (*said, *name_words(takings.name))]

    def _both_ways(self, tokens: tuple[Token, ...], index: int) -> bool:
        """Whether `with and without` stands before words that name a yes/no column."""
        said = [token.word for token in tokens[index : index + 3]]
        if said[1:2] not in (["and"], ["or"]) or _WITH.get(said[0]) != said[-1]:
            return False
        rest = tokens[index + 3 :]
        words = rest[1:] if rest and rest[0].word in ("a", "an", "the", "any") else rest
        for size in (3, 2, 1):
            span = words[:size]
            if span and (named := self._linker.columns(span) or self._linker.mentions(span)):
                return len(named) == 1 and self._linker.card.by_name[named[0][0]].is_flag
        return False

    def _is_amount(self, token: Token) -> bool:
        """Whether nothing else in the table is called so, and prices are not to be multiplied first."""
        if self._known(token) or token.lemma in self._linker.title_words:
            return False
        words = {word for column in self._linker.card.columns for word in name_words(column.name)}
        return not words & _MULTIPLIED

    def _is_amount_of(self, token: Token) -> bool:
        """Whether some value or column of numbers is called so, or amounts are to be multiplied first."""
        card = self._linker.card
        named = [card.by_name[name] for name, _ in self._linker.columns((token,))]
        numbers = [column for column in named if column.is_number and not card.is_unique(column)]
        words = {word for column in card.columns for word in name_words(column.name)}
        return bool(self._linker.values((token,)) or numbers or words & _MULTIPLIED)

    def _is_spelled(self, token: Token) -> bool:
        """Whether a column is called just so: `ur` is no `your` there."""
        return any(column.name.casefold() == token.word for column in self._linker.card.columns)

    def _is_flag(self, token: Token) -> bool:
        columns = self._linker.columns((token,))
        return len(columns) == 1 and columns[0][1] > 0.8 and self._linker.card.by_name[columns[0][0]].is_flag

    def _known(self, token: Token) -> bool:
        return bool(self._linker.columns((token,)) or self._linker.values((token,)))


def _breaks_down(tokens: tuple[Token, ...], index: int) -> bool:
    """Whether `down by` follows, with what is broken down between."""
    words = [token.word for token in tokens[index + 2 :]]
    return not _PARTS & set(words) and any(pair == ("down", "by") for pair in pairwise(words))


@cache
def _said_of_flags() -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for entry in _OTHER_WORDS.strip().replace("\n", ";").split(";"):
        words, _, flag = entry.partition("=")
        for word in words.split():
            found.setdefault(word, []).append(tuple(flag.split()))
    return found


def _is_signed(column: ColumnCard) -> bool:
    """Whether amounts go out and come in: which of them is spending is not for a sum to say."""
    return isinstance(column.low, int | float) and column.low < 0


def _is_earned(column: ColumnCard) -> bool:
    """Whether the amounts come in to whoever the rows are about: nobody spends a salary by having one."""
    return bool(set(name_words(column.name)) & _EARNED)


def _only_place(linker: Linker) -> ColumnCard | None:
    """The one column that says where a row is."""
    found = [
        column for column in linker.card.columns
        if column.type is ColumnType.TEXT
        and (name_words(column.name)[-1] in _PLACES or set(linker.held(column.name)) & _PLACES)
    ]  # fmt: skip
    return found[0] if len(found) == 1 else None
