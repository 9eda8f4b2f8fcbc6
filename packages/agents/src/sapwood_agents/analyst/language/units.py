"""Words for units, what is measured in them, and how they convert."""

_UNITS = """
mm: mm / millimeter / millimetre
cm: cm / centimeter / centimetre
m: m / meter / metre
km: km / kilometer / kilometre
mile: mile / mi
ft: ft / foot
in: inch / in
g: g / gram / gramme
kg: kg / kilo / kilogram
lb: lb / lbs / pound
ton: ton / tonne
s: s / sec / second / secs
min: min / minute / mins
h: hr / hour / hrs
ms: ms / millisecond
day: day
week: week
month: month
year: year / yr
$: dollar / usd / $ / buck
eur: euro / eur / €
gbp: £ / gbp
%: percent / pct / %
deg: degree / deg
c: celsius / degree celsius
f: fahrenheit
mph: mph
kph: kph / kmh
hp: hp
l: l / liter / litre
ml: ml
point: point
person: person / people
mw: mw / megawatt
kw: kw / kilowatt
sqft: sqft / sq ft / square foot / square feet
k: kelvin
km2: km2 / sqkm / sq km / square kilometer / square kilometre / square km
m2: m2 / square meter / square metre
m3: m3 / cubic meter
mi2: mi2 / sq mi / square mile
pc: parsec / pc
ha: hectare
acre: acre
cc: cc
oz: oz / ounce
kn: knot / kt / kn
kcal: kcal
kwh: kwh / kilowatt hour
mwh: mwh
gwh: gwh
twh: twh / terawatt hour
wh: wh / watt hour
mg: mg / milligram
gal: gallon / gal
hm: hectometre
nm: nm
hz: hz
mb: mb
gb: gb
hpa: hpa
psi: psi
kj: kj
mcg: mcg / microgram
cent: cent
""".strip()

UNITS = {
    word: unit
    for line in _UNITS.splitlines()
    for unit, words in (line.split(": "),)
    for word in words.split(" / ")
}
"""Words for units, each with the unit it stands for."""

CONVERSIONS = {
    ("kg", "g"): 1000, ("g", "kg"): 0.001, ("ton", "kg"): 1000, ("h", "min"): 60, ("min", "h"): 1 / 60,
    ("min", "s"): 60, ("h", "s"): 3600, ("km", "m"): 1000, ("m", "km"): 0.001, ("m", "cm"): 100,
    ("m", "mm"): 1000, ("cm", "mm"): 10, ("mm", "cm"): 0.1, ("s", "ms"): 1000, ("ft", "in"): 12,
    ("mile", "km"): 1.609344, ("km", "mile"): 1 / 1.609344,
    ("lb", "kg"): 0.45359237, ("kg", "lb"): 1 / 0.45359237,
    ("ft", "m"): 0.3048, ("m", "ft"): 1 / 0.3048, ("in", "cm"): 2.54, ("cm", "in"): 1 / 2.54,
}  # fmt: skip
"""How many of the second unit one of the first is."""

_QUANTITIES = """
$: price revenue salary amount cost total sale value income fee payment budget
person: population
m: elevation altitude height depth length
ft: elevation altitude height depth length
kg: weight
g: weight
lb: weight
mph: speed
year: age
km2: area
mi2: area
m2: area
sqft: area
min: duration runtime
mile: distance
km: distance
hp: power
cm: height length
h: duration
oz: weight
kn: speed
kwh: energy
gwh: energy
twh: energy
wh: energy
mwh: energy
kph: speed
ton: weight
kcal: energy
""".strip()

QUANTITIES_OF_UNITS = {
    unit: tuple(names.split()) for unit, names in (line.split(": ") for line in _QUANTITIES.splitlines())
}
"""What a number with this unit may be a number of."""

COUNTING_UNITS = frozenset(
    "$ c cm deg eur f ft g gbp hp k kg km km2 l lb m m2 mi2 mile min mm mph person point sqft ton "
    "year".split()
)
"""Units that are believed where the column's name declares none."""
