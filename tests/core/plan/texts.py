"""Plans as text: the one of the contract, and ways to change a line of it."""

from cutover.core.base.errors import InvalidPlanError
from cutover.core.plan.load import load
from cutover.core.plan.model import Plan

GOOD = """\
apiVersion: cutover.dev/v1alpha1
kind: CutoverPlan
metadata:
  name: payments-to-pg16
  description: Move payments to the new primary
spec:
  target:
    app: payments
  changes:
    - env:
        name: DATABASE_URL
        container: app
        secretKeyRef: {name: payments-db-b, key: url}
        from:
          secretKeyRef: {name: payments-db-a, key: url}
  watch:
    bake: 90s
"""


def changed(old: str, new: str, text: str = GOOD) -> str:
    """The plan with one part replaced, which has to be there."""
    assert old in text
    return text.replace(old, new)


def with_env(env: str) -> str:
    """The plan with this as its one change, in flow style."""
    head, _, rest = GOOD.partition("    - env:\n")
    return f"{head}    - env: {env}\n{rest[rest.index('  watch:') :]}"


def plan_with_env(env: str) -> Plan:
    return load(with_env(env), "plan.yaml")


def problems(text: str) -> list[str]:
    """What is wrong with a plan, a line of text each; empty where nothing is."""
    try:
        load(text, "plan.yaml")
    except InvalidPlanError as error:
        return [str(problem) for problem in error.problems]
    return []
