"""Counting, from the books and not from what the system says of itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import dict_row

from aias.demo.scenario import Scenario, reference_of
from aias.simulators import Order, Simulators

__all__ = ["Books", "Ledger", "read_books", "read_ledger"]

_DOUBT = "OutcomeUnknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What the database says about the executions."""

    statuses: dict[UUID, str]
    errors: dict[UUID, str]
    steps: int
    retries: int
    rescued: int
    dead: frozenset[UUID]
    """Executions with an open dead letter."""
    in_doubt: frozenset[UUID]
    """Executions whose Slack message the killed worker left unknown."""
    attempts: dict[UUID, int]


@dataclass(slots=True, kw_only=True)
class Books:
    """What the local servers' books say about the orders, compared with what they should say."""

    found: int = 0
    lost: int = 0
    duplicates: int = 0
    problems: list[str] = field(default_factory=list[str])


async def read_ledger(conn: AsyncConnection[Any], tenant: str) -> Ledger:
    """Read what became of the tenant's executions."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(
            """
            select e.id, e.status, e.attempt, e.crash_count, e.error ->> 'message' as error,
                count(s.step) filter (where s.status in ('succeeded', 'failed')) as steps,
                coalesce(bool_or(s.step = 'notify' and s.error ->> 'type' = %s), false) as is_in_doubt,
                exists (
                    select from aias.dead_letters as d where d.execution_id = e.id and d.resolution is null
                ) as is_dead,
                (
                    select count(*) from aias.execution_events as v
                    where v.tenant_id = e.tenant_id and v.execution_id = e.id and v.type = 'step_retry_scheduled'
                ) as retries
            from aias.executions as e
            left join aias.execution_steps as s on s.tenant_id = e.tenant_id and s.execution_id = e.id
            where e.tenant = %s
            group by e.tenant_id, e.id, e.status, e.attempt, e.crash_count, e.error
            order by e.id
            """,
            (_DOUBT, tenant),
        )
        rows = await cursor.fetchall()
    return Ledger(
        statuses={row["id"]: row["status"] for row in rows},
        errors={row["id"]: row["error"] for row in rows if row["error"] is not None},
        steps=sum(row["steps"] for row in rows),
        retries=sum(row["retries"] for row in rows),
        rescued=sum(row["crash_count"] > 0 for row in rows),
        dead=frozenset(row["id"] for row in rows if row["is_dead"]),
        in_doubt=frozenset(row["id"] for row in rows if row["is_in_doubt"]),
        attempts={row["id"]: row["attempt"] for row in rows},
    )


def read_books(scenario: Scenario, sims: Simulators, ledger: Ledger, executions: Mapping[int, UUID]) -> Books:
    """Compare the books with the orders; ``executions`` is the accepted execution of each order, by the order's id.

    Lost is an accepted execution that has not ended, or an order without its invoice, tag or message. Done twice is an
    invoice, a customer, a mail or a message too many.
    """
    books = Books()
    invoices: dict[str, list[dict[str, Any]]] = {}
    for invoice in sims.wave.records():
        invoices.setdefault(str(invoice["reference"]), []).append(invoice)
    messages = Counter(str(message.get("text", "")).split(":")[0] for message in sims.slack.records())
    tags = {record.order.id: list(record.tags) for record in sims.shopify.shop.orders.values()}
    for order in scenario.orders:
        execution = executions.get(order.id)
        mine = invoices.pop(reference_of(order), [])
        if order is scenario.refused:
            problem = _refused_problem(ledger, execution, mine)
        else:
            posted = messages[f"Order {order.name}"] or (execution in ledger.in_doubt)
            problem = _problem(order, ledger, execution, mine, tagged="invoiced" in tags[order.id], posted=bool(posted))
            books.found += problem is None
        if problem is not None:
            books.lost += 1
            books.problems.append(f"order {order.name}: {problem}")
        _count_twice(books, f"invoices of order {order.name}", len(mine))
        _count_twice(books, f"messages about order {order.name}", messages[f"Order {order.name}"])
    for reference, rest in invoices.items():
        books.duplicates += len(rest)
        books.problems.append(f"{len(rest)} invoices of nothing that was ordered: {reference or 'no reference'}")
    state = sims.wave.state()
    for email, count in state["customers"]["duplicates"].items():
        _count_twice(books, f"customers {email}", count)
    for number in state["invoices"]["sent_twice"]:
        _count_twice(books, f"mails of invoice {number}", 2)
    return books


def _count_twice(books: Books, what: str, count: int) -> None:
    if count > 1:
        books.duplicates += count - 1
        books.problems.append(f"{count} {what}")


def _refused_problem(ledger: Ledger, execution: UUID | None, invoices: list[dict[str, Any]]) -> str | None:
    """The order that Wave refuses: failed, among the dead letters, without an invoice."""
    if execution is None:
        return "was not started"
    if ledger.statuses.get(execution) != "failed" or execution not in ledger.dead:
        return f"was refused by Wave and should be a dead letter, but is {ledger.statuses.get(execution)}"
    return "was refused by Wave and has an invoice" if invoices else None


def _problem(
    order: Order,
    ledger: Ledger,
    execution: UUID | None,
    invoices: list[dict[str, Any]],
    *,
    tagged: bool,
    posted: bool,
) -> str | None:
    """Say what is missing of an order that should be invoiced; None when it is as it should be."""
    if execution is None:
        return "was not started"
    status = ledger.statuses.get(execution, "gone")
    if status != "succeeded":
        return f"its execution {execution} is {status}: {ledger.errors.get(execution, 'not at its end')}"
    if not invoices:
        return "has no invoice"
    invoice = invoices[0]
    due = (order.total.presentment, order.presentment_currency)
    billed = (Decimal(invoice["total"]), invoice["currency"])
    if billed != due:
        return f"is invoiced over {billed[0]} {billed[1]} instead of {due[0]} {due[1]}"
    should_be = "SAVED" if order.email is None else "SENT"  # who has no address can't be sent anything
    if invoice["status"] != should_be:
        return f"has an invoice that is {invoice['status']} instead of {should_be}"
    if not tagged:
        return "is not tagged"
    return None if posted else "was not told to Slack"
