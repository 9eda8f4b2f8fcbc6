"""Words of buying and selling: what a deal is called, how many were dealt in, what was paid."""

DEALS = frozenset("order sale purchase transaction invoice deal".split())
"""One buying or selling."""

PROOFS = frozenset("receipt booking payment".split())
"""What shows that there was one, and is spoken of in its place."""

QUANTITY = frozenset({"quantity", "qty"})
"""How many of a thing were dealt in."""

SPENDING = frozenset("revenue turnover takings spend spending expenditure".split())
"""What deals come to together."""

PAID = frozenset("spent spend spends paid pay pays earned earn earns owed".split())
"""Verbs that ask how much, and not how often."""

TRADED = frozenset("sold bought purchased ordered sell buy order purchase".split())
"""Verbs that ask how many things, and not in how many deals."""

MANY_OR_MUCH = frozenset("sale order payment purchase bill invoice inventory stock budget".split())
"""`total sales` may be how many or how much."""
