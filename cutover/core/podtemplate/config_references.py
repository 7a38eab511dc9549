"""Finds a template's references to Secrets and ConfigMaps."""

from collections.abc import Iterator
from typing import Any, Final

from cutover.core.base.documents import Json, at, flag, mapping, objects, text
from cutover.core.base.frozen import frozen
from cutover.core.podtemplate.containers import Container, containers
from cutover.core.podtemplate.env_source import FromConfigMap, FromSecret
from cutover.core.podtemplate.field_paths import FieldPath, Value, part_at


@frozen
class EveryKey:
    """Stands for all keys of an object, as `envFrom` and a volume without `items` use them."""


@frozen
class ConfigReference:
    """A reference of the template to a Secret or ConfigMap. `prefix` is what `envFrom` puts before every key.

    `variable` is empty if all keys become variables (`envFrom`); `container` is empty for a volume, whose name is
    `volume`.
    """

    kind: str
    name: str
    key: str | EveryKey
    optional: bool
    container: str = ""
    variable: str = ""
    volume: str = ""
    prefix: str = ""
    init: bool = False

    @property
    def user(self) -> str:
        """The volume, or the variable and container, that uses it, in words."""
        if self.volume:
            return f"volume {self.volume}"
        return f"{self.variable or 'envFrom'} of container {self.container}"

    @property
    def where(self) -> str:
        """The field of the Rollout that names it."""
        if self.volume:
            return f"spec.template.spec.volumes[{self.volume}]"
        home = f"spec.template.spec.{'initContainers' if self.init else 'containers'}[{self.container}]"
        return f"{home}.env[{self.variable}]" if self.variable else f"{home}.envFrom"


def config_references(template: Json) -> tuple[ConfigReference, ...]:
    """Return every reference to a Secret or ConfigMap in the template's `env`, `envFrom` and volumes."""
    references = (reference for container in containers(template) for reference in _of_container(container))
    return (*references, *_of_volumes(template))


def _of_container(container: Container) -> Iterator[ConfigReference]:
    referring = (entry for entry in container.env if at(entry.document, "valueFrom") is not None)
    for entry in referring:
        match entry.source:
            case FromSecret(name, key, optional):
                yield ConfigReference("Secret", name, key, optional, container.name, entry.name, init=container.init)
            case FromConfigMap(name, key, optional):
                yield ConfigReference("ConfigMap", name, key, optional, container.name, entry.name, init=container.init)
    for source in objects(container.document, "envFrom"):
        for kind, name, body in _named(source, ("secretRef", "name"), ("configMapRef", "name")):
            optional, prefix = flag(body, "optional"), text(source, "prefix")
            yield ConfigReference(kind, name, EveryKey(), optional, container.name, prefix=prefix, init=container.init)


def _of_volumes(template: Json) -> Iterator[ConfigReference]:
    """Yield the references of volumes, which name a Secret by `secretName`, or by `name` in a projected source."""
    for volume in objects(template, "spec", "volumes"):
        mounted = text(volume, "name")
        for kind, name, body in _named(volume, ("secret", "secretName"), ("configMap", "name")):
            yield from _items(kind, name, body, mounted)
        for source in objects(volume, "projected", "sources"):
            for kind, name, body in _named(source, ("secret", "name"), ("configMap", "name")):
                yield from _items(kind, name, body, mounted)


def _named(source: Json, secret: tuple[str, str], config_map: tuple[str, str]) -> Iterator[tuple[str, str, Json]]:
    """Yield the objects that a source names; each pair gives the field for the kind and the field for the name."""
    for kind, (field, name) in (("Secret", secret), ("ConfigMap", config_map)):
        if at(source, field) is not None:
            yield kind, text(source, field, name), mapping(source, field)


def _items(kind: str, name: str, source: Json, volume: str) -> Iterator[ConfigReference]:
    """Yield a reference for each key that a volume selects, or one for all keys."""
    keys = [text(item, "key") for item in objects(source, "items")]
    optional = flag(source, "optional")
    yield from (ConfigReference(kind, name, key, optional, volume=volume) for key in keys or (EveryKey(),))


_ENV_NAMES: Final = (
    ("Secret", ("valueFrom", "secretKeyRef", "name")),
    ("ConfigMap", ("valueFrom", "configMapKeyRef", "name")),
)
_ENV_FROM_NAMES: Final = (("Secret", ("secretRef", "name")), ("ConfigMap", ("configMapRef", "name")))
_VOLUME_NAMES: Final = (("Secret", ("secret", "secretName")), ("ConfigMap", ("configMap", "name")))
_PROJECTED_NAMES: Final = (("Secret", ("secret", "name")), ("ConfigMap", ("configMap", "name")))


@frozen
class Mention:
    """One occurrence of a config object's name; `place` is the field path of the name itself."""

    kind: str
    name: str
    place: FieldPath


def mentions(template: Json) -> tuple[Mention, ...]:
    """Return every occurrence of a ConfigMap's or Secret's name in the template, in the template's order.

    The names are in `env`, `envFrom`, volumes and projected volumes.
    """
    return tuple(_mentions(template))


def _mentions(template: Json) -> Iterator[Mention]:
    for listed in ("initContainers", "containers"):
        for container in _item_places(template, ("spec", listed)):
            for field, paths in (("env", _ENV_NAMES), ("envFrom", _ENV_FROM_NAMES)):
                for entry in _item_places(template, (*container, field)):
                    yield from _mentioned(template, entry, paths)
    for volume in _item_places(template, ("spec", "volumes")):
        yield from _mentioned(template, volume, _VOLUME_NAMES)
        for source in _item_places(template, (*volume, "projected", "sources")):
            yield from _mentioned(template, source, _PROJECTED_NAMES)


def _item_places(template: Json, place: FieldPath) -> Iterator[FieldPath]:
    """Yield the field paths of a list's items, by index, because a malformed list may hold a name twice."""
    part = part_at(template, place)
    listed: Any = part.document if isinstance(part, Value) else ()
    yield from ((*place, index) for index in range(len(listed) if isinstance(listed, list | tuple) else 0))


def _mentioned(template: Json, place: FieldPath, paths: tuple[tuple[str, tuple[str, ...]], ...]) -> Iterator[Mention]:
    for kind, path in paths:
        part = part_at(template, (*place, *path))
        name = text({"name": part.document}, "name") if isinstance(part, Value) else ""
        if name:
            yield Mention(kind, name, (*place, *path))
