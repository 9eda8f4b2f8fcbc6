"""What the nox sessions do, as plain modules that are tested like any other."""
