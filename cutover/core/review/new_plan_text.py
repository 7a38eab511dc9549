"""Writes a new plan as YAML, with comments that explain each part to somebody who sees a plan for the first time.

Strings are spelled so that every reader of YAML reads them as these strings.
"""

import json
import re
from collections.abc import Iterator
from shlex import quote
from textwrap import wrap
from typing import Any, Final

from cutover.core.base.documents import API_VERSION
from cutover.core.base.target import Target
from cutover.core.plan.changes import EnvChange, PatchOperation
from cutover.core.plan.deadlines import Deadlines
from cutover.core.plan.document import KIND, WatchDocument
from cutover.core.plan.model import Plan
from cutover.core.plan.yaml_events import unquoted_word
from cutover.core.review.forecast import Forecast, NoForecast
from cutover.core.review.new_plan_changes import PlacedChange, source_keys

_CHANGES: Final = """\
  # What changes. `from` is what stands there now; should it be something else by then, nothing is written (exit 4).
  changes:"""

_WATCH: Final = """\
  # How long what may take (90s, 1m30s). These are the defaults; `auto` is worked out anew by every run.
  watch:"""

_PROMOTION: Final = """\
  # What becomes of a canary that has proven itself, where the Rollout waits for a person (a pause without duration).
  #   steps: the run ends there (exit 12) and prints the commands to go on
  #   auto:  the pause is passed
  #   full:  promoted from there all the way, past further steps and analyses"""

_FAILURE: Final = """\
  # What a failure before the promotion leads to.
  #   restore: abort, put the old values back, prove that stable serves (exit 10)
  #   abort:   abort and prove it; the new values stay in the spec (exit 15), for specs that Git owns
  #   hold:    write nothing and prove it (exit 15); needs a pause without duration"""

_MORE: Final = "  # A plan can say more (pointOfNoReturn, deadman, allow): cutover schema prints every key."


def plan_text(
    plan: Plan,
    about: tuple[str, ...],
    changes: tuple[PlacedChange, ...],
    deadlines: Deadlines,
    ahead: Forecast | NoForecast,
) -> str:
    """Return the text of the plan, with a line break at its end. `about` are sentences on what it was made from."""
    lines = (
        *_head(plan, about),
        *_target(plan.target),
        _CHANGES,
        *(line for one in changes for line in _change(one)),
        _WATCH,
        *_watch(deadlines),
        *_steps(ahead),
        *(_PROMOTION, f"  promotion: {plan.promotion.value}"),
        *(_FAILURE, f"  onFailure: {plan.on_failure.value}"),
        _MORE,
    )
    return "".join(f"{line}\n" for line in lines)


def _head(plan: Plan, about: tuple[str, ...]) -> Iterator[str]:
    yield from (line for sentence in about for line in comment(sentence))
    yield from comment("Have it reviewed, then type:")
    yield from comment(f"- cutover diff {quote(plan.file)} (what it changes, and what will happen)")
    yield from comment(f"- cutover apply {quote(plan.file)} (writes it, watches it, and goes back if it fails)")
    yield from (f"apiVersion: {API_VERSION}", f"kind: {KIND}", "metadata:", f"  name: {word(plan.name)}")
    description = quoted(plan.description)
    yield f"  description: {description}" if plan.description else "  # description: for people; the report repeats it"
    yield "spec:"


def _target(target: Target) -> Iterator[str]:
    """Yield the target; Rollout and namespace only if they are not named like the app."""
    yield from ("  # The Rollout, and its namespace.", "  target:", f"    app: {word(target.app)}")
    named = (("rollout", target.rollout), ("namespace", target.namespace))
    yield from (f"    {key}: {word(name)}" for key, name in named if name != target.app)
    if target.context:
        yield f"    context: {word(target.context)}"


def _change(placed: PlacedChange) -> Iterator[str]:
    yield from (line for note in placed.notes for line in comment(note, 4))
    yield from _env(placed.change) if isinstance(placed.change, EnvChange) else _patch(placed.change.operations)


def _patch(operations: tuple[PatchOperation, ...]) -> Iterator[str]:
    yield "    - patch:"
    for one in operations:
        value = dict(zip(("value",), one.value, strict=False))
        yield f"        - {flow('', {'op': one.op, 'path': one.path, **value})}"


def _env(change: EnvChange) -> Iterator[str]:
    yield from ("    - env:", f"        name: {word(change.variable)}", f"        container: {word(change.container)}")
    keys = source_keys(change.variable, change.to, "remove")
    yield from (f"        {key}: {flow(key, value)}" for key, value in keys.items())
    yield from (f"        from: {guard}" for guard in _guard(change))


def _guard(change: EnvChange) -> Iterator[str]:
    if change.expects:
        yield flow("from", source_keys(change.variable, change.expects.source, "absent"))


def _watch(deadlines: Deadlines) -> Iterator[str]:
    defaults = WatchDocument()
    here = f"{deadlines.ready_within:g} s here: ", f"{deadlines.hold:g} s here: "
    rows = (
        (
            f"readyWithin: {defaults.ready_within}",
            f"{here[0]}in this time each canary pod is Ready, or the run goes back",
        ),
        (f"adoptWithin: {defaults.adopt_within}", "in this time the controller begins with the new revision"),
        (f"hold: {defaults.hold}", f"{here[1]}so long a canary stands Ready at a pause before it counts as proven"),
        (
            f"bake: {defaults.bake}",
            "so long the promoted revision is watched; a failure is moved back by a new rollout",
        ),
    )
    yield from (f"    {key:18} # {meaning}" for key, meaning in rows)


def _steps(ahead: Forecast | NoForecast) -> list[str]:
    if isinstance(ahead, NoForecast):
        return comment(f"Steps of this Rollout: none that a run can walk; {ahead.reason}.", 2)
    return comment(f"Steps of this Rollout: {' → '.join(stage.name for stage in ahead.stages)}.", 2)


# -- how its parts are spelled -----------------------------------------------------------------------------------------


WIDTH: Final = 118

_WORD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*")
_ESCAPED: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def quoted(text: str) -> str:
    """Return the text in double quotes, on one line; invisible characters are escaped, for the reviewer to see."""
    return f'"{"".join(map(_character, text))}"'


def word(text: str) -> str:
    """Return the text without quotes if every reader takes it for this string, else in quotes."""
    return text if _WORD.fullmatch(text) and unquoted_word(text) == text else quoted(text)


def flow(key: str, value: Any) -> str:
    """Return the text behind a key, on one line; a `value` is always quoted, so that it stays text after an edit."""
    match value:
        case dict():
            return f"{{{', '.join(f'{word(inner)}: {flow(inner, item)}' for inner, item in value.items())}}}"
        case list():
            return f"[{', '.join(flow(key, item) for item in value)}]"
        case bool() | int() | float():
            return json.dumps(value)
        case _:
            return quoted(value) if key == "value" else word(value)


def comment(text: str, indent: int = 0) -> list[str]:
    """Return the text as lines of comment; characters in it that could end a line are replaced."""
    shown = "".join(char if char.isprintable() else "?" for char in text)
    lead = " " * indent + "# "
    return [lead + line for line in wrap(shown, WIDTH - len(lead), break_long_words=False, break_on_hyphens=False)]


def _character(char: str) -> str:
    escaped = "" if char.isprintable() else f"\\u{ord(char):04x}" if ord(char) < 1 << 16 else f"\\U{ord(char):08x}"
    return _ESCAPED.get(char, escaped or char)
