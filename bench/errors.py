"""What can go wrong in a benchmark."""

__all__ = ["BenchError", "LeftOut", "WrongCount"]


class BenchError(Exception):
    """A trial failed; the others go on."""


class WrongCount(BenchError):
    """A job ran twice or never."""


class LeftOut(BenchError):
    """A contender can't be measured here; the message says why."""
