"""Load as users make it: on schedule, each on a connection of its own, never asking twice."""

from tests.cluster.load.answers import LoadAnswer, LoadResult
from tests.cluster.load.client import LoadClient
from tests.cluster.load.guard import AddressRefusedError

__all__ = ["AddressRefusedError", "LoadAnswer", "LoadClient", "LoadResult"]
