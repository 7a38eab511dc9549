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


@pytest.fixture
def no_journal(one: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Application:
    """The same where no journal can be written: its folder is a file."""
    (tmp_path / "full").write_text("no folder")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "full"))
    return one
