"""The JSON Schema of a plan, made from the types that the loader reads it with."""

from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from cutover.core.base.documents import API_VERSION
from cutover.core.plan.document import KIND, PlanDocument

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


class _Schema(GenerateJsonSchema):
    """Pydantic's own, without `null`: what is not meant is not written. Titles would only repeat the keys."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        found = super().default_schema(schema)
        return {key: value for key, value in found.items() if key != "default" or value is not None}

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 -- pydantic's signature
        return False


def schema() -> dict[str, Any]:
    """The schema as a document. What it cannot say (two changes of one leaf, say), `cutover validate` says."""
    found = PlanDocument.model_json_schema(by_alias=True, schema_generator=_Schema)
    parts = {name.removesuffix("Document"): _plain(part) for name, part in found.pop("$defs").items()}
    document: dict[str, Any] = _renamed({**_plain(found), "$defs": parts})
    return {"$schema": DIALECT, "$id": f"{API_VERSION}/{KIND}", "title": KIND, **document}


def _plain(part: dict[str, Any]) -> dict[str, Any]:
    """Without what the model says of itself: it is for whoever reads the code."""
    return {key: value for key, value in part.items() if key not in ("title", "description")}


def _renamed(value: Any) -> Any:
    """References as the parts are called here."""
    match value:
        case {"$ref": str() as to}:
            return {**value, "$ref": to.removesuffix("Document")}
        case dict():
            return {key: _renamed(held) for key, held in value.items()}
        case list():
            return [_renamed(held) for held in value]
        case _:
            return value
