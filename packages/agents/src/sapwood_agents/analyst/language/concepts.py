"""General English: synonyms, phrases, demonyms, names of the calendar."""

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
female woman
male man
timestamp time datetime
supplier vendor seller merchant
rep agent salesperson salesman representative
opponent rival adversary
attendance crowd spectator audience
spouse partner
mother mom mum
father dad
infant baby newborn
hospital clinic
drug medication medicine medicament
dose dosage
therapy treatment
mortality death
firearm gun weapon
offender perpetrator culprit
inmate prisoner convict
lawyer attorney counsel
judge justice
unemployed jobless
unemployment joblessness
crop harvest
animal wildlife creature
tuition fee
fuel petrol gasoline
humidity moisture
road street highway
driver motorist
passenger rider traveler traveller
engine motor
channel network broadcaster
developer studio
follower subscriber
platform console
borrower debtor
lender bank
sector industry
headquarters hq
religion faith
ethnicity race
literacy literate
household family
bedroom bed
bathroom bath
floor storey story
garage parking
apartment flat
guest visitor
booking reservation
delivery shipment
shipping postage
warehouse depot
stock inventory
basket cart
coupon voucher
ad advert advertisement commercial
answer response reply
urgency priority
fault defect
machine equipment
calorie energy kcal
carb carbohydrate
fiber fibre
sodium salt
flavor flavour taste
aroma smell odor odour
girth circumference
serving portion
moon satellite
discovery discovered
expedition trip
reason cause motive
outcome result
comment remark note
percentage percent pct
gain profit
loss damage
victim casualty
surname lastname
forename firstname
nickname alias
pregnancy gestation
lifespan longevity
bill invoice
subscriber member
participant subject respondent
debt borrowing
export exported
import imported
defendant accused
plaintiff complainant
suspect accused
trial experiment
plot field
litter brood
offspring young
habitat environment
diet food
leader head
minister secretary
senator politician
seat constituency
turnout participation
soldier troop
crew crewmember
pilot aviator
rocket launcher
gene locus
smoke smoker smoking cigarette
drink drinker drinking alcohol
exercise workout
screen display
memory ram
processor cpu
disk drive storage
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
