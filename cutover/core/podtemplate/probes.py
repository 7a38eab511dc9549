"""The requests of a container's probes, and how long the probes take to notice a loss."""

from typing import Final

from cutover.core.base.documents import Json, at, objects, text, whole
from cutover.core.base.frozen import frozen
from cutover.core.podtemplate.containers import Container, containers

DEFAULT_PERIOD: Final = 10
DEFAULT_FAILURES: Final = 3
"""Kubernetes' defaults of a probe's `periodSeconds` and `failureThreshold`."""

HttpRequest = tuple[object, object]
"""Path and port of an HTTP request."""


def http_request(container: Container, probe: str) -> HttpRequest | None:
    """Return path and port of the container's probe of that name, as spelled; `None` if it is not an HTTP probe."""
    request = at(container.document, probe, "httpGet")
    return None if request is None else (at(request, "path"), at(request, "port"))


def period_of(probe: Json) -> int:
    """Return the seconds between two requests of the probe."""
    return whole(probe, "periodSeconds", default=DEFAULT_PERIOD)


def failures_of(probe: Json) -> int:
    """Return how many failures in a row count as a loss."""
    return whole(probe, "failureThreshold", default=DEFAULT_FAILURES)


def notices_within(probe: Json) -> int:
    """Return the seconds within which the probe notices a loss, whenever it happens."""
    return period_of(probe) * failures_of(probe)


@frozen
class Probe:
    """Path and port of a container's readiness probe; `port` is 0 if it has no HTTP probe with a known port."""

    container: str
    port: int
    path: str


def probes(template: Json, changed: frozenset[str]) -> tuple[Probe, ...]:
    """Return a `Probe` for each changed container, also for those without an HTTP probe."""
    return tuple(_probe(container) for container in containers(template) if container.name in changed)


def _probe(container: Container) -> Probe:
    http = at(container.document, "readinessProbe", "httpGet")
    return Probe(container.name, _port(container.document, at(http, "port")), text(http, "path") or "/")


def _port(container: Json, port: object) -> int:
    """Return the number of a probe's port, which may be given as the name of a container port; 0 if there is none."""
    if isinstance(port, int):
        return whole(port)
    named = (entry for entry in objects(container, "ports") if text(entry, "name") == port)
    return next((whole(entry, "containerPort") for entry in named), 0)
