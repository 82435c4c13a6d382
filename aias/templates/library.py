"""The files of the gallery, and their way into the database."""

from __future__ import annotations

import functools
from importlib.resources import files
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import scalar_row
from psycopg.types.json import Jsonb
from pydantic import ValidationError

from aias.errors import ConfigurationError, translated
from aias.templates.models import TemplateDocument
from aias.workflows import parse_document

__all__ = ["load_templates", "read_library"]


@functools.cache
def read_library() -> tuple[TemplateDocument, ...]:
    """Give the templates that this release brings, by name.

    Raises:
        ConfigurationError: a file is no template; the message names it and says what is wrong.
    """
    folder = files("aias.templates").joinpath("library")
    named = sorted((entry.name, entry) for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    return tuple(_document(name, entry.read_text(encoding="utf-8")) for name, entry in named)


def _document(name: str, text: str) -> TemplateDocument:
    try:
        document = TemplateDocument.model_validate(parse_document(text, "yaml"))
    except ValidationError as error:
        raise ConfigurationError(f"the template {name}: {error}") from error
    if name != f"{document.name}.yaml":
        raise ConfigurationError(f"the template {document.name} stands in {name}")
    return document


async def load_templates(conn: AsyncConnection[Any]) -> int:
    """Bring the gallery in the database to what this release brings; gives how many versions were new.

    Safe to repeat, and from several processes at once.

    Raises:
        ConfigurationError: a file is no template.
        Conflict: a template was changed without a new version.
    """
    documents = [document.model_dump(mode="json", exclude_defaults=True) for document in read_library()]
    async with translated(), conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select aias_private.store_templates(%s)", (Jsonb(documents),))
        (count,) = await cursor.fetchall()
    return count
