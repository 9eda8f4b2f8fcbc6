"""Recipes: typed steps that make one dataset version out of another, every change counted.

`steps` are the words, `planning` turns them into one growing SELECT, `execution` runs it in a bound worker,
`versions` is the parent's side.
"""
