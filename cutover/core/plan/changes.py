"""The changes of a plan as values: which variable, config object or field changes, where, and to what."""

from dataclasses import field
from enum import StrEnum
from typing import Any, Final

from cutover.core.base.frozen import frozen
from cutover.core.base.secret_text import SecretText
from cutover.core.podtemplate.env_source import FromSecret, LiteralValue, Settable


class EnvMode(StrEnum):
    """What a change requires of the present variable: nothing, that it exists, or that it does not."""

    SET = "set"
    REPLACE = "replace"
    ADD = "add"


class DataRelation(StrEnum):
    """How the new database's data relates to the old one's; this decides whether a canary may write."""

    SAME = "same"
    INDEPENDENT = "independent"
    REPLICA = "replica"
    BIDIRECTIONAL = "bidirectional"
    DUAL_WRITE = "dualWrite"

    @property
    def harmless(self) -> bool:
        """Whether no data is lost while pods use both databases, nor when the run goes back to the old one."""
        return self in {DataRelation.SAME, DataRelation.INDEPENDENT}


@frozen
class OneContainer:
    """The container of that name; it may be an init container."""

    name: str


@frozen
class OnlyContainer:
    """The plan names no container: there must be exactly one, init containers included."""


@frozen
class EveryContainer:
    """`allContainers: true`: every container, init containers included."""


ContainerChoice = OneContainer | OnlyContainer | EveryContainer


@frozen
class PlanPosition:
    """The position of a change in a plan's file, for messages."""

    file: str = ""
    line: int = 0
    path: str = ""


NO_POSITION: Final = PlanPosition()


@frozen
class ExpectedSource:
    """The source that a variable must have before its change; None if there must be no such variable."""

    source: Settable | None


@frozen
class EnvChange:
    """The change of one variable: its new source (None removes it), in which containers, and what it must have now.

    Without `expects` any old value will do.
    """

    variable: str
    to: Settable | None
    where: ContainerChoice = OnlyContainer()
    expects: ExpectedSource | None = None
    mode: EnvMode = EnvMode.SET
    at: PlanPosition = field(default=NO_POSITION, compare=False)

    def __post_init__(self) -> None:
        if not self.variable or "=" in self.variable:
            raise ValueError("a variable has a name without '='")

    @property
    def container(self) -> str:
        """The container that the change names, or the empty string."""
        return self.where.name if isinstance(self.where, OneContainer) else ""

    @property
    def sources(self) -> tuple[Settable | None, ...]:
        """The new source, and the expected one if there is any."""
        return self.to, self.expects.source if self.expects else None


@frozen
class DatabaseChange:
    """The change of the variable that holds a database's address."""

    engine: str
    relation: DataRelation
    env: EnvChange


@frozen
class OidcChange:
    """The change of the variable that holds an identity provider's issuer.

    `client` is the application's client there, empty if the plan does not say; `accepts` names the issuers, `old` or
    `new`, whose tokens the application accepts meanwhile.
    """

    provider: str
    issuer: str
    env: EnvChange
    client: str = ""
    accepts: tuple[str, ...] = ()


@frozen
class FromFile:
    """The content of a file; its path is relative to the plan."""

    path: str


@frozen
class FromEnvironment:
    """A variable of `cutover`'s own environment."""

    variable: str


@frozen
class FromStdin:
    """All of standard input, which only one key can take."""


ValueSource = LiteralValue | FromFile | FromEnvironment | FromStdin | FromSecret
"""The source of the new value of a config object's key."""


@frozen
class ObjectChange:
    """The change of a ConfigMap's or Secret's content: the keys to set (`to`) and the keys to remove."""

    kind: str
    name: str
    to: tuple[tuple[str, ValueSource], ...] = ()
    removed: tuple[str, ...] = ()
    at: PlanPosition = field(default=NO_POSITION, compare=False)

    def __post_init__(self) -> None:
        if not self.to and not self.removed:
            raise ValueError("a change of an object sets or removes a key")


@frozen
class ConfigMapChange(ObjectChange):
    """The change of a ConfigMap; the plan itself spells out the new values."""


@frozen
class SecretChange(ObjectChange):
    """The change of a Secret; a plan never holds its values."""


@frozen
class PatchOperation:
    """One operation of RFC 6902 below the pod template. `value` is one JSON value in a tuple, empty for `remove`."""

    op: str
    path: str
    value: tuple[Any, ...] = field(default=(), repr=False)
    at: PlanPosition = field(default=NO_POSITION, compare=False)


@frozen
class PatchChange:
    """Operations for fields that no other kind of change covers."""

    operations: tuple[PatchOperation, ...]
    at: PlanPosition = field(default=NO_POSITION, compare=False)


Change = EnvChange | DatabaseChange | OidcChange | ConfigMapChange | SecretChange | PatchChange

VariableKind = EnvChange | DatabaseChange | OidcChange
"""Changes of a variable."""


def literals_of(change: Change) -> tuple[tuple[str, SecretText], ...]:
    """Return the literal values of a change, new and old, each with the name of its variable or key."""
    match change:
        case EnvChange():
            literals = (source for source in change.sources if isinstance(source, LiteralValue))
            return tuple((change.variable, literal.value) for literal in literals)
        case DatabaseChange() | OidcChange():
            return literals_of(change.env)
        case ConfigMapChange() | SecretChange():
            return tuple((key, source.value) for key, source in change.to if isinstance(source, LiteralValue))
        case PatchChange():
            return ()
