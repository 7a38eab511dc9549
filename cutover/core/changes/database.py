"""Changes of kind `database`: the variable that holds the address of a database."""

from typing import Final

from cutover.core.plan.change import DatabaseChange
from cutover.core.turns import ChangeKind, Live, Objection, Turn
from cutover.core.variables import turns


def _found(change: DatabaseChange, live: Live) -> tuple[Turn | Objection, ...]:
    return turns(change.env, live)


DATABASE: Final = ChangeKind(name="database", model=DatabaseChange, found=_found)
