"""Nouns that people use for the same kind of thing."""

_GROUPS = """
flight departure journey
sale order transaction purchase deal
person people individual human
passenger traveler traveller person people
car vehicle automobile auto model
truck > lorry vehicle
motorcycle > motorbike bike vehicle
bicycle bike
movie film picture title
house > home property dwelling residence
apartment > flat unit property
building structure
skyscraper > tower building
country nation
city town municipality place
village > town place
employee worker staff person people
rep > salesperson salespeople salesman employee worker staff person people
agent > employee worker staff person people
salesperson > rep salespeople salesman employee worker staff person people
customer client person people
plane aircraft airplane aeroplane machine jet
song track tune title
album > record title
tip bill check
book title volume
student pupil learner person people
shop store outlet branch
penguin bird animal
loan credit
mortgage > loan
policy contract
financial > report statement filing
incident event occurrence
company firm business corporation enterprise
startup > company firm business
airport airfield aerodrome
planet world
exoplanet > planet world
star > sun
meteorite > meteor rock
earthquake quake tremor shake shock event incident occurrence
storm hurricane cyclone event
tornado > twister storm event
player athlete person people
athlete competitor participant contestant person people
lifter athlete competitor participant person people
runner finisher athlete competitor participant entrant racer person people
swimmer athlete competitor participant person people
skater > athlete competitor participant person people
skier > athlete competitor participant person people
cyclist > rider athlete competitor participant person people
boxer > fighter athlete person people
wrestler > fighter athlete person people
golfer > player athlete person people
rower > athlete competitor participant person people
sprinter > athlete competitor runner participant person people
medalist > medallist athlete winner person people
hitter > batter player ballplayer athlete person people
pitcher > player ballplayer athlete person people
cricketer > player athlete person people
quarterback > player athlete person people
movement move
birth > baby newborn delivery
trip journey ride
crime offense offence incident event occurrence
murder > homicide killing case crime
strike collision hit impact crash incident event occurrence
nuclide isotope
compound > chemical substance molecule
gas > substance
mineral > rock
fire wildfire blaze incident event
eruption event
attack incident event
sighting observation report event
disaster catastrophe event incident
outage failure event incident
breach incident event
recall event
complaint ticket case
donation contribution gift
donor > giver contributor supporter person people
grant award
patent invention
specimen sample individual
episode show
performance show concert
concert show gig
festival event
launch mission flight event
accident crash collision incident event occurrence
patient case subject participant person people
participant > subject respondent volunteer person people
applicant > candidate person people
victim > casualty fatality death case person people
suspect > offender accused person people
defendant > accused person people
prisoner > inmate convict detainee person people
legislator > lawmaker member politician person people
senator > legislator lawmaker member politician person people
representative > legislator congressman lawmaker member politician person people
ceo > executive boss chief person people
executive > manager person people
manager > boss person people
winner > champion victor laureate win victory person people
champion > winner victor win victory person people
teacher > instructor professor lecturer person people
professor > teacher instructor lecturer person people
author > writer person people
driver > motorist person people
astronaut > cosmonaut person people
king > ruler monarch sovereign person people
ruler > king monarch sovereign leader person people
leader > ruler head politician person people
governor > politician person people
mayor > politician person people
minister > politician person people
soldier > veteran serviceman person people
borrower > applicant client customer person people
policyholder > customer client person people
tenant > renter person people
nurse person people employee
chef > cook person people
celebrity > star person people
team club side squad franchise
restaurant eatery place
hotel > place
mammal animal creature beast
dog pet animal
cat pet animal
fish animal
horse > animal
frog > animal amphibian
snake > animal reptile
lizard > animal reptile
turtle > animal reptile
spider > animal arachnid
monster > creature beast
mountain peak summit
ship vessel boat
yacht > boat vessel ship
sailboat > boat vessel yacht
game match fixture
match game fixture
artist > musician singer performer person people
band group act
recipe dish meal food
cocktail > drink
product item article good
review rating
survey response respondent
poll survey
measurement reading
plant flower
tree > plant
shrub > plant
app application
website site page
phone device handset
laptop computer notebook
processor > cpu chip
computer machine pc
camera > device
inverter > device unit
president person people
candidate person people
laureate winner person people
member person people
member > customer client user
subscriber > customer client user member person people
customer > user
user person people
voter person people
actor person people
listing apartment property
wine bottle
beer brew
whisky whiskey
diamond stone gem piece
painting > artwork work piece
sculpture > artwork work piece
artwork work piece
photo photograph picture image
invoice bill
payment transaction
transfer transaction
meal bill check
visit session
booking reservation stay
reservation booking stay
school institution
university > college institution school
college > university institution school
course class
exam test
job position post
position post job
bug > issue ticket
issue > bug ticket
release version
package library
repository repo project
article paper publication
paper article publication
tweet post message
email message mail
bridge structure
dam structure
station stop
experiment trial
war conflict
battle fight
bill law act
award prize
prize award
vaccine shot
bee > insect animal
butterfly > insect animal
""".strip()

SAME_THING: tuple[frozenset[str], ...] = tuple(
    frozenset(line.split()) for line in _GROUPS.splitlines() if ">" not in line
)
"""Nouns for the same kind of row, one group a line."""

CALLED_ALSO: dict[str, frozenset[str]] = {
    line.split(" > ")[0]: frozenset(line.split(" > ")[1].split())
    for line in _GROUPS.splitlines()
    if ">" in line
}
"""What a thing is called besides; the other way round does not hold: a murder is a crime."""


def also_called(nouns: frozenset[str]) -> frozenset[str]:
    """Every other noun for things that `nouns` name."""
    same = {noun for kind in SAME_THING if nouns & kind for noun in kind}
    return frozenset(same | {other for noun in nouns for other in CALLED_ALSO.get(noun, ())})
