"""Who is measured."""

from bench.contenders.aias import Aias, AiasDefer, BareInsert, BareJobInsert, InstantAias, RawSql
from bench.contenders.base import Contender, Site, WorkflowContender
from bench.contenders.bullmq import Bullmq
from bench.contenders.dbos import Dbos
from bench.contenders.graphile import Graphile
from bench.contenders.pgqueuer import Pgqueuer
from bench.contenders.procrastinate import Procrastinate

__all__ = [
    "PEERS",
    "Aias",
    "AiasDefer",
    "BareInsert",
    "BareJobInsert",
    "Bullmq",
    "Contender",
    "Dbos",
    "Graphile",
    "InstantAias",
    "Pgqueuer",
    "Procrastinate",
    "RawSql",
    "Site",
    "WorkflowContender",
]

PEERS: dict[str, type[Contender]] = {peer.name: peer for peer in (Procrastinate, Pgqueuer, Dbos, Bullmq, Graphile)}
"""The peers by their names on the command line."""
