"""Checkpoints: the last seal of the audit log, signed, to be kept where nobody who can write the database can write.

Who rewrites rows, their seals and every seal after them leaves a chain that fits; the hash that was pinned outside does
not fit it. A checkpoint is JSON; what is signed is its document without ``signature``, with its keys in order and
without spaces, in UTF-8. Ed25519 is RFC 8032.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import stat
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from psycopg import AsyncConnection
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from aias.audit.chain import Head, seal_hash_at
from aias.errors import ConfigurationError, Conflict, InvalidArgument
from aias.settings import Settings

__all__ = [
    "Checkpoint",
    "check_signature",
    "disagreement",
    "key_path",
    "load_key",
    "make_key",
    "public_key",
    "read_checkpoint",
    "sign",
]

_VERSION = 1


class Checkpoint(BaseModel):
    """A seal of the audit log as it was at a time, signed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = Field(ge=_VERSION, le=_VERSION)
    database: str
    seq: int = Field(ge=1)
    hash: str = Field(pattern="^[0-9a-f]{64}$")
    sealed_at: AwareDatetime
    exported_at: AwareDatetime
    public_key: str
    signature: str = ""

    def signed(self) -> bytes:
        """Give the bytes that the signature is of."""
        document = self.model_dump(mode="json", exclude={"signature"})
        return _canonical(document)


def _canonical(document: dict[str, Any]) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def key_path(settings: Settings) -> Path:
    """Give the file of the key: ``AIAS_AUDIT_KEY``, else ``audit.key`` in ``AIAS_HOME``."""
    return settings.audit_key or settings.home / "audit.key"


def make_key(settings: Settings) -> str:
    """Make a key, readable by its owner only, and give its public half in base64.

    Raises:
        Conflict: there is one already; it is left as it is.
        ConfigurationError: its file can't be written.
    """
    path = key_path(settings)
    key = Ed25519PrivateKey.generate()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Conflict(f"there is a key already: {path}") from None
    except OSError as error:
        raise ConfigurationError(f"the key {path} can't be written: {error}") from error
    with os.fdopen(handle, "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.flush()
        os.fsync(file.fileno())
    return _public(key)


def load_key(settings: Settings) -> Ed25519PrivateKey:
    """Give the key that signs.

    Raises:
        ConfigurationError: there is none, it can't be read, is open to others, or is no Ed25519 key.
    """
    path = key_path(settings)
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise ConfigurationError(f"{path} holds the key of the audit log and is open to others: chmod 600 it")
        key = load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError:
        raise ConfigurationError(f"there is no key {path}: `aias audit key` makes one") from None
    except (OSError, ValueError, TypeError) as error:
        raise ConfigurationError(f"the key {path} can't be used: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ConfigurationError(f"{path} holds no Ed25519 key")
    return key


def sign(head: Head, key: Ed25519PrivateKey, *, exported_at: datetime) -> Checkpoint:
    """Make the checkpoint of a seal."""
    unsigned = Checkpoint(
        version=_VERSION,
        database=head.database,
        seq=head.seq,
        hash=head.hash,
        sealed_at=head.sealed_at,
        exported_at=exported_at,
        public_key=_public(key),
    )
    return unsigned.model_copy(update={"signature": base64.b64encode(key.sign(unsigned.signed())).decode()})


def read_checkpoint(text: str) -> Checkpoint:
    """Read what ``aias audit export`` wrote.

    Raises:
        InvalidArgument: it is no checkpoint.
    """
    try:
        return Checkpoint.model_validate_json(text)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in problem["loc"])
        raise InvalidArgument(f"no checkpoint: {f'{place}: ' if place else ''}{problem['msg']}") from None


def check_signature(checkpoint: Checkpoint, public_key: str) -> None:
    """Hold that a checkpoint was signed by the key whose public half is given, and is as it was then.

    Raises:
        InvalidArgument: it was not, or the key is malformed.
    """
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
    except (ValueError, binascii.Error):
        raise InvalidArgument("a public key is 32 bytes in base64, as `aias audit key` prints it") from None
    try:
        key.verify(base64.b64decode(checkpoint.signature, validate=True), checkpoint.signed())
    except (InvalidSignature, ValueError):
        raise InvalidArgument("the checkpoint was not signed by this key, or was changed since") from None


async def disagreement(conn: AsyncConnection[Any], checkpoint: Checkpoint) -> str | None:
    """Say how the chain differs from a checkpoint; None: it goes on from it."""
    found = await seal_hash_at(conn, checkpoint.seq)
    if found is None:
        return f"seal {checkpoint.seq} of the checkpoint is missing"
    if found != checkpoint.hash:
        return f"seal {checkpoint.seq} is another than when the checkpoint was made"
    return None


def public_key(settings: Settings) -> str:
    """Give the public half of the key of the settings, in base64.

    Raises:
        ConfigurationError: as ``load_key``.
    """
    return _public(load_key(settings))


def _public(key: Ed25519PrivateKey) -> str:
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()
