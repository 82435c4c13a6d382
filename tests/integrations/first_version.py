"""Secrets sealed as the first version did, for a row each: what databases of that time hold."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from aias.integrations.credentials import MasterKey, SealedFor

__all__ = ["seal"]


def seal(key: MasterKey, secret: Mapping[str, Any], to: SealedFor) -> bytes:
    own = AESGCM.generate_key(bit_length=256)
    nonce, wrap_nonce = os.urandom(12), os.urandom(12)
    bound = b"\x01" + to.associated_data
    wrapped = AESGCM(key.key).encrypt(wrap_nonce, own, bound)
    return b"\x01" + wrap_nonce + wrapped + nonce + AESGCM(own).encrypt(nonce, json.dumps(secret).encode(), bound)
