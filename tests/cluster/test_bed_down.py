"""`down` leaves nothing behind, after a good run and after a `kill -9` of anything; tried on a second bed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.cluster import down
from tests.cluster.bed import Bed
from tests.cluster.machine import Machine, members, survivors, traces
from tests.cluster.place import CHECKOUT, OTHER_BED, BedPlace
from tests.cluster.test_bed import run_pod


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch) -> Iterator[BedPlace]:
    """The place of a second bed, empty before and after."""
    monkeypatch.setenv(OTHER_BED, "second")
    down.take_down(BedPlace.here())
    yield BedPlace.here()
    down.take_down(BedPlace.here())


@pytest.mark.cluster
@pytest.mark.alone
def test_down_leaves_nothing_after_a_good_run(other: BedPlace) -> None:
    before = Machine.now(other)
    bed = _up_with_a_pod()
    seen = members(other)
    assert traces(other)
    assert bed.ranges != Bed.read(_first()).ranges
    _command("down")
    _nothing_left(other, before, seen)


@pytest.mark.cluster
@pytest.mark.alone
def test_up_repairs_and_down_leaves_nothing_when_components_were_killed(other: BedPlace) -> None:
    before = Machine.now(other)
    bed = _up_with_a_pod()
    seen = members(other)
    for name in ("etcd", "kubelet", "containerd"):
        os.kill(bed.component(name).pid, signal.SIGKILL)
    repaired = _up_with_a_pod()
    seen |= members(other)
    for name in ("apiserver", "containerd"):
        os.kill(repaired.component(name).pid, signal.SIGKILL)
    _command("down")
    _nothing_left(other, before, seen)


@pytest.mark.cluster
@pytest.mark.alone
@pytest.mark.parametrize("seconds", [0.3, 0.8, 1.5, 3.0, 4.5])
def test_down_leaves_nothing_when_up_was_killed(other: BedPlace, seconds: float) -> None:
    before = Machine.now(other)
    up = subprocess.Popen([sys.executable, "-m", "tests.cluster", "up"], cwd=CHECKOUT, stdout=subprocess.DEVNULL)
    time.sleep(seconds)
    seen = members(other)
    up.kill()
    up.wait()
    _command("down")
    _nothing_left(other, before, seen)


def _first() -> BedPlace:
    """The bed that this checkout shares, whatever the environment says."""
    return BedPlace.named("")


def _up_with_a_pod() -> Bed:
    bed = Bed.up()
    run_pod(bed, "default")
    return bed


def _command(name: str) -> None:
    subprocess.run([sys.executable, "-m", "tests.cluster", name], cwd=CHECKOUT, check=True)


def _nothing_left(place: BedPlace, before: Machine, seen: frozenset[tuple[int, int]]) -> None:
    assert survivors(seen) == []
    assert traces(place) == []
    assert Machine.now(place) == before
