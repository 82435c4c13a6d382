"""The Wave API of one connection, and its lists."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, SecretStr

from aias.errors import PermanentError
from aias.integrations import effects
from aias.integrations.client import Call
from aias.integrations.connections import Connection, find_connection
from aias.integrations.graphql import GraphQL, has_code
from aias.integrations.kinds import WAVE, TokenSecret, WaveConfig
from aias.integrations.refreshing import TokenUpstream
from aias.integrations.wave.wire import Page
from aias.plugins import ActionContext

__all__ = ["SETTLES_WITHIN", "Wave", "wave", "wave_graphql"]

SETTLES_WITHIN = 5.0
"""Seconds until Wave's lists are trusted to show what a call that got no answer has made."""

_MOST_PAGES = 500
_TIMEOUT = 45.0
"""Seconds for a change and what is asked before it."""

Data = TypeVar("Data", bound=BaseModel)
Node = TypeVar("Node", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """One business at Wave, on behalf of one call of an action."""

    context: ActionContext
    connection: Connection[WaveConfig, TokenSecret]
    graphql: GraphQL

    @property
    def name(self) -> str:
        """How messages name it."""
        return self.connection.label

    @property
    def business_id(self) -> str:
        """The business that the connection is for."""
        return self.connection.config.business_id

    @property
    def is_first_call(self) -> bool:
        """Whether the step was not called before, so that nothing of it can be undecided."""
        return self.context.attempt == 1 and not self.context.is_deferred

    async def query(self, document: str, variables: Mapping[str, Any], shape: type[Data]) -> Data:
        """Ask within the business.

        Raises:
            TransientError: as ``GraphQL.query``.
            PermanentError: likewise.
        """
        return await self.graphql.query(document, {"businessId": self.business_id, **variables}, shape)

    async def find(self, document: str, node_id: str, shape: type[Data]) -> Data | None:
        """Ask for one thing of the business by its id; none where there is no such thing."""
        try:
            return await self.query(document, {"id": node_id}, shape)
        except PermanentError as error:
            if has_code(error, "NOT_FOUND"):
                return None
            raise

    async def mutate(self, document: str, values: Mapping[str, Any], field: str, shape: type[Data]) -> Data:
        """Change something; ``values`` is the mutation's input.

        Raises:
            TransientError: as ``GraphQL.mutate``: whether the change was made is unknown.
            PermanentError: Wave refused it.
        """
        return await self.graphql.mutate(document, {"input": dict(values)}, field, shape)

    async def once(
        self,
        operation: str,
        request: Mapping[str, Any],
        shape: type[Data],
        *,
        send: Callable[[], Awaitable[Data]],
        find: Callable[[], Awaitable[Data | None]] | None,
        part: str = "",
        timeout: float = _TIMEOUT,
    ) -> Data | None:
        """Change something once for the step, by the ledger of effects, and give what came of it.

        Wave takes no idempotency keys: an unknown outcome is settled by ``find``, or not at all. None only where a
        person settled it and did not say with what.

        Raises:
            OutcomeUnknown: there is no ``find``, and whether it happened is not known.
            Deferred: an earlier call may still take effect.
            StepError: what ``send`` or ``find`` raised.
        """
        return await effects.once_as(
            self.context,
            self.connection,
            shape,
            operation=operation,
            request=request,
            send=lambda _key: send(),
            find=find,
            part=part,
            settles_within=SETTLES_WITHIN,
            timeout=timeout,
        )

    async def page(
        self,
        document: str,
        shape: type[Data],
        select: Callable[[Data], Page[Node] | None],
        variables: Mapping[str, Any],
    ) -> Page[Node]:
        """Give one page of a list of the business.

        Raises:
            PermanentError: the business is not there, or not for this token.
        """
        page = select(await self.query(document, variables, shape))
        if page is None:
            raise PermanentError(f"{self.name}: there is no business {self.business_id}, or not for this token")
        return page

    async def each(
        self,
        document: str,
        shape: type[Data],
        select: Callable[[Data], Page[Node] | None],
        variables: Mapping[str, Any] | None = None,
    ) -> AsyncGenerator[Node]:
        """Give the things of a list, page after page, as far as the caller goes on asking.

        Raises:
            PermanentError: the business is not there, or not for this token.
        """
        for number in range(1, _MOST_PAGES + 1):
            page = await self.page(document, shape, select, {**(variables or {}), "page": number})
            for node in page.nodes:
                yield node
            if page.is_last:
                return
        raise PermanentError(f"{self.name}: a list of more than {_MOST_PAGES} pages")


async def wave(context: ActionContext) -> Wave:
    """Give the Wave API of the step's connection.

    Source: https://developer.waveapps.com/hc/en-us/articles/360019968212-API-Reference ("POST .../graphql/public").

    Raises:
        PermanentError: there is no such connection.
    """
    connection = await find_connection(context, WAVE)
    return Wave(context=context, connection=connection, graphql=wave_graphql(connection, Call.of(context)))


def wave_graphql(connection: Connection[WaveConfig, TokenSecret], call: Call) -> GraphQL:
    """Give the GraphQL API of this connection."""
    upstream = TokenUpstream(
        name=connection.label,
        base_url=connection.config.endpoint,
        headers=_headers(connection.secret.access_token),
        headers_of=_headers,
        renewal=connection.renewal,
        egress=connection.egress,
        guard=connection.guard,
    )
    return GraphQL(upstream=upstream, call=call)


def _headers(token: SecretStr) -> dict[str, SecretStr]:
    return {"Authorization": SecretStr(f"Bearer {token.get_secret_value()}")}
