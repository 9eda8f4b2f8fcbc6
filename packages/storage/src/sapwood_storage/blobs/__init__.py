"""Large immutable values: streamed in, published whole, read by range."""

from sapwood_storage.blobs.directory import Blob, Blobs

__all__ = ["Blob", "Blobs"]
