"""A definition as far as it can be understood.

A document whose structure is wrong in one place is still worth checking in all others: what pydantic refuses is
reported and taken out, and what has to be there gets a stand-in, until the rest fits the models.
"""

import copy
from dataclasses import dataclass
from typing import Any, Final, cast

from pydantic import ValidationError

from aias.errors import Problem
from aias.workflows.models import Definition, Step
from aias.workflows.parsing import structure_problems

STAND_IN: Final = "stand_in_"
"""Starts the id of a step whose own can't be used; no written id can be mistaken for it (they are numbered)."""
_ROUNDS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftStep:
    """A step and where its parts stand in the document as it was written."""

    step: Step
    path: str
    input_path: str
    items_path: str
    written_id: str | None
    """The id in the document, also when it is no proper one: others may name it in ``needs``."""
    is_action_known: bool
    """Whether the document names an action at all."""

    @property
    def has_proper_id(self) -> bool:
        """Whether the id is one."""
        return not self.step.id.startswith(STAND_IN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What could be read, and what is wrong with the structure."""

    definition: Definition | None
    steps: list[DraftStep]
    problems: list[Problem]

    @property
    def by_id(self) -> dict[str, DraftStep]:
        """The steps by id; the first of those with the same one."""
        found: dict[str, DraftStep] = {}
        for step in self.steps:
            if step.has_proper_id:
                found.setdefault(step.step.id, step)
        return found

    @property
    def names(self) -> set[str]:
        """Every id that stands in the document, proper or not."""
        return {step.written_id for step in self.steps if step.written_id is not None}


def draft_of(source: Definition | dict[str, Any]) -> Draft:
    """Read as much of a definition as can be read."""
    if isinstance(source, Definition):
        steps = [_step(step, index, {}) for index, step in enumerate(source.steps)]
        return Draft(definition=source, steps=steps, problems=[])
    problems: list[Problem] = []
    work = copy.deepcopy(source)
    for turn in range(_ROUNDS):
        try:
            definition = Definition.model_validate(work)
        except ValidationError as error:
            # a stand-in never causes a problem of its own, so what comes in later rounds was hidden in the first
            told = {problem.path for problem in problems}
            found = structure_problems(error, source if turn == 0 else work)
            problems += [problem for problem in found if problem.path not in told]
            _repair(work, error)
        else:
            return Draft(definition=definition, steps=_steps(definition, source), problems=problems)
    return Draft(definition=None, steps=[], problems=problems)


def _steps(definition: Definition, source: dict[str, Any]) -> list[DraftStep]:
    raw = source.get("steps")
    listed = cast("list[Any]", raw) if isinstance(raw, list) else []
    found: list[DraftStep] = []
    for index, step in enumerate(definition.steps):
        written: Any = listed[index] if index < len(listed) else {}
        found.append(_step(step, index, cast("dict[str, Any]", written) if isinstance(written, dict) else {}))
    return found if listed else []


def _step(step: Step, index: int, written: dict[str, Any]) -> DraftStep:
    path = f"$.steps[{index}]"
    input_path, items_path = f"{path}.input", f"{path}.for_each.items"
    if written.get("action") == "for_each" and "for_each" not in written:
        input_path, items_path = f"{path}.input.input", f"{path}.input.items"
    elif isinstance(written.get("for_each"), str | list):
        items_path = f"{path}.for_each"
    written_id = written.get("id", step.id)
    return DraftStep(
        step=step,
        path=path,
        input_path=input_path,
        items_path=items_path,
        written_id=written_id if isinstance(written_id, str) else None,
        is_action_known=step.action != STAND_IN,
    )


def _repair(work: dict[str, Any], error: ValidationError) -> None:
    """Take out what is refused, and put a stand-in where something has to be.

    From the end to the start, so that taking out an element of a list moves none that is still to be treated.
    """
    ways = {_way(work, item["loc"], item["type"]) for item in error.errors(include_url=False, include_input=False)}
    for way in sorted(ways, key=_position, reverse=True):
        stand_in = _stand_in(way)
        if stand_in is not None:
            _set(work, way, stand_in)
        elif way:
            _take_out(work, way)


def _position(way: tuple[str | int, ...]) -> list[int]:
    return [part if isinstance(part, int) else -1 for part in way]


def _way(work: Any, loc: tuple[str | int, ...], kind: str) -> tuple[str | int, ...]:
    """The location as far as it leads through the document: names of types and tags of unions are no part of it.

    What is missing is named itself when a stand-in can take its place, else the object that lacks it.
    """
    way: list[str | int] = []
    node = work
    for part in loc:
        following = _member(node, part)
        if following is not None or (isinstance(node, dict) and part in node):
            way.append(part)
            node = following
    if kind == "missing" and _stand_in((*way, loc[-1])) is not None:
        way.append(loc[-1])
    return tuple(way)


def _stand_in(way: tuple[str | int, ...]) -> Any:
    """What stands where something has to be; none where nothing has to."""
    match way:
        case ("name",):
            return "stand-in"
        case ("steps",):
            return [{"id": f"{STAND_IN}0", "action": STAND_IN}]
        case ("steps", int(index)):
            return {"id": f"{STAND_IN}{index}", "action": STAND_IN}
        case ("steps", int(index), "id"):
            return f"{STAND_IN}{index}"
        case ("steps", int(), "action"):
            return STAND_IN
        case _:
            return None


def _set(work: Any, way: tuple[str | int, ...], value: Any) -> None:
    holder = work
    for part in way[:-1]:
        holder = _member(holder, part)
    written = _member(_member(holder, way[-1]), "id")
    if isinstance(value, dict) and isinstance(written, str):
        value = {**cast("dict[str, Any]", value), "id": written}
    holder[way[-1]] = value


def _take_out(work: Any, way: tuple[str | int, ...]) -> None:
    holder = work
    for part in way[:-1]:
        holder = _member(holder, part)
    if isinstance(holder, dict):
        cast("dict[Any, Any]", holder).pop(way[-1], None)
    elif isinstance(holder, list) and isinstance(way[-1], int) and way[-1] < len(cast("list[Any]", holder)):
        del cast("list[Any]", holder)[way[-1]]


def _member(holder: Any, part: str | int) -> Any:
    if isinstance(holder, dict):
        return cast("dict[Any, Any]", holder).get(part)
    if isinstance(holder, list) and isinstance(part, int):
        items = cast("list[Any]", holder)
        return items[part] if part < len(items) else None
    return None
