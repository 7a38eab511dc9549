"""What stands at the places of a run, and what stood there before: in a Rollout, and in its typed ReplicaSets."""

from cutover.core.base.documents import Json
from cutover.core.base.redaction import Redactor
from cutover.core.podtemplate.compare import holds, is_env_entry, respelled, same
from cutover.core.podtemplate.containers import env_of
from cutover.core.podtemplate.env_source import EnvSource
from cutover.core.podtemplate.field_paths import Nowhere, Part, Place, Value, part_at


def source_at(template: Json, place: Place) -> EnvSource:
    """What stands behind the variable of a place."""
    return env_of(template, str(place[2]), str(place[4]))


def is_so(template: Json, typed: Json, place: Place) -> bool:
    """Whether a Rollout's template already is at the place what a typed one is."""
    if is_env_entry(place):
        return source_at(template, place) == source_at(typed, place)
    stands, wanted = part_at(template, place), part_at(typed, place)
    return same_parts(_respelled(stands, place), _respelled(wanted, place))


def same_parts(one: Part, other: Part) -> bool:
    """Whether the same stands in both."""
    if isinstance(one, Value) and isinstance(other, Value):
        return same(one.document, other.document)
    return isinstance(one, Nowhere) and isinstance(other, Nowhere)


def _respelled(part: Part, place: Place) -> Part:
    return Value(respelled(part.document, place)) if isinstance(part, Value) else part


def leads_to(template: Json, typed: Json, place: Place) -> bool:
    """Whether a Rollout's template, made a typed object, is at the place what the typed one is."""
    if is_env_entry(place):
        return source_at(template, place) == source_at(typed, place)
    stands, wanted = part_at(template, place), part_at(typed, place)
    return isinstance(stands, Nowhere) == isinstance(wanted, Nowhere) and holds(wanted, stands)


def is_telling(template: Json, place: Place, redactor: Redactor) -> bool:
    """Whether what stands at the place holds something that looks like a credential, or is one that is known.

    Judged in the whole template: what surrounds a text (`--password` before it) may be all that tells.
    """
    return not same_parts(part_at(redactor.document(template), place), part_at(template, place))
