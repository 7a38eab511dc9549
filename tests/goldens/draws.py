"""What hypothesis strategies draw with one seed, whatever the program is called and however it is written.

Hypothesis itself mixes the constants of the loaded modules into what it draws, so that a change of the program would
change the inputs. Here all choices are made by a `Random`.
"""

from random import Random
from typing import Any

from hypothesis.control import BuildContext
from hypothesis.errors import StopTest, UnsatisfiedAssumption
from hypothesis.internal.conjecture.data import ConjectureData
from hypothesis.internal.conjecture.providers import PrimitiveProvider
from hypothesis.internal.intervalsets import IntervalSet
from hypothesis.strategies import SearchStrategy

_FAR = 10**12
_LONG = 8


class RandomChoices(PrimitiveProvider):
    """Makes each choice evenly."""

    def __init__(self, random: Random) -> None:
        super().__init__(None)
        self._random = random

    def draw_boolean(self, p: float = 0.5) -> bool:
        """A boolean that is true with this probability."""
        return self._random.random() < p

    def draw_integer(
        self,
        min_value: int | None = None,
        max_value: int | None = None,
        *,
        weights: dict[int, float] | None = None,
        shrink_towards: int = 0,
    ) -> int:
        """An integer within the bounds; weights are not used by our strategies."""
        del weights, shrink_towards
        low = min_value if min_value is not None else (max_value or 0) - _FAR
        return self._random.randint(low, max_value if max_value is not None else low + 2 * _FAR)

    def draw_float(
        self,
        *,
        min_value: float = -float(_FAR),
        max_value: float = float(_FAR),
        allow_nan: bool = True,
        smallest_nonzero_magnitude: float,
    ) -> float:
        """A float within the bounds."""
        del allow_nan, smallest_nonzero_magnitude
        return self._random.uniform(max(min_value, -_FAR), min(max_value, _FAR))

    def draw_string(self, intervals: IntervalSet, *, min_size: int = 0, max_size: int = _LONG) -> str:
        """A text of some of the characters."""
        size = self._random.randint(min_size, max(min_size, min(max_size, min_size + _LONG)))
        return "".join(chr(intervals[self._random.randrange(len(intervals))]) for _ in range(size))

    def draw_bytes(self, min_size: int = 0, max_size: int = _LONG) -> bytes:
        """Some bytes."""
        return self._random.randbytes(self._random.randint(min_size, max(min_size, min(max_size, min_size + _LONG))))


def drawn(strategy: SearchStrategy[Any], random: Random) -> Any:
    """The first value of the strategy that its own conditions do not refuse."""
    while True:
        data = ConjectureData(random=None, provider=RandomChoices(random))
        try:
            with BuildContext(data, is_final=False, wrapped_test=drawn):
                return data.draw(strategy)
        except (StopTest, UnsatisfiedAssumption):
            continue
