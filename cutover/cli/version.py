"""`cutover version`."""

import json

from cutover import __version__
from cutover.cli.shared.options import Output, OutputFormat
from cutover.cli.shared.output import say
from cutover.core.base.documents import API_VERSION

EPILOG = """\b
Examples:
  cutover version
  cutover version -o json
"""


def version(output: OutputFormat = Output.TEXT) -> None:
    """Print the version."""
    document = json.dumps({"apiVersion": API_VERSION, "kind": "CutoverVersion", "version": __version__})
    say(document if output is Output.JSON else f"cutover {__version__}")
