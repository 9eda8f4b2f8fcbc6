"""Plurals, typing errors and abbreviations."""

from functools import lru_cache

from sapwood_agents.analyst.language.segments import known_words

_IRREGULAR = {
    "men": "man", "women": "woman", "people": "person", "persons": "person", "children": "child",
    "mice": "mouse", "feet": "foot", "geese": "goose", "teeth": "tooth", "lives": "life", "wives": "wife",
    "species": "species", "series": "series", "movies": "movie", "cookies": "cookie", "ties": "tie",
    "data": "data", "analyses": "analysis", "indices": "index", "criteria": "criterion", "media": "medium",
    "statuses": "status", "buses": "bus", "gases": "gas", "bonuses": "bonus", "heroes": "hero", "was": "was",
    "is": "is", "has": "has", "does": "does", "this": "this", "his": "his", "us": "us", "its": "its", "as": "as",
    "yes": "yes", "less": "less", "versus": "versus", "always": "always", "perhaps": "perhaps", "plus": "plus",
    "shoes": "shoe", "houses": "house", "horses": "horse", "courses": "course", "nurses": "nurse",
    "expenses": "expense", "purchases": "purchase", "cases": "case", "causes": "cause", "bases": "base",
    "phases": "phase", "diseases": "disease", "responses": "response", "licenses": "license",
    "genera": "genus", "phyla": "phylum", "nuclei": "nucleus", "alumni": "alumnus", "radii": "radius", "fungi": "fungus",
    "crises": "crisis", "diagnoses": "diagnosis", "theses": "thesis", "bacteria": "bacterium", "phenomena": "phenomenon",
    "wolves": "wolf", "leaves": "leaf", "knives": "knife", "halves": "half", "shelves": "shelf", "thieves": "thief",
    "potatoes": "potato", "tomatoes": "tomato", "matrices": "matrix", "larvae": "larva", "oxen": "ox", "calves": "calf",
    "prizes": "prize", "cpus": "cpu", "ids": "id", "cds": "cd", "tvs": "tv", "pcs": "pc", "ads": "ad", "kgs": "kg", "gpus": "gpu", "menus": "menu", "emus": "emu", "gurus": "guru", "skus": "sku", "sizes": "size", "warehouses": "warehouse", "databases": "database", "news": "news",
}  # fmt: skip


@lru_cache(maxsize=20_000)
def lemma(word: str) -> str:
    """The singular of an English noun, or the word itself; `word` is lower-case."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) <= 3 or not word.endswith("s") or word.endswith(("ss", "us", "is", "'s")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "zes", "sses")):
        return word[:-2]
    return word[:-1]


def is_typo(typed: str, meant: str) -> bool:
    """Whether `typed` is `meant` with one slip of the fingers (two in a long word).

    Letters left out, doubled or swapped count from five letters on; a letter replaced by another turns
    one English word into another too easily and counts from seven on.
    """
    shorter = min(len(typed), len(meant))
    if shorter < 4 or typed[0] != meant[0] or abs(len(typed) - len(meant)) > 2 or typed == meant:
        return False
    if lemma(typed) == lemma(meant):
        return False
    if typed[-1] != meant[-1] and (shorter < 6 or typed[:-1] == meant[:-1]):
        return False  # another ending makes another word
    slips = _slips(typed, meant)
    if slips is None:
        return False
    count, replaced = slips
    if replaced:
        return shorter >= 7 and count == 1
    return (
        (count == 1 and shorter >= 5)
        or (count == 2 and shorter >= 8)
        or (count == 1 and _swapped(typed, meant))
    )


def _swapped(typed: str, meant: str) -> bool:
    return len(typed) == len(meant) and sorted(typed) == sorted(meant)


def _slips(a: str, b: str) -> tuple[int, bool] | None:
    """Optimal string alignment distance up to 2, and whether it needed a replacement."""
    inf = 9.0
    rows: list[list[float]] = [[float(j) for j in range(len(b) + 1)]]
    for i in range(1, len(a) + 1):
        row = [float(i)] + [inf] * len(b)
        for j in range(1, len(b) + 1):
            same = a[i - 1] == b[j - 1]
            best = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (0 if same else 1.001))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                best = min(best, rows[i - 2][j - 2] + 1)
            row[j] = best
        rows.append(row)
    distance = rows[-1][-1]
    if distance > 2.01:
        return None
    return round(distance), distance % 1 > 0


ABBREVIATIONS = {
    "acc": "acceleration", "addr": "address", "alt": "altitude", "amt": "amount", "amnt": "amount", "approx": "approximate",
    "arr": "arrival", "attr": "attribute", "avg": "average", "bdrm": "bedroom", "bed": "bedroom",
    "bldg": "building", "cap": "capitalization", "cat": "category", "cc": "displacement", "cnt": "count", "comm": "commission",
    "cust": "customer", "cyl": "cylinder", "dec": "decimal", "deg": "degree", "dep": "departure",
    "dept": "department", "desc": "description", "dest": "destination", "diff": "difference",
    "disp": "displacement", "dist": "distance", "div": "division", "dob": "birthdate", "dur": "duration", "edu": "education",
    "elev": "elevation", "emp": "employee", "eng": "engine", "exp": "experience", "fname": "firstname",
    "freq": "frequency", "gdp": "gdp", "geo": "geography", "gov": "government", "hgt": "height",
    "hp": "horsepower", "hr": "hour", "hrs": "hour", "ht": "height", "hum": "humidity", "humid": "humidity",
    "lang": "language", "lat": "latitude", "len": "length", "lng": "longitude", "loc": "location",
    "lon": "longitude", "lname": "lastname", "max": "maximum", "med": "median", "mfg": "manufacturer",
    "mfr": "manufacturer", "mgr": "manager", "min": "minimum", "mo": "month", "mod": "model",
    "mun": "municipality", "n": "number", "nat": "nationality", "nb": "number", "no": "number", "num": "number",
    "nbr": "number", "occ": "occupation", "org": "organization", "orig": "origin", "pct": "percent",
    "perc": "percent", "pos": "position", "pop": "population", "precip": "precipitation", "prod": "product",
    "prov": "province", "pts": "point", "qtr": "quarter", "qty": "quantity", "quant": "quantity",
    "ref": "reference", "reg": "region", "rev": "revenue", "sal": "salary", "sched": "scheduled",
    "sec": "second", "seq": "sequence", "spd": "speed", "sq": "square", "sqft": "area", "st": "state",
    "std": "standard", "tel": "telephone", "temp": "temperature", "tot": "total", "trans": "transmission",
    "univ": "university", "val": "value", "var": "variable", "veh": "vehicle",
    "vel": "velocity", "vis": "visibility", "vol": "volume", "wgt": "weight", "wk": "week", "wt": "weight",
    "yr": "year", "yrs": "year", "yds": "yard", "yd": "yard", "att": "attempt", "td": "touchdown", "tds": "touchdown",
    "bal": "balance", "cond": "condition", "conc": "concentration", "diag": "diagnosis", "disc": "discount", "educ": "education",
    "eval": "evaluation", "evals": "evaluation", "flt": "flight", "hosp": "hospital", "inc": "income", "ins": "insurance",
    "inv": "invoice", "lic": "license", "mgmt": "management", "mkt": "market", "nbhd": "neighborhood", "obs": "observation",
    "opp": "opponent", "pkg": "package", "pmt": "payment", "pr": "price", "prev": "previous", "prof": "professor",
    "prog": "program", "proj": "project", "promo": "promotion", "purch": "purchase", "resp": "response", "sch": "school",
    "sem": "semester", "sev": "severity", "stn": "station", "stu": "student", "subj": "subject", "subs": "subscription",
    "supp": "supplement", "surv": "survival", "svc": "service", "tm": "team", "trt": "treatment", "typ": "type",
    "viol": "violation", "yld": "yield", "mwt": "weight", "cls": "class", "dam": "damage", "pic": "picture",
    "pat": "patient", "txn": "transaction", "trx": "transaction", "vib": "vibration", "odo": "odometer", "err": "error",  "appt": "appointment", "mvmt": "movement", "acct": "account", "ast": "assist", "reb": "rebound", "blk": "block", "stl": "steal", "ppg": "point",
}  # fmt: skip


def abbreviates(short: str, word: str) -> bool:
    """Whether `short` is a usual way to shorten `word`: `dest`, `qty`, `manuf`."""
    if len(short) >= len(word) or not short.isalpha():
        return False
    if ABBREVIATIONS.get(short) == word:
        return True
    if short[0] != word[0]:
        return False
    if len(short) >= 4 and len(word) - len(short) >= 3 and word.startswith(short):
        return short not in known_words()
    return (
        len(short) >= 3
        and not set(short) & set("aeiou")
        and not word.startswith(short)
        and _is_skeleton(short, word)
    )


def expansion(short: str) -> str | None:
    """The word that `short` usually stands for."""
    return ABBREVIATIONS.get(short)


def _is_skeleton(short: str, word: str) -> bool:
    letters = iter(word)
    return all(letter in letters for letter in short) and len(word) >= 4


_SUFFIXES = ("ations", "ation", "ating", "ated", "ates", "ate", "ingly", "edly", "ance", "ence", "ment", "ings", "ing", "ions", "ion", "ity", "ive",
             "als", "al", "ed", "er", "or", "ly", "es", "e", "y", "s")  # fmt: skip


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """What is left of an English word without its ending: `discovered` and `discovery` share it."""
    for _ in range(2):
        for suffix in _SUFFIXES:
            if word.endswith(suffix) and len(word) - len(suffix) >= 4:
                word = word[: -len(suffix)]
                break
    return word


def is_form(verb: str, base: str) -> bool:
    """Whether both are forms of one short verb: `ended` and end, `rated` and rating."""
    return verb != base and bool(bases(verb) & bases(base))


@lru_cache(maxsize=20_000)
def bases(verb: str) -> frozenset[str]:
    """What a word may be a form of: itself, and the verb without its ending."""
    found = {verb}
    for ending in ("ed", "ing", "s"):
        if verb.endswith(ending):
            base = verb[: -len(ending)]
            found |= {base, f"{base}e"}
            if len(base) > 3 and base[-1] == base[-2] and ending != "s":
                found.add(base[:-1])  # shipped, planned
    return frozenset(base for base in found if len(base) >= 3)
