"""The changes of a plan as values: which variable, config object or field becomes what, and where."""

from dataclasses import field
from enum import StrEnum
from typing import Any, Final

from cutover.core.base.frozen import frozen
from cutover.core.base.secret_text import SecretText
from cutover.core.podtemplate.env_source import EnvSource, FromSecret, LiteralValue, Settable


class EnvMode(StrEnum):
    """What a change demands of the variable as it is: nothing, that it exists, or that it does not."""

    SET = "set"
    REPLACE = "replace"
    ADD = "add"


class DataRelation(StrEnum):
    """What the data behind a new database is to that behind the old one; it decides whether a canary may write."""

    SAME = "same"
    INDEPENDENT = "independent"
    REPLICA = "replica"
    BIDIRECTIONAL = "bidirectional"
    DUAL_WRITE = "dualWrite"

    @property
    def harmless(self) -> bool:
        """Whether pods on both sides at once lose nothing, and going back neither."""
        return self in {DataRelation.SAME, DataRelation.INDEPENDENT}


@frozen
class OneContainer:
    """The container of that name, init containers included."""

    name: str


@frozen
class OnlyContainer:
    """The plan names none: there must be exactly one, init containers included."""


@frozen
class EveryContainer:
    """`allContainers: true`: every container, init containers included."""


ContainerChoice = OneContainer | OnlyContainer | EveryContainer


@frozen
class AnyOldValue:
    """The plan says nothing about the old value."""


@frozen
class PlanPosition:
    """Where in which plan a change stands, for messages."""

    file: str = ""
    line: int = 0
    path: str = ""


NO_POSITION: Final = PlanPosition()


@frozen
class EnvChange:
    """One variable: what it becomes, where, and what must stand there now."""

    variable: str
    to: Settable
    where: ContainerChoice = OnlyContainer()
    expects: AnyOldValue | EnvSource = AnyOldValue()
    mode: EnvMode = EnvMode.SET
    at: PlanPosition = field(default=NO_POSITION, compare=False)

    def __post_init__(self) -> None:
        if not self.variable or "=" in self.variable:
            raise ValueError("a variable has a name without '='")

    @property
    def container(self) -> str:
        """The container that the change names, or the empty string."""
        return self.where.name if isinstance(self.where, OneContainer) else ""


@frozen
class DatabaseChange:
    """The variable that holds a database's address gets another."""

    engine: str
    relation: DataRelation
    env: EnvChange


@frozen
class OidcChange:
    """The variable that holds an identity provider's issuer gets another.

    `client` is the client that the application is there, empty where the plan does not say; `accepts` are the issuers,
    `old` and `new`, whose tokens the application accepts meanwhile.
    """

    provider: str
    issuer: str
    env: EnvChange
    client: str = ""
    accepts: tuple[str, ...] = ()


@frozen
class FromFile:
    """The content of a file, named from where the plan lies."""

    path: str


@frozen
class FromEnvironment:
    """A variable of `cutover`'s own environment."""

    variable: str


@frozen
class FromStdin:
    """What comes from standard input."""


ValueSource = LiteralValue | FromFile | FromEnvironment | FromStdin | FromSecret
"""Where the new value of a config object's key comes from."""


@frozen
class ObjectChange:
    """A ConfigMap or Secret with other content: keys that are set, and keys that go."""

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
    """A ConfigMap; its values stand in the plan."""


@frozen
class SecretChange(ObjectChange):
    """A Secret; its values never stand in a plan."""


@frozen
class PatchOperation:
    """One operation of RFC 6902 below the pod template. `value` holds one JSON value, or nothing for `remove`."""

    op: str
    path: str
    value: tuple[Any, ...] = field(default=(), repr=False)
    at: PlanPosition = field(default=NO_POSITION, compare=False)


@frozen
class PatchChange:
    """Operations that no kind of change covers."""

    operations: tuple[PatchOperation, ...]
    at: PlanPosition = field(default=NO_POSITION, compare=False)


Change = EnvChange | DatabaseChange | OidcChange | ConfigMapChange | SecretChange | PatchChange

VariableKind = EnvChange | DatabaseChange | OidcChange
"""Changes of a variable."""


def literals_of(change: Change) -> tuple[tuple[str, SecretText], ...]:
    """The values that a change spells out, new and old, by the name of their variable or key."""
    match change:
        case EnvChange():
            sources = ((change.variable, source) for source in (change.to, change.expects))
            return tuple((name, source.value) for name, source in sources if isinstance(source, LiteralValue))
        case DatabaseChange() | OidcChange():
            return literals_of(change.env)
        case ConfigMapChange() | SecretChange():
            return tuple((key, source.value) for key, source in change.to if isinstance(source, LiteralValue))
        case PatchChange():
            return ()
