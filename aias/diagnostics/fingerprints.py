"""What makes two failures the same: the type, the message without what differs, and where in our code it came from."""

from __future__ import annotations

import hashlib
import importlib.metadata
import re
import sysconfig
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from aias.redaction import scrub
from aias.reporting import Failed

__all__ = ["Fingerprint", "fingerprint_of", "frames_of", "normalized"]

_MOST_FRAMES: Final = 3
_LONGEST_MESSAGE: Final = 500
_DEEPEST: Final = 200

_VARIABLE: Final = (
    (re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"), "<id>"),
    # what is quoted differs, whoever quotes it: 'x', "x", `x`; not the apostrophe of a word
    (re.compile(r"""(?<!\w)'[^'\n]{0,300}'(?!\w)|"[^"\n]{0,300}"|`[^`\n]{0,300}`"""), "<value>"),
    (re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://[^\s,;)]{1,500}"), "<url>"),
    # hashes, tokens and addresses in memory: hexadecimal digits with a number among them
    (re.compile(r"\b0x[0-9a-fA-F]+\b|\b(?=[a-fA-F]*\d)[0-9a-fA-F]{8,64}\b"), "<id>"),
    (re.compile(r"\d+(?:[.,:]\d+)*"), "<n>"),
)
_SPACES: Final = re.compile(r"\s+")
_LIBRARIES: Final = tuple(
    sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib") if sysconfig.get_path(name)
)
_PLUGINS: Final = ("aias.actions", "aias.integrations", "aias.analytics", "aias.tasks")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What a group of errors goes by."""

    value: str
    type: str
    message: str
    frames: tuple[str, ...]


def fingerprint_of(failed: Failed) -> Fingerprint:
    """Give the fingerprint of a failure; one that was not raised in our code is placed by what failed."""
    frames = () if failed.error is None else frames_of(failed.error)
    message = normalized(failed.message)
    return _fingerprint(failed.type[:200], message, frames or (failed.name[:200],))


@lru_cache(maxsize=2000)
def _fingerprint(kind: str, message: str, frames: tuple[str, ...]) -> Fingerprint:
    digest = hashlib.sha256("\n".join((kind, message, *frames)).encode("utf-8", "replace")).hexdigest()
    return Fingerprint(value=digest[:32], type=kind, message=message, frames=frames)


@lru_cache(maxsize=2000)
def normalized(message: str) -> str:
    """Take out of a message what differs from one failure to the next: ids, quoted values, addresses, numbers."""
    text = scrub(message[: _LONGEST_MESSAGE * 4], is_block=True)
    for pattern, stand_in in _VARIABLE:
        text = pattern.sub(stand_in, text)
    return _SPACES.sub(" ", text).strip()[:_LONGEST_MESSAGE]


def frames_of(error: BaseException) -> tuple[str, ...]:
    """Give the innermost three frames in our code or a plugin's, as module:function, the innermost first.

    Without line numbers: a release that moves a line leaves the error the same.
    """
    found: list[str] = []
    trace = error.__traceback__
    seen = 0
    while trace is not None and seen < _DEEPEST:
        code = trace.tb_frame.f_code
        module = trace.tb_frame.f_globals.get("__name__", "")
        if _is_ours(module, code.co_filename):
            found.append(f"{module}:{code.co_qualname if hasattr(code, 'co_qualname') else code.co_name}")
        trace = trace.tb_next
        seen += 1
    return tuple(reversed(found[-_MOST_FRAMES:]))


@lru_cache(maxsize=5000)
def _is_ours(module: str, path: str) -> bool:
    package = module.partition(".")[0]
    if package == "aias" or package in _plugin_packages():
        return True
    return not path.startswith((*_LIBRARIES, "<"))


@lru_cache(maxsize=1)
def _plugin_packages() -> frozenset[str]:
    found = (entry for group in _PLUGINS for entry in importlib.metadata.entry_points(group=group))
    return frozenset(entry.value.partition(":")[0].partition(".")[0] for entry in found)
