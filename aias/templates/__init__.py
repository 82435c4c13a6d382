"""Templates: workflows that are ready to be used, with parameters, and which of them suit a tenant."""

from aias.templates.library import load_templates, read_library
from aias.templates.models import MadeTrigger, Rendered, Template, TemplateDocument, TemplateUse, Used
from aias.templates.queries import get_template, list_templates, list_uses, render_template
from aias.templates.using import use_template

__all__ = [
    "MadeTrigger",
    "Rendered",
    "Template",
    "TemplateDocument",
    "TemplateUse",
    "Used",
    "get_template",
    "list_templates",
    "list_uses",
    "load_templates",
    "read_library",
    "render_template",
    "use_template",
]
