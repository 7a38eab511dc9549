"""The rights of a run as the rules of a Role: those of one purpose together."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cutover.core.rights import Right


@dataclass(frozen=True, slots=True)
class Rule:
    """Rights of one purpose taken together, as a Role grants them; `resource` includes the subresource."""

    group: str
    resource: str
    why: str
    required: bool
    verbs: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join((", ".join(self.verbs), self.resource, ", ".join(self.names))).strip()


def rules_of(rights: Iterable[Right]) -> tuple[Rule, ...]:
    """The rights as rules, in their order."""
    together: dict[Rule, list[Right]] = {}
    for right in rights:
        together.setdefault(_rule(right), []).append(right)
    return tuple(
        replace(rule, verbs=_each(right.verb for right in held), names=_each(right.name for right in held))
        for rule, held in together.items()
    )


def _rule(right: Right) -> Rule:
    resource = "/".join(part for part in (right.resource, right.subresource) if part)
    return Rule(right.group, resource, right.why, right.required)


def _each(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
