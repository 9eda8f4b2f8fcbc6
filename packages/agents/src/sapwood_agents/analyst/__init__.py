"""Questions about one table, answered with the number, the SQL, a table and a chart.

`ask.Analyst` is the service; `intent`, `sql` and `reader` are its parts, each of use alone.
"""
