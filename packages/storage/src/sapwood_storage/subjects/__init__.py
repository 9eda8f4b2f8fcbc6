"""The data map: whose data each table and store holds, so that one call exports or erases it everywhere.

Declarations are light and made where a table or store is defined; `subjects.walk` exports and erases over
the stores in `subjects.records` and `subjects.files`.
"""

from sapwood_storage.subjects.declaration import Holding, OnErase, declare_table, holding_of

__all__ = ["Holding", "OnErase", "declare_table", "holding_of"]
