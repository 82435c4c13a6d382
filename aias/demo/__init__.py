"""The demo: the whole system on one machine, with everything going wrong that should not matter.

PostgreSQL, one worker process, and local servers that speak Shopify's, Wave's and Slack's APIs. Orders go through the
shipped workflow ``order-to-invoice``; some of them meet an upstream in trouble, one is refused for good, one is started
twice, and in the middle of one the worker is killed with SIGKILL and another one goes on. Afterwards the invoices are
read back from the Wave server's books and counted against the orders.
"""

from aias.demo.report import Report, as_lines
from aias.demo.running import run_demo
from aias.demo.worker_process import WorkerProcess

__all__ = ["Report", "WorkerProcess", "as_lines", "run_demo"]
