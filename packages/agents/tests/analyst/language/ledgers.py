"""Tables of what was dealt in, worked and measured, each with its own times and amounts."""

import datetime as dt

from packages.agents.tests.analyst.language.tables import Asked, Value, asked

PEOPLE = ["Ada Holm", "Bo Reyes", "Cy Lund", "Di Marsh"]
TOWNS = ["Ebb", "Fenwick", "Grole"]
START = dt.date(2022, 1, 3)


def orders() -> Asked:
    """One row an order, with the day of it and nothing else."""
    rows: list[list[Value]] = [
        [f"O{n:03}", PEOPLE[n * 7 % 11 % 3], START + dt.timedelta(days=n * 9), 10.5 + n * 37 % 211]
        for n in range(100)
    ]
    return asked("pail_orders", ["order_ref", "customer", "order_date", "total"], rows)


def parcels() -> Asked:
    """One row an order, with two days; `shipped` is a state too."""
    rows: list[list[Value]] = [
        [f"O{n:03}", START + dt.timedelta(days=n * 9), START + dt.timedelta(days=n * 9 + 4 + n % 7),
         ["shipped", "pending", "held"][n * 2 % 9 % 3], 10.5 + n * 37 % 211]
        for n in range(100)
    ]  # fmt: skip
    return asked("crate_orders", ["order_ref", "order_date", "ship_date", "status", "total"], rows)


def tickets() -> Asked:
    """One row a ticket, with the days on which it began and ended."""
    rows: list[list[Value]] = [
        [f"T{n:03}", ["leak", "mould", "draft"][n * 7 % 11 % 3], START + dt.timedelta(days=n * 9),
         START + dt.timedelta(days=n * 9 + n % 11), 1 + n * 5 % 23]
        for n in range(100)
    ]  # fmt: skip
    return asked("repair_tickets", ["ticket_ref", "fault", "created_at", "closed_at", "hours"], rows)


def nights() -> Asked:
    """One row a night and inn."""
    rows: list[list[Value]] = [
        [f"N{n:03}", TOWNS[n * 7 % 11 % 3], START + dt.timedelta(days=n * 9), 100 + n * 37 % 811, 5 + n * 13 % 61]
        for n in range(120)
    ]  # fmt: skip
    return asked("inn_nights", ["night_ref", "city", "night_of", "revenue", "visitors"], rows)


def cellars() -> Asked:
    """Two rows an hour."""
    rows: list[list[Value]] = [
        [dt.datetime(2024, 3, 1) + dt.timedelta(hours=n // 2), ["East", "West"][n % 2],
         round(11.5 + n * 7 % 13 + n % 5 * 0.25, 2)]
        for n in range(240)
    ]  # fmt: skip
    return asked("cellar_log", ["read_at", "cellar", "temperature"], rows)


def rain() -> Asked:
    """One row a month."""
    rows: list[list[Value]] = [
        [year, month, round(20.5 + (year * 5 + month * 37) % 97, 1)]
        for year in range(2016, 2022)
        for month in range(1, 13)
    ]
    return asked("rain_log", ["year", "month", "rainfall_mm"], rows)


def claims() -> Asked:
    """One row a claim, in three currencies."""
    rows: list[list[Value]] = [
        [f"C{n:03}", PEOPLE[n * 7 % 11 % 4], ["taxi", "meal", "hotel"][n % 7 % 3], ["EUR", "USD", "GBP"][n * 5 % 13 % 3],
         10.5 + n * 37 % 211]
        for n in range(80)
    ]  # fmt: skip
    return asked("travel_claims", ["claim_id", "employee", "purpose", "currency", "amount"], rows)


def invoices() -> Asked:
    """One row an invoice, with the day on which it is due; some have no tax."""
    rows: list[list[Value]] = [
        [f"I{n:03}", TOWNS[n * 7 % 11 % 3], START + dt.timedelta(days=n * 9), 10.5 + n * 37 % 211,
         None if n % 4 == 0 else 1.5 + n * 3 % 19]
        for n in range(100)
    ]  # fmt: skip
    return asked("kiln_invoices", ["invoice_ref", "kiln", "due_date", "amount", "tax"], rows)


def parts() -> Asked:
    """One row a part, in a file called as what it has of it."""
    rows: list[list[Value]] = [
        [f"K{n:03}", ["Pier", "Mill"][n % 5 % 2], n * 37 % 211, 1.5 + n * 3 % 19] for n in range(60)
    ]
    return asked("inventory", ["sku", "warehouse", "stock", "unit_price"], rows)


def staff() -> Asked:
    """One row an employee."""
    rows: list[list[Value]] = [
        [f"{'ABCDEF'[n % 6]}. {['Holm', 'Reyes', 'Lund', 'Marsh', 'Vane', 'Oke', 'Pym'][n % 7]}",
         ["Dye", "Loom", "Spin"][n * 5 % 11 % 3], ["Ebb", "Grole"][n % 5 % 2], 20 + n * 13 % 41, 1500 + n * 371 % 2900]
        for n in range(40)
    ]  # fmt: skip
    return asked("employees", ["employee", "department", "office", "age", "salary"], rows)


def barns() -> Asked:
    """One row a barn, called by its number; few streets have two."""
    rows: list[list[Value]] = [
        [300 + n, f"{['Mill', 'Church', 'Elm', 'Fen'][n * 7 % 11 % 4]} Lane {n % 23}", ["Ebb", "Grole"][n % 5 % 2],
         20 + n * 13 % 41]
        for n in range(60)
    ]  # fmt: skip
    return asked("barns", ["barn_no", "street_name", "parish", "stalls"], rows)


def prizes() -> Asked:
    """One row a contest, which has no name; the last number adds up the three before it."""
    rows: list[list[Value]] = []
    for n in range(60):
        kinds = (n * 7 % 5, n * 3 % 4, n * 5 % 7)
        rows.append([["Fog", "Sun", "Hail"][n * 7 % 11 % 3], TOWNS[n % 5 % 3], *kinds, sum(kinds)])
    return asked("moot_medals", ["season", "village", "gold", "silver", "bronze", "total"], rows)


def gadgets() -> Asked:
    """One row a gadget, with how many others go with it."""
    rows: list[list[Value]] = [
        [f"Gadget {n:02}", ["clip", "peg"][n % 5 % 2], n * 7 % 31, 2.5 + n * 13 % 37] for n in range(60)
    ]
    return asked("web_gadgets", ["name", "kind", "compat_gadgets", "price_eur"], rows)


def runs() -> Asked:
    """One row a run of a packing line."""
    rows: list[list[Value]] = [
        [f"P{n:03}", ["line 1", "line 4", "line 7"][n * 7 % 11 % 3], [100, 150, 200, 250][n * 3 % 7 % 4], n * 37 % 911]
        for n in range(80)
    ]  # fmt: skip
    return asked("packing", ["run_ref", "line", "boxes", "lids"], rows)


def berths() -> Asked:
    """One row a berth, with how many claims there were of it."""
    rows: list[list[Value]] = [
        [f"Berth {n:02}", TOWNS[n % 5 % 3], n * 37 % 83, 10 + n * 7 % 31] for n in range(50)
    ]
    return asked("berths", ["berth", "town", "n_claims", "hours"], rows)


def shops() -> Asked:
    """One row a shop, which has no name."""
    rows: list[list[Value]] = [[70 + n, TOWNS[n * 7 % 11 % 3], 1500 + n * 371 % 2900] for n in range(40)]
    return asked("shops", ["shop_id", "town", "turnover"], rows)
