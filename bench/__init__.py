"""The benchmarks: AIAS and its peers side by side, in one run, on one PostgreSQL. Start with ``bin/bench --help``.

::

    cli          what is asked for
    running      the rounds: contenders take turns, in an order that rotates; what fails is told, not hidden
    measures/    what is measured: each gives its trials, and the ratios that they are for
    contenders/  who is measured: how to make a fresh database for each, fill it, run a worker, see that it is empty
    programs/    what runs in the contenders' processes (each in its own virtual environment or node_modules)
    install      gets the peers, each pinned, into .bench/
    servers      PostgreSQL and Redis, for this run only
    report       medians, ratios, JSON, tables

Every job has a number. A worker notes for each when it started and how often (``programs/recorder``), so that every
drain shows that each job ran exactly once, and times come from the workers and not from looking at a database.
"""
