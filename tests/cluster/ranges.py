"""The addresses of one bed: a /16 out of 10.0.0.0/8 that nothing on this machine uses.

10.N.0.0/18     Services            10.N.128.1       the node: API server, kubelet, Prometheus, name server
10.N.64.0/18    pods                10.N.128.2       the host, as the node and the pods see it
10.N.128.0/24   the cable           10.N.128.11-14   databases a and b, nobody, the black hole
"""

import ipaddress
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.cluster.errors import BedError
from tests.cluster.shell import run

OCTETS = range(64, 250)  # below and above: what routers, clouds and container tools like to use


@dataclass(frozen=True)
class Ranges:
    """The addresses of one bed; N is all that differs."""

    octet: int

    @property
    def all(self) -> str:
        return f"10.{self.octet}.0.0/16"

    @property
    def services(self) -> str:
        return f"10.{self.octet}.0.0/18"

    @property
    def pods(self) -> str:
        return f"10.{self.octet}.64.0/18"

    @property
    def behind_node(self) -> str:
        """Services and pods: what the host reaches through the node."""
        return f"10.{self.octet}.0.0/17"

    def cable(self, number: int) -> str:
        return f"10.{self.octet}.128.{number}"

    @property
    def node(self) -> str:
        return self.cable(1)

    @property
    def host(self) -> str:
        return self.cable(2)

    @property
    def database_a(self) -> str:
        return self.cable(11)

    @property
    def database_b(self) -> str:
        return self.cable(12)

    @property
    def refused(self) -> str:
        """The node owns this address and nobody listens on it."""
        return self.cable(13)

    @property
    def blackhole(self) -> str:
        """The node owns this address too, and drops every packet to it."""
        return self.cable(14)


def choose(key: str, taken: Sequence[ipaddress.IPv4Network]) -> Ranges:
    """The first free /16, beginning at one that depends on the key."""
    first = int(key, 16) % len(OCTETS)
    for octet in [*OCTETS[first:], *OCTETS[:first]]:
        ranges = Ranges(octet)
        if not any(ipaddress.IPv4Network(ranges.all).overlaps(network) for network in taken):
            return ranges
    raise BedError("no free /16 in 10.0.0.0/8: every one overlaps a route of this machine")


def taken_here() -> list[ipaddress.IPv4Network]:
    """Every range that this machine routes, owns, or asks for names."""
    routes = json.loads(run(["ip", "-json", "-4", "route", "show", "table", "all"]))
    return [*_networks(route["dst"] for route in routes), *_networks(_nameservers())]


def _networks(texts: Iterable[str]) -> list[ipaddress.IPv4Network]:
    return [ipaddress.IPv4Network(text, strict=False) for text in texts if text != "default" and ":" not in text]


def _nameservers() -> list[str]:
    lines = Path("/etc/resolv.conf").read_text().splitlines() if Path("/etc/resolv.conf").exists() else []
    return [line.split()[1] for line in lines if line.startswith("nameserver ")]
