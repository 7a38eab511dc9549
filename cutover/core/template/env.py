"""A pod template read by name: its containers, and what stands behind each environment variable.

A template is a document as read from the API (`{"metadata": …, "spec": …}`); pointers in here count from its top.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from cutover.core.template.source import Absent, EnvSource, source_of
from cutover.core.views.fields import Json, at, text

LISTS: Final = (("containers", False), ("initContainers", True))
"""The lists of a pod spec that hold containers, and whether they are init containers."""


@dataclass(frozen=True, slots=True)
class EnvEntry:
    """One entry of `env`: its index in the list, its name, and its source."""

    index: int
    name: str
    source: EnvSource


@dataclass(frozen=True, slots=True)
class Container:
    """A container of a template. `pointer` is its JSON pointer, `document` all that the template says of it."""

    name: str
    init: bool
    pointer: str
    env: tuple[EnvEntry, ...]
    document: Json = field(repr=False)

    @property
    def length(self) -> int:
        """The number of entries of `env`, odd ones included."""
        return len(_entries(self.document, "env"))

    @property
    def variables(self) -> tuple[str, ...]:
        """The names in `env`, in their order, each once."""
        return tuple(dict.fromkeys(entry.name for entry in self.env))

    @property
    def duplicates(self) -> tuple[str, ...]:
        """The names that stand in `env` more than once: the last wins, so an edit of one entry may change nothing."""
        return tuple(name for name, times in Counter(entry.name for entry in self.env).items() if times > 1)

    def entry(self, variable: str) -> EnvEntry:
        """The entry that decides the variable's value; one with `Absent` at the list's end where there is none."""
        missing = EnvEntry(self.length, variable, Absent())
        return next((entry for entry in reversed(self.env) if entry.name == variable), missing)

    def __str__(self) -> str:
        return f"{self.name} (init)" if self.init else self.name


def containers(template: Json) -> tuple[Container, ...]:
    """Every container of the template, init containers last."""
    return tuple(
        _container(document, init=init, pointer=f"/spec/{listed}/{index}")
        for listed, init in LISTS
        for index, document in enumerate(_entries(template, "spec", listed))
        if isinstance(document, Mapping)
    )


def env_of(template: Json, container: str, variable: str) -> EnvSource:
    """What stands behind the variable in the container's `env`; `Absent` also where there is no such container."""
    found = (entry for entry in containers(template) if entry.name == container)
    return next((entry.entry(variable).source for entry in found), Absent())


def entry_document(template: Json, container: str, variable: str) -> Json:
    """The variable's entry of `env` as it is spelled; empty where there is none."""
    found = ((held, held.entry(variable)) for held in containers(template) if held.name == container)
    return next((_spelled(held, entry) for held, entry in found if entry.source != Absent()), {})


def _spelled(container: Container, entry: EnvEntry) -> Json:
    document: Json = _entries(container.document, "env")[entry.index]
    return document


def _container(document: Json, *, init: bool, pointer: str) -> Container:
    entries = ((index, entry) for index, entry in enumerate(_entries(document, "env")) if isinstance(entry, Mapping))
    return Container(
        name=text(document, "name"),
        init=init,
        pointer=pointer,
        env=tuple(EnvEntry(index, text(entry, "name"), source_of(entry)) for index, entry in entries),
        document=document,
    )


def _entries(document: Json, *path: str) -> Sequence[Any]:
    """The list at `path` as it stands, so that an index in it is the index in the API's document."""
    value = at(document, *path)
    return value if isinstance(value, list | tuple) else ()
