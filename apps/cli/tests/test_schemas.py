"""The published schemas are what the code prints; renew them with `python apps/cli/tests/test_schemas.py`."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sapwood_agents.analyst.answer import Answer
from sapwood_shared.errors import SapwoodError

SCHEMAS = Path(__file__).parents[3] / "docs" / "schemas"
DRAFT = "https://json-schema.org/draft/2020-12/schema"


def answer_schema() -> dict[str, Any]:
    made = Answer.model_json_schema(mode="serialization")
    return {"$schema": DRAFT, **made, "title": "sapwood ask --json"}


def error_codes(kind: type[SapwoodError] = SapwoodError) -> set[str]:
    return {kind.code}.union(*(error_codes(other) for other in kind.__subclasses__()))


def test_the_schema_of_answers_is_that_of_the_model() -> None:
    published = json.loads((SCHEMAS / "answer.json").read_text())

    assert published == answer_schema(), "renew it: python apps/cli/tests/test_schemas.py"


def test_the_schema_of_errors_knows_every_code() -> None:
    published = json.loads((SCHEMAS / "error.json").read_text())

    assert set(published["properties"]["error"]["properties"]["code"]["enum"]) == error_codes()


@pytest.mark.parametrize("file", sorted(SCHEMAS.glob("*.json")), ids=lambda file: file.stem)
def test_a_published_schema_is_one(file: Path) -> None:
    schema = json.loads(file.read_text())

    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == DRAFT
    assert schema["title"]
    assert schema["additionalProperties"] is False


if __name__ == "__main__":
    (SCHEMAS / "answer.json").write_text(json.dumps(answer_schema(), indent=2, ensure_ascii=False) + "\n")
