"""Whether the process that holds a lock still lives."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from cutover.adapters import process_identity
from cutover.adapters.process_identity import life_of, started, this_process
from cutover.core.writes.lock_state import Life


def test_this_process_lives_and_knows_itself() -> None:
    holder = this_process("run-1")
    assert (holder.run, holder.pid) == ("run-1", os.getpid())
    assert life_of(holder) is Life.ALIVE
    assert this_process("run-1").name != holder.name, "no two processes, nor two runs of one, have the same name"


def test_a_process_that_has_ended_is_gone_even_as_a_zombie() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    holder = replace(this_process("run-1"), pid=child.pid, born=started(child.pid))
    assert life_of(holder) is Life.ALIVE
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert life_of(holder) is Life.GONE, "a zombie"
    child.communicate()
    assert life_of(holder) is Life.GONE


def test_a_number_that_is_used_again_is_another_process() -> None:
    holder = this_process("run-1")
    assert life_of(replace(holder, born=holder.born - 1)) is Life.GONE


def test_of_other_machines_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    holder = this_process("run-1")
    assert life_of(replace(holder, machine="another/ns")) is Life.ELSEWHERE
    assert life_of(replace(holder, machine="")) is Life.ELSEWHERE
    monkeypatch.setattr(process_identity, "_PROC", Path("/nowhere"))
    assert this_process("run-1").machine == ""
    assert life_of(this_process("run-1")) is Life.ELSEWHERE
