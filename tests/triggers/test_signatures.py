"""Signatures as their senders make them, and what is not one of theirs."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from aias.simulators.signing import Event, ShopifyDialect, WaveDialect
from aias.triggers.signatures import is_genuine, key_of, sign_standard

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
BODY = '{"id": 1, "name": "Zoë Ünïcode Test"}'.encode()
WHSEC = "whsec_" + base64.b64encode(bytes(range(32))).decode()


def github(secret: str, body: bytes) -> dict[str, str]:
    return {"x-hub-signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def stripe(secret: str, body: bytes, at: datetime = NOW) -> dict[str, str]:
    t = str(int(at.timestamp()))
    mac = hmac.new(secret.encode(), f"{t}.".encode() + body, hashlib.sha256).hexdigest()
    return {"stripe-signature": f"t={t},v1={'0' * 64},v1={mac},v0=old"}


def shopify(secret: str, body: bytes) -> dict[str, str]:
    return {"x-shopify-hmac-sha256": ShopifyDialect(shop_domain="shop.example").sign(secret, body)}


def wave(secret: str, body: bytes) -> dict[str, str]:
    return {"x-wave-signature": WaveDialect(business_id="b").sign(secret, body)}


def wave_base64(secret: str, body: bytes) -> dict[str, str]:
    return {"x-wave-signature": WaveDialect(business_id="b").sign(secret, body, "base64")}


def standard(secret: str, body: bytes, at: datetime = NOW) -> dict[str, str]:
    """As the library of the standard signs."""
    signature = Webhook(secret).sign(msg_id="msg_1", timestamp=at, data=body.decode())
    return {"webhook-id": "msg_1", "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signature}


def shared(secret: str, body: bytes) -> dict[str, str]:
    return {"x-webhook-secret": secret}


CASES: list[Any] = [
    pytest.param("github", github, id="github"),
    pytest.param("stripe", stripe, id="stripe"),
    pytest.param("shopify", shopify, id="shopify"),
    pytest.param("wave", wave, id="wave hex"),
    pytest.param("wave", wave_base64, id="wave base64"),
    pytest.param("standard", standard, id="standard"),
    pytest.param("shared", shared, id="shared"),
]


@pytest.mark.parametrize(("style", "sign"), CASES)
def test_what_was_signed_with_a_live_secret_is_genuine(style: Any, sign: Any) -> None:
    old = "whsec_" + base64.b64encode(b"o" * 32).decode()
    for secret in (WHSEC, old):
        assert is_genuine(style, sign(secret, BODY), BODY, secrets=[WHSEC, old], now=NOW)
    assert not is_genuine(style, sign(old, BODY), BODY, secrets=[WHSEC], now=NOW)
    assert not is_genuine(style, {}, BODY, secrets=[WHSEC], now=NOW)
    assert not is_genuine(style, dict.fromkeys(sign(WHSEC, BODY), ""), BODY, secrets=[WHSEC], now=NOW)
    if style != "shared":
        assert not is_genuine(style, sign(WHSEC, BODY), BODY + b" ", secrets=[WHSEC], now=NOW)


@pytest.mark.parametrize(("style", "sign"), [("standard", standard), ("stripe", stripe)])
def test_a_timestamp_may_be_five_minutes_off_either_way(style: Any, sign: Any) -> None:
    for seconds, expected in ((-301, False), (-300, True), (300, True), (301, False)):
        headers = sign(WHSEC, BODY, NOW + timedelta(seconds=seconds))
        assert is_genuine(style, headers, BODY, secrets=[WHSEC], now=NOW) is expected
    broken = {**sign(WHSEC, BODY), "webhook-timestamp": "soon", "stripe-signature": "t=soon,v1=a"}
    assert not is_genuine(style, broken, BODY, secrets=[WHSEC], now=NOW)


def test_a_bearer_and_a_header_of_ones_own_are_taken_as_shared_secrets() -> None:
    assert is_genuine(
        "shared", {"authorization": "Bearer s3cret"}, b"", secrets=["s3cret"], now=NOW, header="Authorization"
    )
    assert is_genuine("shared", {"x-my": "s3cret"}, b"", secrets=["s3cret"], now=NOW, header="X-My")
    assert not is_genuine("shared", {"x-webhook-secret": "s3cret"}, b"", secrets=["s3cret"], now=NOW, header="X-My")


@given(body=st.dictionaries(st.text(), st.integers()), id=st.from_regex(r"msg_[a-zA-Z0-9]{1,40}", fullmatch=True))
def test_what_we_sign_the_library_of_the_standard_verifies(body: dict[str, int], id: str) -> None:
    raw, now = json.dumps(body).encode(), str(int(time.time()))
    headers = {"webhook-id": id, "webhook-timestamp": now, "webhook-signature": sign_standard(WHSEC, id, now, raw)}
    assert Webhook(WHSEC).verify(raw, headers) == body


HEADERS = [
    *("webhook-id", "webhook-timestamp", "webhook-signature", "stripe-signature"),
    *("x-shopify-hmac-sha256", "x-hub-signature-256", "x-wave-signature", "x-webhook-secret"),
]


@given(st.dictionaries(st.sampled_from(HEADERS), st.text(max_size=40)))
def test_no_header_breaks_the_check_or_passes_it(headers: dict[str, str]) -> None:
    for style in ("shopify", "standard", "github", "stripe", "wave", "shared"):
        assert not is_genuine(style, headers, BODY, secrets=[WHSEC], now=NOW)


def test_a_key_is_read_with_and_without_its_prefix() -> None:
    assert key_of(WHSEC) == key_of(WHSEC.removeprefix("whsec_")) == bytes(range(32))


def test_the_events_of_the_local_shop_are_genuine() -> None:
    dialect = ShopifyDialect(shop_domain="shop.example")
    event = Event(topic="orders/create", payload={"id": 7}, at=0.0)
    body = dialect.body(event)
    headers = {**dialect.headers(event, "d-1"), dialect.signature_header: dialect.sign("client secret", body)}
    lower = {name.lower(): value for name, value in headers.items()}
    assert is_genuine("shopify", lower, body, secrets=["client secret"], now=NOW)
