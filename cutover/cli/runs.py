"""`cutover runs`: which runs there are, finished and unfinished."""

from typing import Annotated

import typer

from cutover.cli.shared.error_handling import guarded
from cutover.cli.shared.options import ContextOption, Kubeconfig, Output, OutputFormat
from cutover.cli.shared.output import say

EPILOG = """\b
Examples:
  cutover runs              in every namespace, and on this machine
  cutover runs -n shop      in the namespace shop
  cutover runs -o json      as one JSON document
"""


def runs(
    *,
    namespace: Annotated[str, typer.Option("--namespace", "-n", metavar="NAME", help="Only in this namespace.")] = "",
    context: ContextOption = "",
    kubeconfig: Kubeconfig = "",
    output: OutputFormat = Output.TEXT,
) -> None:
    """List the runs in the cluster and on this machine.

    A run whose marks stand on its Rollout is unfinished, whatever this machine knows of it.
    """
    with guarded(output, "CutoverRuns"):
        from cutover.commands.runs import find_runs
        from cutover.render.runs import runs_json, runs_text

        listing = find_runs(namespace, kubeconfig, context)
        text = runs_json if output is Output.JSON else runs_text
        say(text(listing.runs, listing.unseen), line=False)
