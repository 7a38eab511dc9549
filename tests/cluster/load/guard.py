"""Where load may go: this machine, and the ranges of the bed that the caller names. Never anywhere else."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

LOOPBACK: Final = ("127.0.0.0/8", "::1/128")
# `is_private` would also let the documentation networks through, where machines have real gateways.
PRIVATE: Final = tuple(map(ip_network, (*LOOPBACK, "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))


class AddressRefusedError(ValueError):
    """Load was asked for an address that is not ours."""


def target(url: str, allow: Sequence[str]) -> tuple[str, int, str]:
    """Address, port and path of a URL that load may be sent to; names are refused, since a name could lead anywhere."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "http" or not any(_within(host, _range(each)) for each in (*LOOPBACK, *allow)):
        raise AddressRefusedError(f"no load to {url}: allowed is http to addresses in {', '.join((*LOOPBACK, *allow))}")
    return host, parts.port or 80, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _within(host: str, network: IPv4Network | IPv6Network) -> bool:
    try:
        return ip_address(host) in network
    except ValueError:
        return False


def _range(text: str) -> IPv4Network | IPv6Network:
    network = ip_network(text)
    if not any(network.version == each.version and network.subnet_of(each) for each in PRIVATE):  # type: ignore[arg-type] # same version, just compared
        raise AddressRefusedError(f"no load to {text}: it is not a private range")
    return network
