"""Turns the flags of `cutover init` into changes that a plan can hold, or names everything that is wrong with them."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import field
from typing import Any, Final

from pydantic import ValidationError

from cutover.core.base.errors import Problem, UsageError
from cutover.core.base.frozen import frozen
from cutover.core.base.redaction import credentials_in
from cutover.core.base.secret_text import SecretText
from cutover.core.base.target import Target
from cutover.core.plan.changes import EnvChange
from cutover.core.plan.document import PlanDocument
from cutover.core.plan.field_descriptions import expectation
from cutover.core.plan.yaml_tree import shortened
from cutover.core.podtemplate.env_source import FromConfigMap, FromSecret, LiteralValue, Settable

SETS: Final = "--set"
SECRETS: Final = "--set-secret"
CONFIGS: Final = "--set-config"
REMOVALS: Final = "--remove"

_NAME: Final = "-change"
_LONGEST: Final = 63


@frozen
class NewPlanFlags:
    """The command line as typed; what was not given is empty. A text in it may be a secret, typed by mistake."""

    app: str
    namespace: str = ""
    name: str = ""
    container: str = ""
    sets: tuple[str, ...] = field(default=(), repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    configs: tuple[str, ...] = field(default=(), repr=False)
    removals: tuple[str, ...] = field(default=(), repr=False)


@frozen
class NewPlanRequest:
    """The requested plan, without what only the live Rollout can tell. `container` is empty if none was named."""

    name: str
    target: Target
    container: str
    changes: tuple[EnvChange, ...]


def new_plan_request(flags: NewPlanFlags) -> NewPlanRequest:
    """Return the plan that the flags request.

    Raises:
        UsageError: with everything that is wrong. No text of a flag that may be a value is in it.
    """
    requests = tuple(_requested(flags))
    changes = tuple(one for one in requests if isinstance(one, EnvChange))
    problems = [*(one for one in requests if isinstance(one, Problem)), *_twice(changes), *_misnamed(flags)]
    problems += [] if requests else [_NOTHING]
    if problems:
        raise UsageError(*problems)
    target = Target(flags.app, flags.namespace or flags.app, label(flags.app))
    return NewPlanRequest(
        flags.name or f"{label(flags.app, _LONGEST - len(_NAME))}{_NAME}", target, flags.container, changes
    )


def label(name: str, longest: int = _LONGEST) -> str:
    """Return the name of an object as a DNS label; it stays the same if it has no dots and is short enough."""
    return re.sub(r"[^a-z0-9-]", "-", name)[:longest].strip("-")


def _requested(flags: NewPlanFlags) -> Iterator[EnvChange | Problem]:
    yield from (_set(text) for text in flags.sets)
    yield from (_reference(SECRETS, "SECRET/KEY", text) for text in flags.secrets)
    yield from (_reference(CONFIGS, "CONFIGMAP/KEY", text) for text in flags.configs)
    yield from (_change(REMOVALS, name, None) for name in flags.removals)


def _set(text: str) -> EnvChange | Problem:
    name, equals, value = text.partition("=")
    if not equals:
        return Problem("expected NAME=VALUE, found no '='", SETS)
    change = _change(SETS, name, LiteralValue(SecretText(value)))
    if isinstance(change, EnvChange) and not holdable(value):
        return Problem("expected text, found a character that no text can hold", f"{SETS} {name}")
    if isinstance(change, EnvChange) and credentials_in(name, SecretText(value)):
        message = "the value looks like a credential: in a plan, whoever may read the plan or the Rollout reads it"
        return Problem(message, f"{SETS} {name}", remedy=f"put it into a Secret, then: {SECRETS} {name}=SECRET/KEY")
    return change


def _reference(flag: str, form: str, text: str) -> EnvChange | Problem:
    name, _, reference = text.partition("=")
    place, slash, key = reference.partition("/")
    if not slash:
        return Problem(f"expected NAME={form}, found something else", flag)
    return _change(flag, name, FromSecret(place, key) if flag == SECRETS else FromConfigMap(place, key))


def _change(flag: str, name: str, to: Settable | None) -> EnvChange | Problem:
    """Return the change if a plan can hold it. A wrong text is not repeated: it may be a value, typed as the name."""
    if expectations := unfit_env({"name": name}):
        return Problem(f"expected {expectations[0]} as NAME, found something else", flag)
    if isinstance(to, FromSecret | FromConfigMap) and (expectations := unfit_env({"secretKeyRef": _keys(to)})):
        return Problem(f"expected {expectations[0]}, found something else", f"{flag} {name}")
    return EnvChange(name, to)


def _keys(to: FromSecret | FromConfigMap) -> dict[str, str]:
    return {"name": to.name, "key": to.key}


def _twice(changes: tuple[EnvChange, ...]) -> Iterator[Problem]:
    for name, times in Counter(change.variable for change in changes).items():
        if times > 1:
            yield Problem(f"expected {name} once, found it {times} times", remedy="keep the one that you mean")


def _misnamed(flags: NewPlanFlags) -> Iterator[Problem]:
    """Yield a problem for each name that no plan can hold."""
    names = (
        ("APP", flags.app, {"spec": {"target": {"rollout": flags.app}}}),
        ("-n", flags.namespace or flags.app, {"spec": {"target": {"namespace": flags.namespace or flags.app}}}),
        ("--name", flags.name, {"metadata": {"name": flags.name or "change"}}),
        ("--container", flags.container, {"spec": {"changes": [{"env": {"container": flags.container or "app"}}]}}),
    )
    for flag, name, part in names:
        yield from (Problem(f'expected {expected}, found "{shortened(name)}"', flag) for expected in unfit(part))


_NOTHING: Final = Problem(
    f"expected something to change, found none of {SETS}, {SECRETS}, {CONFIGS} and {REMOVALS}",
    remedy="cutover init --help has examples",
)


# -- what a plan can hold, by the loader's own types and words ---------------------------------------------------------


def unfit(part: dict[str, Any]) -> tuple[str, ...]:
    """Return what is expected at each key of a part of a plan that holds something else; missing keys are ignored."""
    try:
        PlanDocument.model_validate(part)
    except ValidationError as error:
        entries = error.errors(include_url=False, include_context=False, include_input=False)
        return tuple(expectation(entry["loc"]).expected for entry in entries if entry["type"] != "missing")
    return ()


def unfit_env(keys: dict[str, Any]) -> tuple[str, ...]:
    """Return the same as `unfit` for the keys of a change of kind `env`."""
    return unfit({"spec": {"changes": [{"env": keys}]}})


def holdable(text: str) -> bool:
    """Whether an environment variable can hold the text: no NUL, no half of a surrogate pair."""
    return not any(char == "\0" or "\ud800" <= char <= "\udfff" for char in text)
