"""`neither … nor …`, said as two denials."""

from __future__ import annotations

from sapwood_agents.analyst.language.linking import Linker
from sapwood_agents.analyst.language.tokens import Token, instead

_NEAR = 5
_HAVING = frozenset("have has had having with".split())
_ARTICLES = frozenset("a an any the".split())


def both_denied(tokens: tuple[Token, ...], linker: Linker) -> tuple[Token, ...]:
    """`with neither a lift nor a porch` as `with no lift and no porch`."""
    words = [token.word for token in tokens]
    if words.count("neither") != 1 or words.count("nor") != 1 or words.index("nor") < words.index("neither"):
        return tokens
    at, second = words.index("neither"), words.index("nor")
    if second - at > _NEAR:
        return tokens
    verb = tokens[at + 1 : at + 2] if words[at + 1 : at + 2] and words[at + 1] in _HAVING else ()
    said = tokens[at + 1 :]
    if any(linker.values((token,)) for token in said) and any(linker.columns((t,)) for t in said):
        return tokens  # "neither name Ann nor town Ulm"
    had = bool(verb) or (at > 0 and words[at - 1] in _HAVING)
    no = "no" if had else "not"
    first = [token for token in tokens[at + 1 + len(verb) : second] if not had or token.word not in _ARTICLES]
    rest = [token for token in tokens[second + 1 :] if token.word not in _HAVING]
    if had and rest and rest[0].word in _ARTICLES:
        rest = rest[1:]
    denied = (
        *verb,
        instead(tokens[at], no),
        *first,
        instead(tokens[second], "and"),
        instead(tokens[second], no),
    )
    return (*tokens[:at], *denied, *rest)
