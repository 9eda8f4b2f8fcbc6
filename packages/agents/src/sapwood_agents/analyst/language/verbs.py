"""Verbs that only link what stands around them, each in the tables where it can mean nothing else.

`tracks sold` are the tracks of a table of sales; in a table of cars, `sold` asks for something that is not there.
"""

from __future__ import annotations

from sapwood_agents.analyst.language.linking import Linker
from sapwood_agents.analyst.language.tokens import name_words

_ANYWHERE = frozenset(
    """
bring brought bringing post posted posting answer answered answers surveyed survey produce produced producing generate generated receive received receiving gain gained use used
using achieve achieved achieving attract attracted carry carried carrying reach reached contain contained account
accounts represent represents represented belong belongs show shows hold held keep keeps kept stay stays stayed
stand stands lie lies lay lying sit sits come comes came fall falls fell get gets got see sees saw seen
appear appears occur occurs occurred happen happens happened exist exists run runs go goes went take takes took taken
make makes made have give gives gave offer offers offered provide provides provided feature features deliver delivers
perform performed fare
boast boasts own keep lead led turn turned leave leaves participated participate
participating compete competed competing entered enter described describe mention mentioned list cover covers covered
dated registered logged entered noted measured measure reported recorded collected gathered done involving involved
involve featuring trigger triggered cause caused supply supplied supplies contribute contributed contributes send sends sent host hosted hosts develop date
live lives living lived operate operates operated serve serves served fly flying flown flew work works working report reports hit hits hitting strike strikes struck striking ran running put puts bring brings begin begins began beginning draw draws drew drawn fetch fetches fetched hand handed went going hang stand deal deals tag tagged flag flagged mark marked bear bears bore ranks ranked change changed changes vary varies varied totaled totalled handle handled process processed spread spreads
have included includes including name named given give found find play plays played
""".split()
)

_BY_COLUMNS: tuple[tuple[frozenset[str], frozenset[str]], ...] = tuple(
    (frozenset(verbs.split()), frozenset(columns.split()))
    for verbs, columns in (
        (
            "sell sells sold selling buy buys bought buying purchase purchased order ordered pay paid paying charge charged "
            "bill billed spend spent earn earned earning collect collected invoice invoiced place placed cost costs",
            "price revenue total amount quantity sale sold invoice order payment bill tip cost fee customer fare salary wage "
            "income",
        ),
        ("win wins won winning", "medal prize award"),
        (
            "build built manufacture manufactured construct constructed assemble assembled",
            "manufacturer maker mfr make brand built model origin",
        ),
        ("release released publish published issue issued air aired", "release year date publisher rating"),
        (
            "score scored scoring play played playing",
            "score goal point team player winner win result medal game match",
        ),
        (
            "locate located situate situated live lives living base based sit found",
            "country city state region location "
            "place latitude lat address town county province continent island neighborhood district borough subd area",
        ),
        ("grow grown growing", "country region origin farm plant crop"),
        ("measure measured observe observed record recorded", "date time value temperature station"),
        ("rate rated grade graded", "rating score grade point"),
        (
            "depart departed departing fly flies flew flying land landed",
            "origin dest destination carrier airline",
        ),
        ("serve served serving", "meal time size table bill"),
        ("drive drives driven", "driver mile distance drive"),
    )
)
"""Verbs, and words of column names of which a table must have one."""

_LIVED = frozenset("lived served worked operated".split())
"""At the end of a question these may be what it asks: who lived, who served."""

_TRADING = frozenset(
    "sell sells sold selling buy buys bought buying purchase purchased order ordered".split()
)
"""What is traded is counted in units: `tracks sold` are not different tracks."""

_LINKING_ENDS = frozenset(
    "sold bought purchased ordered placed made produced recorded listed registered built released "
    "published measured observed collected reported played served rated graded scored mentioned covered included represented contained given "
    "win won shown named described featured held taken done".split()
)
"""Participles that may end a question: `tracks sold`."""


class Verbs:
    """The linking verbs of one table."""

    def __init__(self, linker: Linker) -> None:
        words = {word for column in linker.card.columns for word in name_words(column.name)}
        words |= {kind for name in linker.names for kind in name.held}
        self._verbs = _ANYWHERE.union(*(verbs for verbs, columns in _BY_COLUMNS if words & columns))

    def meanings(self, word: str) -> list[tuple[str, tuple[str, ...]]]:
        """`y`, with whether the verb may end a question."""
        if word not in self._verbs:
            return []
        ends = (
            word in _LINKING_ENDS
            or word in _TRADING
            or (word.endswith("ed") and word in _ANYWHERE and word not in _LIVED)
        )
        return [("y", ("end",) * ends + ("units",) * (word in _TRADING))]
