"""How the control endpoints read what they are asked and say what is wrong with it."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from aias.simulators.delivery import dumps
from aias.simulators.graph import no_number

__all__ = ["BadOrder", "answered", "problems_of", "read_json", "read_model", "refused"]

_LIMIT = 1_000_000

Model = TypeVar("Model", bound=BaseModel)


class BadOrder(Exception):
    """A request that makes no sense; ``response`` says why."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def answered(value: Any, status: int = 200) -> Response:
    """The value as JSON."""
    return Response(dumps(value), status, media_type="application/json")


def refused(message: str, status: int = 422) -> Response:
    """What is wrong, in one sentence."""
    return answered({"errors": [{"message": message}]}, status)


def problems_of(error: ValidationError) -> Response:
    """What is wrong, each with its place."""
    problems = [
        {"path": ".".join(str(part) for part in problem["loc"]), "message": problem["msg"]}
        for problem in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    return answered({"errors": problems}, 422)


async def read_json(request: Request) -> Any:
    """The body as JSON.

    Raises:
        BadOrder: it is none, or larger than a megabyte.
    """
    body = await request.body()
    if len(body) > _LIMIT:
        raise BadOrder(refused(f"more than {_LIMIT} bytes", 413))
    try:
        return json.loads(body, parse_constant=no_number)
    except (ValueError, RecursionError) as error:
        raise BadOrder(refused(f"not JSON: {error}")) from None


def read_model(model: type[Model], given: Any) -> Model:
    """The value as one of our models.

    Raises:
        BadOrder: it does not fit; every field that is wrong is named.
    """
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise BadOrder(problems_of(error)) from None
