import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SKIPPING = {
    "marked": "import pytest\n@pytest.mark.skip(reason='lazy')\ndef test_x(): pass\n",
    "called": "import pytest\ndef test_x(): pytest.skip('lazy')\n",
    "module": "import pytest\npytest.skip('lazy', allow_module_level=True)\n",
    "import": "import pytest\npytest.importorskip('not_there', reason='lazy')\n",
}


def run(folder: Path, *arguments: str, ci: str) -> tuple[int, str]:
    shutil.copy(ROOT / "conftest.py", folder)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-c",
            "/dev/null",
            "--rootdir",
            ".",
            "-p",
            "no:cacheprovider",
            *arguments,
        ],
        cwd=folder,
        env=os.environ | {"CI": ci},
        check=False,
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout


def test_every_kind_of_skip_fails_in_ci_with_its_reason(tmp_path: Path) -> None:
    for way, test in SKIPPING.items():
        (tmp_path / f"test_{way}.py").write_text(test)

    code, printed = run(tmp_path, "--continue-on-collection-errors", ci="true")

    assert code == 1
    said = r"^(?:FAILED|ERROR) test_(\w+)\.py.* - skipped in CI, where nothing may be: .*lazy"
    refused = re.findall(said, printed, re.MULTILINE)
    assert sorted(refused) == sorted(SKIPPING)


def test_on_a_laptop_a_skip_is_a_skip(tmp_path: Path) -> None:
    (tmp_path / "test_skipping.py").write_text(SKIPPING["marked"])

    assert run(tmp_path, ci="")[0] == 0


def test_an_expected_failure_is_not_a_skip(tmp_path: Path) -> None:
    (tmp_path / "test_failing.py").write_text(
        "import pytest\n@pytest.mark.xfail\ndef test_x(): assert False\n"
    )

    assert run(tmp_path, ci="true")[0] == 0
