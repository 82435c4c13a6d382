from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr

from aias.errors import Deferred, PermanentError, TransientError
from aias.integrations.client import Call, Upstream
from aias.integrations.effects import may_have_happened
from aias.integrations.graphql import GraphQL, has_code

Make = Callable[..., Upstream]


class Shape(BaseModel):
    id: str


class Payload(BaseModel):
    didSucceed: bool = True  # noqa: N815


def says(server: Any, content: Any, status: int = 200) -> None:
    server.says(lambda x: x.answer(status, json.dumps(content).encode()))


def endpoint(upstream: Make, attempt: int = 1) -> GraphQL:
    return GraphQL(upstream=upstream(), path="/graphql", call=Call(attempt=attempt))


def throttled(requested: Any, available: Any, rate: Any) -> dict[str, Any]:
    return {
        "errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}],
        "extensions": {
            "cost": {
                "requestedQueryCost": requested,
                "actualQueryCost": None,
                "throttleStatus": {"maximumAvailable": 1000.0, "currentlyAvailable": available, "restoreRate": rate},
            }
        },
    }


async def test_data_is_read_into_its_shape(server: Any, upstream: Make) -> None:
    says(server, {"data": {"id": "1"}, "extensions": {}})
    assert (await endpoint(upstream).query("query { id }", {"a": 1}, Shape)).id == "1"
    assert json.loads(server.requests[0].split(b"\r\n\r\n", 1)[1]) == {"query": "query { id }", "variables": {"a": 1}}


@pytest.mark.parametrize(
    ("cost", "wait"),
    [
        ((752, 2, 50.0), 15.0),
        ((101.0, 100, 50), 0.1),
        ((10, 900, 50), 0.1),
        (("x", None, 50), 1.0),
        ((10, 0, 0), 1.0),
        ((10**9, 0, 1), 3600.0),
    ],
)
async def test_a_throttled_query_says_when_the_bucket_is_full_enough(
    server: Any, upstream: Make, cost: tuple[Any, Any, Any], wait: float
) -> None:
    says(server, throttled(*cost))
    with pytest.raises(Deferred, match="test:main is throttled") as caught:
        await endpoint(upstream).query("{ id }", {}, Shape)
    assert caught.value.kind == "limit"
    assert caught.value.seconds == pytest.approx(wait)
    assert has_code(caught.value, "THROTTLED")


async def test_a_throttled_page_is_sat_out_by_who_has_patience(server: Any, upstream: Make) -> None:
    server.says(
        lambda x: x.answer(200, json.dumps(throttled(10, 9.5, 50)).encode()),
        lambda x: x.answer(200, b'{"data": {"id": "2"}}'),
    )
    assert (await endpoint(upstream).query("{ id }", {}, Shape, patience=1.0)).id == "2"


async def test_patience_ends(server: Any, upstream: Make) -> None:
    says(server, throttled(10, 0, 50))
    with pytest.raises(Deferred):
        await endpoint(upstream).query("{ id }", {}, Shape, patience=0.3)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "error",
    [
        {"message": "Internal error. Looks like something went wrong on our end.", "extensions": {"requestId": "r"}},
        {"message": "x", "extensions": {"code": "INTERNAL_SERVER_ERROR"}},
        {"message": "x", "extensions": {"code": "TIMEOUT"}},
    ],
)
async def test_an_error_on_their_side_is_transient(server: Any, upstream: Make, error: dict[str, Any]) -> None:
    says(server, {"errors": [error], "data": None})
    with pytest.raises(TransientError):
        await endpoint(upstream).query("{ id }", {}, Shape)


@pytest.mark.parametrize("code", ["UNAUTHENTICATED", "FORBIDDEN"])
@pytest.mark.parametrize("status", [200, 400, 401])
async def test_refused_credentials_name_the_connection(server: Any, upstream: Make, code: str, status: int) -> None:
    says(server, {"errors": [{"message": "no", "extensions": {"code": code}}]}, status)
    with pytest.raises(PermanentError, match="test:main refused the credentials"):
        await endpoint(upstream).query("{ id }", {}, Shape)


@pytest.mark.parametrize(
    "errors",
    [
        [{"message": "Field 'x' doesn't exist", "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"}}],
        [{"message": "bad", "extensions": {"code": "BAD_REQUEST"}}],
        [{"message": "no code"}],
        ["a string"],
        "not even a list",
        {"message": "an object"},
    ],
)
@pytest.mark.parametrize("status", [200, 400])
async def test_a_refused_query_is_permanent(server: Any, upstream: Make, errors: Any, status: int) -> None:
    says(server, {"errors": errors, "data": None}, status)
    with pytest.raises(PermanentError, match="refused the request"):
        await endpoint(upstream).query("{ id }", {}, Shape)


async def test_a_mutation_that_could_not_tell_a_part_of_its_answer_may_have_happened(
    server: Any, upstream: Make
) -> None:
    errors = [{"message": "x", "extensions": {"code": "ACCESS_DENIED"}}]
    for data, may_have in ((None, False), ({"change": None}, False), ({"change": {"id": None}}, True)):
        says(server, {"data": data, "errors": errors})
        with pytest.raises(PermanentError) as caught:
            await endpoint(upstream).mutate("mutation { change }", {}, "change", Payload)
        assert may_have_happened(caught.value) is may_have


async def test_data_that_comes_with_errors_is_not_used(server: Any, upstream: Make) -> None:
    says(server, {"data": {"id": "1"}, "errors": [{"message": "x", "extensions": {"code": "NOT_FOUND"}}]})
    with pytest.raises(PermanentError) as caught:
        await endpoint(upstream).query("{ id }", {}, Shape)
    assert has_code(caught.value, "NOT_FOUND")


@pytest.mark.parametrize(
    "content", [{}, [], None, "text", 1, {"data": None}, {"data": []}, {"data": {}}, {"data": {"id": 5}}]
)
async def test_an_answer_of_another_shape_is_malformed(server: Any, upstream: Make, content: Any) -> None:
    says(server, content)
    with pytest.raises(TransientError, match="can't be read"):
        await endpoint(upstream).query("{ id }", {}, Shape)
    with pytest.raises(PermanentError, match="can't be read"):
        await endpoint(upstream, attempt=5).query("{ id }", {}, Shape)


async def test_a_status_counts_before_the_body(server: Any, upstream: Make) -> None:
    says(server, throttled(10, 0, 50), 429)
    with pytest.raises(Deferred, match="answered 429"):
        await endpoint(upstream).query("{ id }", {}, Shape)


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        ({"userErrors": [{"field": ["input", "id"], "message": "is gone"}]}, "input.id: is gone"),
        ({"userErrors": [{"field": None, "message": "no"}]}, "thingAdd: no"),
        (
            {"didSucceed": False, "inputErrors": [{"code": "INVALID", "message": "bad", "path": ["input", "email"]}]},
            "input.email: bad",
        ),
        ({"didSucceed": False, "inputErrors": None}, "no reason given"),
    ],
)
async def test_a_refused_change_is_permanent(
    server: Any, upstream: Make, payload: dict[str, Any], message: str
) -> None:
    says(server, {"data": {"thingAdd": payload}})
    with pytest.raises(PermanentError, match=message):
        await endpoint(upstream).mutate("mutation { thingAdd }", {}, "thingAdd", Payload)


async def test_a_change_that_was_made_gives_its_payload(server: Any, upstream: Make) -> None:
    says(server, {"data": {"thingAdd": {"didSucceed": True, "inputErrors": None}}})
    assert (await endpoint(upstream).mutate("mutation { thingAdd }", {}, "thingAdd", Payload)).didSucceed


async def test_a_change_without_a_payload_is_malformed(server: Any, upstream: Make) -> None:
    says(server, {"data": {"thingAdd": None}})
    with pytest.raises(TransientError, match="it has no thingAdd"):
        await endpoint(upstream).mutate("mutation { thingAdd }", {}, "thingAdd", Payload)


async def test_a_token_in_an_error_message_is_masked(server: Any, upstream: Make) -> None:
    says(server, {"errors": [{"message": "who is planted-token-0123456789?"}]})
    graphql = GraphQL(upstream=upstream(headers={"X-Token": SecretStr("planted-token-0123456789")}))
    with pytest.raises(PermanentError) as caught:
        await graphql.query("{ id }", {}, Shape)
    assert "planted" not in str(caught.value.to_json())


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("ACCESS_DENIED", "test:main lacks an access scope: connect it again"),
        ("MAX_COST_EXCEEDED", "test:main takes no query that costs so much"),
        ("SHOP_INACTIVE", "test:main is not active"),
    ],
)
async def test_a_refusal_that_a_person_has_to_end_says_how(server: Any, upstream: Make, code: str, words: str) -> None:
    says(server, {"errors": [{"message": "why", "extensions": {"code": code}}]})
    with pytest.raises(PermanentError, match=rf"{words}.*\(why\)") as caught:
        await endpoint(upstream).query("{ a }", {}, Shape)
    assert has_code(caught.value, code)


async def test_a_request_that_is_being_carried_out_under_its_key_is_asked_for_again(
    server: Any, upstream: Make
) -> None:
    error = {"field": None, "message": "in progress", "code": "IDEMPOTENCY_CONCURRENT_REQUEST"}
    says(server, {"data": {"a": {"userErrors": [error]}}})
    with pytest.raises(TransientError, match="is at a already") as caught:
        await endpoint(upstream).mutate("mutation { a }", {}, "a", Payload)
    assert caught.value.retry_after == 2.0
    assert may_have_happened(caught.value)


@pytest.mark.parametrize(
    ("status", "words"), [(402, "frozen"), (404, "no such thing"), (423, "locked"), (430, "security")]
)
async def test_a_status_of_shopifys_is_explained(server: Any, upstream: Make, status: int, words: str) -> None:
    says(server, {"errors": "why"}, status)
    with pytest.raises(PermanentError, match=rf"answered {status} \(.*{words}"):
        await endpoint(upstream).query("{ a }", {}, Shape)
