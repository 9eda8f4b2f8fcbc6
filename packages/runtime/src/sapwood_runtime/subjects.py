"""Every place of a home that holds data of workspaces, so that one call exports or erases it everywhere."""

from sapwood_runtime.parts import Parts
from sapwood_storage.blobs import Blobs
from sapwood_storage.subjects.backups import BackupStore
from sapwood_storage.subjects.files import BlobStore, CacheStore, DirectoryStore
from sapwood_storage.subjects.records import RecordsStore
from sapwood_storage.subjects.walk import SubjectStore


async def stores(parts: Parts) -> tuple[SubjectStore, ...]:
    """Return the stores for `subjects.walk`; the records come last, as erasing wants it."""
    recorder = await parts.records.opened()
    return (
        CacheStore(parts.cache),
        BlobStore(Blobs(parts.home)),
        DirectoryStore(parts.home, "datasets"),
        DirectoryStore(parts.home, "vectors"),
        BackupStore(parts.home),
        RecordsStore(recorder.database),
    )
