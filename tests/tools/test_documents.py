from pathlib import Path

from tools.documents import block, broken_links, misnamed_fragments

DOCUMENT = """# A house
<!-- first command -->
```console
run this
and that
```

<!-- example -->

```python
x = 1
```
"""


def test_a_marked_block_is_found_without_its_fence() -> None:
    assert block(DOCUMENT, "first command") == "run this\nand that\n"
    assert block(DOCUMENT, "example") == "x = 1\n"


def test_a_mark_that_is_not_there_gives_nothing() -> None:
    assert block(DOCUMENT, "second command") is None


def test_links_that_lead_nowhere_are_named(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("# One heading, `with` code\n")
    (tmp_path / "doc.md").write_text(
        "[a](there.md) [b](there.md#one-heading-with-code) [c](https://example.org/x) [d](#own)\n## Own\n"
        "[e](gone.md) [f](there.md#two)\n```\n[g](ignored.md)\n```\n"
    )

    assert broken_links(tmp_path, "doc.md") == [
        "doc.md: gone.md does not exist",
        "doc.md: there.md has no heading #two",
    ]


def test_a_change_note_says_its_kind() -> None:
    assert misnamed_fragments(["README.md", "ask.added.md", "two-words.fixed.md"]) == []
    assert len(misnamed_fragments(["ask.md", "ask.new.md", "Ask.added.md"])) == 3
