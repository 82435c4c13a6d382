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

from aias.client.api import Aias, require_tenant
from aias.client.execution import Execution
from aias.client.session import Session, as_ours

__all__ = ["Aias", "Execution", "Session", "as_ours", "require_tenant"]
