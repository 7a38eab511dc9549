"""`cutover schema`: the JSON Schema of a plan."""

from cutover.cli.shared.output import say

EPILOG = """\b
Examples:
  cutover schema > cutover-plan.schema.json
An editor takes it from a plan's first line: # yaml-language-server: $schema=cutover-plan.schema.json
"""


def schema() -> None:
    """Print the JSON Schema of a plan.

    For editors and pipelines. Needs no cluster.
    """
    import json

    from cutover.core.plan import schema as plan

    say(json.dumps(plan.schema(), indent=2))
