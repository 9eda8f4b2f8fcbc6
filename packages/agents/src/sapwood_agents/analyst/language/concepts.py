"""General English about columns: other words for names, words before a name, words that say little."""

PHRASES: dict[str, tuple[str, ...]] = {
    "fuel economy": ("mpg",), "fuel efficiency": ("mpg",), "gas mileage": ("mpg",), "mile per gallon": ("mpg",),
    "miles per gallon": ("mpg",), "mileage": ("mpg",), "running time": ("runtime", "duration"),
    "playing time": ("duration", "runtime"), "run time": ("runtime", "duration"), "travel time": ("duration",),
    "date of birth": ("birthdate", "birth date", "dob"), "birth date": ("birthdate", "dob"),
    "place of birth": ("birthplace", "birth place"), "time zone": ("tz", "timezone"), "timezone": ("tz",),
    "postal code": ("zip", "postcode"), "zip code": ("zip", "postcode"), "job title": ("occupation", "job"),
    "gdp per capita": ("gdp percap", "gdppercap", "gdp cap"), "gdp per head": ("gdp percap", "gdppercap", "gdp cap"),
    "life expectancy": ("lifeexp", "life exp"), "home country": ("country",), "e mail": ("email",),
    "square footage": ("sqft", "area"), "floor area": ("sqft", "area"), "engine size": ("displacement", "disp"),
    "body weight": ("bodyweight", "weight"), "body mass": ("mass", "weight"), "point in time": ("time",),
    "overall length": ("loa",), "length overall": ("loa",), "waterline length": ("lwl",), "trading volume": ("volume",),
    "share traded": ("volume",), "shares traded": ("volume",), "volume traded": ("volume",),
}  # fmt: skip
"""What people say in other words than a column's name would."""

COMPOUNDS: dict[str, frozenset[str]] = {
    word: frozenset(heads.split())
    for word, heads in {
        "unit": "price cost", "sale": "price revenue", "selling": "price", "retail": "price", "list": "price",
        "purchase": "price amount", "asking": "price", "ticket": "price fare", "party": "size", "group": "size",
        "household": "size income", "family": "size income", "body": "weight mass height temperature",
        "air": "temperature", "overall": "score rating rank", "final": "score rating price grade",
        "total": "score rating", "test": "score", "exam": "score", "travel": "distance", "trip": "distance duration",
        "full": "name", "annual": "salary income revenue rainfall", "yearly": "salary income revenue",
        "monthly": "salary income", "daily": "temperature", "human": "population", "product": "price",
        "item": "price", "wind": "speed", "top": "speed", "playing": "time", "user": "rating score",
        "customer": "rating", "critic": "score", "home": "country city", "star": "rating",
    }.items()
}  # fmt: skip
"""A word that may stand before another without changing what a table's column holds: `unit price`."""

PLACES_AND_PEOPLE = frozenset(
    "country nation city town state province county region location place area district borough neighborhood neighbourhood suburb airport origin destination dest name person "
    "player team club company manufacturer brand maker mfr make model element species symbol code".split()
)
"""Columns whose values people type in lower case."""

QUALIFIERS = frozenset(
    "south north east west southern northern eastern western central upper lower great greater united saint santa "
    "other small large white black first second third international national general federal royal grand".split()
)
"""Words that are part of many names and stand for none of them alone."""

GENERIC_WORDS = frozenset(
    "id name code number no type value count total amount level rate index status".split()
)
"""Words of column names that say little by themselves."""
