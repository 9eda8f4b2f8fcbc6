"""What the analyst did, as rows: the recipes that were applied and the questions that were asked.

`records.append` is the standard library only; the rest loads SQLAlchemy and is imported by its path.
"""
