"""Fixtures for tests of the application without a cluster; a test file imports the ones it uses."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import pytest

from tests.cluster.app import chroot, image
from tests.cluster.app.chroot import RunningApplication
from tests.cluster.app.server import Postgres, postgres
from tests.cluster.place import CACHE


class Start(Protocol):
    """Start the application with this environment; it uses the healthy database unless told otherwise."""

    def __call__(self, *arguments: str, **env: str) -> AbstractContextManager[RunningApplication]: ...


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("image")
    chroot.unpack(image.build(CACHE / "images"), folder)
    return folder


@pytest.fixture(scope="module")
def database() -> Iterator[Postgres]:
    with postgres("db-a") as server:
        yield server


@pytest.fixture
def start(root: Path, database: Postgres, tmp_path: Path) -> Start:
    usual = {"DATABASE_URL": database.url(), "DRAIN_SECONDS": "0.5", "POD_NAME": "payments-1", "POD_HASH": "abc"}
    return lambda *arguments, **env: chroot.running(root, tmp_path / "output", *arguments, **(usual | env))
