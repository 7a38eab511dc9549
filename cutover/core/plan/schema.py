"""Generates the JSON Schema of a plan from the types that the loader uses."""

from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from cutover.core.base.documents import API_VERSION
from cutover.core.plan.document import KIND, PlanDocument

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


class _Schema(GenerateJsonSchema):
    """Pydantic's generator without `null`, because an unset key is left out, and without titles, which repeat keys."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        described = super().default_schema(schema)
        return {key: value for key, value in described.items() if key != "default" or value is not None}

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 -- pydantic's signature
        return False


def schema() -> dict[str, Any]:
    """Return the schema as a document.

    It cannot express every rule (such as two changes of one leaf); `cutover validate` checks the others.
    """
    generated = PlanDocument.model_json_schema(by_alias=True, schema_generator=_Schema)
    parts = {name.removesuffix("Document"): _plain(part) for name, part in generated.pop("$defs").items()}
    document: dict[str, Any] = _renamed({**_plain(generated), "$defs": parts})
    return {"$schema": DIALECT, "$id": f"{API_VERSION}/{KIND}", "title": KIND, **document}


def _plain(part: dict[str, Any]) -> dict[str, Any]:
    """Return the part without its own title and description, which are for readers of the code."""
    return {key: value for key, value in part.items() if key not in ("title", "description")}


def _renamed(value: Any) -> Any:
    """Let each `$ref` name the renamed part: the class name without `Document`."""
    match value:
        case {"$ref": str() as to}:
            return {**value, "$ref": to.removesuffix("Document")}
        case dict():
            return {key: _renamed(item) for key, item in value.items()}
        case list():
            return [_renamed(item) for item in value]
        case _:
            return value
