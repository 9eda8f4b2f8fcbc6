"""Adjectives with the quantity that they compare: `taller` compares heights."""

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
rich richer richest desc: income wealth
poor poorer poorest asc: income wealth
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
wealthy wealthier wealthiest desc: wealth income
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
    for side in ("north", "south", "east", "west"):
        for far in ("furthest", "farthest"):
            words[f"{far} {side}"] = words[f"{side}ernmost"]
    for ordinal in ("first", "last"):
        words[f"{ordinal} time"] = words[ordinal]
    for word in "high low higher lower highest lowest larger bigger biggest smaller largest smallest".split():
        words.pop(word, None)  # they compare any quantity: the lexicon has them
    return words


DIMENSIONS = _dimensions()
"""`longest` -> ("J", "desc", quantities it may mean)."""
