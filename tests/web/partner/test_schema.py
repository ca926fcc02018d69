"""The OpenAPI document says what the API does."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.web.partner.asking import Asking

pytestmark = pytest.mark.django_db


@pytest.fixture
def schema(db: None) -> dict[str, Any]:
    answer = Client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_it_is_openapi_3_1_with_addresses_that_answer(schema: dict[str, Any]):
    assert schema["openapi"].startswith("3.1.")
    assert set(schema["paths"]) == {
        "/api/v1/purposes",
        "/api/v1/card-status",
        "/api/v1/applications",
        "/api/v1/benefit-batches",
        "/api/v1/benefit-batches/{number}",
        "/api/v1/benefit-batches/{number}/rows",
        "/api/v1/benefit-batches/{number}/rows/{line}/correction",
        "/api/v1/benefit-batches/{number}/withdraw",
        "/api/v1/webhook",
        "/api/v1/events",
        "/api/v1/events/{event_id}/replay",
    }
    for path in schema["paths"]:
        assert Client().get(path.replace("{line}", "1")).status_code in (401, 405)


def test_every_operation_needs_the_key_and_tells_its_errors(schema: dict[str, Any]):
    assert schema["components"]["securitySchemes"]["PartnerKey"] == {"type": "http", "scheme": "bearer"}
    for operations in schema["paths"].values():
        for operation in operations.values():
            assert operation["security"] == [{"PartnerKey": []}]
            assert {"200", "401", "429"} <= set(operation["responses"])
            for status, response in operation["responses"].items():
                media = "application/json" if status == "200" else "application/problem+json"
                assert set(response["content"]) == {media}
    asked = schema["paths"]["/api/v1/card-status"]["post"]["responses"]
    assert set(asked) == {"200", "400", "401", "403", "413", "422", "429"}


def test_every_reference_leads_somewhere(schema: dict[str, Any]):
    def references(node: object) -> list[str]:
        if isinstance(node, dict):
            own = [node["$ref"]] if "$ref" in node else []
            return own + [ref for value in node.values() for ref in references(value)]
        if isinstance(node, list):
            return [ref for value in node for ref in references(value)]
        return []

    found = references(schema)
    assert "#/components/schemas/Problem" in found
    for reference in found:
        node: Any = schema
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]


def test_answers_have_the_fields_that_are_promised(schema: dict[str, Any], partner: Asking, card: None):
    models = schema["components"]["schemas"]
    assert set(partner.ask().json()) == set(models["CardAnswer"]["properties"])
    assert set(partner.get("/api/v1/purposes").json()) == set(models["Purposes"]["properties"])
    problem = partner.post({}).json()
    assert set(models["Problem"]["required"]) <= set(problem) <= set(models["Problem"]["properties"])


def test_the_documented_body_is_the_one_that_is_taken(schema: dict[str, Any]):
    question = schema["components"]["schemas"]["CardQuestion"]
    assert set(question["required"]) == {"number", "name", "purpose", "case_number"}
    assert question["additionalProperties"] is False
    for field in question["properties"].values():
        assert field["minLength"] == 1 and field["maxLength"] == 60


def test_every_address_of_the_api_wears_its_door():
    from yikatong.web.partner.urls import urlpatterns

    doors = {}
    for pattern in urlpatterns:
        for view in getattr(pattern, "url_patterns", [pattern]):
            doors[view.name] = view.callback.door.partition(":")[0]
    assert doors == {
        "schema": "public",
        "purposes": "partner",
        "card_status": "partner",
        "take_application": "partner",
        "bring": "partner",
        "batches": "partner",
        "follow": "partner",
        "results": "partner",
        "correct": "partner",
        "withdraw": "partner",
        "give_address": "partner",
        "address": "partner",
        "take_address_back": "partner",
        "events": "partner",
        "replay": "partner",
    }


def test_an_operation_without_a_door_is_an_error_at_start():
    from yikatong.web.partner import urls

    with pytest.raises(KeyError):
        urls._patterns({})
