"""The view of a ConfigMap or Secret: its keys, never its values."""

from dataclasses import dataclass

from cutover.core.views.fields import Json, flag, mapping
from cutover.core.views.meta import Meta, meta_view


@dataclass(frozen=True, slots=True)
class ConfigView:
    """A ConfigMap or Secret by key names. Values are dropped at the door (`edge.kube`)."""

    kind: str
    meta: Meta
    keys: frozenset[str]
    immutable: bool


def config_view(kind: str, document: Json) -> ConfigView:
    """The view of a ConfigMap or Secret document of that kind."""
    keys = {*mapping(document, "data"), *mapping(document, "binaryData")}
    return ConfigView(kind=kind, meta=meta_view(document), keys=frozenset(keys), immutable=flag(document, "immutable"))
