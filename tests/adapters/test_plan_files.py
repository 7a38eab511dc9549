"""A plan as a file: its bytes, only as many as a plan can have, and never over another one."""

import io
import sys
from pathlib import Path

import pytest

from cutover.adapters.plan_files import LIMIT, plan_bytes, read_plan, refuse_existing, write_plan
from cutover.core.base.errors import UsageError


class _Input:
    """Standard input that is no terminal."""

    def __init__(self, content: bytes, *, terminal: bool = False) -> None:
        self.buffer = io.BytesIO(content)
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


def test_a_plan_is_read_as_bytes(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_bytes(b"kind: \xff")
    assert read_plan(str(tmp_path / "plan.yaml")) == b"kind: \xff"


def test_a_plan_may_come_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", _Input(b"kind: x"))
    assert read_plan("-") == b"kind: x"


def test_a_terminal_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", _Input(b"", terminal=True))
    with pytest.raises(UsageError, match="-: standard input is a terminal"):
        read_plan("-")


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "it is empty"), (b" \n", "it is empty"), (b"x" * (LIMIT + 1), "larger than 1024 KiB")],
)
def test_what_cannot_be_a_plan_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "plan.yaml"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=message):
        read_plan(str(path))


def test_a_plan_without_end_is_not_read_to_the_end() -> None:
    with pytest.raises(UsageError, match="larger than"):
        read_plan("/dev/zero")


def test_a_plan_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file or directory"):
        read_plan(str(tmp_path / "missing"))
    with pytest.raises(UsageError, match="Is a directory"):
        read_plan(str(tmp_path))


def test_a_new_plan_is_written_and_read_again(tmp_path: Path) -> None:
    file = str(tmp_path / "plan.yaml")
    write_plan(file, plan_bytes("kind: é", file), overwrite=False)
    assert read_plan(file) == "kind: é".encode()


def test_a_plan_that_is_there_is_overwritten_only_where_that_is_asked_for(tmp_path: Path) -> None:
    file = str(tmp_path / "plan.yaml")
    refuse_existing(file)
    write_plan(file, b"reviewed", overwrite=False)
    with pytest.raises(UsageError, match="the file is there already"):
        refuse_existing(file)
    with pytest.raises(UsageError, match="the file is there already"):
        write_plan(file, b"new", overwrite=False)
    assert read_plan(file) == b"reviewed"
    write_plan(file, b"new", overwrite=True)
    assert read_plan(file) == b"new"


def test_a_plan_that_cannot_be_written_says_why(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written: No such file or directory"):
        write_plan(str(tmp_path / "missing" / "plan.yaml"), b"x", overwrite=False)


def test_a_plan_that_would_never_be_read_is_not_made() -> None:
    with pytest.raises(UsageError, match="would be larger than 1024 KiB"):
        plan_bytes("é" * (LIMIT // 2 + 1), "plan.yaml")
