"""The grammar's own words: each phrase stands for one kind of item, with what it means.

A line is `phrase / phrase / … -> kind payload`. Kinds are one letter, so that a rule can be a regular
expression over a question's items (see `rules`). Words are written as lemmas where that is the same thing.

`A` aggregate, `K` count, `F` distinct, `S` superlative, `Z` superlative of frequency, `#` top or bottom,
`M` comparison, `Y` comparison after its number, `T` than, `~` between, `>` up to, `b` before or after,
`a` against the average, `0` without a value, `!` not, `&` and, `|` or, `,` comma, `B` by, `E` each,
`G` bucket of time, `u` by a bucket of time, `y` verb, `W` which, `w` when, `L` list, `%` share,
`=` ratio, `X` correlation, `d` difference, `c` compare, `v` versus, `t` over time, `q` text, `I` is,
`H` has, `P` preposition, `O` of, `f` from, `m` how much, `R` rows, `i` more, of what is measured,
`_` filler, `e` existence, `k` known, `C` column, `V` value, `N` number, `D` date, `U` unit,
`J` adjective, highest, `j` adjective, more, `h` adjective, `Q` quoted, `?` unknown, `o` so often,
`s` above or below nought, `r` over all of, `x` condition, `g` group, `n` measure.
"""

from functools import cache

_PHRASES = """
how many / how manny / how may / how mny / hw many / how maney / howmany / how many of / how many different of / n / number of / count of / total number of / # of / no of / total count of / how often / overall number of -> K
breakdown of / distribution of / split of / breakdown of the number of / count / # / tally / headcount / num of / nr of / how many each / how many of each / how many times does each / count for each value / number for each / count of each / number of each -> K
how much / what amount of -> m
average / avg / mean / on average / in average / averaged / average value of / mean value of / averagely -> A mean
overall average / overall mean -> A mean overall
overall median -> A median overall
median / median value of / middle value of -> A median
sum / sum of / total / total of / in total / altogether / all together / combined / summed / sum up / overall sum of / cumulative total of / aggregate -> A sum
maximum / max / maximal / peak / record high -> A max
minimum / min / minimal -> A min
standard deviation / std dev / stddev / stdev / std / sd / std deviation / standard dev -> A standard deviation
variance -> A variance
different / distinct / unique / differing / separate / diff / kinds of / kind of / sorts of / sort of / all kinds of / all the kinds of / different kinds of -> F
highest / largest / biggest / greatest / most / top / highest single / largest single / biggest single / single highest / single largest / single biggest / higest / hightest / highst / largst / bigest / max / maximum / most of -> S desc
lowest / smallest / fewest / minimum / min / minimal / littlest / lowest single / smallest single / single lowest / single smallest -> S asc
most common / most frequent / most popular / most often / commonest / most frequently / most commonly / most numerous / busiest / most usual / more common / most represented / mode / mode of / most used / most commonly used / most frequently used / most often used / most widespread / most widely used / most prevalent / most often seen / prevailing / predominant / dominant -> Z desc
used the most / appears the most / appear the most / occurs the most / occur the most / shows up the most / comes up the most -> Z desc
least common / least frequent / least popular / least often / rarest / rare / least frequently / quietest / least represented / least used / less used / less common / less frequent / least common / least seen / rarely used / least chosen / least played / least sold -> Z asc
top / first few -> # desc
best -> S best
worst -> S worst
bottom -> # asc
more than / greater than / higher than / over / above / larger than / bigger than / exceed / exceeding / in excess of / beyond / upwards of / > / surpass / surpassing / exceeded / north of / better than / strictly more than / topping / tops / topped / was over / ahead of -> M >
at least / no less than / not less than / >= / ≥ / minimum of / a minimum of / no fewer than / not fewer than / not under / not below -> M >=
less than / fewer than / lower than / under / below / smaller than / < / short of / beneath / south of / worse than -> M <
at most / no more than / not more than / <= / ≤ / maximum of / a maximum of / up to / not exceeding / not over / not above / no higher than / not exceed -> M <=
equal to / equal / exactly / = / == / equaling / precisely -> M =
not equal to / != / <> / ≠ / different from / other than exactly -> M !=
or more / or above / or higher / or over / or greater / and above / and over / and up / or up / or older / plus / or longer / + / or larger / or better / or bigger / or heavier / or later / or upwards / and more / or taller / onward / onwards / and later / and after / and newer / or newer / and onwards -> Y >=
or less / or fewer / or below / or lower / or under / or smaller / and below / and under / or younger / or shorter / or lighter / or earlier / or cheaper -> Y <=
negative / below zero / under zero / less than zero -> s <
positive / above zero / over zero / greater than zero / more than zero -> s >
than -> T
more / higher / greater / larger / bigger -> i desc
less / fewer / lower / smaller -> i asc
between / ranging from / in the range / from between / in range / in the range of / within the range -> ~
to / through / until / till / up to / thru -> >
before / prior to / earlier than / preceding / older than year -> b <
after / later than / following / newer than -> b >
on or after / at or after / not before / no earlier than / not earlier than -> b >=
on or before / at or before / no later than / not later than -> b <=
since / starting in / starting from / from year -> b >=
until / till / up to / up until / through / by the end of -> b <=
above average / above the average / over average / over the average / higher than average / more than average / above mean / above the mean / larger than average / greater than average / better than average / higher than the average / higher than the mean / more than the average / longer than average / exceed the average / exceed the mean / greater than the average / greater than the mean / above the overall average / above the overall mean / bigger than average / bigger than the average / larger than the average -> a > mean
below average / below the average / under average / under the average / less than average / lower than average / below mean / below the mean / smaller than average / lower than the average / lower than the mean / less than the average / less than the mean / below the overall average / smaller than the average / shorter than average -> a < mean
above median / above the median / over the median / higher than the median / more than the median / greater than the median / exceed the median / larger than the median -> a > median
below median / below the median / under the median / lower than the median / less than the median / smaller than the median -> a < median
missing / null / empty / blank / unknown / not recorded / not available / without / without any / no / lacking / lack / lacks / unspecified / not known / not given / not specified / not stated / no recorded / no known / unrecorded / undefined / left blank / left empty / not filled in / absent / unavailable / not listed / no listed / null value / null in / no value for / no value in / missing value for / missing value in / missing value of / no value / miss / misses / lack of / have no value / has no value / without value / without a value / unfilled / not there / no entry for / nothing entered for / nothing recorded for -> 0
known / recorded value / not missing / not null / non null / not empty / not blank / available / filled in / present / non missing / non empty -> k
not / non / except / excluding / exclude / other than / apart from / but not / excl / besides / aside from / outside / outside of / except for / anything but / never / everything but / everyone but / all but / minus the / ignoring / ignore / leaving out / leave out / leaving aside / leave aside / omit / omitting / not counting / without counting / disregarding / disregard / neither -> !
but / and / & / as well as / along with / plus / and also -> &
or / nor / or else -> |
, -> ,
by / broken down by / grouped by / group by / split by / broken out by / breakdown by / broken down over / by each / by every / depending on / segmented by / as a function of / split per / separated by / divided by each / breakdown per / broken down per / break down by / arranged by / sorted by / ranked by / ordered by / when ranked by / measured by / split up by / broken up by / spread over / spread across / spread among / distributed over / distributed across / distributed among / divided among / split across / split over / split into -> B
going by / judged by / judging by / based on / according to / in term of / in terms of -> B gloss
each / every / per / for each / for every / in each / in every / across / within each / on each / on every / at each / of each / from each / to each / with each / across the / across the different / for all the different / at every / among the different / for the different / for the various / each different / of every / from every / for each of the / each of the / every single / by each of the / across each / among each -> E
decade -> G decade
by decade / per decade / each decade / every decade / in each decade -> u decade
year / calendar year -> G year
yearly / annual / annually / each year / year by year / year over year -> u year
quarter -> G quarter
quarterly / quarter by quarter -> u quarter
month -> G month
monthly / month by month -> u month
week / calendar week -> G week
weekly / week by week -> u week
weekday by weekday / weekday for weekday -> u cycle weekday
day / date / calendar day -> G day
daily / day by day -> u day
hour -> G hour
hourly / hour by hour -> u hour
month of the year / month of year / calendar month of the year / months of the year / months of year / calendar months of the year -> G cycle month
weekday / day of the week / day of week / days of the week / weekdays / dow / week day / weekly day / days of week -> G cycle weekday
hour of the day / hour of day / time of day / time of the day -> G cycle hour
day of the month / day of month -> G cycle day
quarter of the year / quarter of year -> G cycle quarter
over time / over the year / over the month / trend / trend of / trend in / over the time / with time / through time / through the year / evolution of / evolution / time series of / develop / developed / development of / evolve / evolved / as time goes by / over the day / over the week / timeline of / throughout the year / history of -> t
across all / across all the / accross all / over all / over all the / summed over all / over the whole / over the entire / over the full / across the whole / across the entire -> r
which / what / which one / wich / whch / wat -> W
who -> W who
when -> w when
where / belong to / belongs to / belonging to / belonged to / assigned to / attributed to / attributable to / tied to / due to / led to / in case of / in the case of -> P
that -> _
whose / whose name / whose names / with a name / with a name that / with the name / with names / with name / somewhere / inclusive / inclusively / away / as well -> _
once / only once / just once / exactly once / a single time / one time -> o = 1
twice / exactly twice -> o = 2
more than once / more than one time / several times / repeatedly / multiple times -> o > 1
more than twice -> o > 2
at least twice -> o >= 2
possible values / possible value / upper or lower case / lower or upper case / whatever the case / regardless of case / ignoring case / in this collection / of this collection / in the database / in our database / in this database / in the whole database / all in all / in any row / of the whole lot / in the whole lot / lol / in existence / in our data / in our records / in these data / in this sample / in the sample / on this sheet / across the board / all combined / in the records / within the data / within this data / the whole lot -> _
add up / if you add up / adding up / value in / values in / values of / entry in / entries in / value for / values for / value of / the value of / what value / which value / in the list / on the list / on this list / in this list / of the list / in our list / from the list / on our list / in the whole list / in the entire list / that of / those of / the one of / the ones of / one of the / of them / in the world / around the world / worldwide / globally / on earth / in the fleet / of the fleet / over the whole fleet / in our fleet / in the catalogue / in the catalog / in the collection / in the study / in the survey / in the entire table / all together / taken together / at once / at the same time / all year together / as a whole / on file / on record / to date / so far / of all time / for each one / one can / you can / can one / can i / can you / can we / in question / in the whole period / in this period / over the whole period / whole period / the whole period / in the period / in the entire period / all year long / all year / at all / by far / the very / in here / in chronological order / nationwide / countrywide / in the ranking / in this ranking / on the ranking / would like to / want to / like to know / need to know / want to know / wish to know / have to / oldest first / earliest first / oldest year first / earliest year first / first to last / ascending / chronologically / in alphabetical order / alphabetically / in descending order / in ascending order / in order / the column / column / added up / added together / all added up / on the menu / on the book / on the books / summed over all / of a single / of one single / any single / any one / anything / a given / in this data / in this dataset / in this table / in this file / all told / anywhere / anywhere in the data / anywhere in the table / anywhere in the file / and the figure / with the figure / just the figure / in all likelihood / by the way / just wondering / out there / overall in the data -> _
list / list all / list the / enumerate / list out / name -> L
all the different / all the distinct -> F
rate / share / percentage / percent / proportion / fraction / % / share of / percentage of / percent of / proportion of / fraction of / what part of / which part of / how big is the part of / how big is the share of / how large is the share of / how large is the part of / how big a part of / pct of / pct / portion of / portion / as a percentage of / as a share of / rate of / as a fraction of / ratio of the total / how large a share / how big a share / how large a part -> %
ratio of / ratio / ratio between / divided by / how many time as many / how many times as many / how many times more / how many times as much / how many time / how many times / for every -> =
r between / r of / pearson r of / pearson r between / pearson s r / relationship between / association between / how strongly related / correlation / correlation between / correlation of / correlate / correlated / correlation coefficient / pearson correlation / correlate with / correlated with / pearson / pearson correlation between / corr / correl / correlation coefficient between / correlation coefficient of / correlation with / strongly correlated / how strongly correlated / linear correlation / correlates with / coefficient / the coefficient / coefficient of correlation / correlation value / pearson r -> X
difference / difference between / difference in / difference of / gap / gap between / gap in / spread between / margin between / range between / differ / differ from / minus / by how much did / how far apart / how does differ -> d
rise / rise in / rose / risen / increase / increased / increase in / increase of / grow / grew / grown / growth / growth in / growth of / climb / climbed / go up / went up / gone up -> d rise
fall / fall in / fell / fallen / decrease / decreased / decrease in / decrease of / drop / dropped / drop in / decline / declined / decline in / shrink / shrank / shrunk / go down / went down / gone down -> d fall
compare / comparison / comparing / comparison of / compared / comparison between / side by side / contrast / contrast between -> c
versus / vs / against / compared to / compared with / relative to / as opposed to / in comparison to / in comparison with -> v
start with / starting with / begin with / beginning with / starts with / begins with / that start with / started with / beginning in / starting with the letter / start with the letter / begin with the letter / starts with the letter / begins with the letter / beginning with the letter / starting with letter / start with the word / starting with the word / starts with the word / begin with the word / beginning with the word / begins with the word / starting by -> q starts
end with / ending with / ending in / ends with / end in / ends in / end with the word / ending with the word / ends with the word / ending in the letter / end with the letter / ends with the letter / ending with the letter / finish with / finishing with / ending on -> q ends
carry the word / carries the word / mention the word / mentions the word / bear the word / include / includes / contain / containing / contains / include the word / with the word / contain the word / containing the word / mention / mentioning / includes the word / have the word / has the word / contains the word / mentions / having the word / include the text / with in their name / contain the text / contain the letter -> q contains
is / are / was / were / be / been / being / am / come from / comes from / came from / coming from -> I
have / has / had / having / with / got / contain only / that have / which have / who have / that count / which count / ended with / ended up with / ended as / ended up as / finished with -> H
in / on / for / at / among / within / during / with respect to / regarding / concerning / about / into / amongst / onto / upon / out of / as / inside / throughout / under the / between the -> P
of -> O
from -> f
do / does / did / done -> _
may i ask / might i ask / could i ask / can i ask / if i may ask / if possible / if that is possible / if it is possible / is it possible to / would it be possible to / please to -> _
bought from us / buy from us / ordered from us / shopped with us / shop with us / make up / makes up / account for / accounts for / accounted for / come out / came out / come in / came in / ahead of schedule / ahead of time / took part / take part / taking part / takes part / took place / take place / takes place / taken place / changed hands / change hands / changing hands -> y end
turns up / turn up / turning up / turned up / fall into / brought in / bring in / brings in / operated by / sold by / bring home / come out / came out / came in / come in / left by / account for / accounts for / accounted for / made up / make up / makes up / home to / go on / goes on / credited with / end up / ended up -> y
exist / are there / is there / there are / there is / were there / was there / there were / there -> e
"""

_FILLERS = """
the a an all any some this that these those it its their they them he she his her him our my your we i you me us
please kindly could can would will shall may might must should want need like know tell show give find get see
display calculate compute determine report return present provide print fetch pull say look up search let
anybody anyone everybody everyone so just only also too then now here out overall altogether values
data dataset table file sheet spreadsheet csv listed recorded reported found observed registered
appear appears appearing included include occur occurs occurred happen happened made make makes taken
currently actually really roughly approximately around respective respectively corresponding
strongly closely ones thing using use based ok okay thanks thank such own given result answer question
while if whether both either respective together available
how whole entire full complete considering look looking interested curious wonder wondering
belong belongs belonging held hold holds contained considered covered cover present come comes came seen
quick quickly pls plz certain particular specific basis itself themselves ever yet still quite
level going go goes went take takes took get gets got
located situated shown displayed stated specified called named labelled labeled
lol haha whatsoever exact overview marked classified categorized categorised typed described counted measured
"""


@cache
def phrases() -> dict[tuple[str, ...], list[tuple[str, tuple[str, ...]]]]:
    """Every phrase as its words, with the kinds and payloads it may stand for."""
    found: dict[tuple[str, ...], list[tuple[str, tuple[str, ...]]]] = {}
    for line in _PHRASES.strip().splitlines():
        left, right = line.rsplit("->", 1)
        kind, *payload = right.split()
        if payload[:1] == ["standard"]:
            payload = ["standard deviation"]
        for phrase in left.split(" / "):
            key = tuple(phrase.split())
            meanings = found.setdefault(key, [])
            if (kind, tuple(payload)) not in meanings:
                meanings.append((kind, tuple(payload)))
    for word in _FILLERS.split():
        found.setdefault((word,), []).append(("_", ()))
    return found
