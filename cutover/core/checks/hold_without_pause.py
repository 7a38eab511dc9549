"""The plan wants a failed canary held, and nothing in the steps would hold it.

Without an indefinite pause between the first `setWeight` and 100 % the controller promotes any canary that becomes
Ready, however it behaves afterwards.
"""

from typing import Final

from cutover.core.canary import has_indefinite_pause_before_full, walks_steps
from cutover.core.checks.check import Check, Fault, Ground, Need, Verdict
from cutover.core.checks.finding import Severity
from cutover.core.plan.model import OnFailure


def _run(ground: Ground) -> tuple[Verdict, ...]:
    rollout = ground.rollout
    if ground.plan.on_failure is not OnFailure.HOLD or not walks_steps(rollout):
        return ()
    if has_indefinite_pause_before_full(rollout):
        return ()
    message = (
        "the plan's onFailure is hold, and spec.strategy.canary.steps have no `pause: {}` between the first setWeight "
        "and 100 %: the controller would promote the canary as soon as it is Ready"
    )
    return (Fault(message, ground.field("spec.strategy.canary.steps")),)


CHECK: Final = Check(
    code="C023",
    severity=Severity.REFUSE,
    title="nothing would hold a failed canary",
    remedy="put `pause: {}` behind the first setWeight in spec.strategy.canary.steps, "
    "or set onFailure: restore in the plan",
    needs=frozenset({Need.ROLLOUT}),
    run=_run,
)
