"""Sealing credentials: AES-GCM in an envelope, bound to the row that holds them.

The master key comes from the settings. It wraps one key per tenant, and that key seals the tenant's secrets: changing
the master key re-wraps 32 bytes per tenant and leaves the secrets alone, and erasing a tenant's key makes its secrets
unreadable wherever copies of them are. A secret is bound to tenant, integration id and name, a key to its tenant and
id (as associated data): what is copied to another row, another tenant or another database does not open there.

Layout of what is stored (all lengths in bytes)::

    a tenant's key   1 version (1) | 12 nonce | 48 the key, encrypted under the master key, and tag
    a secret         1 version (2) | 12 nonce | the secret as JSON, encrypted under the tenant's key | 16 tag
    an old secret    1 version (1) | 12 nonce | 48 wrapped key | 12 nonce | the secret as JSON | 16 tag

An old secret has a key of its own, wrapped by the master key; it is read, and no longer written.

Source of the construction: NIST SP 800-38D for AES-GCM. Nonces of 96 bits are random: fit for 2**32 secrets under one
key (8.3), and a tenant's key seals one per refresh of a token.
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

__all__ = ["Keyring", "MasterKey", "SealedFor", "TenantKey", "load_keyring", "load_master_key"]

_FIRST_VERSION = b"\x01"
_VERSION = b"\x02"
_WRAP_VERSION = b"\x01"
_NONCE = 12
_KEY = 32
_TAG = 16
_WRAPPED = _KEY + _TAG
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


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantKey:
    """The key that seals a tenant's secrets. Its repr shows the id only."""

    id: str
    key: bytes = field(repr=False)

    @classmethod
    def new(cls) -> TenantKey:
        """Make a random one; its id is random too and tells nothing about it."""
        return cls(id=os.urandom(8).hex(), key=os.urandom(_KEY))

    def seal(self, secret: Mapping[str, Any], to: SealedFor) -> bytes:
        """Encrypt a secret for one row; sealing the same secret twice gives different bytes."""
        nonce = os.urandom(_NONCE)
        bound = _VERSION + to.associated_data
        return _VERSION + nonce + AESGCM(self.key).encrypt(nonce, json.dumps(secret).encode(), bound)

    def unseal(self, sealed: bytes, to: SealedFor) -> dict[str, Any]:
        """Decrypt the secret of a row.

        Raises:
            ConfigurationError: it was sealed for another row, under another key, or was changed.
        """
        if sealed[:1] != _VERSION or len(sealed) < 1 + _NONCE + _TAG:
            raise _unknown_version(to)
        try:
            plain = AESGCM(self.key).decrypt(
                sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], _VERSION + to.associated_data
            )
        except InvalidTag:
            raise _changed(to) from None
        return cast("dict[str, Any]", json.loads(plain))


@dataclass(frozen=True, slots=True)
class MasterKey:
    """The key that wraps all others. Its repr shows nothing of it."""

    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.key) != _KEY:
            raise ConfigurationError(f"a master key has {_KEY} bytes, not {len(self.key)}")

    @classmethod
    def new(cls) -> MasterKey:
        """Make a random one."""
        return cls(os.urandom(_KEY))

    @classmethod
    def parse(cls, text: str, *, setting: str = "AIAS_MASTER_KEY") -> MasterKey:
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
            raise ConfigurationError(f"{setting}: is neither base64 nor hexadecimal of 32 bytes") from None
        except ConfigurationError as error:
            raise ConfigurationError(f"{setting}: {error.message}") from None

    @property
    def id(self) -> str:
        """16 hexadecimal digits that name the key and tell nothing about it."""
        return hashlib.sha256(b"aias master key id" + self.key).hexdigest()[:16]

    def wrap(self, key: TenantKey, *, tenant_id: UUID) -> bytes:
        """Encrypt a tenant's key."""
        nonce = os.urandom(_NONCE)
        return _WRAP_VERSION + nonce + AESGCM(self.key).encrypt(nonce, key.key, _wrap_bound(tenant_id, key.id))

    def unwrap(self, wrapped: bytes, *, tenant_id: UUID, key_id: str) -> TenantKey:
        """Decrypt a tenant's key.

        Raises:
            ConfigurationError: it was wrapped for another tenant or under another key, or was changed.
        """
        nonce, body = wrapped[1 : 1 + _NONCE], wrapped[1 + _NONCE :]
        if wrapped[:1] != _WRAP_VERSION:
            raise ConfigurationError(f"the tenant's key {key_id} is of an unknown version")
        try:
            return TenantKey(id=key_id, key=AESGCM(self.key).decrypt(nonce, body, _wrap_bound(tenant_id, key_id)))
        except InvalidTag:
            raise ConfigurationError(f"the tenant's key {key_id} was changed, or belongs to another tenant") from None

    def unseal_first_version(self, sealed: bytes, to: SealedFor) -> dict[str, Any]:
        """Decrypt an old secret, which has a key of its own in front of it.

        Raises:
            ConfigurationError: it was sealed for another row, or was changed.
        """
        if len(sealed) < _HEAD or sealed[:1] != _FIRST_VERSION:
            raise _unknown_version(to)
        bound = _FIRST_VERSION + to.associated_data
        wrap_nonce, wrapped = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE : 1 + _NONCE + _WRAPPED]
        nonce, body = sealed[_HEAD - _NONCE : _HEAD], sealed[_HEAD:]
        try:
            own = AESGCM(self.key).decrypt(wrap_nonce, wrapped, bound)
            return cast("dict[str, Any]", json.loads(AESGCM(own).decrypt(nonce, body, bound)))
        except InvalidTag:
            raise _changed(to) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """The master keys of this process: the current one, and while it is being rotated the one before."""

    current: MasterKey
    previous: MasterKey | None = None

    def unwrap(self, wrapped: bytes, *, tenant_id: UUID, key_id: str, master_key_id: str) -> TenantKey:
        """Decrypt a tenant's key with whichever master key wraps it.

        Raises:
            ConfigurationError: this process has not got that master key.
        """
        return self._master(master_key_id, "the tenant's key").unwrap(wrapped, tenant_id=tenant_id, key_id=key_id)

    def open(
        self, sealed: bytes, to: SealedFor, *, key_id: str, wrapped: bytes | None, master_key_id: str | None
    ) -> dict[str, Any]:
        """Decrypt the secret of a row, which names its key; ``wrapped`` is that key where it is a tenant's.

        Raises:
            ConfigurationError: the key is gone, is not this process's, or does not open it.
        """
        what = f"the credentials of {to.name!r}"
        if sealed[:1] == _FIRST_VERSION:
            return self._master(key_id, what).unseal_first_version(sealed, to)
        if wrapped is None or master_key_id is None:
            raise ConfigurationError(f"{what} were erased, or their key {key_id} was: connect again")
        master = self._master(master_key_id, what)
        return master.unwrap(wrapped, tenant_id=to.tenant_id, key_id=key_id).unseal(sealed, to)

    def _master(self, wanted: str, what: str) -> MasterKey:
        for master in (self.current, self.previous):
            if master is not None and master.id == wanted:
                return master
        raise ConfigurationError(
            f"{what} were sealed under master key {wanted}, and this process has {self.current.id}: give it the right "
            "AIAS_MASTER_KEY (or master.key), the old one as AIAS_MASTER_KEY_PREVIOUS, or connect again"
        )


def _wrap_bound(tenant_id: UUID, key_id: str) -> bytes:
    return b"aias tenant key" + _WRAP_VERSION + tenant_id.bytes + key_id.encode()


def _unknown_version(to: SealedFor) -> ConfigurationError:
    return ConfigurationError(f"the sealed credentials of {to.name!r} are of an unknown version")


def _changed(to: SealedFor) -> ConfigurationError:
    return ConfigurationError(
        f"the sealed credentials of {to.name!r} were changed, or belong to another connection: connect it again"
    )


def load_keyring(settings: Settings) -> Keyring:
    """Give the master keys of the settings.

    Raises:
        ConfigurationError: as ``load_master_key``, or ``AIAS_MASTER_KEY_PREVIOUS`` is malformed.
    """
    given = settings.master_key_previous
    previous = None
    if given is not None:
        previous = MasterKey.parse(given.get_secret_value(), setting="AIAS_MASTER_KEY_PREVIOUS")
    return Keyring(current=load_master_key(settings), previous=previous)


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
