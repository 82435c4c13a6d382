"""Privacy: what the system holds of a person, given out or taken away."""

from aias.privacy.queries import (
    Erasure,
    erase_batch,
    erase_user,
    export_user,
    finish_erasure,
    get_erasure,
)

__all__ = ["Erasure", "erase_batch", "erase_user", "export_user", "finish_erasure", "get_erasure"]
