"""From the words of a question to typed readings of it, by a grammar and the table's card alone.

`tokens` cuts, `linking` finds columns and values, `lexicon` knows the grammar's words, `lattice` chooses
which words belong together, `rules` rewrite the sequence, `assemble` makes a `QueryIntent` of what is left.
"""
