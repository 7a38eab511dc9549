"""Every check there is: a check is one file here and one line in `ALL`. `docs/checks.md` is their catalogue."""

from typing import Final

from cutover.core.checks import (
    aborted,
    blue_green,
    credential_literal,
    deadman_too_short,
    full_past_analysis,
    gate_without_canary,
    hold_without_pause,
    liveness_like_readiness,
    marks_left,
    marks_too_large,
    max_unavailable,
    no_pause_before_full,
    no_readiness_probe,
    no_replicas,
    no_stable_revision,
    no_steps,
    not_healthy,
    optional_reference,
    paused,
    port_probe,
    progress_threshold,
    reference_missing,
    rollback_window,
    stable_unavailable,
    traffic_routing,
    unexpanded_reference,
    unfinished_run,
    unready_pods_published,
    update_in_flight,
    workload_ref,
)
from cutover.core.checks.check import Check, Ground
from cutover.core.checks.finding import Finding

ALL: Final[tuple[Check, ...]] = (
    blue_green.CHECK,
    workload_ref.CHECK,
    traffic_routing.CHECK,
    no_steps.CHECK,
    not_healthy.CHECK,
    paused.CHECK,
    aborted.CHECK,
    update_in_flight.CHECK,
    no_stable_revision.CHECK,
    no_replicas.CHECK,
    gate_without_canary.CHECK,
    stable_unavailable.CHECK,
    reference_missing.CHECK,
    optional_reference.CHECK,
    no_readiness_probe.CHECK,
    max_unavailable.CHECK,
    rollback_window.CHECK,
    progress_threshold.CHECK,
    hold_without_pause.CHECK,
    no_pause_before_full.CHECK,
    unready_pods_published.CHECK,
    full_past_analysis.CHECK,
    unfinished_run.CHECK,
    marks_left.CHECK,
    deadman_too_short.CHECK,
    marks_too_large.CHECK,
    port_probe.CHECK,
    liveness_like_readiness.CHECK,
    credential_literal.CHECK,
    unexpanded_reference.CHECK,
)
"""By code. C001 and C012 to C014 are raised earlier, where a plan meets the cluster: without ground to judge on."""


def run_all(ground: Ground) -> tuple[Finding, ...]:
    """What every check says, in the order of their codes; empty where all is well."""
    return tuple(finding for check in ALL for finding in check.findings(ground))
