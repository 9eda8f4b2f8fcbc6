"""SQL on a data file, in a process that can reach nothing else.

Import each part by its path: `pool` is what a server or a command uses, `worker` is what the child runs.
This file imports neither, because the child should not pay for the parent's half.
"""
