"""The node's own network: a namespace without a default route, and one cable to the host."""

import json
from pathlib import Path

from tests.cluster.files import write_whole
from tests.cluster.lock import only_one
from tests.cluster.place import CACHE, BedPlace
from tests.cluster.ranges import Ranges, choose, taken_here
from tests.cluster.shell import inside, run, tool

LAST_RESORT = "4294967295"  # the worst metric there is: taken only when no other route is left


def lay(place: BedPlace) -> Ranges:
    """Namespace, cable, addresses, routes."""
    ranges = _claim(place)
    place.netns.touch()
    run([tool("unshare"), f"--net={place.netns}", "true"])
    _plug(place, ranges)
    _inside(place, ranges)
    run(["ip", "route", "add", ranges.behind_node, "via", ranges.node])
    return ranges


def tear(place: BedPlace) -> None:
    """Remove what `lay` made on the host; the namespace itself goes with its mount."""
    if place.link in run(["ip", "-brief", "link"]):
        run(["ip", "link", "delete", place.link])
    ranges = recorded(place)
    if ranges and run(["ip", "route", "show", "type", "blackhole", ranges.all]):
        run(["ip", "route", "delete", *_blackhole(ranges)])


def recorded(place: BedPlace) -> Ranges | None:
    """The ranges that this bed claimed, if it came that far."""
    file = _file(place)
    return Ranges(json.loads(file.read_text())) if file.exists() else None


def _file(place: BedPlace) -> Path:
    return place.state / "ranges.json"


def _claim(place: BedPlace) -> Ranges:
    """Choose a range and claim it by the blackhole route, which the next bed sees as taken.

    The same route is the promise that nothing meant for the bed leaves the machine: an address that the bed does not
    serve (yet, or any more) would otherwise follow the host's default route. Recorded first: `down` must find it.
    """
    with only_one(CACHE / "locks" / "ranges.lock", "another bed is choosing its addresses"):
        ranges = choose(place.key, taken_here())
        write_whole(_file(place), json.dumps(ranges.octet))
        run(["ip", "route", "add", *_blackhole(ranges)])
    return ranges


def _blackhole(ranges: Ranges) -> list[str]:
    return ["blackhole", ranges.all, "metric", LAST_RESORT]


def _plug(place: BedPlace, ranges: Ranges) -> None:
    run(["ip", "link", "add", place.link, "type", "veth", "peer", "name", "eth0", "netns", place.netns])
    run(["ip", "address", "add", f"{ranges.host}/24", "dev", place.link])
    run(["ip", "link", "set", place.link, "up"])


def _inside(place: BedPlace, ranges: Ranges) -> None:
    lines = [
        "link set lo up",
        f"address add {ranges.node}/24 dev eth0",
        *[f"address add {address}/32 dev eth0" for address in _further(ranges)],
        "link set eth0 up",
        # A process on the node must be able to route to a Service before kube-proxy's rules rewrite the address.
        f"route add {ranges.services} dev eth0",
    ]
    run([*inside(place.netns), "ip", "-batch", "-"], text="\n".join(lines))
    run([*inside(place.netns), "sysctl", "-q", "-e", "-w", *_SETTINGS])
    run([*inside(place.netns), "iptables", "-I", "INPUT", "-d", ranges.blackhole, "-j", "DROP"])


# Per namespace: the host's own settings stay as they are. The second one lets kube-proxy's rules see what one pod
# sends to another over the bridge.
_SETTINGS = ["net.ipv4.ip_forward=1", "net.bridge.bridge-nf-call-iptables=1"]


def _further(ranges: Ranges) -> list[str]:
    return [ranges.database_a, ranges.database_b, ranges.refused, ranges.blackhole]
