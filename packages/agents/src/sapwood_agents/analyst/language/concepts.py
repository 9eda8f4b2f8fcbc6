"""General English: synonyms, adjectives with the quantity they compare, demonyms, calendar names, units."""

SYNONYMS: tuple[frozenset[str], ...] = tuple(
    frozenset(line.split())
    for line in """
price cost msrp fare
salary pay wage income earning earn paid compensation remuneration
revenue sale turnover
sex gender
country nation
city town municipality
movie film picture
population inhabitant resident person citizen
weight mass weigh
duration runtime length playtime last lasted
rating score grade
goal score
title name
company firm employer business corporation
carrier airline
manufacturer maker brand make automaker
type kind category
customer client buyer purchaser
employee worker staff
quantity unit piece
altitude elevation height
rain rainfall precipitation
snow snowfall
phone telephone
power horsepower
speed velocity
house home property
occupation job profession
author writer
birthdate birthday born birth
county district
died death dead deceased
fatality death casualty killed
injury injured
child kid
charge cost bill fee
affiliation party
close closing
main primary principal
facility site
casualty victim
stadium arena venue
government administration
budget funding
gross earnings
distance mile
vote ballot
area surface
transmission gearbox
depth deep
height tall
age old
length long
width wide
abbreviation acronym code
language tongue
website url homepage
zip postcode postal zipcode
teacher instructor professor
doctor physician
genre style
team club
player athlete
song track
artist singer band musician performer
store shop branch
neighborhood neighbourhood
color colour
accident crash collision
earthquake quake
magnitude mag
rank ranking
school college university
disease illness
education schooling
course subject
user member subscriber
cylinder cyl
mountain peak
airport airfield aerodrome
ship vessel boat
bike bicycle
car vehicle automobile
plane aircraft airplane aeroplane
storm hurricane cyclone
win victory
nationality citizenship
department dept
continent region
destination dest
delay late
director direct
founded founding foundation established
hire hired
launch launched
timestamp time datetime
""".strip().splitlines()
)
"""Words that name the same thing, one group a line."""

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

_DIMENSIONS = """
old older oldest desc: age
aged ageder agedest desc: age
young younger youngest asc: age
tall taller tallest desc: height
short shorter shortest asc: length height duration runtime time distance
long longer longest desc: length duration runtime time distance
heavy heavier heaviest desc: weight mass
light lighter lightest asc: weight mass
expensive pricier priciest desc: price cost msrp fare
costly costlier costliest desc: price cost msrp fare
dear dearer dearest desc: price cost
cheap cheaper cheapest asc: price cost msrp fare
fast faster fastest desc: speed velocity
slow slower slowest asc: speed velocity
big bigger biggest desc: size area
large larger largest desc: size area
small smaller smallest asc: size area
hot hotter hottest desc: temperature
warm warmer warmest desc: temperature
cold colder coldest asc: temperature
cool cooler coolest asc: temperature
wet wetter wettest desc: rain precipitation rainfall
dry drier driest asc: rain precipitation rainfall
windy windier windiest desc: wind
rich richer richest desc: income gdp wealth
poor poorer poorest asc: income gdp wealth
deep deeper deepest desc: depth
shallow shallower shallowest asc: depth
wide wider widest desc: width
narrow narrower narrowest asc: width
far farther farthest desc: distance
far further furthest desc: distance
near nearer nearest asc: distance
northern norther northernmost desc: latitude
southern souther southernmost asc: latitude
eastern easter easternmost desc: longitude
western wester westernmost asc: longitude
northerly northerlier northmost desc: latitude
happy happier happiest desc: happiness
spicy spicier spiciest desc: spiciness
salty saltier saltiest desc: salt sodium salinity
acidic acidicer acidicest desc: acidity
sweet sweeter sweetest desc: sweetness
strong stronger strongest desc: strength magnitude intensity
steep steeper steepest desc: slope steepness
thick thicker thickest desc: thickness
thin thinner thinnest asc: thickness
broad broader broadest desc: width breadth
lengthy lengthier lengthiest desc: length duration
humid humider humidest desc: humidity
sunny sunnier sunniest desc: sunshine
rainy rainier rainiest desc: rain precipitation rainfall
snowy snowier snowiest desc: snow snowfall
deadly deadlier deadliest desc: death fatality
dangerous dangerouser dangerousest desc: danger
wealthy wealthier wealthiest desc: wealth income gdp
close closer closest asc: distance
late later latest desc: date
recently recentlier recentliest desc: date
final later last desc: date
recent newer newest desc: date
early earlier earliest asc: date
initial earlier first asc: date
powerful mightier mightiest desc: power horsepower
strong stronger strongest desc: strength power horsepower
weak weaker weakest asc: strength power horsepower
profitable profitabler profitablest desc: profit
populous populouser populousest desc: population
populated populateder populatedest desc: population
dense denser densest desc: density
bright brighter brightest desc: brightness
loud louder loudest desc: loudness
popular popularer popularest desc: popularity
high higher highest desc: height elevation altitude
low lower lowest asc: height elevation altitude
""".strip()


def _dimensions() -> dict[str, tuple[str, str, tuple[str, ...]]]:
    words: dict[str, tuple[str, str, tuple[str, ...]]] = {}
    opposite = {"desc": "asc", "asc": "desc"}
    for line in _DIMENSIONS.splitlines():
        left, right = line.split(":")
        base, more, most, direction = left.split()
        quantities = tuple(right.split())
        words.setdefault(base, ("h", direction, quantities))
        words.setdefault(more, ("j", direction, quantities))
        words.setdefault(most, ("J", direction, quantities))
        words.setdefault(f"more {base}", ("j", direction, quantities))
        words.setdefault(f"most {base}", ("J", direction, quantities))
        words.setdefault(f"less {base}", ("j", opposite[direction], quantities))
        words.setdefault(f"least {base}", ("J", opposite[direction], quantities))
    for ordinal in ("first", "last"):
        words[f"{ordinal} time"] = words[ordinal]
    for word in ("high", "low", "higher", "lower", "highest", "lowest", "larger", "bigger", "biggest", "smaller",
                 "largest", "smallest"):  # fmt: skip
        words.pop(word, None)  # they compare any quantity: the lexicon has them
    return words


DIMENSIONS = _dimensions()
"""`longest` -> ("J", "desc", quantities it may mean)."""

_DEMONYMS = """
american=united states,usa,us,u.s.,america;argentine=argentina;argentinian=argentina;australian=australia
austrian=austria;belgian=belgium;brazilian=brazil;british=united kingdom,uk,great britain,england;canadian=canada
chilean=chile;chinese=china;colombian=colombia;croatian=croatia;cuban=cuba;czech=czech republic,czechia
danish=denmark;dutch=netherlands,the netherlands,holland;egyptian=egypt;english=england,united kingdom
ethiopian=ethiopia;european=europe;african=africa;asian=asia;finnish=finland;french=france;german=germany
greek=greece;hungarian=hungary;icelandic=iceland;indian=india;indonesian=indonesia;iranian=iran;irish=ireland
israeli=israel;italian=italy;jamaican=jamaica;japanese=japan;kenyan=kenya;korean=south korea,korea;mexican=mexico
moroccan=morocco;nigerian=nigeria;norwegian=norway;pakistani=pakistan;peruvian=peru;polish=poland
portuguese=portugal;romanian=romania;russian=russia,russian federation;scottish=scotland;spanish=spain
swedish=sweden;swiss=switzerland;thai=thailand;turkish=turkey,türkiye;ukrainian=ukraine;vietnamese=vietnam,viet nam
welsh=wales;oceanian=oceania
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
    found: dict[str, tuple[str, ...]] = {}
    for line in _DEMONYMS.strip().splitlines():
        for entry in line.split(";"):
            word, values = entry.split("=")
            found[word] = found.get(word, ()) + tuple(values.split(","))
    return found


ALIASES = _aliases()
"""A word people use for a value that tables spell otherwise: `german` for Germany, `women` for F."""

MONTHS = {
    name: number
    for number, names in enumerate(
        "january jan,february feb,march mar,april apr,may,june jun,july jul,august aug,september sep sept,"
        "october oct,november nov,december dec".split(","),
        start=1,
    )
    for name in names.split()
}
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        "monday mon,tuesday tue tues,wednesday wed,thursday thu thurs,friday fri,saturday sat,sunday sun".split(
            ","
        ),
        start=1,
    )
    for name in names.split()
}

UNITS = {
    "mm": "mm", "millimeter": "mm", "millimetre": "mm", "cm": "cm", "centimeter": "cm", "centimetre": "cm",
    "m": "m", "meter": "m", "metre": "m", "km": "km", "kilometer": "km", "kilometre": "km", "mile": "mile",
    "mi": "mile", "ft": "ft", "foot": "ft", "inch": "in", "in": "in", "g": "g", "gram": "g", "gramme": "g",
    "kg": "kg", "kilo": "kg", "kilogram": "kg", "lb": "lb", "lbs": "lb", "pound": "lb", "ton": "ton",
    "tonne": "ton", "s": "s", "sec": "s", "second": "s", "min": "min", "minute": "min", "hr": "h", "hour": "h",
    "ms": "ms", "day": "day", "week": "week", "month": "month", "year": "year", "yr": "year", "dollar": "$",
    "usd": "$", "$": "$", "buck": "$", "euro": "eur", "eur": "eur", "€": "eur", "£": "gbp", "gbp": "gbp",
    "percent": "%", "pct": "%", "%": "%", "degree": "deg", "deg": "deg", "celsius": "c", "fahrenheit": "f",
    "mph": "mph", "kph": "kph", "kmh": "kph", "hp": "hp", "l": "l", "liter": "l", "litre": "l", "ml": "ml",
    "point": "point", "person": "person", "people": "person", "mw": "mw", "kw": "kw", "sqft": "sqft", "kelvin": "k", "km2": "km2", "sqkm": "km2", "m2": "m2", "m3": "m3", "mi2": "mi2", "sq km": "km2", "sq ft": "sqft", "sq mi": "mi2", "parsec": "pc", "pc": "pc",
    "square kilometer": "km2", "square kilometre": "km2", "square km": "km2", "square mile": "mi2", "square foot": "sqft",
    "square feet": "sqft", "square meter": "m2", "square metre": "m2", "cubic meter": "m3", "degree celsius": "c", "hectare": "ha", "acre": "acre", "cc": "cc",
    "oz": "oz", "ounce": "oz", "knot": "kn", "kt": "kn", "kn": "kn", "kcal": "kcal", "kwh": "kwh", "mwh": "mwh", "gwh": "gwh", "twh": "twh",
    "mg": "mg", "milligram": "mg", "gallon": "gal", "gal": "gal", "hectometre": "hm", "nm": "nm", "hz": "hz", "mb": "mb", "gb": "gb",
    "millisecond": "ms", "hpa": "hpa", "psi": "psi", "kj": "kj", "kilowatt hour": "kwh", "kilowatt": "kw", "megawatt": "mw", "mcg": "mcg",
    "microgram": "mcg", "cent": "cent", "hrs": "h", "mins": "min", "secs": "s",
}  # fmt: skip
"""Words for units, each with the unit it stands for."""

CONVERSIONS = {
    ("kg", "g"): 1000, ("g", "kg"): 0.001, ("ton", "kg"): 1000, ("h", "min"): 60, ("min", "h"): 1 / 60,
    ("min", "s"): 60, ("h", "s"): 3600, ("km", "m"): 1000, ("m", "km"): 0.001, ("m", "cm"): 100,
    ("m", "mm"): 1000, ("cm", "mm"): 10, ("mm", "cm"): 0.1, ("s", "ms"): 1000, ("ft", "in"): 12,
}  # fmt: skip
"""How many of the second unit one of the first is."""

QUANTITIES_OF_UNITS = {
    "$": ("price", "revenue", "salary", "amount", "cost", "total", "sale", "value"),
    "person": ("population",), "kg": ("weight",), "g": ("weight",), "lb": ("weight",), "mph": ("speed",),
    "year": ("age",), "km2": ("area",), "mi2": ("area",), "m2": ("area",), "sqft": ("area",), "min": ("duration", "runtime"),
    "mile": ("distance",), "km": ("distance",), "hp": ("power",), "cm": ("height", "length"), "h": ("duration",), "oz": ("weight",), "kn": ("speed",),
    "kwh": ("energy",), "mwh": ("energy",), "kph": ("speed",), "ton": ("weight",), "kcal": ("energy",),
}  # fmt: skip
"""What a number with this unit may be a number of."""

COUNTING_UNITS = frozenset(
    {
        "$",
        "point",
        "km",
        "km2",
        "mi2",
        "m2",
        "sqft",
        "deg",
        "eur",
        "gbp",
        "mph",
        "c",
        "f",
        "hp",
        "ton",
        "l",
        "k",
        "mile",
        "min",
        "person",
        "year",
        "m",
        "ft",
        "mm",
        "cm",
        "g",
        "kg",
        "lb",
    }
)
"""Units that are believed where the column's name declares none."""

PLACES_AND_PEOPLE = frozenset(
    "country nation city town state province county region location place airport origin destination dest name person "
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
