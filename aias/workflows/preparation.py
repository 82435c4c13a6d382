"""From a stored definition to one that can run: validated again, once per version in a process."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from aias.errors import Problem
from aias.plugins import all_actions, get_action, load_plugins
from aias.workflows.checkpoints import Claim, Ledger
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
    plugins: frozenset[str]
    """Whose actions it calls, beside AIAS's own."""


Version = tuple[UUID, UUID, int]

_known: OrderedDict[Version, Prepared] = OrderedDict()
_under_way: dict[Version, asyncio.Task[Prepared | list[Problem]]] = {}


async def prepared(ledger: Ledger, claim: Claim) -> Prepared | list[Problem]:
    """Give the claimed definition ready to run, or its problems.

    It was validated when it was stored, perhaps by another release, with other plugins, or by SQL alone. Read and
    checked once, however many executions of it begin at the same time, and kept, because a version never changes.
    """
    key = (ledger.tenant, claim.workflow_id, claim.version)
    known = _known.get(key)
    if known is not None:
        _known.move_to_end(key)
        return known
    task = _under_way.get(key)
    if task is None or task.get_loop() is not asyncio.get_running_loop():
        task = _under_way[key] = asyncio.create_task(_read(key, ledger, claim))
    # of those who wait one may be cancelled: the others still want it
    return await asyncio.shield(task)


async def _read(key: Version, ledger: Ledger, claim: Claim) -> Prepared | list[Problem]:
    try:
        # in a thread, because a large one takes a while
        result = await asyncio.to_thread(_prepare, await ledger.definition(claim))
    finally:
        _under_way.pop(key, None)
    if isinstance(result, Prepared):
        _known[key] = result
        while len(_known) > _MAX_KNOWN:
            _known.popitem(last=False)
    return result


def _prepare(raw: Any) -> Prepared | list[Problem]:
    load_plugins()
    problems = validate(raw, known_actions=all_actions())
    if problems:
        return problems
    definition = definition_of(raw)
    found = {step.action: get_action(step.action) for step in definition.steps}
    plugins = frozenset(action.plugin for action in found.values() if action is not None) - {"aias"}
    return Prepared(definition=definition, graph=graph_of(definition), plugins=plugins)
