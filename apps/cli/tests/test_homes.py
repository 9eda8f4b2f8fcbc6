"""A data directory that cannot be one, or whose parts may not be written, is told with what to do."""

from pathlib import Path

import pytest
from apps.cli.tests.conftest import Sapwood
from apps.cli.tests.house import FLIGHTS, spawned, without_root

HOMES = {
    "no place of files": "/proc/home",
    "a file": "{tmp}/file",
    "inside a file": "{tmp}/file/home",
    "a link to nothing": "{tmp}/dangling",
    "below a link to nothing": "{tmp}/dangling/home",
    "a long name": "n" * 300,
    "a long path": "deep/" * 1_000,
    "the directory of nobody": "~nosuchuser/home",
    "a device": "/dev/null",
}


@pytest.mark.parametrize("place", HOMES.values(), ids=HOMES.keys())
@pytest.mark.parametrize(
    "command",
    [("ask", FLIGHTS, "how many flights"), ("columns", FLIGHTS), ("data", "du"), ("data", "prune")],
    ids=["ask", "columns", "du", "prune"],
)
def test_a_home_that_cannot_be_one_is_refused_with_what_to_do(
    sapwood: Sapwood, tmp_path: Path, place: str, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    monkeypatch.chdir(tmp_path)

    said = sapwood(*command, "--json", home=Path(place.format(tmp=tmp_path)))

    error = said.json("error")["error"]
    assert (said.code, error["code"], said.err) == (2, "invalid_input", "")
    assert "SAPWOOD_HOME" in error["message"] + error["hint"]
    assert error["hint"]


@pytest.mark.parametrize("place", ["/proc/home", "n" * 300, "{tmp}/dangling"])
def test_the_doctor_looks_at_the_rest_of_a_house_without_a_home(
    sapwood: Sapwood, tmp_path: Path, place: str
) -> None:
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")

    said = sapwood("doctor", "--json", home=Path(place.format(tmp=tmp_path)))

    findings = {finding["name"]: finding for finding in said.json("doctor")["findings"]}
    assert said.code == 4
    assert findings["data directory"]["state"] == "broken"
    assert "SAPWOOD_HOME" in findings["data directory"]["mend"]
    assert "free" in findings["disk"]["text"]


def test_a_home_that_is_not_ours_is_refused_by_what_writes_to_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert spawned(home, "ask", FLIGHTS, "how many flights").code == 0
    home.chmod(0o500)

    asked = spawned(home, "ask", FLIGHTS, "how many carriers", "--json", preexec_fn=without_root)
    measured = spawned(home, "data", "du", "--json", preexec_fn=without_root)
    examined = spawned(home, "doctor", "--json", preexec_fn=without_root)

    assert asked.code == 2
    assert "may not be written" in asked.json("error")["error"]["message"]
    assert measured.code == 0
    assert examined.json("doctor")["findings"][1]["state"] == "broken"
    home.chmod(0)
    examined = spawned(home, "doctor", "--json", preexec_fn=without_root)
    assert [one["state"] for one in examined.json("doctor")["findings"][1:3]] == ["broken", "broken"]


@pytest.mark.parametrize("command", [("columns",), ("data", "prune")], ids=["read", "prune"])
def test_a_part_of_the_home_that_is_not_ours_is_named(tmp_path: Path, command: tuple[str, ...]) -> None:
    home, other = tmp_path / "home", tmp_path / "other.csv"
    assert spawned(home, "ask", FLIGHTS, "how many flights").code == 0
    other.write_text("size\n1\n2\n")
    for place in home.rglob("*"):
        if place.is_dir():
            place.chmod(0o500)
    more = (str(other),) if command == ("columns",) else ()

    said = spawned(home, *command, *more, "--json", preexec_fn=without_root)

    error = said.json("error")["error"]
    assert (said.code, error["code"]) == (2, "invalid_input")
    assert "Permission denied" in error["message"]
    assert "make what is in the data directory yours" in error["hint"]
