"""The views of a Service and of an EndpointSlice: which pods get traffic."""

from collections.abc import Mapping

from cutover.core.base.documents import Json, at, flag, objects, strings, text
from cutover.core.base.frozen import frozen
from cutover.core.objects.meta import Meta, meta_view

SERVICE_NAME_LABEL = "kubernetes.io/service-name"


@frozen
class ServiceView:
    """A Service: its selector, and whether it sends traffic to pods that are not Ready."""

    meta: Meta
    selector: Mapping[str, str]
    publish_not_ready: bool

    def selects(self, labels: Mapping[str, str]) -> bool:
        """Return whether the Service selects pods with these labels; without a selector it selects none."""
        return bool(self.selector) and self.selector.items() <= labels.items()


@frozen
class Endpoint:
    """One address of an EndpointSlice. A missing `ready` means true (discovery/v1)."""

    pod_uid: str
    pod_name: str
    ready: bool
    terminating: bool


@frozen
class EndpointSliceView:
    """An EndpointSlice; `service` is the name of the Service that it belongs to, empty if no label says so."""

    meta: Meta
    service: str
    endpoints: tuple[Endpoint, ...]


def service_view(document: Json) -> ServiceView:
    """Read a Service; without a selector, `selector` is empty."""
    return ServiceView(
        meta=meta_view(document),
        selector=strings(document, "spec", "selector"),
        publish_not_ready=flag(document, "spec", "publishNotReadyAddresses"),
    )


def endpointslice_view(document: Json) -> EndpointSliceView:
    """Read an EndpointSlice; the Service that it belongs to is named by a label."""
    meta = meta_view(document)
    return EndpointSliceView(
        meta=meta,
        service=meta.labels.get(SERVICE_NAME_LABEL, ""),
        endpoints=tuple(_endpoint(entry) for entry in objects(document, "endpoints")),
    )


def _endpoint(entry: Json) -> Endpoint:
    return Endpoint(
        pod_uid=text(entry, "targetRef", "uid"),
        pod_name=text(entry, "targetRef", "name"),
        ready=at(entry, "conditions", "ready") is not False,
        terminating=flag(entry, "conditions", "terminating"),
    )
