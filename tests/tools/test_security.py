import sys
from pathlib import Path

import pytest
from tools.audit import NotAudited, complaints, elsewhere, holes
from tools.licences import Licensed, installed, refused
from tools.lock import pins
from tools.secret_scan import secrets_in

HASH = "--hash=sha256:" + "0" * 64


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
        "Apache-2.0 AND BSD-2-Clause",
        "(MIT OR GPL-3.0-only)",
        "DFSG approved; MIT License",
        "GNU Lesser General Public License v3 or later (LGPLv3+)",
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


@pytest.mark.parametrize(
    "licence",
    ["Proprietary", "Free for use in kind intentions", "MIT AND Proprietary", "Other/Proprietary License"],
)
def test_a_licence_that_is_on_no_list_is_named(licence: str) -> None:
    (said,) = refused([package(licence)], known={})

    assert said.startswith(f"thing 1 is under {licence}, which is on no list")


def test_a_licence_that_is_stated_in_full_is_named_by_its_beginning() -> None:
    (said,) = refused([package("All rights reserved.\n" + "No copies. " * 500)], known={})

    assert "is under All rights reserved. No copies." in said
    assert len(said) < 250


def test_no_stated_licence_is_refused_unless_somebody_read_it() -> None:
    assert refused([package("UNKNOWN")], known={}) == ["thing 1 states no licence"]
    assert refused([package("UNKNOWN")], known={"thing": "MIT"}) == []


def test_the_licences_of_what_is_installed_are_read() -> None:
    assert {"pytest", "uv"} <= {found["Name"] for found in installed(sys.executable)}


def test_a_package_that_the_audit_skipped_is_not_audited() -> None:
    answer = {"dependencies": [{"name": "six", "skip_reason": "not found"}]}

    with pytest.raises(NotAudited, match="1 of 1 packages were skipped\nsix: not found"):
        holes(answer, [])


def test_a_pin_that_the_answer_does_not_speak_of_is_not_audited() -> None:
    locked = pins(f"six==1 {HASH}\nSe_ven==2 ; python_version > '3' \\\n    {HASH}\n    # via six\n")
    of_six: dict[str, object] = {"name": "six", "version": "1", "vulns": []}

    for answered in ({"name": "eight", "version": "2"}, {"name": "se-ven", "version": "1"}):
        with pytest.raises(NotAudited, match=r"says nothing of Se_ven==2"):
            holes({"dependencies": [of_six, {**answered, "vulns": []}]}, locked)
    assert holes({"dependencies": [of_six, {"name": "se-ven", "version": "2", "vulns": []}]}, locked) == []


def test_a_pin_for_another_platform_is_listed_and_not_missed() -> None:
    locked = pins(f"six==1 {HASH}\ncolorama==2 ; sys_platform == 'win32' {HASH}\n")

    assert [pin.name for pin in elsewhere(locked)] == ["colorama"]
    assert holes({"dependencies": [{"name": "six", "version": "1", "vulns": []}]}, locked) == []


def test_an_audit_of_nothing_is_no_audit() -> None:
    with pytest.raises(NotAudited):
        holes({"dependencies": []}, [])


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

    assert holes(answer, []) == ["six 1: X-1, fixed in 2"]


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
