from __future__ import annotations

import base64
import stat
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr

from aias.errors import ConfigurationError
from aias.integrations.credentials import Keyring, MasterKey, SealedFor, TenantKey, load_keyring, load_master_key
from aias.settings import Settings, get_settings
from tests.integrations.first_version import seal

SECRET = {"access_token": "planted-token-0123456789", "ünï": "ĉode"}


def row(name: str = "main") -> SealedFor:
    return SealedFor(tenant_id=uuid4(), integration_id=uuid4(), name=name)


def stored(ring: Keyring, key: TenantKey, here: SealedFor) -> dict[str, Any]:
    """What a row names beside its secret."""
    wrapped = ring.current.wrap(key, tenant_id=here.tenant_id)
    return {"key_id": key.id, "wrapped": wrapped, "master_key_id": ring.current.id}


def ring() -> Keyring:
    return Keyring(current=MasterKey.new())


def test_what_was_sealed_for_a_row_opens_for_that_row() -> None:
    keys, key, here = ring(), TenantKey.new(), row()
    assert keys.open(key.seal(SECRET, to=here), here, **stored(keys, key, here)) == SECRET


def test_sealing_twice_gives_different_bytes_and_shows_nothing() -> None:
    key, here = TenantKey.new(), row()
    one, two = key.seal(SECRET, to=here), key.seal(SECRET, to=here)
    assert one != two
    assert b"planted" not in one


@pytest.mark.parametrize("moved", ["tenant_id", "integration_id", "name"])
def test_a_secret_that_was_moved_to_another_row_does_not_open(moved: str) -> None:
    key, here = TenantKey.new(), row()
    there = {name: getattr(here, name) for name in ("tenant_id", "integration_id", "name")}
    there[moved] = "other" if moved == "name" else uuid4()
    with pytest.raises(ConfigurationError, match="belong to another connection"):
        key.unseal(key.seal(SECRET, to=here), SealedFor(**there))


def test_a_key_that_was_moved_to_another_tenant_does_not_open() -> None:
    keys, key, here, there = ring(), TenantKey.new(), row(), row()
    with pytest.raises(ConfigurationError, match="belongs to another tenant"):
        keys.open(key.seal(SECRET, to=there), there, **stored(keys, key, here))


def test_another_master_key_is_named_and_nothing_else_is() -> None:
    keys, other, key, here = ring(), ring(), TenantKey.new(), row()
    sealed, kept = key.seal(SECRET, to=here), stored(keys, key, here)
    message = f"master key {keys.current.id}, and this process has {other.current.id}"
    with pytest.raises(ConfigurationError, match=message):
        other.open(sealed, here, **kept)


def test_while_the_master_key_is_rotated_both_open() -> None:
    old, key, here = ring(), TenantKey.new(), row()
    both = Keyring(current=MasterKey.new(), previous=old.current)
    sealed = key.seal(SECRET, to=here)
    assert both.open(sealed, here, **stored(old, key, here)) == SECRET
    assert both.open(sealed, here, **stored(both, key, here)) == SECRET


def test_without_the_tenants_key_nothing_opens() -> None:
    keys, key, here = ring(), TenantKey.new(), row()
    with pytest.raises(ConfigurationError, match="were erased"):
        keys.open(key.seal(SECRET, to=here), here, key_id=key.id, wrapped=None, master_key_id=None)


def test_every_flipped_bit_is_noticed() -> None:
    keys, key, here = ring(), TenantKey.new(), row()
    sealed, kept = key.seal(SECRET, to=here), stored(keys, key, here)
    old = seal(keys.current, SECRET, here)
    for whole, rest in ((sealed, kept), (old, {**kept, "key_id": keys.current.id})):
        for position in range(len(whole)):
            changed = bytearray(whole)
            changed[position] ^= 4
            with pytest.raises(ConfigurationError):
                keys.open(bytes(changed), here, **rest)
    for position in range(len(kept["wrapped"])):
        changed = bytearray(kept["wrapped"])
        changed[position] ^= 1
        with pytest.raises(ConfigurationError):
            keys.open(sealed, here, **{**kept, "wrapped": bytes(changed)})


def test_a_secret_of_the_first_version_still_opens() -> None:
    keys, here = ring(), row()
    sealed = seal(keys.current, SECRET, here)
    assert keys.open(sealed, here, key_id=keys.current.id, wrapped=None, master_key_id=None) == SECRET
    moved = SealedFor(tenant_id=here.tenant_id, integration_id=uuid4(), name=here.name)
    with pytest.raises(ConfigurationError, match="belong to another connection"):
        keys.open(sealed, moved, key_id=keys.current.id, wrapped=None, master_key_id=None)


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x02", b"\x03" * 100, b"\x01" * 72, b"\x02" * 100])
def test_bytes_that_were_never_sealed_are_refused(sealed: bytes) -> None:
    keys, key, here = ring(), TenantKey.new(), row()
    for key_id in (key.id, keys.current.id):
        with pytest.raises(ConfigurationError):
            keys.open(sealed, here, **{**stored(keys, key, here), "key_id": key_id})


def test_a_key_is_base64_in_either_alphabet_or_hexadecimal() -> None:
    raw = bytes(range(224, 256))
    for text in (
        base64.b64encode(raw).decode(),
        base64.urlsafe_b64encode(raw).decode(),
        base64.b64encode(raw).decode().rstrip("="),
        raw.hex(),
        f" {raw.hex()}\n",
    ):
        assert MasterKey.parse(text).key == raw


@pytest.mark.parametrize("text", ["", "short", "=", "é" * 44, base64.b64encode(b"x" * 31).decode(), "zz" * 32])
def test_a_malformed_key_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(ConfigurationError, match="AIAS_MASTER_KEY") as caught:
        MasterKey.parse(text)
    assert not text or text not in str(caught.value)


def test_the_repr_of_a_key_does_not_hold_it() -> None:
    assert repr(MasterKey.new()) == "MasterKey()"
    key = TenantKey.new()
    assert repr(key) == f"TenantKey(id='{key.id}')"


def test_the_key_file_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    first, second = load_master_key(settings), load_master_key(settings)
    path = tmp_path / "home" / "master.key"
    assert first == second
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["master.key"]


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    load_master_key(settings)
    (tmp_path / "master.key").chmod(0o644)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        load_master_key(settings)


def test_the_setting_wins_over_the_file(tmp_path: Path) -> None:
    key = MasterKey.new()
    settings = Settings(home=tmp_path, master_key=SecretStr(base64.b64encode(key.key).decode()))
    assert load_master_key(settings) == key
    assert not (tmp_path / "master.key").exists()


def test_a_home_that_can_not_be_written_is_an_error_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match=r"master\.key can't be used"):
        load_master_key(Settings(home=tmp_path / "file"))


def test_the_settings_hold_both_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = MasterKey.new(), MasterKey.new()
    monkeypatch.setenv("AIAS_MASTER_KEY", new.key.hex())
    monkeypatch.setenv("AIAS_MASTER_KEY_PREVIOUS", old.key.hex())
    assert load_keyring(get_settings()) == Keyring(current=new, previous=old)
    monkeypatch.setenv("AIAS_MASTER_KEY_PREVIOUS", "planted")
    with pytest.raises(ConfigurationError, match="AIAS_MASTER_KEY_PREVIOUS") as caught:
        load_keyring(get_settings())
    assert "planted" not in str(caught.value)
