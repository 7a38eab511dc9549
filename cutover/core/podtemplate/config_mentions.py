"""Every place of a template at which a ConfigMap or Secret is named: `env`, `envFrom`, volumes, projected volumes."""

from collections.abc import Iterator
from typing import Any, Final

from cutover.core.base.documents import Json, text
from cutover.core.base.frozen import frozen
from cutover.core.podtemplate.field_paths import Place, Value, part_at

_ENV: Final = (
    ("Secret", ("valueFrom", "secretKeyRef", "name")),
    ("ConfigMap", ("valueFrom", "configMapKeyRef", "name")),
)
_ENV_FROM: Final = (("Secret", ("secretRef", "name")), ("ConfigMap", ("configMapRef", "name")))
_VOLUME: Final = (("Secret", ("secret", "secretName")), ("ConfigMap", ("configMap", "name")))
_PROJECTED: Final = (("Secret", ("secret", "name")), ("ConfigMap", ("configMap", "name")))


@frozen
class Mention:
    """One place at which a config object is named; `place` leads to the name itself."""

    kind: str
    name: str
    place: Place


def mentions(template: Json) -> tuple[Mention, ...]:
    """All of them, in the order of the template."""
    return tuple(_mentions(template))


def _mentions(template: Json) -> Iterator[Mention]:
    for listed in ("initContainers", "containers"):
        for container in _items(template, ("spec", listed)):
            for field, paths in (("env", _ENV), ("envFrom", _ENV_FROM)):
                for entry in _items(template, (*container, field)):
                    yield from _named(template, entry, paths)
    for volume in _items(template, ("spec", "volumes")):
        yield from _named(template, volume, _VOLUME)
        for source in _items(template, (*volume, "projected", "sources")):
            yield from _named(template, source, _PROJECTED)


def _items(template: Json, place: Place) -> Iterator[Place]:
    """The places of a list's items, by index: an odd list may hold a name twice."""
    found = part_at(template, place)
    listed: Any = found.document if isinstance(found, Value) else ()
    yield from ((*place, index) for index in range(len(listed) if isinstance(listed, list | tuple) else 0))


def _named(template: Json, place: Place, paths: tuple[tuple[str, tuple[str, ...]], ...]) -> Iterator[Mention]:
    for kind, path in paths:
        found = part_at(template, (*place, *path))
        name = text({"name": found.document}, "name") if isinstance(found, Value) else ""
        if name:
            yield Mention(kind, name, (*place, *path))
