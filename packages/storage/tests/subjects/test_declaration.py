import importlib
import pkgutil

import pytest
from sqlalchemy import Column, MetaData, Table, Text

from sapwood_shared.errors import InvalidInput
from sapwood_storage import database
from sapwood_storage.database import CONTROL, WORKSPACE, installed_histories
from sapwood_storage.home import Home, WorkspaceHome
from sapwood_storage.subjects import Holding, declare_table, holding_of
from sapwood_storage.subjects.backups import BackupStore
from sapwood_storage.subjects.files import BlobStore, CacheStore, DirectoryStore
from sapwood_storage.subjects.records import RecordsStore


def undeclared(*metadata: MetaData) -> list[str]:
    return [name for each in metadata for name, table in each.tables.items() if holding_of(table) is None]


def test_every_table_of_every_installed_package_declares_whose_data_it_holds() -> None:
    installed_histories()
    for module in pkgutil.iter_modules(database.__path__, "sapwood_storage.database."):
        importlib.import_module(module.name)

    assert undeclared(CONTROL, WORKSPACE) == []
    assert len(CONTROL.tables) + len(WORKSPACE.tables) >= 6


def test_a_table_that_declares_nothing_is_found() -> None:
    metadata = MetaData(schema="workspace")
    Table("secrets", metadata, Column("person", Text))

    assert undeclared(metadata) == ["workspace.secrets"]


def test_every_place_of_a_workspace_is_a_store_that_declares_whose_data_it_holds() -> None:
    places = {name for name, value in vars(WorkspaceHome).items() if isinstance(value, property)}
    stores = {
        "records_db": RecordsStore,
        "blobs": BlobStore,
        "datasets": DirectoryStore,
        "vectors": DirectoryStore,
    }

    assert places == stores.keys(), "a new place needs a store in the data map"
    for kind in stores.values():
        assert isinstance(kind.holding, Holding)


def test_every_place_of_a_home_is_a_store_or_holds_nothing_of_anybody() -> None:
    places = {name for name, value in vars(Home).items() if isinstance(value, property)}
    stores = {"control_db": RecordsStore, "cache_db": CacheStore, "backups": BackupStore}

    assert places - {"owner_lock"} == stores.keys(), "a new place needs a store in the data map"
    for kind in stores.values():
        assert isinstance(kind.holding, Holding)


def test_a_holding_names_a_subject_or_says_why_there_is_none() -> None:
    with pytest.raises(InvalidInput, match="or says why there is none"):
        Holding("schema")
    with pytest.raises(InvalidInput, match="or says why"):
        Holding("schema", subject="person", why_no_subject="none")


def test_a_holding_names_columns_that_exist() -> None:
    table = Table("t", MetaData(), Column("person", Text))

    with pytest.raises(InvalidInput, match="no column 'persom'"):
        declare_table(table, Holding("schema", subject="persom"))
    with pytest.raises(InvalidInput, match="no column 'workspace'"):
        declare_table(table, Holding("workspace", subject="person"))
