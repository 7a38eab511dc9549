"""How much of the long matrices a run takes: everything (`make test-all`), or a sample that the seed decides.

`make test` takes the seed from the commit's tree and prints it; `make test SEED=...` takes the sample of another.
"""

import os
import random
from collections.abc import Sequence
from typing import Final, TypeVar

T = TypeVar("T")

WHOLE: Final = bool(os.environ.get("CUTOVER_WHOLE"))
SEED: Final = os.environ.get("CUTOVER_SEED", "0")
"""Letters and digits."""


def drawn(name: str, rows: Sequence[T], number: int = 1) -> list[T]:
    """Return all rows in a whole run, and else `number` of them, which the seed and the name decide, in their order."""
    if WHOLE or number >= len(rows):
        return list(rows)
    taken = random.Random(f"{SEED} {name}").sample(range(len(rows)), number)  # noqa: S311 -- a sample, no secret
    return [rows[index] for index in sorted(taken)]
