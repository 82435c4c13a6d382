"""Workflows: their definitions, and the engine that runs them.

Importing this package registers the task ``aias.advance_execution`` and the actions of ``flow``.
"""

from aias.workflows import flow as _flow  # noqa: F401 # pyright: ignore[reportUnusedImport] (registers the built-in actions)
from aias.workflows.applying import apply_workflow, check_definition
from aias.workflows.drawing import as_svg
from aias.workflows.dry_run import PlannedStep, dry_run
from aias.workflows.graph import Graph, graph_of
from aias.workflows.json_values import json_problems, load_json
from aias.workflows.models import Definition, Step, definition_schema
from aias.workflows.parsing import parse_definition, parse_document
from aias.workflows.queries import (
    approve_step,
    cancel_execution,
    delete_workflow,
    discard_dead_letter,
    explain_execution,
    get_definition,
    get_execution,
    get_workflow,
    list_dead_letters,
    list_events,
    list_executions,
    list_steps,
    list_workflows,
    replay_execution,
    requeue_dead_letter,
    retry_execution,
    run_workflow,
    send_signal,
    set_workflow_enabled,
)
from aias.workflows.rows import (
    Applied,
    DeadLetter,
    Execution,
    ExecutionEvent,
    ExecutionStep,
    Reason,
    Workflow,
)
from aias.workflows.tasks import advance_execution
from aias.workflows.templates import TemplateError
from aias.workflows.validation import validate

__all__ = [
    "Applied",
    "DeadLetter",
    "Definition",
    "Execution",
    "ExecutionEvent",
    "ExecutionStep",
    "Graph",
    "PlannedStep",
    "Reason",
    "Step",
    "TemplateError",
    "Workflow",
    "advance_execution",
    "apply_workflow",
    "approve_step",
    "as_svg",
    "cancel_execution",
    "check_definition",
    "definition_schema",
    "delete_workflow",
    "discard_dead_letter",
    "dry_run",
    "explain_execution",
    "get_definition",
    "get_execution",
    "get_workflow",
    "graph_of",
    "json_problems",
    "list_dead_letters",
    "list_events",
    "list_executions",
    "list_steps",
    "list_workflows",
    "load_json",
    "parse_definition",
    "parse_document",
    "replay_execution",
    "requeue_dead_letter",
    "retry_execution",
    "run_workflow",
    "send_signal",
    "set_workflow_enabled",
    "validate",
]
