"""Cuts names that were written without a space, such as `tripduration`, into words of general English."""

from __future__ import annotations

from functools import lru_cache

from sapwood_agents.analyst.language.synonyms import SYNONYMS

_WORDS = frozenset(
    """
above account actual acre adult air album all amount annual area arm arrival artist asian attack author
away average balance band base bath bathroom battery bed bedroom below bike bill birth black blood board
body bonus book born box brain brand brake budget building bus business cabin call capacity capita car
carbon card cash category cell census center change charge child city class client close closing cloud
club coach code color college company condition contact cost count country county course crime current
customer daily data date day death debt defense degree delay delivery density department depth dest
destination diameter direction disc discount distance district doctor door down drive driver due duration
earning east edge education elderly elevation email employee end energy engine entry error event exit
expectancy expense eye face factor family fare fat fee female field file final first fish flat flight
floor flow food foot fraud free fuel full game garage gas gender given goal gold grade graduate gross
ground group growth guest hair half hand head health heart heat height high hire home horse host hotel
hour house household humidity ice income index industry injury inventory invoice island item job key kind
king known land language last left leg length level life light line list live loan local location long
lot low main major make male margin mark market married mass max mean media medal median member metro
middle mile military min minute mobile model money month mother mouth move music name native net news
next night north number nurse occupation ocean office oil online open opening order origin other outcome
output owner page paid parent park part partner party pass passenger path patient pay payment peak
pension people percent period person phone photo place plan plant play played player point police pool
population port position post poverty power prefix pressure price prime prior prize product profession
profit public quality quantity quarter race rain range rank rate rating ratio reading real record red
region release rent rental rest result return revenue review right road rock role roof room route rule
run rural salary sale sample school score sea season seat second section sector seller senior serial
service sex share ship shipping shoe shop short side sign single size skill skin sky sleep snow social
soil sold song source south space speed sport spouse square staff stage star start state station status
step stock stop storage store storm stream street strength student study style subject suffix sugar
summer sun supply support surface system table tail tax teacher team temp temperature term test ticket
time tip title token top total tower town track trade train transfer travel tree trend trip trunk type
union unit university up upper urban use user value vehicle version victim video view village visit
visitor volume vote wage wait walk wall water week weekend weight well west wheel white width wife win
wind window wine wing winner winter woman wood word work worker world year yield young youth zip zone
""".split()
)
_SHORT = frozenset(
    """
pop perc pct wt ht len avg tot num temp dist dur exp cap per hwy sqft lat lon lng dep arr sched qty amt
desc cat dept mgr id no in of is has max min std yr mo hr sec lang loc addr val vol prod rev prof
""".split()
)
_LEAST_LETTERS = 6
_MOST_PARTS = 4


@lru_cache(maxsize=5_000)
def segments(word: str) -> tuple[str, ...]:
    """The words that `word` is made of, or itself where it is one or cannot be cut cleanly."""
    if len(word) < _LEAST_LETTERS or not word.isalpha() or word in known_words():
        return (word,)
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
