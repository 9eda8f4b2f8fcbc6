"""Turn a file that nobody vouches for into one Parquet file and an account of every record.

Everything here except `options` runs inside the sandboxed worker (`operations.OPERATIONS`); the parent only
passes paths and reads the report. Heavy modules load when `operations` is imported.
"""
