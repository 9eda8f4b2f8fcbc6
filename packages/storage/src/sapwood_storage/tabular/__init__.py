"""Tables: files read into Parquet, and SQL over them in a sandboxed DuckDB."""
