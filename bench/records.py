"""What workers noted, and whether each job ran exactly once."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.errors import BenchError, WrongCount

__all__ = ["Record", "assert_once", "first_starts", "read_record"]

_NAMED = 5
"""How many wrong jobs a message names."""


@dataclass(frozen=True, slots=True)
class Record:
    """One worker's notes; see ``programs/recorder``."""

    strange: int
    starts: Sequence[float]
    counts: bytes


def read_record(path: Path, size: int) -> Record:
    """Read a worker's notes.

    Raises:
        BenchError: it left none.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise BenchError("a worker left no notes: it ended before it was ready") from None
    if len(content) != 8 + 9 * size:
        raise BenchError(f"a worker's notes have {len(content)} bytes instead of {8 + 9 * size}")
    doubles = array("d", content[: 8 + 8 * size])
    return Record(strange=int(doubles[0]), starts=doubles[1:], counts=content[8 + 8 * size :])


def assert_once(records: Sequence[Record], numbers: Iterable[int]) -> None:
    """See that of all workers together each of the jobs ran exactly once, and no other.

    Raises:
        WrongCount: the message says how many ran never or more often, and names some.
    """
    expected = set(numbers)
    counts = [sum(count) for count in zip(*(record.counts for record in records), strict=True)]
    lost = sorted(number for number in expected if counts[number] == 0)
    doubled = sorted(number for number, count in enumerate(counts) if count > 1)
    strange = sum(record.strange for record in records)
    strange += sum(1 for number, count in enumerate(counts) if count and number not in expected)
    problems = [
        f"{len(wrong)} jobs {what} ({', '.join(map(str, wrong[:_NAMED]))}{', ...' if len(wrong) > _NAMED else ''})"
        for wrong, what in ((lost, "never ran"), (doubled, "ran more than once"))
        if wrong
    ]
    if strange:
        problems.append(f"{strange} jobs ran that were not enqueued")
    if problems:
        raise WrongCount("; ".join(problems))


def first_starts(records: Sequence[Record]) -> list[float]:
    """Give the starts of all jobs that ran, in order of time."""
    return sorted(start for record in records for start in record.starts if start)
