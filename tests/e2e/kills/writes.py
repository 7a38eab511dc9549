"""The writes of a run, told apart by what is in them, and a run by way of the proxy."""

from pathlib import Path
from typing import Final

from tests.e2e.arena import Arena
from tests.e2e.kills.proxy import ProxiedRequest, Proxy
from tests.e2e.running import Running

STRANGERS: Final = {"example.com/theirs": "untouched"}


def cutover(asked: ProxiedRequest) -> bool:
    """The patch that writes the plan's values and the marks."""
    return b'"/metadata/annotations/cutover.dev~1marks"' in asked.body and not unmark(asked)


def unmark(asked: ProxiedRequest) -> bool:
    """The patch that takes the marks away."""
    return b'"remove", "path": "/metadata/annotations/cutover.dev~1marks"' in asked.body


def verdict(asked: ProxiedRequest) -> bool:
    """The patch that notes on the Lease that the run goes back."""
    return b"cutover.dev~1verdict" in asked.body


def run_through(arena: Arena, proxy: Proxy, *verb: str | Path) -> Running:
    """`cutover` under way by way of the proxy, which may kill it."""
    running = arena.start(*verb, "-o", "json", "--kubeconfig", proxy.kubeconfig(arena.folder))
    proxy.pid = running.process.pid
    return running
