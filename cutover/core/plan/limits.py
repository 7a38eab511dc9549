"""How long what may take in a run."""

from cutover.core.base.frozen import frozen


@frozen
class Timing:
    """How long what may take, all in seconds.

    `timeout` is for the whole run, infinite where none was given; `relapse_within` is how long a pod that was Ready
    may stay unready; `verify_within` how long stable may take to be whole again.
    """

    adopt_within: float
    ready_within: float
    hold: float
    bake: float
    relapse_within: float
    verify_within: float
    timeout: float = float("inf")
    stable_within: float = 60.0
    rung_within: float = 30.0
    blind_after: float = 30.0
    blind_ends: float = 300.0
