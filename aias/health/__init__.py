"""Health: what is looked at and how often, what is left over, and what is put in order each quarter.

The checks are rows (``aias_private.health_checks``) and functions (``aias_private.check_<name>``); their state is
``aias.health_checks``. What the database can't see, whether HTTP servers answer, is looked at here.
"""

from aias.health.looking import look
from aias.health.queries import (
    Health,
    OrphanKind,
    find_orphans,
    forget_api_server,
    get_health,
    list_health,
    look_at_health,
    note_api_server,
)

__all__ = [
    "Health",
    "OrphanKind",
    "find_orphans",
    "forget_api_server",
    "get_health",
    "list_health",
    "look",
    "look_at_health",
    "note_api_server",
]
