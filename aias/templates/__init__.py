"""Templates: workflows that are ready to be used, with parameters, and which of them suit a tenant."""

from aias.templates.library import load_templates, read_library
from aias.templates.models import MadeTrigger, Recommendation, Rendered, Template, TemplateDocument, TemplateUse, Used
from aias.templates.queries import get_template, list_templates, list_uses, recommend_templates, render_template
from aias.templates.using import use_template

__all__ = [
    "MadeTrigger",
    "Recommendation",
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
    "recommend_templates",
    "render_template",
    "use_template",
]
