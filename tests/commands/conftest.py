"""The fixture of every command that runs in process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.api import Api, serving
from tests.commands.application import Application


@pytest.fixture
def one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Application]:
    """The usual application, and whoever looks after it."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    api = Api()
    with serving(api, tmp_path) as kubeconfig:
        yield Application(tmp_path, api, kubeconfig)
