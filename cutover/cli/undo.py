"""`cutover undo`: the way back from a promoted run, as a plan."""

from typing import Annotated

import typer

from cutover.cli.shared.error_handling import guarded
from cutover.cli.shared.options import ContextOption, Force, Kubeconfig, Out, Output
from cutover.cli.shared.screen import show_draft

EPILOG = """\b
Examples:
  cutover undo 20261126-134126-9499b1ac > undo.yaml
  cutover undo 20261126-134126-9499b1ac --out undo.yaml
\b
Exit codes: 2 unknown run, 3 it cannot be undone by a plan, 4 somebody has changed it since, 7 no cluster.
`cutover runs` lists the runs. A run that was not promoted is taken back by `cutover abort`.
"""

RunArgument = Annotated[str, typer.Argument(metavar="RUN", help="A run whose report is kept on this machine.")]
RunNamespace = Annotated[
    str, typer.Option("--namespace", "-n", metavar="NAME", help="The namespace; must agree with the run.")
]


def undo(
    run: RunArgument,
    *,
    out: Out = "",
    force: Force = False,
    namespace: RunNamespace = "",
    context: ContextOption = "",
    kubeconfig: Kubeconfig = "",
) -> None:
    """Write the way back from a promoted run, as a plan.

    The old values come from the ReplicaSet that the run replaced; each change is guarded by what stands there now.
    The plan is reviewed and applied like any other. Writes nothing to the cluster.
    """
    with guarded(Output.TEXT, "CutoverPlan"):
        from cutover.commands.undo import UndoOptions, undo_run

        show_draft(undo_run(UndoOptions(run, namespace, kubeconfig, context, out, force)), out)
