"""The audit log: who did what, append-only, sealed by a chain of hashes."""

from aias.audit.chain import Look, Verification, check_audit, seal_audit, verify_audit
from aias.audit.queries import AuditEntry, list_audit, set_actor

__all__ = [
    "AuditEntry",
    "Look",
    "Verification",
    "check_audit",
    "list_audit",
    "seal_audit",
    "set_actor",
    "verify_audit",
]
