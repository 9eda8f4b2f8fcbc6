"""The names of months, weekdays and spans of time."""

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
        "monday mon,tuesday tue tues,wednesday wed,thursday thu thurs,friday fri,saturday sat,"
        "sunday sun".split(","),
        start=1,
    )
    for name in names.split()
}

PERIODS = ("day", "week", "month", "quarter", "year")

REGULAR = {
    "yearly": "year", "annual": "year", "annually": "year", "monthly": "month", "daily": "day",
    "weekly": "week", "quarterly": "quarter", "hourly": "hour",
}  # fmt: skip
"""Adjectives of spans of time."""

CAME_TO_BE = frozenset(
    "built build made make model birth born founded established constructed vintage".split()
)
"""Words for how a thing came to be: a year of one of them dates the thing, and not what was done with it."""
