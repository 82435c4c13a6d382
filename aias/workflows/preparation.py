"""From a stored definition to one that can run: validated again, once per version in a process."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from aias.errors import Problem
from aias.plugins import all_actions, load_plugins
from aias.workflows.checkpoints import Claim
from aias.workflows.graph import Graph, graph_of
from aias.workflows.models import Definition
from aias.workflows.parsing import definition_of
from aias.workflows.validation import validate

_MAX_KNOWN: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A definition without problems, and its graph."""

    definition: Definition
    graph: Graph


_known: OrderedDict[tuple[UUID, str, int], tuple[Any, Prepared]] = OrderedDict()


async def prepared(tenant: UUID, claim: Claim) -> Prepared | list[Problem]:
    """Give the claimed definition ready to run, or its problems.

    It was validated when it was stored, perhaps by another release, with other plugins, or by SQL alone. Checked in a
    thread, because a large one takes a while; kept by version, and compared with what is stored, because a deleted
    workflow's name may be used again.
    """
    key = (tenant, claim.workflow_name, claim.version)
    known = _known.get(key)
    if known is not None and known[0] == claim.definition:
        _known.move_to_end(key)
        return known[1]
    result = await asyncio.to_thread(_prepare, claim.definition)
    if isinstance(result, Prepared):
        _known[key] = (claim.definition, result)
        while len(_known) > _MAX_KNOWN:
            _known.popitem(last=False)
    return result


def _prepare(raw: Any) -> Prepared | list[Problem]:
    load_plugins()
    problems = validate(raw, known_actions=all_actions())
    if problems:
        return problems
    definition = definition_of(raw)
    return Prepared(definition=definition, graph=graph_of(definition))
