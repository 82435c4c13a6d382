"""What a worker's options may be."""

from __future__ import annotations

from procrastinate.app import WorkerOptions

from aias.errors import ConfigurationError

__all__ = ["check_options"]

_QUEUE_NAME_BYTES = 40


def check_options(options: WorkerOptions) -> None:
    """Refuse options under which a worker can't work, all at once.

    Raises:
        ConfigurationError: there are some; the message names each.
    """
    concurrency = options.get("concurrency", 1)
    heartbeat_every = options.get("update_heartbeat_interval", 10.0)
    stalled_after = options.get("stalled_worker_timeout", 30.0)
    problems: list[str] = []
    if concurrency < 1:
        problems.append(f"concurrency: at least 1 job at a time, not {concurrency}")
    if 2 * heartbeat_every > stalled_after:
        problems.append(
            f"heartbeats every {heartbeat_every:g} s do not keep alive what counts as dead after {stalled_after:g} s:"
            " at least two must fit"
        )
    problems += [
        f"queues: a queue's name has 1 to {_QUEUE_NAME_BYTES} bytes: {name!r}"
        for name in options.get("queues") or []
        if not 1 <= len(name.encode()) <= _QUEUE_NAME_BYTES
    ]
    if problems:
        raise ConfigurationError("bad settings:\n  " + "\n  ".join(problems))
