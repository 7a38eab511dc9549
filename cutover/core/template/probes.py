"""What a container's probes ask, and how long they take to notice a loss."""

from typing import Final

from cutover.core.template.env import Container
from cutover.core.views.fields import Json, at, whole

DEFAULT_PERIOD: Final = 10
DEFAULT_FAILURES: Final = 3
"""Kubernetes' defaults of a probe's `periodSeconds` and `failureThreshold`."""

Asked = tuple[object, object]
"""Path and port of a request."""


def asked(container: Container, probe: str) -> Asked | None:
    """What the container's probe of that name asks for over HTTP, as it is spelled; nothing where it does not."""
    request = at(container.document, probe, "httpGet")
    return None if request is None else (at(request, "path"), at(request, "port"))


def period_of(probe: Json) -> int:
    """Seconds between two questions."""
    return whole(probe, "periodSeconds", default=DEFAULT_PERIOD)


def failures_of(probe: Json) -> int:
    """How many wrong answers in a row count as a loss."""
    return whole(probe, "failureThreshold", default=DEFAULT_FAILURES)


def notices_within(probe: Json) -> int:
    """Seconds in which the probe has noticed a loss, whenever it comes."""
    return period_of(probe) * failures_of(probe)
