"""A Secret, a ConfigMap or a key that the plan refers to does not exist: the new pods could not even start."""

from collections.abc import Iterator
from typing import Final

from cutover.core.base.cluster_text import sentence
from cutover.core.base.frozen import frozen
from cutover.core.checks.check import Check, CheckContext, CheckResult, Fault, Unverified
from cutover.core.checks.finding import Severity
from cutover.core.objects.read_results import NotFound, ReadFailed
from cutover.core.objects.snapshot import Need
from cutover.core.podtemplate.config_references import EveryKey


@frozen
class _Key:
    """A key that must exist, or a whole object (`EveryKey`), and in words what uses it."""

    kind: str
    name: str
    key: str | EveryKey
    users: tuple[str, ...]

    @property
    def thing(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def field(self) -> str:
        return self.key if isinstance(self.key, str) else ""

    @property
    def use(self) -> str:
        return f"{', '.join(self.users)} would have no value"


def _run(context: CheckContext) -> tuple[CheckResult, ...]:
    return tuple(verdict for key in _wanted(context) for verdict in _verdicts(context, key))


def _wanted(context: CheckContext) -> Iterator[_Key]:
    """Yield each key that new references need, once; optional references are left to a check of their own."""
    needed = tuple(reference for reference in context.new_references if not reference.optional)
    for kind, name, key in dict.fromkeys((reference.kind, reference.name, reference.key) for reference in needed):
        users = (
            reference.user
            for reference in needed
            if (reference.kind, reference.name, reference.key) == (kind, name, key)
        )
        yield _Key(kind, name, key, tuple(dict.fromkeys(users)))


def _verdicts(context: CheckContext, wanted: _Key) -> Iterator[CheckResult]:
    where = context.place(wanted.kind.lower(), wanted.name, wanted.field)
    match context.keys_of(wanted.kind, wanted.name):
        case NotFound():
            yield Fault(f"{wanted.thing} does not exist; {wanted.use}", where, _create(wanted))
        case ReadFailed(_, reason):
            what = (
                f"whether {wanted.thing} has the key {wanted.key}" if wanted.field else f"whether {wanted.thing} exists"
            )
            yield Unverified(sentence(f"{what}: ", reason), where, _look(wanted))
        case frozenset() as keys if wanted.field and wanted.key not in keys:
            there = ", ".join(sorted(keys)) or "none"
            message = f"{wanted.thing} has no key {wanted.key} (it has: {there}); {wanted.use}"
            yield Fault(message, where, _add_key(wanted))


def _create(wanted: _Key) -> str:
    kind = "secret generic" if wanted.kind == "Secret" else "configmap"
    key = wanted.field or "KEY"
    return (
        f"create it (`kubectl create {kind} {wanted.name} {{scope}} --from-file={key}=FILE`), "
        "or correct the name in the plan"
    )


def _add_key(wanted: _Key) -> str:
    edit = f"`kubectl edit {wanted.kind.lower()} {wanted.name} {{scope}}`"
    return f"correct the key in the plan, or add it ({edit})"


def _look(wanted: _Key) -> str:
    return f"look yourself: `kubectl describe {wanted.kind.lower()} {wanted.name} {{scope}}` shows key names only"


CHECK: Final = Check(
    code="C017",
    severity=Severity.REFUSE,
    title="a referenced Secret, ConfigMap or key does not exist",
    when="one that the plan's new values come from",
    remedy="create the object or the key, or correct the reference in the plan; "
    "`kubectl describe secret NAME {scope}` shows key names only",
    needs=frozenset({Need.CONFIGS}),
    run=_run,
)
