"""Reads the containers of a pod template and their environment variables by name.

A template is a document as read from the API (`{"metadata": …, "spec": …}`); pointers here start at its top.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any, Final

from cutover.core.base.documents import Json, at, objects, text
from cutover.core.base.frozen import frozen
from cutover.core.podtemplate.env_source import EnvSource, source_of
from cutover.core.podtemplate.field_paths import is_named

LISTS: Final = (("containers", False), ("initContainers", True))
"""The lists of a pod spec that hold containers, and whether they are init containers."""


@frozen
class EnvEntry:
    """One entry of `env`: its index in the list, its name, and the entry itself, which is empty if it is absent."""

    index: int
    name: str
    document: Json = field(repr=False)

    @property
    def source(self) -> EnvSource | None:
        """Where the variable's value comes from; None if there is no such entry."""
        return source_of(self.document) if self.document else None


@frozen
class Container:
    """A container of a template. `pointer` is its JSON pointer, `document` its part of the template."""

    name: str
    init: bool
    pointer: str
    document: Json = field(repr=False)

    @property
    def env(self) -> tuple[EnvEntry, ...]:
        """The entries of `env`; items that are not objects are skipped."""
        return tuple(self._read(*pair) for pair in enumerate(_entries(self.document, "env")) if _is_entry(pair[1]))

    @staticmethod
    def _read(index: int, entry: Json) -> EnvEntry:
        return EnvEntry(index, text(entry, "name"), entry)

    @property
    def length(self) -> int:
        """The number of items of `env`, malformed ones included."""
        return len(_entries(self.document, "env"))

    @property
    def variables(self) -> tuple[str, ...]:
        """The names in `env`, in their order, each once."""
        return tuple(dict.fromkeys(text(entry, "name") for entry in _entries(self.document, "env") if _is_entry(entry)))

    @property
    def duplicates(self) -> tuple[str, ...]:
        """The names that occur in `env` more than once: the last wins, so an edit of one entry may change nothing."""
        return tuple(name for name, times in Counter(entry.name for entry in self.env).items() if times > 1)

    @property
    def told_apart(self) -> bool:
        """Whether every entry of `env` has a name of its own."""
        return is_named(_entries(self.document, "env"))

    def entry(self, variable: str) -> EnvEntry:
        """Return the entry that decides the variable's value; if there is none, an absent one at the list's end."""
        entries = _entries(self.document, "env")
        named = (index for index in reversed(range(len(entries))) if _is_named(entries[index], variable))
        return next((self._read(index, entries[index]) for index in named), EnvEntry(self.length, variable, {}))

    def __str__(self) -> str:
        return f"{self.name} (init)" if self.init else self.name


def containers(template: Json) -> tuple[Container, ...]:
    """Return every container of the template, init containers last."""
    return tuple(
        _container(document, init=init, pointer=f"/spec/{listed}/{index}")
        for listed, init in LISTS
        for index, document in enumerate(_entries(template, "spec", listed))
        if isinstance(document, Mapping)
    )


def container_of(template: Json, name: str, *, init: bool) -> Container | None:
    """Return the container, or init container, of that name."""
    return next((each for each in containers(template) if (each.name, each.init) == (name, init)), None)


def env_of(template: Json, container: str, variable: str) -> EnvSource | None:
    """Return the source of the variable in the container's `env`; None also if there is no such container."""
    named = (entry for entry in containers(template) if entry.name == container)
    return next((entry.entry(variable).source for entry in named), None)


def _container(document: Json, *, init: bool, pointer: str) -> Container:
    return Container(name=text(document, "name"), init=init, pointer=pointer, document=document)


def _is_entry(entry: Any) -> bool:
    return isinstance(entry, Mapping)


def _is_named(entry: Any, variable: str) -> bool:
    return isinstance(entry, Mapping) and text(entry, "name") == variable


def _entries(document: Json, *path: str) -> Sequence[Any]:
    """Return the list at `path` unchanged, so that an index in it is the index in the API's document."""
    value = at(document, *path)
    return value if isinstance(value, list | tuple) else ()


def mounting(template: Json, volume: str) -> tuple[str, ...]:
    """Return the names of the containers that mount the volume, init containers last."""
    holders = (holder for holder in containers(template) if _mounts(holder.document, volume))
    return tuple(dict.fromkeys(holder.name for holder in holders))


def _mounts(container: Json, volume: str) -> bool:
    return any(text(mount, "name") == volume for mount in objects(container, "volumeMounts"))
