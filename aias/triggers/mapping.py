"""Conditions and mappings of triggers: templates over what came in, in the sandbox of workflows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aias.errors import InvalidArgument
from aias.workflows.templates import TemplateError, parse, render, templates_in

__all__ = ["check_templates", "decide"]


def check_templates(condition: str | None, mapping: Mapping[str, Any] | None) -> None:
    """Refuse templates that can't be read, before they are stored.

    Raises:
        InvalidArgument: the first mistake, with its place.
    """
    for argument, value in (("p_condition", condition), ("p_mapping", None if mapping is None else dict(mapping))):
        for place, template in templates_in(value):
            try:
                parse(template)
            except TemplateError as error:
                raise InvalidArgument(f"{argument}: {place}: {error}", argument=argument) from None


def decide(condition: str | None, mapping: Mapping[str, Any] | None, variables: Mapping[str, Any]) -> Any | None:
    """Give the input that a mapping makes (without one: ``payload``), or None where the condition does not hold.

    Raises:
        TemplateError: a template needs what is not there, or spends too much.
    """
    if condition is not None and not render(condition, variables, place="condition"):
        return None
    if mapping is None:
        return variables["payload"]
    return render(dict(mapping), variables, place="mapping")
