"""The fixture of every command that runs in process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cutover.runtime import lease_keeper
from tests.commands.api import StagedApi, serving
from tests.commands.application import UsualApplication


@pytest.fixture
def one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[UsualApplication]:
    """The usual application, and whoever looks after it; who holds its lock is found out without a second's wait."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(lease_keeper, "LOOK_EVERY", 0.01)
    api = StagedApi()
    with serving(api, tmp_path) as kubeconfig:
        yield UsualApplication(tmp_path, api, kubeconfig)


@pytest.fixture
def no_journal(one: UsualApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> UsualApplication:
    """The same where no journal can be written: its folder is a file."""
    (tmp_path / "full").write_text("no folder")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "full"))
    return one
