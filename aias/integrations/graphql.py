"""GraphQL over POST, as Shopify and Wave speak it: which errors are worth another attempt.

An answer of status 200 may be a failure three times over: an ``errors`` array, a payload that says
``didSucceed: false`` (Wave's ``inputErrors``) or names ``userErrors`` (Shopify's), or no data at all.

Sources: https://shopify.dev/docs/api/usage/response-codes ,
https://shopify.dev/docs/apps/build/apis/graphql-admin/rate-limits ,
https://developer.waveapps.com/hc/en-us/articles/360018571372-Errors .
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError

from aias.errors import Deferred, PermanentError, StepError, TransientError
from aias.integrations.client import Answer, Call, Upstream
from aias.integrations.graphql_cost import DEFAULT_THROTTLE_WAIT, cost_of, note_cost, operation_of, throttle_wait
from aias.integrations.outcome import status_error
from aias.integrations.redaction import redact

__all__ = ["GraphQL", "has_code"]

_LATER = frozenset({"INTERNAL_SERVER_ERROR", "INTERNAL_ERROR", "SERVICE_UNAVAILABLE", "TIMEOUT"})
_NOT_ALLOWED = frozenset({"UNAUTHENTICATED", "FORBIDDEN"})
_WORDS = {
    "ACCESS_DENIED": "lacks an access scope: connect it again, with that scope",
    "MAX_COST_EXCEEDED": "takes no query that costs so much: ask for less at once",
    "SHOP_INACTIVE": "is not active: its owner has to reopen the shop",
}
"""Refusals that a person has to end, and how."""

_IN_PROGRESS = "IDEMPOTENCY_CONCURRENT_REQUEST"
_IN_PROGRESS_PAUSE = 2.0
_MAX_ERRORS = 10

Model = TypeVar("Model", bound=BaseModel)


def has_code(error: StepError, code: str) -> bool:
    """Whether an upstream's error carries this code, such as ``NOT_FOUND``."""
    detail: Any = error.detail
    return isinstance(detail, dict) and code in cast("dict[str, Any]", detail).get("codes", ())


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphQL:
    """One GraphQL endpoint, on behalf of one call of an action."""

    upstream: Upstream
    path: str = ""
    call: Call = field(default_factory=Call)

    async def query(
        self, document: str, variables: Mapping[str, Any], shape: type[Model], *, patience: float = 0.0
    ) -> Model:
        """Run a document and give its data, read into ``shape``.

        ``patience`` is how many seconds to sit out a throttled call here instead of failing: for the pages of a long
        answer, which would otherwise begin anew.

        Raises:
            Deferred: throttled, or put off before anything was sent.
            TransientError: an error on the other side, or an answer that can't be read.
            PermanentError: the document or its variables are refused; ``has_code`` tells why.
        """

        def read(data: dict[str, Any], answer: Answer) -> Model:
            return self._shaped(data, shape, answer)

        while True:
            try:
                return await self._exchange(document, variables, operation_of(document), read)
            except Deferred as error:
                wait = error.seconds or DEFAULT_THROTTLE_WAIT
                if not has_code(error, "THROTTLED") or wait > patience:
                    raise
                patience -= wait
                await asyncio.sleep(wait)

    async def mutate(self, document: str, variables: Mapping[str, Any], field: str, shape: type[Model]) -> Model:
        """Run a mutation and give the payload of its one field, read into ``shape``.

        Raises:
            Deferred: as ``query``.
            TransientError: as ``query``; whether the change was made is then unknown.
            PermanentError: as ``query``, or the upstream's business rules refuse the change.
        """

        def read(data: dict[str, Any], answer: Answer) -> Model:
            payload = data.get(field)
            if not isinstance(payload, dict):
                raise self._malformed(f"it has no {field}", answer)
            self._refuse_user_errors(field, cast("dict[str, Any]", payload))
            return self._shaped(payload, shape, answer)

        return await self._exchange(document, variables, field, read)

    async def _exchange(
        self,
        document: str,
        variables: Mapping[str, Any],
        operation: str,
        read: Callable[[dict[str, Any], Answer], Model],
    ) -> Model:
        """Send a document and read its answer, both behind the guard: an answer that can't be read is a failure."""
        body = {"query": document, "variables": variables}
        async with self.upstream.passing(operation, call=self.call, cost=cost_of(document)) as passage:
            answer = await self.upstream.send("POST", self.path, json=body, call=self.call, passage=passage)
            content = self._content(answer)
            note_cost(document, content, passage)
            return read(self._data(content, answer), answer)

    def _content(self, answer: Answer) -> dict[str, Any]:
        if not answer.ok and not self._may_hold_errors(answer):
            raise self._status_error(answer)
        content = self.upstream.read_json(answer, call=self.call)
        if not isinstance(content, dict):
            raise self._malformed("it is not a JSON object", answer)
        return cast("dict[str, Any]", content)

    def _data(self, content: dict[str, Any], answer: Answer) -> dict[str, Any]:
        errors = content.get("errors")
        if errors:
            raise self._error(errors, content, answer)
        if not answer.ok:
            raise self._status_error(answer)
        data = content.get("data")
        if not isinstance(data, dict):
            raise self._malformed("it has neither data nor errors", answer)
        return cast("dict[str, Any]", data)

    def _may_hold_errors(self, answer: Answer) -> bool:
        # Wave does not say which status goes with GraphQL errors: 200 and 400 are seen; 401 needs no reading.
        return answer.status in {400, 422} and "json" in answer.headers.get("content-type", "")

    def _status_error(self, answer: Answer) -> StepError:
        return status_error(
            self.upstream.name, answer.status, answer.headers, answer.body, secrets=self.upstream.secrets
        )

    def _malformed(self, why: str, answer: Answer) -> StepError:
        return self.upstream.malformed(why, answer.body, call=self.call, status=answer.status)

    def _shaped(self, data: Any, shape: type[Model], answer: Answer) -> Model:
        try:
            return shape.model_validate(data)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False, include_context=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise self._malformed(f"{where}: {first['msg']}", answer) from None

    def _error(self, errors: Any, content: dict[str, Any], answer: Answer) -> StepError:
        """Turn the ``errors`` array into one of ours; data that came along is not used.

        With data a mutation has happened, and only something in its answer could not be told: ``is_partial`` says so.
        """
        told = _told(errors)
        codes = [code for code, _ in told if code]
        message = redact("; ".join(message for _, message in told), self.upstream.secrets)[:1000]
        name = self.upstream.name
        detail: dict[str, Any] = {"upstream": name, "status": answer.status, "codes": codes}
        data = content.get("data")
        if isinstance(data, dict) and any(value is not None for value in cast("dict[str, Any]", data).values()):
            detail["is_partial"] = True
        if "THROTTLED" in codes:
            return Deferred(f"{name} is throttled", kind="limit", seconds=throttle_wait(content), detail=detail)
        for code, words in _WORDS.items():
            if code in codes:
                return PermanentError(f"{name} {words} ({message})", detail=detail)
        if any(code in _NOT_ALLOWED for code in codes):
            return PermanentError(
                f"{name} refused the credentials of this connection ({message}): connect it again", detail=detail
            )
        if any(code in _LATER for code in codes):
            return TransientError(f"{name} failed: {message}", detail=detail)
        return PermanentError(f"{name} refused the request: {message}", detail=detail)

    def _refuse_user_errors(self, field: str, payload: dict[str, Any]) -> None:
        errors: Any = payload.get("userErrors") or payload.get("inputErrors") or []
        if not errors and payload.get("didSucceed") is not False:
            return
        told: list[str] = []
        codes: list[str] = []
        for error in cast("list[Any]", errors)[:_MAX_ERRORS]:
            one = cast("dict[str, Any]", error) if isinstance(error, dict) else {"message": str(error)}
            path: Any = one.get("field") or one.get("path") or []
            where = ".".join(str(part) for part in cast("list[Any]", path)) if isinstance(path, list) else str(path)
            told.append(f"{where}: {one.get('message')}" if where else str(one.get("message")))
            if isinstance(one.get("code"), str):
                codes.append(cast("str", one["code"]))
        name = self.upstream.name
        message = redact("; ".join(told), self.upstream.secrets)[:1000] or "no reason given"
        detail = {"upstream": name, "codes": codes, "mutation": field}
        if _IN_PROGRESS in codes:
            # The same request under the same key is being carried out: what comes of it is not known yet.
            raise TransientError(
                f"{name} is at {field} already", retry_after=_IN_PROGRESS_PAUSE, detail={**detail, "is_partial": True}
            )
        raise PermanentError(f"{name} refused {field}: {message}", detail=detail)


def _told(errors: Any) -> list[tuple[str | None, str]]:
    """Code and message of each error, whatever shape the array has (Shopify also sends plain strings)."""
    listed = cast("list[Any]", errors) if isinstance(errors, list) else [errors]
    told: list[tuple[str | None, str]] = []
    for error in listed[:_MAX_ERRORS]:
        if not isinstance(error, dict):
            told.append((None, str(error)))
            continue
        one = cast("dict[str, Any]", error)
        extensions = one.get("extensions")
        code = cast("dict[str, Any]", extensions).get("code") if isinstance(extensions, dict) else None
        message = str(one.get("message", "no message"))
        if code is None and message == "Throttled":
            code = "THROTTLED"
        if code is None and message.startswith("Internal error"):
            code = "INTERNAL_SERVER_ERROR"
        told.append((str(code) if code is not None else None, message))
    return told
