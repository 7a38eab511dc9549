"""What surrounds a run breaks in its middle: its screen, its disk, its kubeconfig, its credentials, its rights."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.arena import FAST, Arena
from tests.e2e.kills.proxy import Hook, ProxiedRequest, Proxy, ProxyFault
from tests.e2e.running import Running

pytestmark = pytest.mark.cluster

HOLD = "watch: {readyWithin: 60s, adoptWithin: 20s, hold: 4s, bake: 1s}"
QUICKLY = "watch: {readyWithin: 6s, adoptWithin: 20s, hold: 1s, bake: 1s}"


def at_the_pause(arena: Arena, *arguments: str | Path, env: dict[str, str] | None = None) -> Running:
    """A good run that waits out its hold."""
    plan = arena.plan(arena.to_secret("payments-db-b"), watch=HOLD)
    running = arena.start("apply", plan, *arguments, env=env)
    running.wait_for_line("step 1 of 4: pause")
    return running


def bad_plan(arena: Arena) -> Path:
    arena.secret("candidate", url=arena.bed.databases.refused.url())
    return arena.plan(arena.to_secret("candidate"), watch=QUICKLY)


# -- its screen --------------------------------------------------------------------------------------------------------


@pytest.mark.sampled(2)
@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_reader_that_goes_away_changes_no_ending(arena: Arena, stream: str) -> None:
    arena.deploy()
    running = at_the_pause(arena)
    broken = getattr(running.process, stream)
    broken.close()
    assert running.process.wait(60) == 0
    arena.wait_for_answers_of("db-b")
    assert (arena.marks(), arena.leases()) == ({}, [])
    other = running.process.stderr if stream == "stdout" else running.process.stdout
    assert other is not None
    other.close()


def test_a_screen_that_takes_nothing_holds_up_no_abort(arena: Arena) -> None:
    """Ctrl-S at the terminal, or a pager: whoever writes to it is blocked, and the run is not."""
    arena.deploy()
    template = arena.template()
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    try:
        while True:
            os.write(writer, b"x" * 4096)
    except BlockingIOError:
        os.set_blocking(writer, True)
    plan = bad_plan(arena)
    process = _cutover(arena, "apply", plan, stdout=writer, stderr=writer)
    os.close(writer)
    arena.wait(lambda: bool(arena.canary_pods()), "the canary starts")
    arena.wait(lambda: arena.template() == template and arena.healthy() and not arena.marks(), "it is taken back")
    os.close(reader)
    assert process.wait(30) == 10


def _cutover(arena: Arena, *arguments: str | Path, stdout: int, stderr: int) -> "subprocess.Popen[bytes]":
    environment = os.environ | {
        "KUBECONFIG": str(arena.bed.kubeconfig),
        "XDG_STATE_HOME": str(arena.folder / "state"),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "cutover", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        env=environment,
        start_new_session=True,
    )


# -- its disk ----------------------------------------------------------------------------------------------------------


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system of a few kilobytes."""
    disk = folder / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "cutover-test", str(disk)], check=True)
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(disk: Path) -> None:
    with (disk / "filler").open("wb", buffering=0) as filler:
        try:
            while True:
                filler.write(b"x" * 1024)
        except OSError:
            return


@pytest.mark.parametrize("trouble", ["full", "read-only"])
def test_without_a_journal_nothing_is_written_to_the_cluster(arena: Arena, trouble: str) -> None:
    arena.deploy()
    plan = arena.plan(arena.to_secret("payments-db-b"), watch=FAST)
    with small_disk(arena.folder) as disk, arena.no_write():
        if trouble == "full":
            fill(disk)
        else:
            subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        outcome = arena.start("apply", plan, "-o", "json", env={"XDG_STATE_HOME": str(disk)}).finish()
    assert outcome.code == 3, outcome.told()
    assert "the journal cannot be written" in outcome.report["problems"][0]["message"]


def test_a_disk_that_becomes_full_changes_no_ending(arena: Arena) -> None:
    arena.deploy()
    template = arena.template()
    with small_disk(arena.folder) as disk:
        running = arena.start("apply", bad_plan(arena), "-o", "json", env={"XDG_STATE_HOME": str(disk)})
        running.wait_for_line("the controller made revision")
        fill(disk)
        outcome = running.finish()
    assert outcome.code == 10, outcome.told()
    assert "could not be kept" in outcome.stderr
    assert arena.template() == template
    assert (arena.marks(), arena.leases()) == ({}, [])


# -- its way to the cluster --------------------------------------------------------------------------------------------


def test_a_kubeconfig_that_vanishes_changes_no_ending(arena: Arena) -> None:
    arena.deploy()
    config = arena.folder / "mine.json"
    config.write_text(arena.bed.kubeconfig.read_text())
    running = at_the_pause(arena, "-o", "json", env={"KUBECONFIG": str(config)})
    config.unlink()
    outcome = running.finish()
    assert outcome.code == 0, outcome.told()


def first_time(word: bytes, answer: tuple[int, str], seen: list[ProxiedRequest]) -> Hook:
    """A hook that answers in the server's place the first write with that word in it."""

    def hook(asked: ProxiedRequest) -> ProxyFault | tuple[int, str]:
        if not asked.number or word not in asked.body or seen:
            return ProxyFault.NONE
        seen.append(asked)
        return answer

    return hook


@pytest.mark.sampled(1)
@pytest.mark.parametrize("word", [b"cutover.dev~1marks", b'"/status/abort"'], ids=["cutover", "abort"])
def test_an_expired_token_is_renewed_and_the_write_goes_out_again(arena: Arena, word: bytes) -> None:
    arena.deploy()
    template = arena.template()
    seen: list[ProxiedRequest] = []
    with Proxy(arena.bed) as proxy:
        proxy.hook = first_time(word, (401, "Unauthorized"), seen)
        outcome = arena.applied(bad_plan(arena), "--kubeconfig", str(proxy.kubeconfig(arena.folder)))
    assert outcome.code == 10, outcome.told()
    assert len([asked for asked in proxy.writes if asked.body == seen[0].body]) == 2
    assert arena.template() == template


def test_where_the_abort_is_forbidden_the_old_template_is_put_back_all_the_same(arena: Arena) -> None:
    arena.deploy()
    template = arena.template()
    with Proxy(arena.bed) as proxy:
        proxy.hook = lambda asked: (403, "Forbidden") if b'"/status/abort"' in asked.body else ProxyFault.NONE
        outcome = arena.applied(bad_plan(arena), "--kubeconfig", str(proxy.kubeconfig(arena.folder)))
    assert outcome.code == 10, outcome.told()
    assert "refused (403)" in outcome.stderr
    assert arena.template() == template
    assert arena.healthy()


def test_where_everything_is_forbidden_a_human_is_called_at_once_with_the_commands(arena: Arena) -> None:
    arena.deploy()
    plan = bad_plan(arena)
    with Proxy(arena.bed) as proxy:
        running = arena.start("apply", plan, "-o", "json", "--kubeconfig", proxy.kubeconfig(arena.folder))
        running.wait_for_line("running, not Ready")
        proxy.hook = lambda asked: (
            (403, "Forbidden") if "/rollouts/" in asked.path and asked.number else ProxyFault.NONE
        )
        running.wait_for_line("! the cutover failed")
        began = time.monotonic()
        outcome = running.finish()
    assert outcome.code == 11, outcome.told()
    assert time.monotonic() - began < 10
    assert any(command.startswith("kubectl argo rollouts abort") for command in outcome.report["next"])
    assert any(command.startswith("cutover abort") for command in outcome.report["next"])
    assert arena.marks(), "the run is not over: its marks stay for whoever finishes it"
    back = arena.cutover("resume", "payments", "-n", arena.namespace, "-o", "json")
    assert back.code == 10, back.told()
    assert back.report["cause"]["code"] == "deadline"
