"""From the words of a question to typed readings of it, by a grammar and the table's card alone.

`tokens` cuts, `mending` mends slips, `linking` finds columns and `values` values, `lexicon` and `verbs` know
the grammar's words, `lattice` chooses which words belong together. `cleaning`, `conditions` and `grouping`
rewrite the sequence, `shapes` make a `QueryIntent` of what is left, `audit` refuses one that left a word out,
and `followups` edit the intent before.
"""
