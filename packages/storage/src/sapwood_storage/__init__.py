"""Where Sapwood keeps things: home, cache, records, blobs, and tables in a sandboxed DuckDB.

Each part is imported by its path (`sapwood_storage.tabular`, `sapwood_storage.cache`, …).
"""
