import sys
from pathlib import Path

import pytest
from tools.audit import NotAudited, complaints, holes
from tools.licences import Licensed, installed, refused
from tools.secret_scan import secrets_in


def package(licence: str, name: str = "thing") -> Licensed:
    return {"Name": name, "Version": "1", "License": licence}


@pytest.mark.parametrize(
    "licence",
    [
        "MIT",
        "Apache-2.0 OR GPL-2.0-only",
        "LGPL-3.0-or-later",
        "MPL-2.0",
        "GPL-3.0-or-later WITH GCC-exception-3.1",
    ],
)
def test_a_licence_that_asks_nothing_of_our_code_is_fine(licence: str) -> None:
    assert refused([package(licence)], known={}) == []


@pytest.mark.parametrize(
    "licence",
    [
        "GPL-3.0-only",
        "AGPL-3.0",
        "GNU General Public License v3 (GPLv3)",
        "GNU Affero General Public License v3",
    ],
)
def test_a_licence_that_would_bind_our_code_is_refused(licence: str) -> None:
    assert refused([package(licence)], known={}) == [f"thing 1 is under {licence}"]


def test_no_stated_licence_is_refused_unless_somebody_read_it() -> None:
    assert refused([package("UNKNOWN")], known={}) == ["thing 1 states no licence"]
    assert refused([package("UNKNOWN")], known={"thing": "MIT"}) == []


def test_the_licences_of_what_is_installed_are_read() -> None:
    assert {"pytest", "uv"} <= {found["Name"] for found in installed(sys.executable)}


def test_a_package_that_the_audit_skipped_is_not_audited() -> None:
    answer = {"dependencies": [{"name": "six", "skip_reason": "not found"}]}

    with pytest.raises(NotAudited, match="1 of 1 packages were skipped\nsix: not found"):
        holes(answer)


def test_an_audit_of_nothing_is_no_audit() -> None:
    with pytest.raises(NotAudited):
        holes({"dependencies": []})


@pytest.mark.integration
def test_an_audit_that_could_not_ask_about_a_package_is_a_complaint(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(f"sapwood-of-another-forest==1 --hash=sha256:{'0' * 64}\n")

    said = complaints(lock)

    assert said[0].startswith("NOT AUDITED: ")
    assert "SAPWOOD_OFFLINE=1" in said[1]


def test_a_known_hole_is_named_with_its_remedy() -> None:
    hole = {"id": "X-1", "fix_versions": ["2"]}
    answer = {
        "dependencies": [
            {"name": "six", "version": "1", "vulns": [hole]},
            {"name": "seven", "version": "1", "vulns": []},
        ]
    }

    assert holes(answer) == ["six 1: X-1, fixed in 2"]


def test_a_key_in_a_file_is_found_and_an_excused_line_is_not(tmp_path: Path) -> None:
    key = "AKIA" + "ABCDEFGHIJKLMNOP"
    (tmp_path / "a.py").write_text(f'x = 1\nkey = "{key}"\n')
    (tmp_path / "b.py").write_text(f'key = "{key}"  # pragma: allowlist secret\n')
    (tmp_path / "c.py").write_text("-----BEGIN RSA " + "PRIVATE KEY-----\n")

    found = secrets_in(tmp_path, ["a.py", "b.py", "c.py"])

    assert [line.split(": ")[0] for line in found] == ["a.py:2", "c.py:1"]


def test_a_test_may_invent_a_password_and_nothing_else_may(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    for file in ("a.py", "tests/a.py"):
        (tmp_path / file).write_text('password = "' + "hunter2" + '"\n')

    assert secrets_in(tmp_path, ["a.py", "tests/a.py"]) == ["a.py:1: Secret Keyword"]
