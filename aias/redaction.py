"""What may be shown and stored of a text or a value: no secret, no personal data, nothing that forges a line.

The one set of rules. Secrets are masked wherever something of the outside world is kept (``redact``); logs and errors
mask personal data as well (``scrub``, ``scrub_value``), by what a field is called and by what a text looks like. What
a rule does not know it can't mask: whoever logs a text of a customer's names its field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, cast

__all__ = ["MASK", "escape", "is_personal_name", "is_secret_name", "redact", "scrub", "scrub_value", "without"]

MASK: Final = "[redacted]"

_SHORTEST_SECRET: Final = 6
"""Shorter strings are words: masking each "a" would hide everything and protect nothing."""
_LONGEST_TEXT: Final = 20_000
_DEEPEST: Final = 12
_MOST_ITEMS: Final = 200

_SECRETS: Final = (
    # Authorization headers and anything that quotes one.
    (re.compile(r"(?i)\b(bearer|basic)(\s+)[a-z0-9._~+/=-]{6,}"), rf"\1\2{MASK}"),
    # Shopify's token formats (shpat_, shpca_, shpss_, shprt_...), Slack's, Stripe's, JSON Web Tokens.
    (re.compile(r"\bshp[a-z]{2}_[A-Za-z0-9]{6,}"), MASK),
    (re.compile(r"\bxox[a-z]-[A-Za-z0-9-]{6,}"), MASK),
    (re.compile(r"\b[sr]k_(?:live|test)_[A-Za-z0-9]{8,}"), MASK),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"), MASK),
    # addresses that are secrets themselves: Slack's incoming webhooks, our own
    (re.compile(r"(?i)(hooks\.slack\.com/services/)[\w/-]+"), rf"\1{MASK}"),
    (re.compile(r"(/hooks/)[\w-]{8,}"), rf"\1{MASK}"),
    # "access_token": "...", password=..., X-Shopify-Access-Token: ...
    (
        re.compile(
            r"""(?ix) \b ((?:access|refresh|id|api)?[_-]?(?:token|secret|password|passwd|api[_-]?key|client[_-]?secret))
                (["']?\s*[:=]\s*["']?) [^\s"',;&}]{4,}"""
        ),
        rf"\1\2{MASK}",
    ),
    # https://user:password@host, postgresql://user:password@host
    (re.compile(r"(?i)(\b[a-z][a-z0-9+.-]{1,20}://)[^/\s:@]+:[^/\s@]+@"), rf"\1{MASK}@"),
)
_EMAIL: Final = re.compile(r"[\w.%+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_DIGITS: Final = re.compile(r"(?<![\w.-])\d(?:[ -]?\d){13,18}(?![\w-])")
_CARD: Final = re.compile(
    r"4\d{15}(?:\d{3})?|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|35\d{14}|6\d{15,18}"
)
"""The lengths and first digits of the schemes (ISO/IEC 7812); the check digit decides."""

_HIDDEN_WORDS: Final = (
    r"token|secret|password|passwd|passphrase|api_?key|private_?key|master_?key|authorization|cookie|credentials?"
    r"|card_?number|cvv|cvc|iban"
)
_PERSONAL_WORDS: Final = (
    r"e_?mail(?:_?address)?|phone(?:_?number)?|mobile|address(?:_?(?:line)?_?[12])?|street|zip(?:_?code)?"
    r"|postal_?code|post_?code|(?:first|last|given|family|full|middle)_?name|birth_?(?:day|date)|date_?of_?birth"
    r"|passport(?:_?number)?|tax_?id|ssn"
)
_SECRET_NAME: Final = re.compile(rf"(?:[a-z0-9]+_)*(?:{_HIDDEN_WORDS})")
_PERSONAL_NAME: Final = re.compile(rf"(?:[a-z0-9]+_)*(?:{_PERSONAL_WORDS})")
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

# C0 but for line feed and tab, DEL, C1, line and paragraph separators, and what turns the direction of writing around
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_CONTROL_OR_BREAK: Final = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


# Ids in hexadecimal, words, addresses and short numbers: no rule above can find anything in them. (A card number has no
# letter, and every token has a mark between its letters.)
_PLAIN: Final = re.compile(
    r"(?=[0-9-]*[a-f])[0-9a-f-]{1,36}|[A-Za-z]{1,30}|\d{1,3}(?:\.\d{1,3}){3}|[0-9.]{0,13}", re.ASCII
)


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """Mask every known secret, and whatever looks like a token or a password, in ``text``."""
    text = without(text, secrets)
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


def without(text: str, secrets: Iterable[str]) -> str:
    """Mask the known secrets in ``text`` and nothing else; those of less than six characters are words."""
    for secret in sorted(set(secrets), key=len, reverse=True):
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, MASK)
    return text


def scrub(text: str, *, is_block: bool = False) -> str:
    r"""Give a text as logs and errors keep it: no secret, no e-mail address, no card number, no control character.

    Control characters become escapes that can be seen (a line feed ``\n``), so that a text can't pass for a line of
    its own; in a block (a traceback) line feeds and tabs stay. At most 20,000 characters.
    """
    if _PLAIN.fullmatch(text):
        return text
    text = redact(text[: _LONGEST_TEXT * 2])
    if "@" in text:
        text = _EMAIL.sub(MASK, text)
    text = escape(_DIGITS.sub(_without_card, text), is_block=is_block)
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}..."


def escape(text: str, *, is_block: bool = False) -> str:
    """Make control characters visible, so that a text is one line (a block keeps its lines)."""
    return (_CONTROL if is_block else _CONTROL_OR_BREAK).sub(_escaped, text)


def scrub_value(value: Any, *, depth: int = 0) -> Any:
    """Give a value as logs and errors keep it: as JSON, each text scrubbed, each field masked whose name says so.

    Bounded in depth and in the number of items; what is no JSON becomes its text.
    """
    match value:
        case str():
            return scrub(value)
        case None | bool() | int():
            return value
        case float():
            # JSON has neither NaN nor infinity
            return value if value == value and abs(value) != float("inf") else str(value)  # noqa: PLR0124 (NaN)
        case Mapping() if depth < _DEEPEST:
            members = list(cast("Mapping[Any, Any]", value).items())[:_MOST_ITEMS]
            return {_name(str(name)): _member(str(name), item, depth) for name, item in members}
        case list() | tuple() | set() | frozenset() if depth < _DEEPEST:
            items = list(cast("Iterable[Any]", value))[:_MOST_ITEMS]
            return [scrub_value(item, depth=depth + 1) for item in items]
        case _:
            return scrub(_text_of(value))


def is_secret_name(name: str) -> bool:
    """Whether a field of this name holds a secret: token, password, api_key, X-Shopify-Access-Token, clientSecret..."""
    return _kind_of(name) == "secret"


def is_personal_name(name: str) -> bool:
    """Whether a field of this name holds personal data: email, phone, shippingAddress, first_name..."""
    return _kind_of(name) == "personal"


def _member(name: str, value: Any, depth: int) -> Any:
    if value is None or isinstance(value, bool) or not _kind_of(name):
        return scrub_value(value, depth=depth + 1)
    return MASK


@lru_cache(maxsize=4096)
def _kind_of(name: str) -> str:
    """Say what kind of data a field of a name holds: secret, personal, or nothing to hide ("")."""
    if len(name) > 100:  # noqa: PLR2004 (no field is called so; a key of data is)
        return ""
    words = _HUMP.sub("_", name).lower().replace("-", "_").replace(".", "_").replace(" ", "_")
    if _SECRET_NAME.fullmatch(words):
        return "secret"
    return "personal" if _PERSONAL_NAME.fullmatch(words) else ""


def _name(name: str) -> str:
    return _short_name(name) if len(name) <= 100 else scrub(name)  # noqa: PLR2004 (as above)


@lru_cache(maxsize=4096)
def _short_name(name: str) -> str:
    return scrub(name)


def _text_of(value: Any) -> str:
    try:
        return str(value)
    except Exception as error:  # noqa: BLE001 (a text that can't be made must not cost the line that it stands in)
        return f"<{type(value).__name__} without a text: {type(error).__name__}>"


def _without_card(match: re.Match[str]) -> str:
    digits = match[0].replace(" ", "").replace("-", "")
    return MASK if _CARD.fullmatch(digits) and _has_check_digit(digits) else match[0]


def _has_check_digit(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of the others (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (1 + place % 2)
        total += number - 9 if number > 9 else number  # noqa: PLR2004 (the sum of its digits)
    return total % 10 == 0


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    named = {0x0A: "\\n", 0x0D: "\\r", 0x1B: "\\x1b"}.get(code)
    return named or (f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}")  # noqa: PLR2004 (one byte)
