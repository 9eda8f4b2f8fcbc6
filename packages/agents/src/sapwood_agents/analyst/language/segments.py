"""Cuts names that were written without a space, such as `tripduration`, into words of general English."""

from __future__ import annotations

from functools import lru_cache

from sapwood_agents.analyst.language.synonyms import SYNONYMS

_WORDS = frozenset(
    """
above access account acre activity actual admission adult agency agent agreement aid air alarm album all
allowance amount analysis animal annual answer apartment application appointment approval approve area arm
arrival artist asian aspect asset assist attack attempt attendance auction audience audit author average
away balance band base bath bathroom battery bed bedroom below bench benefit bid bike bill birth black blood
board body bond bonus book border born box brain brake branch brand bride budget building burden bus
business buyer cabin call campaign campus capacity capita capital car carbon card career case cash category
cause cell census center certificate change charge check child choice city claim class client clinic close
closing cloud club coach coast code cohort collection college color column comment commerce committee
community company concert condition contact contest contract control corner cost count country county coupon
course crash creation credit crew crime crop cross crowd cup currency current customer cycle daily dam data
database date day deal death debit debt decade decision deck deep defense degree delay delivery demand
density department deposit depth design desk dest destination detail device diameter diet digit dinner
direction disc discount disease display distance district dividend division doctor dog door dose down draft
drink drive driver drop drug due duration earning east edge edition education effect elderly election
element elevation email emission employee end energy engine enrollment entity entry equity error estate
evaluation event exam exchange exercise exit expectancy expense expert export exposure eye face factor
family fan fare farm fashion fat feature federal fee feed felony female fiber field fight figure file final
fine fire first fish flag flat flight flood floor flow flower follower food foot force forecast forest
forward foul fraud free frequency friend front fruit fuel full fund gain gallery game gap garage gas gender
given glass goal gold grade graduate grant grid gross ground group growth guard guest guide habit hair half
hand harvest hazard head health heart heat height helmet high hire history hit hobby holiday home horse
hospital host hotel hour house household humidity hunger hybrid ice image impact import incident income
index industry injure injury insurance interest interview invade inventory invoice island issue item jail
job journal judge jury key kind king kit known lab label labor labour lake land landing language last launch
leader league lease lecture left leg lender length lesson level library life light limit line liquid list
literacy live loan local location long lot low lunch luxury machine mail main major make male manager margin
mark market married mass max maximum meal mean meat medal media median meeting member merit meter metro
middle migrant mile military milk min mine minimum minority minute mission mobile mode model moisture money
month mood mother motor mountain mouth move museum music name nation native nature neck net news next night
north nuclear number nurse nutrient occupation ocean offense offer office officer oil olympic online open
opening operation option order origin other outcome outlet output overall owner oxygen package page paid
panel paper parcel parent park part partner party pass passenger patent path patient pattern pay payment
peace peak penalty pension people percent period permit person pet phase phone photo physician picture pilot
pipe pitch place plan plant platform play played player pocket point police policy poll pollution pool
population port portfolio position post poverty power prefix premium prep prescription presence president
press pressure price prime prior prison prize process producer product profession profit program project
promotion proof property protein province public purchase push quality quantity quarter quiz race radio rail
rain ram range rank rate rating ratio reading real reason receipt recipe record recruit red referee reform
refund region register relation release relief religion rent rental report request rescue research reserve
resident response rest result retail retention return revenue review reward ride right risk river road
robbery rock rocket role roof room root rotation route rule run runner rural safety salad salary sale sample
satisfaction save schedule school science score screen sea search season seat second section sector secure
security segment seller senate senior sentence serial service session sex share shelter shift ship shipping
shoe shop short shot side sign signal single size skill skin sky sleep smoke smoker snow social soil solar
sold solution song source south space species speech speed spend spending sponsor sport spouse spread squad
square stadium staff stage star start state statement station status steel step stock stop storage store
storm stream street strength stress strike student study style subject subscriber success suffix sugar
suicide summer sun supplier supply support surface surgery survey survival suspect swing system table tail
task tax teacher team temp temperature tempo tenant tenure term test theft theory threat throw ticket time
tip title tobacco token top topic total tour tournament tourney tower town toy track tract trade traffic
trail train training transfer travel treatment treaty tree trend trial tribe trip truck trunk tuition tunnel
turn turnout tutor type unemployment union unit university up upper urban usage use user vacancy vaccine
valley value variety vehicle vendor venue verb version vessel victim victory video view village virus vision
visit visitor vital volcano volume vote voter wage wait walk wall warning waste watch water wealth weapon
web website wedding week weekend weight well west wheel white wholesale width wife wildlife win wind window
wine wing winner winter wire witness woman wood word work worker workforce world yard year yield young youth
zip zone
""".split()
)
_SHORT = frozenset(
    """
pop perc pct wt ht len avg tot num temp dist dur exp cap per hwy sqft lat lon lng dep arr sched qty amt
desc cat dept mgr id no in of is has max min std yr mo hr sec lang loc addr val vol prod rev prof
""".split()
)
_SHORTENED = tuple("exper educ distr municip popul temperat percent invest occup industr".split())
"""How long words at the end of a name are cut short."""
_TAIL = 3
_LEAST_LETTERS = 6
_MOST_PARTS = 4


@lru_cache(maxsize=5_000)
def segments(word: str) -> tuple[str, ...]:
    """The words that `word` is made of, or itself where it is one or cannot be cut cleanly."""
    if len(word) < _LEAST_LETTERS or not word.isalpha() or word in known_words():
        return (word,)
    found = _cut(word)
    if found == (word,):
        return next((parts for end in _SHORTENED if (parts := _cut_short(word, end)) != (word,)), found)
    return found


def _cut_short(word: str, end: str) -> tuple[str, ...]:
    """The words, of which the last is cut short: `coach` and `exper`."""
    before = word.removesuffix(end)
    if before == word or len(before) <= _TAIL:
        return (word,)
    parts = (before,) if before in known_words() else _cut(before)
    return (*parts, end) if all(part in known_words() for part in parts) else (word,)


def _cut(word: str) -> tuple[str, ...]:
    """The fewest known words that it is made of."""
    best: list[tuple[str, ...] | None] = [None] * (len(word) + 1)
    best[0] = ()
    for end in range(1, len(word) + 1):
        for start in range(end - 1, -1, -1):
            before = best[start]
            if before is None or word[start:end] not in known_words():
                continue
            if (there := best[end]) is None or len(before) + 1 < len(there):
                best[end] = (*before, word[start:end])
    found = best[-1]
    if not found or len(found) > _MOST_PARTS or not any(len(part) > 3 for part in found):
        return (word,)
    return found


@lru_cache(maxsize=1)
def known_words() -> frozenset[str]:
    """Words of general English that names are made of."""
    return _WORDS | _SHORT | {word for group in SYNONYMS for word in group if len(word) > 3}
