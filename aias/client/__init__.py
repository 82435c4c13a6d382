"""The client: start workflows, wait for them, intervene, from Python.

::

    from aias import Aias

    async with Aias.from_env() as aias:
        execution = await aias.run_workflow(
            "order-to-invoice", tenant="acme", input={"order_id": "..."}, idempotency_key="order 1001"
        )
        await execution.wait(timeout=30)

Each call is one SQL function or view of the schema ``aias``; whatever is refused comes as an error of
``aias.errors``. With ``connection=`` a call joins the caller's transaction: roll it back and nothing ran.
"""

from aias.client.api import Aias, AppliedWorkflow, require_tenant
from aias.client.execution import Execution, ExecutionEvent, ExecutionRow, Reason, Step
from aias.client.session import Session, as_ours

__all__ = [
    "Aias",
    "AppliedWorkflow",
    "Execution",
    "ExecutionEvent",
    "ExecutionRow",
    "Reason",
    "Session",
    "Step",
    "as_ours",
    "require_tenant",
]
