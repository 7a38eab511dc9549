"""The edits that a plan makes in a pod template: one edit, and all of them with their copies, patch and inverse.

An edit is planned (from a change of the plan and T0) or observed (from T0 and T1); both are values of the same types,
and `core.patch.cross_check` holds the one against the other.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import field
from itertools import count
from typing import Any, Final

from cutover.core.base.documents import Json, Operation, text
from cutover.core.base.frozen import frozen
from cutover.core.base.secret_text import SecretText
from cutover.core.objects.snapshot import ConfigId
from cutover.core.podtemplate.compare import Difference, differing, holds, is_env_entry, is_env_list, same
from cutover.core.podtemplate.containers import Container, container_of, containers, env_of, mounting
from cutover.core.podtemplate.env_source import EnvSource, LiteralValue
from cutover.core.podtemplate.field_paths import FieldPath, Value, is_list, part_at, path_text, pointer_of

_ENV: Final = 4
"""The length of the field path of an `env`."""

TEMPLATE: Final = "/spec/template"
"""The JSON pointer to the pod template of a Rollout."""


@frozen
class EnvEdit:
    """The edit of one variable of a container.

    `pointer` is its JSON pointer in the Rollout: in T0 if the edit is planned or removes the variable, else in T1. It
    is not compared, because other edits of the plan may move the entry.
    """

    container: str
    init: bool
    variable: str
    pointer: str = field(compare=False)
    before: EnvSource | None
    after: EnvSource | None

    @property
    def name(self) -> str:
        """The name of the variable, without the container."""
        return self.variable

    @property
    def place(self) -> FieldPath:
        """The field path of the variable in the template."""
        return ("spec", "initContainers" if self.init else "containers", self.container, "env", self.variable)

    @property
    def containers(self) -> tuple[str, ...]:
        """The one container that the edit touches."""
        return (self.container,)

    def written_in(self, template: Json) -> bool:
        """Whether a Rollout's template holds exactly what the edit wants."""
        return env_of(template, self.container, self.variable) == self.after

    def stands_in(self, template: Json) -> bool:
        """Whether a ReplicaSet's template holds what the edit wants."""
        return self.written_in(template)


@frozen
class FieldEdit:
    """The edit of any other field of the template; `pointer` is as in an `EnvEdit`.

    `containers` are those that it touches: all of the pod where the path does not name them.
    """

    place: FieldPath
    pointer: str
    before: Value | None
    after: Value | None
    containers: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The path of the field, as people read it."""
        return path_text(self.place)

    def written_in(self, template: Json) -> bool:
        """Whether a Rollout's template holds exactly what the edit wants."""
        return part_at(template, self.place) == self.after

    def stands_in(self, template: Json) -> bool:
        """Whether a ReplicaSet's template holds what the edit wants, compared by the type of the field."""
        return holds(part_at(template, self.place), self.after)


Edit = EnvEdit | FieldEdit
"""One changed leaf of the pod template."""


@frozen
class KeyChange:
    """The change of one key of a config object."""

    key: str
    before: LiteralValue | None
    after: LiteralValue | None


@frozen
class ConfigCopy:
    """A config object to create. `base` is the name in the plan, `source` that of the object that it is copied from.

    `contents` holds every key in base64, `binary` the keys that are not text. `type` is set for a Secret.
    """

    kind: str
    name: str
    base: str
    source: str
    changes: tuple[KeyChange, ...]
    contents: Mapping[str, SecretText] = field(repr=False)
    binary: frozenset[str] = frozenset()
    type: str = ""

    @property
    def key(self) -> ConfigId:
        """Its kind and name."""
        return self.kind, self.name

    @property
    def keys(self) -> frozenset[str]:
        """The names of all keys in the copy, unchanged ones included."""
        return frozenset(self.contents)


@frozen
class Edits:
    """All edits of a plan, as values and as JSON Patches of the Rollout.

    `before` and `after` are T0 and T1; `operations` lead from one to the other, `inverse` back. `copies` are the
    config objects that have to be made first.
    """

    edits: tuple[Edit, ...]
    operations: tuple[Operation, ...] = field(repr=False)
    inverse: tuple[Operation, ...] = field(repr=False)
    before: Json = field(repr=False)
    after: Json = field(repr=False)
    copies: tuple[ConfigCopy, ...] = ()

    @property
    def containers(self) -> frozenset[str]:
        """The names of the containers that any edit touches, init containers included."""
        return frozenset(name for edit in self.edits for name in edit.containers)

    @property
    def places(self) -> tuple[FieldPath, ...]:
        """The field path of each edit, in the order of `edits`."""
        return tuple(edit.place for edit in self.edits)

    @property
    def of_variables(self) -> tuple[EnvEdit, ...]:
        """The edits of variables; edits of other fields are left out."""
        return tuple(edit for edit in self.edits if isinstance(edit, EnvEdit))

    @property
    def unchanged(self) -> bool:
        """Whether the live template already is as the plan wants it."""
        return not self.edits


def env_edit(container: Container, variable: str, before: EnvSource | None, after: EnvSource | None) -> EnvEdit:
    """Return the edit of a variable, with the pointer to its entry in this container."""
    pointer = f"{TEMPLATE}{container.pointer}/env/{container.entry(variable).index}"
    return EnvEdit(container.name, container.init, variable, pointer, before, after)


def field_edit(template: Json, place: FieldPath, before: Value | None, after: Value | None) -> FieldEdit:
    """Return the edit of a field, with its pointer in this template and the containers that it touches there."""
    pointer = f"{TEMPLATE}{pointer_of(template, place)}"
    return FieldEdit(place, pointer, before, after, containers=_touched(place, template))


def single(places: tuple[FieldPath, ...]) -> tuple[FieldPath, ...]:
    """Leave out each `env` that is there for its order or for an entry that does not count, beside its variables."""
    lists = {place[:4] for place in places if is_env_entry(place)}
    return tuple(place for place in places if place not in lists)


def edits_between(before: Json, after: Json) -> tuple[Edit, ...]:
    """Return an edit for each of the smallest differences between two templates."""
    return edits_at(differing(before, after), before, after)


def edits_at(differences: tuple[Difference, ...], before: Json, after: Json) -> tuple[Edit, ...]:
    """Return the edits at these differences; what is not known of a template reads as absent."""
    places = dict.fromkeys(_edited(each.place) for each in differences)
    edits = (edit for place in places for edit in _edits(place, before, after))
    return tuple({edit.place: edit for edit in edits}.values())


def _edited(place: FieldPath) -> FieldPath:
    """Return the field path that is edited: of a part of an `env` that is no variable's own, the whole list."""
    in_list = len(place) > _ENV and is_env_list(place[:_ENV]) and isinstance(place[2], str)
    return place[:_ENV] if in_list and not is_env_entry(place) else place


def _edits(place: FieldPath, before: Json, after: Json) -> Iterator[Edit]:
    if len(place) == _ENV and is_env_list(place) and isinstance(place[2], str):
        yield from _edits_of_list(place, before, after)
    else:
        yield observed(place, before, after)


def _edits_of_list(place: FieldPath, before: Json, after: Json) -> Iterator[Edit]:
    """Yield the edits of an `env` that is new, goes as a whole, has another order, or holds a name twice.

    There is one for each changed variable, and one of the list for what those do not say.
    """
    variables = tuple(_variables(place, before, after))
    yield from variables
    shown = frozenset(edit.name for edit in variables)
    if not shown or _more_differs(before, after, place, shown):
        yield observed(place, before, after)


def _more_differs(before: Json, after: Json, place: FieldPath, shown: frozenset[str]) -> bool:
    """Return whether more of an `env` differs than the variables of these names: other entries, or the order."""
    old, new = (_items(template, place) for template in (before, after))
    if old is None or new is None:
        return True
    others = ([item for (name, _), item in listed if name not in shown] for listed in (old, new))
    both = {key for key, _ in old} & {key for key, _ in new}
    orders = ([key for key, _ in listed if key in both] for listed in (old, new))
    return not same(*others) or not same(*orders)


def _items(template: Json, place: FieldPath) -> list[tuple[tuple[str, int], Any]] | None:
    """Return each item of an `env` under its name and a number, as a name may occur again; None if it is no list."""
    part = part_at(template, place)
    listed = part.document if isinstance(part, Value) else None
    if listed is None:
        return []
    if not is_list(listed):
        return None
    numbers: dict[str, Iterator[int]] = defaultdict(count)
    return [((name, next(numbers[name])), item) for item in listed for name in (text(item, "name"),)]


def _variables(place: FieldPath, before: Json, after: Json) -> Iterator[Edit]:
    """Yield an edit per changed variable of the container around a field path; an entry without a name is none."""
    homes = (_container(template, place) for template in (before, after))
    names = dict.fromkeys(name for home in homes if home for name in home.variables if name)
    edits = (observed((*place[:4], name), before, after) for name in names)
    yield from (edit for edit in edits if edit.before != edit.after)


def observed(place: FieldPath, before: Json, after: Json) -> Edit:
    """Return the edit at a field path as two templates show it."""
    # In containers that go by their index, because their names are of no use, variables are fields, too.
    if not (is_env_entry(place) and isinstance(place[2], str)):
        old, new = part_at(before, place), part_at(after, place)
        return field_edit(before if new is None else after, place, old, new)
    variable = str(place[4])
    source, wanted = (_source(template, place) for template in (before, after))
    home = before if wanted is None else after
    if container := _container(home, place):
        return env_edit(container, variable, source, wanted)
    pointer = f"{TEMPLATE}{pointer_of(home, place)}"
    return EnvEdit(str(place[2]), place[1] == "initContainers", variable, pointer, source, wanted)


def _source(template: Json, place: FieldPath) -> EnvSource | None:
    container = _container(template, place)
    return container.entry(str(place[4])).source if container else None


def _container(template: Json, place: FieldPath) -> Container | None:
    return container_of(template, str(place[2]), init=place[1] == "initContainers")


def _touched(place: FieldPath, template: Json) -> tuple[str, ...]:
    """Return the containers that a field affects: its own, those that mount its volume, or all of the pod."""
    names = tuple(dict.fromkeys(container.name for container in containers(template)))
    match place:
        case ("spec", "containers" | "initContainers", str() as name, *_):
            return (name,)
        case ("spec", "volumes", str() as volume, *_):
            return mounting(template, volume) or names
        case ("metadata", *_):
            return ()
        case _:
            return names
