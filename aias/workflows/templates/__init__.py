"""Templates: jinja2's language with native values, in a sandbox that bounds what a template can reach and spend."""

from aias.workflows.templates.budget import Budget, TemplateError
from aias.workflows.templates.references import Reference, references
from aias.workflows.templates.render import compiled, is_template, parse, render, templates_in

__all__ = [
    "Budget",
    "Reference",
    "TemplateError",
    "compiled",
    "is_template",
    "parse",
    "references",
    "render",
    "templates_in",
]
