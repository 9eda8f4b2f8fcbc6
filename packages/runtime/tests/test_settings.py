import os
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from sapwood_runtime.settings import Settings, load
from sapwood_shared.errors import InvalidInput


def test_without_a_variable_everything_has_a_value(tmp_path: Path) -> None:
    settings = load({"SAPWOOD_HOME": str(tmp_path)})

    assert settings == Settings(home=tmp_path)
    assert (settings.memory_mb, settings.cache_mb, settings.datasets_gb) == (512, 256, 10.0)
    assert settings.sandbox
    assert settings.bound_workers == (os.cpu_count() or 1)


def test_every_variable_is_read(tmp_path: Path) -> None:
    settings = load(
        {
            "SAPWOOD_HOME": str(tmp_path),
            "SAPWOOD_MEMORY_MB": "1024",
            "SAPWOOD_TEMP_MB": "2048",
            "SAPWOOD_OUTPUT_MB": "4096",
            "SAPWOOD_START_S": "7.5",
            "SAPWOOD_CACHE_MB": " 8 ",
            "SAPWOOD_DATASETS_GB": "0.5",
            "SAPWOOD_UNSAFE_NO_SANDBOX": "yes",
            "SAPWOOD_WORKERS": "3",
        }
    )

    assert settings == Settings(tmp_path, 1024, 2048, 4096, 7.5, 8, 0.5, sandbox=False, bound_workers=3)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SAPWOOD_MEMORY_MB", "lots"),
        ("SAPWOOD_MEMORY_MB", "64"),
        ("SAPWOOD_TEMP_MB", "1"),
        ("SAPWOOD_OUTPUT_MB", "much"),
        ("SAPWOOD_START_S", "soon"),
        ("SAPWOOD_START_S", "0"),
        ("SAPWOOD_CACHE_MB", "-1"),
        ("SAPWOOD_DATASETS_GB", "inf"),
        ("SAPWOOD_DATASETS_GB", "nan"),
        ("SAPWOOD_DATASETS_GB", "-1"),
        ("SAPWOOD_DATASETS_GB", "ten"),
        ("SAPWOOD_UNSAFE_NO_SANDBOX", "maybe"),
        ("SAPWOOD_WORKERS", "0"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(InvalidInput, match=name) as refused:
        load({name: value})

    assert refused.value.hint


@pytest.mark.parametrize("word", ["", "0", "False", "no", "OFF"])
def test_a_flag_that_is_off_leaves_the_sandbox_on(word: str) -> None:
    assert load({"SAPWOOD_UNSAFE_NO_SANDBOX": word}).sandbox


def test_the_home_is_absolute_wherever_it_is_named_from(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "me"))

    assert load({"SAPWOOD_HOME": "data"}).home == tmp_path / "data"
    assert load({"SAPWOOD_HOME": "~/data"}).home == tmp_path / "me" / "data"


def test_a_home_of_a_user_who_is_none_is_refused_by_name() -> None:
    with pytest.raises(InvalidInput, match="SAPWOOD_HOME is '~nosuchuser/data'") as refused:
        load({"SAPWOOD_HOME": "~nosuchuser/data"})

    assert "absolute path" in (refused.value.hint or "")


def test_the_platforms_place_is_the_home_when_none_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    monkeypatch.setattr(sys, "platform", "linux")
    assert load({}).home == tmp_path / ".local" / "share" / "sapwood"
    assert load({"XDG_DATA_HOME": "/data"}).home == Path("/data/sapwood")
    assert load({"XDG_DATA_HOME": "relative"}).home == tmp_path / ".local" / "share" / "sapwood"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert load({}).home == tmp_path / "Library" / "Application Support" / "sapwood"


def test_the_environment_of_the_process_is_what_an_app_reads(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SAPWOOD_HOME", str(tmp_path))

    assert load().home == tmp_path


def test_settings_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings(Path("/x")).memory_mb = 1  # type: ignore[misc]  # that it fails is the test
