"""Changes of kind `database`: the variable that holds the address of a database."""

from typing import Final

from cutover.core.patch.env_changes import turns
from cutover.core.patch.planned import ChangeKind, Live, Objection, Turn
from cutover.core.plan.changes import DatabaseChange


def _found(change: DatabaseChange, live: Live) -> tuple[Turn | Objection, ...]:
    return turns(change.env, live)


DATABASE: Final = ChangeKind(name="database", model=DatabaseChange, found=_found)
