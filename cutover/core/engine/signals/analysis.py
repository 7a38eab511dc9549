"""The signal that an analysis of the canary failed.

A cancelled run ends Successful, so only Failed and Error count. An inconclusive one pauses the Rollout for a person
and is no failure; such a pause is never passed.
"""

from cutover.core.base.cluster_text import sentence
from cutover.core.engine.run_view import RunView
from cutover.core.engine.signals.sign import SOON, Sign, Signal
from cutover.core.engine.state import State


def watch(_state: State, view: RunView) -> tuple[Sign, ...]:
    """Return a sign for each AnalysisRun of the canary that is Failed or in Error."""
    return tuple(
        Sign(
            "analysis",
            run.meta.name,
            sentence(f"analysis {run.meta.name} is {run.phase}: ", run.message),
            SOON,
        )
        for run in view.runs
        if run.phase in {"Failed", "Error"} and not run.terminated
    )


SIGNAL = Signal("analysis", watch)
