"""Rows of an embedded home, and the files they go into, written by the standard library alone.

For commands that would spend more time on loading SQLAlchemy than on all of their work. Whatever is not plain
(tables of another release, what was cleaned or removed, somebody else writing) is left to the repositories.
"""
