import subprocess
import sys
from pathlib import Path
from typing import Any

import _duckdb

from sapwood_storage.tabular.readers.operations import OPERATIONS


def sniff(tmp_path: Path, content: str, **options: Any) -> dict[str, Any]:
    source, staging = tmp_path / "source", tmp_path / "staging"
    source.write_text(content)
    staging.mkdir()
    params = {"source": str(source), "staging": str(staging), "options": options}
    with _duckdb.connect() as connection:
        found = OPERATIONS["sniff"](connection, params, lambda _: None)
    assert list(staging.iterdir()) == []
    return found


def test_sniffing_says_how_a_file_would_be_read(tmp_path: Path) -> None:
    assert sniff(tmp_path, "Report\na;b;c\n1;2;3\n4;5;6\n") == {
        "format": "csv",
        "compression": None,
        "delimiter": ";",
        "quote": '"',
        "header": True,
        "encoding": "utf-8",
        "skipped_lines": 1,
        "columns": ["a", "b", "c"],
        "notes": [],
    }


def test_sniffing_json_says_so(tmp_path: Path) -> None:
    assert sniff(tmp_path, '{"a": 1}\n') == {"format": "json", "compression": None}


def test_the_operations_need_no_data_frame_library() -> None:
    code = (
        "import sys, sapwood_storage.tabular.readers.operations;"
        "heavy = ('duckdb', 'pandas', 'numpy', 'pyarrow', 'pydantic', 'asyncio');"
        "print([name for name in heavy if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert done.stdout.strip() == "[]"
