"""A revision goes bad: the readiness probes of its pods are refused, while users are served as before.

The kubelet's probe comes from the node itself, the users' requests from outside: only the former is refused, by a rule
inside the bed's own network namespace.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Final

from tests.cluster.shell import inside, run
from tests.e2e.arena import Arena

LOOK_EVERY: Final = 0.2
PORT: Final = "8080"


@contextmanager
def sabotage(arena: Arena) -> Iterator[None]:
    """As soon as another revision is stable, one of its pods loses its readiness, for as long as this lasts."""
    base, over, rules = arena.rollout()["status"]["stableRS"], Event(), list[list[str]]()
    thread = Thread(target=_wait_and_break, args=(arena, base, over, rules), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        for rule in rules:
            _iptables(arena, "-D", rule)


@contextmanager
def unready(arena: Arena, pod_hash: str) -> Iterator[None]:
    """Every pod of that revision loses its readiness, for as long as this lasts."""
    rules = [_rule(address) for address in _addresses(arena, pod_hash)]
    try:
        for rule in rules:
            _iptables(arena, "-I", rule)
        yield
    finally:
        for rule in rules:
            _iptables(arena, "-D", rule)


def _wait_and_break(arena: Arena, base: str, over: Event, rules: list[list[str]]) -> None:
    while not over.wait(LOOK_EVERY):
        status = arena.rollout()["status"]
        if status["stableRS"] != base and status.get("phase") == "Healthy":
            rules.append(_rule(_addresses(arena, status["stableRS"])[0]))
            _iptables(arena, "-I", rules[-1])
            return


def _addresses(arena: Arena, pod_hash: str) -> list[str]:
    pods = (pod for pod in arena.pods() if pod["metadata"]["labels"]["rollouts-pod-template-hash"] == pod_hash)
    return [str(pod["status"]["podIP"]) for pod in pods]


def _rule(address: str) -> list[str]:
    return ["OUTPUT", "-d", address, "-p", "tcp", "--dport", PORT, "-j", "REJECT", "--reject-with", "tcp-reset"]


def _iptables(arena: Arena, act: str, rule: list[str]) -> None:
    run([*inside(arena.bed.place.netns), "iptables", "-w", act, *rule])
