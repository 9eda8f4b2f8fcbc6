"""Words that people use for a value that tables spell otherwise: `german` for Germany, `women` for F."""

from sapwood_agents.analyst.language.demonyms import DEMONYMS

_OTHERS = """
usa=united states,us,u.s.,united states of america;us=united states,usa;america=united states,usa,us
united states=usa,us,united states of america;uk=united kingdom,great britain,gb;britain=united kingdom,uk
united kingdom=uk,great britain;holland=netherlands;england=united kingdom
small=s;medium=m;large=l;extra large=xl;extra small=xs;vegetarian=veggie
man=male,m,men;men=male,m;male=m;male=man;woman=female,f,women;women=female,f;female=f;female=woman
boy=male,m;girl=female,f;lady=female,f;guy=male,m;husband=male;wife=female;gentleman=male,m
monday=mon;tuesday=tue,tues;wednesday=wed;thursday=thu,thur,thurs;friday=fri;saturday=sat;sunday=sun
january=jan;february=feb;march=mar;april=apr;june=jun;july=jul;august=aug;september=sep,sept;october=oct
november=nov;december=dec
"""


def _aliases() -> dict[str, tuple[str, ...]]:
    found = dict(DEMONYMS)
    for line in _OTHERS.strip().splitlines():
        for entry in line.split(";"):
            word, values = entry.split("=")
            found[word] = found.get(word, ()) + tuple(values.split(","))
    return found


ALIASES = _aliases()
"""Each word with the values that it may stand for, in the order in which they are looked for."""
