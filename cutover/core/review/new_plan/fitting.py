"""What a plan can hold, asked before it is written: the loader's own types and words."""

from typing import Any

from pydantic import ValidationError

from cutover.core.plan.document import PlanDocument
from cutover.core.plan.expectations import spot


def unfit(part: dict[str, Any]) -> tuple[str, ...]:
    """What is expected at each place of a part of a plan that holds something else. What is missing may still come."""
    try:
        PlanDocument.model_validate(part)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        return tuple(spot(entry["loc"]).expected for entry in found if entry["type"] != "missing")
    return ()


def unfit_env(keys: dict[str, Any]) -> tuple[str, ...]:
    """The same for the keys of a change of kind `env`."""
    return unfit({"spec": {"changes": [{"env": keys}]}})


def holdable(text: str) -> bool:
    """Whether an environment variable can hold the text at all: no NUL, no half of a surrogate pair."""
    return not any(char == "\0" or "\ud800" <= char <= "\udfff" for char in text)
