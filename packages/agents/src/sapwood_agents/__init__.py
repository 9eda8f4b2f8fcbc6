"""What answers: the analyst, for questions about a table.

Each part is imported by its path (`sapwood_agents.analyst`).
"""
