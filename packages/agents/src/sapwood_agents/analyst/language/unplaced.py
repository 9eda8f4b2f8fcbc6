"""The grammar's way of saying that a path is no reading."""


class Unplaced(Exception):
    """No reading: these words found no slot, or these parts do not go together."""

    def __init__(self, words: tuple[str, ...], why: str = "") -> None:
        super().__init__(why or " ".join(words))
        self.words = words
