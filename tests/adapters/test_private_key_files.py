"""Private keys that a library takes only as files do not outlive their process."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from cutover.adapters.private_key_files import key_folder, sweep
from cutover.adapters.process_identity import started

HOLDS = """
import sys, time
from cutover.adapters.private_key_files import key_folder
with key_folder() as folder:
    open(f"{folder}/key.pem", "w").write("planted-key")
    print(folder, flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files of this test's own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def test_the_folder_is_private_and_gone_afterwards(temporary: Path) -> None:
    with key_folder() as folder:
        assert Path(folder).stat().st_mode & 0o777 == 0o700
    assert list(temporary.iterdir()) == []


def test_what_a_killed_process_left_is_swept_at_the_next_start(temporary: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", HOLDS], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    folder = Path(process.stdout.readline().strip())
    sweep()
    assert (folder / "key.pem").exists(), "its process lives"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert folder.exists()
    sweep()
    assert list(temporary.iterdir()) == []


def test_a_process_number_that_is_used_again_protects_nothing(temporary: Path) -> None:
    pid = os.getpid()
    (temporary / f"cutover-keys-{pid}-{started(pid) - 1}-x").mkdir()
    (temporary / f"cutover-keys-{pid}-{started(pid)}-x").mkdir()
    (temporary / "cutover-keys-mine-too-x").mkdir()
    sweep()
    left = sorted(folder.name for folder in temporary.iterdir())
    assert left == [f"cutover-keys-{pid}-{started(pid)}-x", "cutover-keys-mine-too-x"]


def test_a_link_is_not_followed(temporary: Path) -> None:
    elsewhere = temporary / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").touch()
    (temporary / "cutover-keys-1-1-x").symlink_to(elsewhere)
    sweep()
    assert (elsewhere / "kept").exists()
