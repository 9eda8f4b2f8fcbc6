"""Names that people and tables use for the same place: countries with their codes, states and provinces.

Also what a column holds when its name does not say: most of its values being countries makes it one.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from sapwood_agents.analyst.language.demonyms import DEMONYMS, RARER_DEMONYMS

_COUNTRIES = """
Afghanistan AF AFG;Albania AL ALB;Algeria DZ DZA;Andorra AD AND;Angola AO AGO;Antigua and Barbuda AG ATG
Argentina AR ARG;Armenia AM ARM;Australia AU AUS;Austria AT AUT;Azerbaijan AZ AZE;Bahamas BS BHS;Bahrain BH BHR
Bangladesh BD BGD;Barbados BB BRB;Belarus BY BLR;Belgium BE BEL;Belize BZ BLZ;Benin BJ BEN;Bhutan BT BTN
Bolivia BO BOL;Bosnia and Herzegovina BA BIH;Botswana BW BWA;Brazil BR BRA;Brunei BN BRN;Bulgaria BG BGR
Burkina Faso BF BFA;Burundi BI BDI;Cambodia KH KHM;Cameroon CM CMR;Canada CA CAN;Cape Verde CV CPV
Central African Republic CF CAF;Chad TD TCD;Chile CL CHL;China CN CHN;Colombia CO COL;Comoros KM COM
Costa Rica CR CRI;Croatia HR HRV;Cuba CU CUB;Cyprus CY CYP;Czech Republic CZ CZE;Denmark DK DNK;Djibouti DJ DJI
Dominica DM DMA;Dominican Republic DO DOM;Ecuador EC ECU;Egypt EG EGY;El Salvador SV SLV;Eritrea ER ERI
Estonia EE EST;Eswatini SZ SWZ;Ethiopia ET ETH;Fiji FJ FJI;Finland FI FIN;France FR FRA;Gabon GA GAB
Gambia GM GMB;Georgia GE GEO;Germany DE DEU;Ghana GH GHA;Greece GR GRC;Grenada GD GRD;Guatemala GT GTM
Guinea GN GIN;Guyana GY GUY;Haiti HT HTI;Honduras HN HND;Hong Kong HK HKG;Hungary HU HUN;Iceland IS ISL
India IN IND;Indonesia ID IDN;Iran IR IRN;Iraq IQ IRQ;Ireland IE IRL;Israel IL ISR;Italy IT ITA;Ivory Coast CI CIV
Jamaica JM JAM;Japan JP JPN;Jordan JO JOR;Kazakhstan KZ KAZ;Kenya KE KEN;Kosovo XK XKX;Kuwait KW KWT
Kyrgyzstan KG KGZ;Laos LA LAO;Latvia LV LVA;Lebanon LB LBN;Lesotho LS LSO;Liberia LR LBR;Libya LY LBY
Liechtenstein LI LIE;Lithuania LT LTU;Luxembourg LU LUX;Madagascar MG MDG;Malawi MW MWI;Malaysia MY MYS
Maldives MV MDV;Mali ML MLI;Malta MT MLT;Mauritania MR MRT;Mauritius MU MUS;Mexico MX MEX;Moldova MD MDA
Monaco MC MCO;Mongolia MN MNG;Montenegro ME MNE;Morocco MA MAR;Mozambique MZ MOZ;Myanmar MM MMR;Namibia NA NAM
Nepal NP NPL;Netherlands NL NLD;New Zealand NZ NZL;Nicaragua NI NIC;Niger NE NER;Nigeria NG NGA;North Korea KP PRK
North Macedonia MK MKD;Norway NO NOR;Oman OM OMN;Pakistan PK PAK;Palestine PS PSE;Panama PA PAN
Papua New Guinea PG PNG;Paraguay PY PRY;Peru PE PER;Philippines PH PHL;Poland PL POL;Portugal PT PRT
Puerto Rico PR PRI;Qatar QA QAT;Romania RO ROU;Russia RU RUS;Rwanda RW RWA;Samoa WS WSM;San Marino SM SMR
Saudi Arabia SA SAU;Senegal SN SEN;Serbia RS SRB;Seychelles SC SYC;Sierra Leone SL SLE;Singapore SG SGP
Slovakia SK SVK;Slovenia SI SVN;Somalia SO SOM;South Africa ZA ZAF;South Korea KR KOR;South Sudan SS SSD
Spain ES ESP;Sri Lanka LK LKA;Sudan SD SDN;Suriname SR SUR;Sweden SE SWE;Switzerland CH CHE;Syria SY SYR
Taiwan TW TWN;Tajikistan TJ TJK;Tanzania TZ TZA;Thailand TH THA;Togo TG TGO;Tonga TO TON;Trinidad and Tobago TT TTO
Tunisia TN TUN;Turkey TR TUR;Turkmenistan TM TKM;Uganda UG UGA;Ukraine UA UKR;United Arab Emirates AE ARE
United Kingdom GB GBR;United States US USA;Uruguay UY URY;Uzbekistan UZ UZB;Vanuatu VU VUT;Venezuela VE VEN
Vietnam VN VNM;Yemen YE YEM;Zambia ZM ZMB;Zimbabwe ZW ZWE
"""

_OTHER_NAMES = """
united states=united states of america,u.s.,u.s.a.,america,the united states,us,usa
united kingdom=uk,great britain,britain,u.k.,england,gb
south korea=korea,republic of korea,korea republic of,korea south;north korea=korea north
czech republic=czechia;netherlands=holland,the netherlands;russia=russian federation;turkey=türkiye,turkiye
vietnam=viet nam;ivory coast=côte d'ivoire,cote d'ivoire;iran=islamic republic of iran;syria=syrian arab republic
tanzania=united republic of tanzania;bolivia=plurinational state of bolivia;taiwan=chinese taipei
united arab emirates=uae;eswatini=swaziland;myanmar=burma;cape verde=cabo verde;north macedonia=macedonia
"""

_STATES = """
Alabama AL;Alaska AK;Arizona AZ;Arkansas AR;California CA;Colorado CO;Connecticut CT;Delaware DE;Florida FL;Georgia GA
Hawaii HI;Idaho ID;Illinois IL;Indiana IN;Iowa IA;Kansas KS;Kentucky KY;Louisiana LA;Maine ME;Maryland MD
Massachusetts MA;Michigan MI;Minnesota MN;Mississippi MS;Missouri MO;Montana MT;Nebraska NE;Nevada NV
New Hampshire NH;New Jersey NJ;New Mexico NM;New York NY;North Carolina NC;North Dakota ND;Ohio OH;Oklahoma OK
Oregon OR;Pennsylvania PA;Rhode Island RI;South Carolina SC;South Dakota SD;Tennessee TN;Texas TX;Utah UT;Vermont VT
Virginia VA;Washington WA;West Virginia WV;Wisconsin WI;Wyoming WY;District of Columbia DC;Puerto Rico PR
"""

_PROVINCES = """
Alberta AB;British Columbia BC;Manitoba MB;New Brunswick NB;Newfoundland and Labrador NL;Nova Scotia NS
Northwest Territories NT;Nunavut NU;Ontario ON;Prince Edward Island PE;Quebec QC;Québec QC;Saskatchewan SK;Yukon YT
"""

_CONTINENTS = "africa asia europe oceania americas america australia antarctica eurasia".split()


def _coded(text: str) -> dict[str, tuple[str, ...]]:
    """`name -> codes`, all in lower case."""
    found: dict[str, tuple[str, ...]] = {}
    for entry in ";".join(text.strip().splitlines()).split(";"):
        words = entry.split()
        codes = [word for word in words if word.isupper() and len(word) in (2, 3)]
        found[" ".join(words[: len(words) - len(codes)]).casefold()] = tuple(
            code.casefold() for code in codes
        )
    return found


def _pairs(text: str) -> dict[str, tuple[str, ...]]:
    entries = (entry.split("=") for entry in ";".join(text.strip().splitlines()).split(";"))
    return {left: tuple(right.split(",")) for left, right in entries}


@cache
def place_names() -> dict[str, tuple[str, ...]]:
    """Every name, code or demonym with the other names of the same place; all in lower case.

    A code is what a table may hold for a name; a person who types a code in lower case means a word.
    """
    groups: dict[str, set[str]] = {}
    for name, codes in (*_coded(_COUNTRIES).items(), *_coded(_STATES).items(), *_coded(_PROVINCES).items()):
        groups.setdefault(name, {name}).update(codes)
    for name, others in _pairs(_OTHER_NAMES).items():
        groups[name].update(others)
    found: dict[str, set[str]] = {}
    for group in groups.values():
        for name in group:
            found.setdefault(name, set()).update(group - {name})
    for demonym, (place, *_) in (DEMONYMS | RARER_DEMONYMS).items():
        found.setdefault(demonym, set()).update({place} | groups.get(place, set()))
    return {name: tuple(sorted(others)) for name, others in found.items()}


@cache
def _named() -> tuple[tuple[str, frozenset[str]], ...]:
    tables = (("country", _COUNTRIES), ("state", _STATES), ("province", _PROVINCES))
    return tuple((kind, frozenset(_coded(text))) for kind, text in tables)


def place_kinds(name: str) -> tuple[str, ...]:
    """What a column has to be about for a code in it to be this place's: `country` for Canada."""
    place = next(
        (p for p in (name, *place_names().get(name, ())) if any(p in ns for _, ns in _named())), name
    )
    kinds = [kind for kind, names in _named() if place in names]
    return tuple(other for kind in kinds for other in _CALLED[kind])


_CALLED = {
    "country": ("country", "nation"),
    "state": ("state",),
    "province": ("province", "territory", "state"),
}


@cache
def _kinds() -> tuple[tuple[frozenset[str], tuple[str, ...]], ...]:
    countries, states, provinces = _coded(_COUNTRIES), _coded(_STATES), _coded(_PROVINCES)
    other_names = {other for others in _pairs(_OTHER_NAMES).values() for other in others}

    def codes(table: dict[str, tuple[str, ...]]) -> set[str]:
        return {code for found in table.values() for code in found}

    return (
        (frozenset(countries) | other_names, ("country", "nation")),
        (frozenset(codes(countries)) | {"uk"}, ("country", "nation")),
        (frozenset(states), ("state",)),
        (frozenset(codes(states)), ("state",)),
        (frozenset(provinces) | codes(provinces), ("province", "territory", "state")),
        (frozenset(_CONTINENTS) | {"north america", "south america", "north", "europe"}, ("continent", "region")),
        (frozenset("male female m f man woman".split()), ("sex", "gender")),
        (frozenset("monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun thur".split()),
         ("day", "weekday", "day of the week", "day of week")),
        (frozenset("january february march april may june july august september october november december "
                   "jan feb mar apr jun jul aug sep oct nov dec".split()), ("month",)),
        (frozenset("red green blue black white yellow orange brown grey gray pink purple silver gold".split()),
         ("color", "colour")),
        (frozenset("breakfast lunch dinner brunch".split()), ("meal",)),
        (frozenset("spring summer autumn fall winter".split()), ("season",)),
    )  # fmt: skip


def held(values: Iterable[object], types: int = 2) -> tuple[str, ...]:
    """What a column with these values holds (`country`, `state`, `sex`), when nearly all of them say so."""
    spelled = {str(value).casefold().strip() for value in values}
    if len(spelled) < types or len(spelled) > 400:
        return ()
    best: tuple[str, ...] = ()
    most = 0.79
    for known, names in _kinds():
        share = len(spelled & known) / len(spelled)
        if share > most:
            best, most = names, share
    if not best and all("/" in value and value.split("/")[0] in _ZONES for value in spelled):
        return ("time zone", "timezone")
    return best


_ZONES = frozenset("america europe asia africa australia pacific atlantic indian antarctica etc us".split())
