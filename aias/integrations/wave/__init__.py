"""Wave: the client of its accounting API, the mapping of orders to invoices, and the actions ``wave.*``."""

from aias.integrations.wave.client import Wave, wave
from aias.integrations.wave.invoice_mapping import invoice_from_order

__all__ = ["Wave", "invoice_from_order", "wave"]
