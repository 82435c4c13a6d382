"""Sealing credentials: AES-GCM in an envelope, bound to the row that holds them.

Each secret has a key of its own, which is wrapped by the master key; changing the master key re-wraps 48 bytes and
leaves the secret alone. Both layers are bound to tenant, integration id and name (as associated data): a sealed secret
that is copied to another row, another tenant or another database does not open there.

Layout of what is stored (all lengths in bytes)::

    1 version | 12 nonce | 48 wrapped key | 12 nonce | the secret as JSON, encrypted | 16 tag

Source of the construction: NIST SP 800-38D for AES-GCM; a random 96-bit nonce is used once per key.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from aias.errors import ConfigurationError
from aias.settings import Settings

__all__ = ["MasterKey", "SealedFor", "load_master_key"]

_VERSION = b"\x01"
_NONCE = 12
_KEY = 32
_WRAPPED = _KEY + 16
_HEAD = 1 + _NONCE + _WRAPPED + _NONCE


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedFor:
    """The row that a secret belongs to."""

    tenant_id: UUID
    integration_id: UUID
    name: str

    @property
    def associated_data(self) -> bytes:
        """The row's identity in bytes; two fixed lengths before the name leave no second reading."""
        return self.tenant_id.bytes + self.integration_id.bytes + self.name.encode()


@dataclass(frozen=True, slots=True)
class MasterKey:
    """The key that wraps all others. Its repr shows the id only."""

    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.key) != _KEY:
            raise ConfigurationError(f"AIAS_MASTER_KEY: a master key has {_KEY} bytes, not {len(self.key)}")

    @classmethod
    def new(cls) -> MasterKey:
        """Make a random one."""
        return cls(os.urandom(_KEY))

    @classmethod
    def parse(cls, text: str) -> MasterKey:
        """Read base64 (either alphabet) or 64 hexadecimal digits.

        Raises:
            ConfigurationError: it is neither, or not 32 bytes. The text is not shown.
        """
        text = text.strip()
        try:
            if len(text) == 2 * _KEY:
                return cls(bytes.fromhex(text))
            padded = text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4)
            return cls(base64.b64decode(padded, validate=True))
        except (ValueError, binascii.Error):
            raise ConfigurationError("AIAS_MASTER_KEY: is neither base64 nor hexadecimal of 32 bytes") from None

    @property
    def id(self) -> str:
        """16 hexadecimal digits that name the key and tell nothing about it."""
        return hashlib.sha256(b"aias master key id" + self.key).hexdigest()[:16]

    def seal(self, secret: Mapping[str, Any], to: SealedFor) -> bytes:
        """Encrypt a secret for one row; sealing the same secret twice gives different bytes."""
        own = AESGCM.generate_key(bit_length=8 * _KEY)
        nonce, wrap_nonce = os.urandom(_NONCE), os.urandom(_NONCE)
        bound = _VERSION + to.associated_data
        wrapped = AESGCM(self.key).encrypt(wrap_nonce, own, bound)
        body = AESGCM(own).encrypt(nonce, json.dumps(secret).encode(), bound)
        return _VERSION + wrap_nonce + wrapped + nonce + body

    def unseal(self, sealed: bytes, to: SealedFor, *, key_id: str) -> dict[str, Any]:
        """Decrypt the secret of a row; ``key_id`` is the key that the row names.

        Raises:
            ConfigurationError: it was sealed under another key, for another row, or was changed.
        """
        if key_id != self.id:
            raise ConfigurationError(
                f"the credentials of {to.name!r} were sealed under master key {key_id}, "
                f"and this process has {self.id}: give it the right AIAS_MASTER_KEY (or master.key), or connect again"
            )
        if len(sealed) < _HEAD or sealed[:1] != _VERSION:
            raise ConfigurationError(f"the sealed credentials of {to.name!r} are of an unknown version")
        bound = _VERSION + to.associated_data
        wrap_nonce, wrapped = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE : 1 + _NONCE + _WRAPPED]
        nonce, body = sealed[_HEAD - _NONCE : _HEAD], sealed[_HEAD:]
        try:
            own = AESGCM(self.key).decrypt(wrap_nonce, wrapped, bound)
            return cast("dict[str, Any]", json.loads(AESGCM(own).decrypt(nonce, body, bound)))
        except InvalidTag:
            raise ConfigurationError(
                f"the sealed credentials of {to.name!r} were changed, or belong to another connection: connect it again"
            ) from None


def load_master_key(settings: Settings) -> MasterKey:
    """Give the master key: ``AIAS_MASTER_KEY``, else the file ``master.key`` in ``AIAS_HOME``, made on first use.

    The file is readable by its owner only. Processes that start at once agree on one key.

    Raises:
        ConfigurationError: the key is malformed, or its file can't be read, written, or is open to others.
    """
    if settings.master_key is not None:
        return MasterKey.parse(settings.master_key.get_secret_value())
    path = settings.home / "master.key"
    try:
        if not path.exists():
            _create(path)
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise ConfigurationError(f"{path} holds the master key and is open to others: chmod 600 it")
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeError) as error:
        raise ConfigurationError(f"the master key {path} can't be used: {error}") from error
    return MasterKey.parse(text)


def _create(path: Path) -> None:
    """Write a new key whole and durable, and put it in place unless another process was first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".master-key-")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(base64.b64encode(MasterKey.new().key).decode() + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(temporary, path)
    except FileExistsError:
        pass  # the other process's key is the key
    finally:
        Path(temporary).unlink(missing_ok=True)
