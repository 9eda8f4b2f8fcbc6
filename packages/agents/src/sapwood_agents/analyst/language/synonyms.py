"""Words of English that name the same thing."""

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
favorite favourite like heart
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
fatality died dead
injury injured hurt wounded
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
spending spend expenditure outlay
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
win victory won
loss lost defeat
tournament tourney
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
marriage wedding
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
"""One group a line."""
