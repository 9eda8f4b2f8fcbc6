"""Files to write are refused before any work where they cannot be written, and the source is kept."""

import stat
from pathlib import Path

import pytest
from apps.cli.tests.conftest import Sapwood
from apps.cli.tests.house import FLIGHTS

WRITING = [
    (("ask", "how many rows"), "--out", "csv"),
    (("ask", "how many rows"), "--chart", "png"),
    (("sql", "SELECT 1"), "--out", "csv"),
    (("clean",), "--out", "csv"),
    (("clean",), "--save", "yaml"),
    (("profile",), "--html", "html"),
]


@pytest.mark.parametrize(("command", "option", "ending"), WRITING)
def test_what_cannot_be_written_is_refused_before_any_work(
    sapwood: Sapwood, tmp_path: Path, command: tuple[str, ...], option: str, ending: str
) -> None:
    directory = tmp_path / f"there.{ending}"
    directory.mkdir()
    name, *more = command

    for target in ("", " ", str(directory), str(tmp_path / "nowhere" / f"x.{ending}")):
        said = sapwood(name, FLIGHTS, *more, option, target, "--json", home=tmp_path / "home")

        assert said.code == 2, target
        assert said.json("error")["error"]["hint"]
        assert "Traceback" not in said.err
        assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(("command", "option", "ending"), WRITING)
def test_the_file_that_is_asked_about_is_never_overwritten(
    sapwood: Sapwood, tmp_path: Path, command: tuple[str, ...], option: str, ending: str
) -> None:
    file, link = tmp_path / f"sales.{ending}", tmp_path / f"link.{ending}"
    file.write_text("price,city\n1,Oslo\n2,Rome\n")
    link.symlink_to(file)
    name, *more = command

    for asked, target in ((file, file), (file, link), (link, file), (link, link)):
        said = sapwood(name, str(asked), *more, option, str(target))

        assert said.code == 2
        assert "would overwrite" in said.err
        assert file.read_text() == "price,city\n1,Oslo\n2,Rome\n"
        assert link.is_symlink()


def test_a_link_to_write_to_stays_one(sapwood: Sapwood, tmp_path: Path) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    link.symlink_to(real)

    said = sapwood("ask", FLIGHTS, "how many flights", "--out", str(link))

    assert said.code == 0
    assert link.is_symlink()
    assert real.read_text().splitlines() == ["count", "6099"]


def test_a_page_has_the_rights_of_the_persons_other_files(sapwood: Sapwood, tmp_path: Path) -> None:
    page, plain = tmp_path / "page.html", tmp_path / "plain.txt"
    plain.write_text("")

    assert sapwood("profile", FLIGHTS, "--html", str(page)).code == 0
    assert stat.S_IMODE(page.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)
