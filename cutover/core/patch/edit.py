"""The edits that a plan makes in a pod template: one edit, and all of them with their patch and its inverse."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import field
from itertools import count
from typing import Any, Final

from cutover.core.base.documents import Json, Operation, text
from cutover.core.base.frozen import frozen
from cutover.core.patch.planned import ConfigCopy
from cutover.core.podtemplate.compare import Difference, differing, holds, is_env_entry, is_env_list, same
from cutover.core.podtemplate.containers import Container, containers, env_of, mounting
from cutover.core.podtemplate.env_source import EnvSource
from cutover.core.podtemplate.field_paths import (
    FieldPath,
    Nowhere,
    Part,
    Value,
    is_list,
    part_at,
    path_text,
    pointer_of,
)

TEMPLATE: Final = "/spec/template"
"""The JSON pointer to the pod template of a Rollout."""


@frozen
class EnvEdit:
    """The edit of one variable of a container.

    `pointer` is its JSON pointer in the Rollout: in T1, or in T0 where the edit removes it.
    """

    container: str
    init: bool
    variable: str
    pointer: str
    before: EnvSource
    after: EnvSource

    @property
    def name(self) -> str:
        """The name of the variable, as people read it."""
        return self.variable

    @property
    def place(self) -> FieldPath:
        """The field path of the variable in the template."""
        return env_place(self.container, self.variable, init=self.init)

    @property
    def containers(self) -> tuple[str, ...]:
        """The containers that the edit touches."""
        return (self.container,)

    def written_in(self, template: Json) -> bool:
        """Whether a Rollout's template holds exactly what the edit wants."""
        return env_of(template, self.container, self.variable) == self.after

    def stands_in(self, template: Json) -> bool:
        """Whether a ReplicaSet's template holds what the edit wants."""
        return self.written_in(template)


@frozen
class FieldEdit:
    """The edit of any other field of the template; `containers` are those that it touches.

    `pointer` is its JSON pointer in the Rollout: in T1, or in T0 where the edit removes it.
    """

    place: FieldPath
    pointer: str
    before: Part
    after: Part
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
        """The field paths of all edits."""
        return tuple(edit.place for edit in self.edits)

    @property
    def of_variables(self) -> tuple[EnvEdit, ...]:
        """Those of the edits that change a variable."""
        return tuple(edit for edit in self.edits if isinstance(edit, EnvEdit))

    @property
    def unchanged(self) -> bool:
        """Whether the live template already is as the plan wants it."""
        return not self.edits


def env_place(container: str, variable: str, *, init: bool) -> FieldPath:
    """Return the field path of a variable."""
    return ("spec", "initContainers" if init else "containers", container, "env", variable)


def edits_between(before: Json, after: Json) -> tuple[Edit, ...]:
    """Return every edit that leads from one template to the other."""
    return edits_at(differing(before, after), before, after)


def edits_at(differences: tuple[Difference, ...], before: Json, after: Json) -> tuple[Edit, ...]:
    """Return the edits at these differences; what is not known of a template reads as absent."""
    edits = (edit for each in differences for edit in _edits(each, before, after))
    return tuple({edit.place: edit for edit in edits}.values())


def _edits(difference: Difference, before: Json, after: Json) -> Iterator[Edit]:
    match difference.place:
        case (_, _, str() as container, _, str() as variable) as place if is_env_entry(place):
            yield _env_edit(container, variable, before, after, init=place[1] == "initContainers")
        case (_, _, str(), _, *_) as place if is_env_list(place[:4]):
            yield from _edits_of_list(place[:4], before, after)
        case place:  # in containers that go by their index because their names are no use, variables are fields, too
            yield _field_edit(place, before, after)


def _edits_of_list(place: FieldPath, before: Json, after: Json) -> Iterator[Edit]:
    """Yield the edits of an `env` that is new, goes as a whole, has another order, or holds a name twice.

    There is one for each changed variable, and one of the list for what those do not say.
    """
    variables = tuple(_variables(place, before, after))
    yield from variables
    told = frozenset(edit.variable for edit in variables)
    if not told or _untold(before, after, place, told):
        yield _field_edit(place, before, after)


def _untold(before: Json, after: Json, place: FieldPath, told: frozenset[str]) -> bool:
    """Return whether more of an `env` differs than the variables of these names: other entries, or the order."""
    old, new = (_items(template, place) for template in (before, after))
    if old is None or new is None:
        return True
    others = ([item for (name, _), item in listed if name not in told] for listed in (old, new))
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


def _variables(place: FieldPath, before: Json, after: Json) -> Iterator[EnvEdit]:
    """Yield an edit per changed variable of an `env`; an entry without a name is none."""
    init = place[1] == "initContainers"
    sides = [_container(template, place) for template in (before, after)]
    names = dict.fromkeys(name for side in sides for each in side for name in each.variables if name)
    edits = (_env_edit(str(place[2]), name, before, after, init=init) for name in names)
    yield from (edit for edit in edits if edit.before != edit.after)


def _container(template: Json, place: FieldPath) -> tuple[Container, ...]:
    init = place[1] == "initContainers"
    return tuple(
        container for container in containers(template) if (container.name, container.init) == (place[2], init)
    )[:1]


def _env_edit(container: str, variable: str, before: Json, after: Json, *, init: bool) -> EnvEdit:
    place = env_place(container, variable, init=init)
    home = before if isinstance(part_at(after, place), Nowhere) else after
    return EnvEdit(
        container=container,
        init=init,
        variable=variable,
        pointer=f"{TEMPLATE}{_entry_pointer(home, place)}",
        before=env_of(before, container, variable),
        after=env_of(after, container, variable),
    )


def _entry_pointer(template: Json, place: FieldPath) -> str:
    """Return the pointer to the entry of a variable: of two with one name the last, which counts."""
    matches = _container(template, place)
    listed = pointer_of(template, place[:4])
    return f"{listed}/{matches[0].entry(str(place[4])).index}" if matches else pointer_of(template, place)


def _field_edit(place: FieldPath, before: Json, after: Json) -> FieldEdit:
    old, new = part_at(before, place), part_at(after, place)
    home = before if isinstance(new, Nowhere) else after
    pointer = f"{TEMPLATE}{pointer_of(home, place)}"
    return FieldEdit(place, pointer, old, new, containers=_touched(place, home))


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
