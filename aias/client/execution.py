"""An execution in the caller's hands: what it was when last read, and what can be done with it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from aias import workflows
from aias.client.session import Session, check_json
from aias.workflows import Execution as ExecutionRow
from aias.workflows import ExecutionEvent, ExecutionStep, Reason

__all__ = ["Execution"]

_FIRST_PAUSE = 0.02
_LONGEST_PAUSE = 0.5


class Execution:
    """One run of a workflow, as it was when last read (``refresh``, and every method that changes it, read again)."""

    def __init__(self, session: Session, row: ExecutionRow) -> None:
        self._session = session
        self.row = row

    def __repr__(self) -> str:
        return f"<Execution {self.id} of {self.workflow!r}: {self.status}>"

    @property
    def id(self) -> UUID:
        """Its id (UUIDv7)."""
        return self.row.id

    @property
    def tenant(self) -> str:
        """The slug of the tenant that it runs for."""
        return self.row.tenant

    @property
    def workflow(self) -> str:
        """The workflow's name."""
        return self.row.workflow

    @property
    def version(self) -> int:
        """The version that it runs."""
        return self.row.version

    @property
    def status(self) -> str:
        """Queued, running, waiting, succeeded, failed or cancelled; the last three are final."""
        return self.row.status

    @property
    def is_final(self) -> bool:
        """Whether it has ended."""
        return self.row.is_final

    @property
    def input(self) -> dict[str, Any]:
        """What it was started with."""
        return self.row.input

    @property
    def output(self) -> Any:
        """What it came to, when it succeeded."""
        return self.row.output

    @property
    def error(self) -> dict[str, Any] | None:
        """Why it failed: type, message, and detail where there is one."""
        return self.row.error

    async def refresh(self, *, connection: AsyncConnection[Any] | None = None) -> Execution:
        """Read it again.

        Raises:
            NotFound: it is gone, or the transaction that started it was rolled back or has not been committed yet.
        """
        async with self._session.connection(connection) as conn:
            self.row = await workflows.get_execution(conn, self.id)
        return self

    async def wait(self, timeout: float = 30.0) -> Execution:
        """Wait until it has ended, however it ended; ``timeout`` in seconds.

        It looks, at once and then ever less often, at most every half second: one indexed read each, and a connection
        only for as long as that takes.

        Raises:
            TimeoutError: it has not ended; the message says where it stands and why.
            NotFound: the transaction that started it is not committed.
        """
        deadline = time.monotonic() + timeout
        pause = _FIRST_PAUSE
        while not (await self.refresh()).is_final:
            left = deadline - time.monotonic()
            if left <= 0:
                reasons = "; ".join(f"{reason.reason}: {reason.detail}" for reason in await self.explain())
                raise TimeoutError(
                    f"the execution {self.id} of {self.workflow!r} is {self.status} after {timeout:g} s: {reasons}"
                )
            await asyncio.sleep(min(pause, left))
            pause = min(pause * 1.5, _LONGEST_PAUSE)
        return self

    async def explain(self) -> list[Reason]:
        """Say why it does not run now and until when, or that it runs or has ended."""
        async with self._session.connection() as conn:
            return await workflows.explain_execution(conn, self.id)

    async def steps(self) -> list[ExecutionStep]:
        """Give its checkpoints in the order in which they began; a step that has not begun has none."""
        async with self._session.connection() as conn:
            return await workflows.list_steps(conn, self.id)

    async def events(self) -> list[ExecutionEvent]:
        """Give what happened to it beside the plain course, oldest first."""
        async with self._session.connection() as conn:
            return await workflows.list_events(conn, self.id)

    async def cancel(self, reason: str | None = None) -> bool:
        """End it before its time, with the executions that it started; False when it was cancelled before.

        Raises:
            Conflict: it has succeeded or failed.
        """
        async with self._session.connection() as conn:
            was_live = await workflows.cancel_execution(conn, self.id, reason=reason)
            await self.refresh(connection=conn)
        return was_live

    async def retry(self) -> None:
        """Let it go on from its checkpoints; what succeeded is not run again.

        Raises:
            Conflict: it is neither failed nor cancelled.
        """
        async with self._session.connection() as conn:
            await workflows.retry_execution(conn, self.id)
            await self.refresh(connection=conn)

    async def replay(
        self,
        from_step: str | None = None,
        *,
        input_patch: Mapping[str, Any] | None = None,
        version: int | None = None,
    ) -> Execution:
        """Run it again from a step on (default: from the start) as a new execution, which comes back.

        ``input_patch`` is a JSON merge patch on the input, ``version`` another version of the workflow.

        Raises:
            Conflict: it is not final.
            NotFound: there is no such version.
            InvalidArgument: there is no such step, or the patched input does not fit the schema.
        """
        check_json(input_patch and dict(input_patch), "p_input_patch")
        async with self._session.connection() as conn:
            replayed = await workflows.replay_execution(
                conn, self.id, from_step=from_step, input_patch=input_patch, version=version
            )
            return Execution(self._session, await workflows.get_execution(conn, replayed))

    async def signal(self, name: str, payload: Any = None) -> bool:
        """Hand it the event that a step waits for; False when none waits yet: the first that does gets it.

        Raises:
            Conflict: it has ended.
            InvalidArgument: the name or the payload is not valid.
        """
        check_json(payload, "p_payload")
        async with self._session.connection() as conn:
            was_waiting = await workflows.send_signal(conn, self.id, name, payload)
            await self.refresh(connection=conn)
        return was_waiting

    async def approve(self, step: str, *, by: str, approved: bool = True, comment: str | None = None) -> None:
        """Answer a step that waits for a person; ``approved=False`` refuses.

        Raises:
            Conflict: the step does not wait for an approval.
        """
        async with self._session.connection() as conn:
            await workflows.approve_step(conn, self.id, step, is_approved=approved, by=by, comment=comment)
            await self.refresh(connection=conn)
