"""`cutover init`: check the command line, read the Rollout, make the plan, write it to a file.

Nothing here writes to the cluster.
"""

from dataclasses import replace
from typing import Final

from cutover.adapters.kube.session import connect
from cutover.adapters.kube.snapshot import read_snapshot
from cutover.adapters.plan_files import plan_bytes, refuse_existing, write_plan
from cutover.commands.resolve_inputs import redactor_for
from cutover.core.base.frozen import frozen
from cutover.core.review.new_plan import NewPlan, new_plan
from cutover.core.review.new_plan_flags import NewPlanFlags, new_plan_request

UNNAMED: Final = "plan.yaml"
"""The file name in the plan's comments if no file is named."""


@frozen
class InitOptions:
    """The command line. `out` is empty for standard output; an existing file is overwritten only with `force`."""

    flags: NewPlanFlags
    kubeconfig: str = ""
    context: str = ""
    out: str = ""
    force: bool = False


def init_plan(wanted: InitOptions) -> NewPlan:
    """Make the requested plan, and write it to its file if one is named.

    A context named on the command line is written into the plan, so that nobody applies it to another cluster; the
    current context is not, because nobody chose it.

    Raises:
        CutoverError: the command line is wrong, the cluster unreachable, the Rollout missing, or the file exists.
    """
    asked = new_plan_request(wanted.flags)
    if wanted.out and not wanted.force:
        refuse_existing(wanted.out)
    session = connect(wanted.kubeconfig, wanted.context)
    snapshot = read_snapshot(session, replace(asked.target, context=session.context))
    meant = replace(asked, target=replace(asked.target, context=wanted.context))
    return put(
        new_plan(meant, snapshot, redactor_for(session, snapshot), wanted.out or UNNAMED),
        wanted.out,
        force=wanted.force,
    )


def put(draft: NewPlan, out: str, *, force: bool) -> NewPlan:
    """Write a plan to its file if one is named, and return it.

    Raises:
        UsageError: it is too large, or the file cannot be written.
    """
    content = plan_bytes(draft.text, draft.plan.file)
    if out:
        write_plan(out, content, overwrite=force)
    return draft
