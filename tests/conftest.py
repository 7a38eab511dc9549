"""Fixtures for every test: the bed once per run, a namespace per test."""

import os
import re
import secrets
import signal
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import coverage
import pytest

from tests.cluster.bed import Bed
from tests.e2e.arena import Arena
from tests.e2e.secrets import assert_nothing_leaked
from tests.sampling import SEED, drawn


def pytest_configure() -> None:
    """Take signals as usual: under `nohup` or begun with `&`, this process and all that it begins would ignore some."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def pytest_report_header() -> str:
    """Name the seed, so that the same sample can be drawn again."""
    return f"seed: {SEED}"


@pytest.hookimpl(tryfirst=True)  # before pytest's own `-m`
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave to `make test-all` (`-m "not whole"`) what is marked as `sampled` and is not drawn."""
    groups: dict[tuple[str, int], list[pytest.Item]] = defaultdict(list)
    for item in items:
        if mark := item.get_closest_marker("sampled"):
            groups[item.path.name, mark.args[0]].append(item)
    for (file, number), sampled in groups.items():
        taken = drawn(file, sampled, number)
        for item in sampled:
            if item not in taken:
                item.add_marker("whole")


@pytest.fixture(autouse=True)
def _uncovered(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A law counts for no line: what hypothesis draws is another thing in every run. Nor does a test that is marked so.

    Pure Python takes three times as long under coverage.
    """
    law = getattr(request.function, "is_hypothesis_test", False) or request.node.get_closest_marker("uncovered")
    measured = coverage.Coverage.current() if law else None
    if measured is None:
        yield
        return
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
    measured.stop()
    yield
    measured.start()


@pytest.fixture(scope="session")
def bed() -> Bed:
    """The real cluster. In CI its absence is a failure; on a laptop without root a skip that says so."""
    if os.geteuid() != 0 and not os.environ.get("CI"):
        pytest.skip("the test bed needs root: it runs a real Kubernetes node on this machine")
    return Bed.up()


@pytest.fixture
def arena(bed: Bed, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Arena]:
    """A namespace of its own, named after the test; nothing secret may have left it when the test is over."""
    arena = Arena(bed, namespace_for(request.node.name), tmp_path)
    try:
        yield arena
        assert_nothing_leaked(arena)
    finally:
        arena.kubectl("delete", "namespace", arena.namespace, "--ignore-not-found", "--wait=false")


def namespace_for(test: str) -> str:
    """A DNS label that tells which test it is; what follows keeps its parameters, and two runs, apart."""
    words = re.sub(r"[^a-z0-9]+", "-", test.removeprefix("test_").lower()).strip("-")
    return f"{words[:40].strip('-')}-{secrets.token_hex(4)}"
