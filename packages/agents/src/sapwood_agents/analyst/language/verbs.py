"""Verbs that only link what stands around them, each in the tables where it can mean nothing else.

`tracks sold` are the tracks of a table of sales; in a table of cars, `sold` asks for something that is not there.
"""

from __future__ import annotations

from sapwood_agents.analyst.language.linking import Linker
from sapwood_agents.analyst.language.rows.titles import happened
from sapwood_agents.analyst.language.spelling import bases
from sapwood_agents.analyst.language.tokens import name_words

_ANYWHERE = frozenset(
    """
bring brought bringing post posted posting answer answered answers surveyed survey produce produced producing generate generated receive received receiving gain gained use used
using achieve achieved achieving attract attracted carry carried carrying reach reached contain contained account
accounts represent represents represented belong belongs show shows hold held keep keeps kept stay stays
stand stands lie lies lay lying sit sits come comes came fall falls fell get gets got see sees saw seen
appear appears occur occurs occurred happen happens happened exist exists run runs go goes went take takes took taken
make makes made have give gives gave offer offers offered provide provides provided feature features deliver delivers
perform performed fare
boast boasts own keep lead led turn turned leave leaves participated participate
participating compete competed competing entered enter described describe mention mentioned list cover covers covered
dated registered logged entered noted measured measure reported recorded collected gathered done involving involved
involve featuring trigger triggered cause caused supply supplied supplies contribute contributed contributes send sends sent host hosted hosts develop date
live lives living lived operate operates operated serve serves served fly flying flown flew report reports hit hits hitting strike strikes struck striking ran running put puts bring brings begin begins began beginning draw draws drew drawn fetch fetches fetched hand handed went going hang stand deal deals tag tagged flag flagged mark marked bear bears bore ranks ranked change changed changes vary varies varied totaled totalled handle handled process processed spread spreads
visit visits visited visiting study studied request requested requests schedule scheduled handing examined inspected
have included includes including name named given give found find play plays played
""".split()
)

_BY_COLUMNS: tuple[tuple[frozenset[str], frozenset[str]], ...] = tuple(
    (frozenset(verbs.split()), frozenset(columns.split()))
    for verbs, columns in (
        (
            "sell sells sold selling buy buys bought buying purchase purchased order ordered collect collected "
            "invoice invoiced place placed",
            "price revenue total amount quantity sale sold invoice order payment bill tip cost fee customer fare salary wage "
            "income",
        ),
        (
            "pay paid paying charge charged bill billed spend spent earn earned earning cost costs",
            "price revenue amount sale invoice payment bill tip cost fee fare salary wage income spending charge spend dollar",
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
            "place latitude lat address town county province continent island neighborhood district borough area",
        ),
        ("grow grown growing", "country region origin farm plant crop"),
        ("measure measured observe observed record recorded", "date time value temperature station"),
        ("rate rated grade graded", "rating score grade point"),
        (
            "depart departed departing fly flies flew flying land landed",
            "origin dest destination carrier airline",
        ),
        ("serve served serving", "meal time size table bill"),
        ("drive drives drove driven", "driver mile distance drive"),
        (
            "travel travels travelled traveled ride rides rode ridden",
            "mile distance km kilometer kilometre trip ride",
        ),
        (
            "catch caught capture captured trap trapped sample sampled collect collected tag tagged",
            "species specimen catch trap sample tag plot site",
        ),
        (
            "ship shipped send sent deliver delivered dispatch dispatched",
            "ship shipping shipment delivery ordered",
        ),
        (
            "work works worked working",
            "employee employer job occupation department salary wage hour company profession position role staff manager title",
        ),
        ("test tested", "test result"),
        ("treat treated", "treatment therapy drug dose"),
        ("diagnose diagnosed", "diagnosis"),
        ("insure insured", "insurance policy premium charge"),
        ("hire hired employ employed", "hire salary wage employer department"),
        (
            "enroll enrolled enrol enrolled attend attended attending",
            "student course school college enrollment",
        ),
        ("book booked reserve reserved", "booking reservation hotel night"),
        ("rent rented rental", "rent"),
        ("trade traded trading", "ticker volume close"),
        ("elect elected", "election vote party term"),
        ("appoint appointed", "appointment term"),
        ("arrest arrested", "arrest charge offense"),
        ("launch launched", "launch mission rocket"),
        ("discover discovered", "discovery discovered discoverer"),
        ("award awarded grant granted", "prize award medal grant"),
        ("lend lent borrow borrowed", "loan lender"),
        ("win won wins winning", "gold silver bronze medal prize award title trophy championship"),
        ("study studied studying", "student degree major education course"),
        ("weigh weighs weighed weighing", "weight mass carat"),
    )
)
"""Verbs, and words of column names of which a table must have one."""

_ORIGINS = frozenset(
    "added submit submitted submitting file filed filing introduce introduced announce announced track tracked document documented "
    "create created open opened start started admit admitted sign signed detect detected notice noticed "
    "establish established found founded invent invented launch launched concern concerns comprise comprises".split()
)
"""How a row begins to be; only where one date at most says when."""

_LIVED = frozenset("lived served operated".split())
"""At the end of a question these may be what it asks: who lived, who served."""

_LEFT = frozenset("left leave churn churned attrition quit exited exit retained retention turnover".split())
_STAYED = frozenset("stay stays stayed staying leave leaves left leaving quit quits keep keeps kept".split())
"""Where a yes/no column says who left these are what is asked."""

_TRADING = frozenset(
    "sell sells sold selling buy buys bought buying purchase purchased order ordered".split()
)
"""What is traded is counted in units: `tracks sold` are not different tracks."""

_LINKING_ENDS = frozenset(
    "sold bought purchased ordered placed made produced recorded listed registered built released "
    "published measured observed collected reported played served rated graded scored mentioned covered included represented contained given "
    "caught captured trapped win won shown named described featured held taken done".split()
)
"""Participles that may end a question: `tracks sold`."""

_DEEDS = {
    noun: frozenset(verbs.split())
    for nouns, verbs in (
        ("tweet post comment review letter article essay message", "write writes wrote written post sent"),
        ("death fatality homicide murder killing", "die dies died killed murdered perished"),
        ("birth", "born"), ("arrest", "arrested"), ("marriage wedding", "married wed"), ("crash", "crashed"),
        ("injury", "injured hurt wounded"), ("hire", "hired"), ("launch", "launched"), ("eruption", "erupted erupt"),
        ("execution", "executed"), ("theft", "stolen"), ("strike", "struck"),
        ("employee worker agent rep staff salesperson nurse teacher", "work works worked working"),
    )
    for noun in nouns.split()
}  # fmt: skip
"""What happened in every row of such a file."""

EVERY_VERB = _ANYWHERE.union(*(verbs for verbs, _ in _BY_COLUMNS))
"""Verbs that link in some table; in no table is one of them a slip for another."""


class Verbs:
    """The linking verbs of one table."""

    def __init__(self, linker: Linker) -> None:
        words = {word for column in linker.card.columns for word in name_words(column.name)}
        words |= {kind for name in linker.names for kind in name.held}
        self._verbs = _ANYWHERE.union(*(verbs for verbs, columns in _BY_COLUMNS if words & columns))
        self._deeds = frozenset[str]().union(*(_DEEDS.get(noun, ()) for noun in linker.rows.titled))
        nouns = linker.rows.titled & frozenset(name_words(linker.card.title))
        self._deeds |= {f"{noun}{'d' if noun.endswith('e') else 'ed'}" for noun in nouns} - _TRADING
        self._deeds |= {
            form for base in happened(linker.card)
            for form in (base, f"{base}s", f"{base}d", f"{base}ed")
        }  # fmt: skip
        yes_no = {word for c in linker.card.columns if c.is_flag for word in name_words(c.name)}
        self._verbs -= {
            verb for verb in self._verbs if (bases(verb) | {verb}) & yes_no
        }  # "how many are flagged"
        self._verbs -= {
            str(value).casefold() for c in linker.card.columns if c.enumerated for value in c.values
        }
        if yes_no & _LEFT:
            self._verbs -= _STAYED
        times = [column for column in linker.card.columns if column.is_time]
        if len(times) <= 1 or any(column.name.casefold() == "date" for column in times):
            self._verbs |= _ORIGINS

    def meanings(self, word: str) -> list[tuple[str, tuple[str, ...]]]:
        """`y`, with whether the verb may end a question."""
        if word in self._deeds:
            return [("y", ("end",))]
        if word not in self._verbs:
            return []
        ends = (
            word in _LINKING_ENDS
            or word in _TRADING
            or (word in _ORIGINS and word.endswith("ed"))
            or (word.endswith("ed") and word in _ANYWHERE and word not in _LIVED)
        )
        return [("y", ("end",) * ends + ("units",) * (word in _TRADING))]
