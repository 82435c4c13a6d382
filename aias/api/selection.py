"""``fields=``: an answer, or each item of a list, with only the fields that were asked for."""

import json
from http import HTTPStatus
from typing import Annotated, Any, cast

from fastapi import Depends, Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from aias.api.problems import HttpProblem, ProblemError

__all__ = ["fields_of", "selected"]


def fields_of(row: type[BaseModel]) -> Any:
    """Give a route ``fields=``, names of ``row`` separated by commas.

    ::

        _fields: Annotated[None, fields_of(Row)]

    Raises:
        HttpProblem: 422 there is no such field.
    """
    names = list(row.model_fields)

    async def read(
        request: Request,
        fields: Annotated[
            str | None,
            Query(max_length=1000, description=f"Give these fields only, by commas: {', '.join(names)}."),
        ] = None,
    ) -> None:
        if fields is None:
            return
        wanted = [name.strip() for name in fields.split(",")]
        unknown = [name for name in wanted if name not in names]
        if unknown:
            message = f"there is no field {unknown[0][:60]!r}; there are {', '.join(names)}"
            raise HttpProblem(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "invalid",
                message,
                [ProblemError(path="query.fields", message=message)],
            )
        request.scope["aias.fields"] = set(wanted)

    return Depends(read)


def selected(request: Request, response: Response) -> Response:
    """Leave out of an answer what was not asked for."""
    fields: set[str] | None = request.scope.get("aias.fields")
    if fields is None or response.status_code != HTTPStatus.OK:
        return response
    document = json.loads(bytes(response.body))
    if "items" in document and "next" in document:
        document["items"] = [_of(item, fields) for item in cast("list[dict[str, Any]]", document["items"])]
    else:
        document = _of(document, fields)
    response.body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    response.headers["content-length"] = str(len(response.body))
    return response


def _of(item: dict[str, Any], fields: set[str]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name in fields}
