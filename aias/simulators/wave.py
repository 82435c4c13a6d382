"""A local Wave: its public GraphQL API with one business that keeps real books.

``POST /graphql/public`` with ``Authorization: Bearer``; the schema is ``wave.graphql``. A wrong query fails as
upstream: ``errors`` with ``extensions.code`` GRAPHQL_PARSE_FAILED, GRAPHQL_VALIDATION_FAILED, BAD_USER_INPUT,
NOT_FOUND or UNAUTHENTICATED. With which HTTP status the first three and the last come, Wave's documentation does not
say; here it is 400 and 401, and both can be set to 200. A mutation that can't be done answers ``didSucceed: false``
with ``inputErrors``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any
from uuid import uuid4

from graphql import DocumentNode, GraphQLError
from starlette.requests import Request

from aias.simulators.delivery import Answer, Wire, json_answer
from aias.simulators.graph import Graph, GraphqlRequest, arguments_of, fields_of, names_of, operation_of, read_request
from aias.simulators.journal import Call, as_object
from aias.simulators.oauth_wave import WaveOAuth
from aias.simulators.outcomes import UserError
from aias.simulators.signing import WaveDialect
from aias.simulators.simulator import Simulator
from aias.simulators.user_errors import refused_mutation, refused_request
from aias.simulators.wave_limits import CallLimits, Excess
from aias.simulators.wave_resolvers import Context, type_of
from aias.simulators.wave_roots import ALL_RESOLVERS
from aias.simulators.wave_settings import WaveSettings
from aias.simulators.wave_store import Books

__all__ = ["WAVE_TOKEN", "WaveSimulator"]

WAVE_TOKEN = "wave-simulator-token"  # noqa: S105 - opens nothing but a server that imitates one
"""The access token that the local Wave takes, unless it is told another."""

_PATH = "/graphql/public"
_LARGEST = Decimal(10) ** 12
_PLACES = Decimal(1).scaleb(-8)
_REFERENCES = ("poNumber", "externalId", "invoiceNumber", "internalNotes", "displayId", "memo", "invoiceId")


def _decimal(value: Any) -> Decimal:
    """A decimal as Wave reads it: a number or a string, to eight places, ties away from zero."""
    if isinstance(value, (int, Decimal, str)) and not isinstance(value, bool):
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite() and abs(number) < _LARGEST:
            return number.quantize(_PLACES, rounding=ROUND_HALF_UP).normalize() + 0
    raise GraphQLError(f"Decimal cannot represent value: {str(value)[:50]}")


def _date(value: Any) -> date:
    try:
        return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except (TypeError, ValueError):
        raise GraphQLError(f"Date cannot represent value: {str(value)[:50]}") from None


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise GraphQLError(f"DateTime cannot represent value: {str(value)[:50]}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class WaveSimulator(Simulator):
    """The local Wave. ``url`` is the whole address of its GraphQL endpoint.

    ``scopes`` limits what the token may do (:mod:`aias.simulators.wave_scopes`); ``grant`` adds further tokens.
    ``per_minute`` and ``at_once`` limit the calls (:mod:`aias.simulators.wave_limits`). ``suppress_duplicates`` makes
    an external id good for one transaction, which Wave does not promise.
    """

    name = "wave"

    def __init__(  # noqa: PLR0913 - settings, each by name, none of them needed
        self,
        *,
        seed: int = 1,
        token: str = WAVE_TOKEN,
        error_status: int = 400,
        unauthenticated_status: int = 401,
        scopes: Iterable[str] | None = None,
        currency: str = "USD",
        per_minute: int | None = None,
        at_once: int | None = None,
        enforce_limits: bool = True,
        suppress_duplicates: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        dialect = WaveDialect(business_id="")
        super().__init__(clock=clock, dialect=dialect)
        self.token = token
        self.error_status = error_status
        self.unauthenticated_status = unauthenticated_status
        self.oauth = WaveOAuth(clock=clock, business_id=lambda: self.business_id)
        self.granted = {token: None if scopes is None else frozenset(scopes)}
        self.limits = CallLimits(clock=clock, per_minute=per_minute, at_once=at_once, is_enforced=enforce_limits)
        self.books = Books(
            seed=seed,
            changed=self.changed,
            clock=clock,
            currency=currency,
            suppresses_duplicates=suppress_duplicates,
        )
        dialect.business_id = self.books.business_id
        self._graph = Graph(
            "wave.graphql",
            resolvers=ALL_RESOLVERS,
            scalars={"Decimal": _decimal, "Date": _date, "DateTime": _moment},
            type_of=type_of,
        )

    @property
    def url(self) -> str:
        """Where queries are posted."""
        return f"{self.base_url}{_PATH}"

    @property
    def business_id(self) -> str:
        """The id of the business."""
        return self.books.business_id

    def settings(self) -> dict[str, Any]:
        """What can be changed; :class:`~aias.simulators.wave_settings.WaveSettings` describes it."""
        given = self._settings()
        scopes = None if given.scopes is None else sorted(given.scopes)
        return given.model_dump(mode="json") | {"scopes": scopes}

    def _settings(self) -> WaveSettings:
        return WaveSettings(
            suppresses_duplicates=self.books.suppresses_duplicates,
            scopes=self.granted[self.token],
            per_minute=self.limits.per_minute,
            at_once=self.limits.at_once,
            enforces_limits=self.limits.is_enforced,
        )

    def configure(self, given: dict[str, Any]) -> None:
        """Change some of the settings."""
        wanted = WaveSettings.model_validate({**self._settings().model_dump(), **given})
        self.books.suppresses_duplicates = wanted.suppresses_duplicates
        self.grant(self.token, wanted.scopes)
        self.limits.per_minute, self.limits.at_once = wanted.per_minute, wanted.at_once
        self.limits.is_enforced = wanted.enforces_limits

    def grant(self, token: str, scopes: Iterable[str] | None = None) -> None:
        """Take this token too, for these scopes; for everything where none are given."""
        self.granted[token] = None if scopes is None else frozenset(scopes)

    def reset_state(self) -> None:
        """Empty books."""
        self.books.reset()
        self.limits.reset()
        self.oauth.reset()

    def state(self) -> dict[str, Any]:
        """Counts: invoices by status and by reference, those there twice, customers who share an address."""
        statuses: dict[str, int] = {}
        references: dict[str, int] = {}
        for invoice in self.books.invoices.values():
            statuses[invoice.status] = statuses.get(invoice.status, 0) + 1
            references[invoice.reference] = references.get(invoice.reference, 0) + 1
        emails: dict[str, int] = {}
        for customer in self.books.customers.values():
            if customer.email:
                emails[customer.email.casefold()] = emails.get(customer.email.casefold(), 0) + 1
        external: dict[str, int] = {}
        for transaction in self.books.transactions.values():
            external[transaction.external_id] = external.get(transaction.external_id, 0) + 1
        return {
            "invoices": {
                "count": len(self.books.invoices),
                "by_status": statuses,
                "by_reference": references,
                "duplicates": _twice(references),
                "sent_twice": [i.invoice_number for i in self.books.invoices.values() if i.sent_count > 1],
            },
            "customers": {"count": len(self.books.customers), "duplicates": _twice(emails)},
            "products": {"count": len(self.books.products)},
            "sales_taxes": {"count": len(self.books.sales_taxes)},
            "transactions": {"count": len(self.books.transactions), "by_external_id": external},
            "mails": {"count": self.books.mail_count},
            "limits": self.limits.state(),
        }

    def records(self) -> list[dict[str, Any]]:
        """Each invoice in short."""
        return [
            {
                "id": invoice.id,
                "number": invoice.invoice_number,
                "status": invoice.status,
                "reference": invoice.reference,
                "po_number": invoice.po_number,
                "memo": invoice.memo,
                "customer": invoice.customer.name,
                "email": invoice.customer.email,
                "currency": invoice.currency,
                "items": len(invoice.items),
                "subtotal": format(invoice.totals.subtotal, "f"),
                "discount": format(invoice.totals.discount, "f"),
                "tax": format(invoice.totals.tax, "f"),
                "total": format(invoice.totals.total, "f"),
                "sent_count": invoice.sent_count,
                "recipients": list(invoice.recipients),
            }
            for invoice in self.books.invoices.values()
        ]

    def ready(self) -> dict[str, Any]:
        """The endpoint, the token and the business."""
        return {
            "url": self.url,
            "token": self.token,
            "business_id": self.business_id,
            "control_url": self.control_url,
        }

    def read(self, request: Request, body: bytes) -> Call:
        """What the request asks for."""
        if self.oauth.serves(request.url.path):
            return self.oauth.read(request, body)
        key = request.headers.get("idempotency-key")
        asked = read_request(body, request.headers.get("content-type", ""))
        document = self._graph.prepare(asked.query).document if asked else None
        operation = operation_of(document, asked.operation_name) if asked and document else None
        if asked is None or document is None or operation is None:
            return Call(kind="graphql", key=key)
        given: dict[str, Any] = {}
        for node in fields_of(document, operation.selection_set):
            given |= arguments_of(node, asked.variables)
        variables = {**given, **asked.variables}
        inputs = as_object(variables.get("input")) or {}
        reference = next((inputs[name] for name in _REFERENCES if isinstance(inputs.get(name), str)), None)
        return Call(
            operations=names_of(document, operation),
            kind=operation.operation.value,
            variables=variables,
            key=key,
            reference=reference,
        )

    def answer(self, request: Request, body: bytes, call: Call) -> Answer:
        """Serve the request."""
        del call
        if self.oauth.serves(request.url.path):
            return self.oauth.answer(request, body)
        if request.url.path.rstrip("/") != _PATH or request.method != "POST":
            return json_answer({"errors": [_error("Not found", "NOT_FOUND")]}, 404, error="no such path")
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or not (token in self.granted or self.oauth.accepts(token)):
            return self._unauthenticated()
        excess = self.limits.excess(request.scope)
        if excess is not None and self.limits.is_enforced:
            return self._too_many(excess)
        answer = self._run(request, body, self._scopes(token))
        return answer if excess is None else replace(answer, error=answer.error or excess.reason)

    async def _serve(self, request: Request, body: bytes | None, wire: Wire) -> None:
        with self.limits.entered(request.scope):
            await super()._serve(request, body, wire)

    def _scopes(self, token: str) -> frozenset[str] | None:
        """What the token may do; a token that was given without scopes may do everything."""
        if token in self.granted:
            return self.granted[token]
        return frozenset(self.oauth.issued[token].scopes.split()) or None

    def _run(self, request: Request, body: bytes, scopes: frozenset[str] | None) -> Answer:
        asked = read_request(body, request.headers.get("content-type", ""))
        if asked is None:
            return self._failed([_error("Must provide query string.", "BAD_REQUEST")])
        prepared = self._graph.prepare(asked.query)
        if prepared.document is None or prepared.errors:
            code = "GRAPHQL_PARSE_FAILED" if prepared.document is None else "GRAPHQL_VALIDATION_FAILED"
            return self._failed([_shaped(error, code) for error in prepared.errors])
        if operation_of(prepared.document, asked.operation_name) is None:
            return self._failed([_error("Must provide operation name.", "BAD_REQUEST")])
        context = Context(books=self.books, base_url=self.base_url, scopes=scopes)
        return self._execute(asked, prepared.document, context)

    def _execute(self, asked: GraphqlRequest, document: DocumentNode, context: Context) -> Answer:
        result = self._graph.execute(document, asked, context)
        if result.data is None and result.errors and all(error.path is None for error in result.errors):
            return self._failed([_shaped(error, "BAD_USER_INPUT") for error in result.errors])
        shaped: dict[str, Any] = {"data": result.data}
        if result.errors:
            shaped["errors"] = [_shaped(error, "INTERNAL_SERVER_ERROR") for error in result.errors]
        return json_answer(shaped, error=_problem(shaped))

    def _failed(self, errors: list[dict[str, Any]], status: int | None = None) -> Answer:
        return json_answer({"errors": errors}, status or self.error_status, error=errors[0]["message"])

    def _unauthenticated(self) -> Answer:
        error = _error("You must be authenticated to perform this operation.", "UNAUTHENTICATED")
        return self._failed([error], self.unauthenticated_status)

    def _too_many(self, excess: Excess) -> Answer:
        errors = [_error(f"Too many requests: {excess.reason}.", "TOO_MANY_REQUESTS")]
        headers = {"Retry-After": str(excess.retry_after)}
        return json_answer({"errors": errors}, 429, error=excess.reason, headers=headers)

    def graphql_error(self, message: str, code: str) -> Answer:
        """One error with its code and an id, as Wave gives each."""
        return json_answer({"errors": [_error(message, code)], "data": None}, error=code)

    def payload_of(self, topic: str, record: str | None) -> dict[str, Any]:
        """An invoice in short; what Wave puts into ``data`` is not documented."""
        if not topic.startswith("invoice."):
            return {}
        found = [one for one in self.records() if not record or record in {one["id"], one["number"]}]
        if record and not found:
            raise ValueError(f"there is no invoice {record}")
        return found[0] if found else {}

    def user_errors(self, request: Request, body: bytes, errors: Sequence[UserError]) -> Answer:
        """The payloads that were asked for, with nothing in them but these errors."""
        asked = read_request(body, request.headers.get("content-type", ""))
        return (refused_mutation(asked, errors) if asked else None) or refused_request(errors)

    def refusal(self, status: int) -> Answer:
        """Wave's answer with this HTTP status; only that for 401 is documented."""
        if status == 401:  # noqa: PLR2004 - the status itself
            return self._unauthenticated()
        words = {403: "FORBIDDEN", 404: "NOT_FOUND", 429: "TOO_MANY_REQUESTS", 503: "SERVICE_UNAVAILABLE"}
        code = words.get(status, "INTERNAL_SERVER_ERROR")
        return json_answer({"errors": [_error(code.replace("_", " ").capitalize(), code)]}, status, error=code)


def _twice(counts: dict[str, int]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if name and count > 1}


def _error(message: str, code: str) -> dict[str, Any]:
    return {"extensions": {"id": str(uuid4()), "code": code}, "message": message}


def _shaped(error: GraphQLError, code: str) -> dict[str, Any]:
    shaped = _error(error.message, str((error.extensions or {}).get("code", code)))
    shaped["locations"] = [{"line": at.line, "column": at.column} for at in error.locations or ()]
    if error.path is not None:
        shaped["path"] = error.path
    return shaped


def _problem(shaped: dict[str, Any]) -> str | None:
    if shaped.get("errors"):
        return str(shaped["errors"][0]["message"])
    for payload in (as_object(shaped["data"]) or {}).values():
        problems = (as_object(payload) or {}).get("inputErrors")
        if problems:
            return str(problems[0].get("message", "input error"))
    return None
