"""Rows in files: the forms that values take in Parquet, and the checksum that PostgreSQL computes as well.

pyarrow comes with the extra ``archive`` and is imported when the first file is written or read.
"""

from __future__ import annotations

import hashlib
import importlib
import struct
from collections.abc import Iterable, Sequence
from typing import Any

from aias.archive.models import Column, Form
from aias.errors import ConfigurationError

__all__ = ["Checksum", "arrow", "columns_to_rows", "rows_to_batch", "schema_of"]


def arrow(module: str = "pyarrow") -> Any:
    """Give pyarrow, or a module of it.

    Raises:
        ConfigurationError: it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ConfigurationError(f"the archive needs pyarrow: pip install 'aias[archive]' ({error})") from error


# pyarrow's name of each form, and what it is called with
_TYPES: dict[Form, tuple[str, tuple[str, ...]]] = {
    "boolean": ("bool_", ()),
    "smallint": ("int16", ()),
    "integer": ("int32", ()),
    "bigint": ("int64", ()),
    "real": ("float32", ()),
    "double": ("float64", ()),
    "uuid": ("uuid", ()),
    "timestamptz": ("timestamp", ("us", "UTC")),
    "timestamp": ("timestamp", ("us",)),
    "date": ("date32", ()),
    "bytea": ("binary", ()),
    "text": ("string", ()),
}


def _type(form: Form) -> Any:
    name, arguments = _TYPES[form]
    return getattr(arrow(), name)(*arguments)


def schema_of(columns: Sequence[Column]) -> Any:
    """Give the Arrow schema of a file; the PostgreSQL type of each column is kept as its field's metadata."""
    pa = arrow()
    return pa.schema(
        [
            pa.field(
                column.name,
                _type(column.form),
                nullable=column.is_nullable,
                metadata={"postgresql_type": column.type},
            )
            for column in columns
        ]
    )


def rows_to_batch(rows: Sequence[Sequence[Any]], columns: Sequence[Column], schema: Any) -> Any:
    """Make a record batch of rows as ``aias_private.open_archive`` gives them."""
    pa = arrow()
    arrays: list[Any] = []
    for at, (column, field) in enumerate(zip(columns, schema, strict=True)):
        values: list[Any] = [row[at] for row in rows]
        match column.form:
            case "uuid":
                stored = pa.array([None if v is None else v.bytes for v in values], pa.binary(16))
                arrays.append(pa.ExtensionArray.from_storage(field.type, stored))
            case "timestamptz" | "timestamp":
                arrays.append(pa.array(values, pa.int64()).view(field.type))
            case "date":
                arrays.append(pa.array(values, pa.int32()).view(field.type))
            case _:
                arrays.append(pa.array(values, field.type))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def columns_to_rows(batch: Any, columns: Sequence[Column]) -> Iterable[tuple[Any, ...]]:
    """Give the rows of a batch that was read, in the forms in which they came from PostgreSQL."""
    pa = arrow()
    taken: list[list[Any]] = []
    for at, column in enumerate(columns):
        array = batch.column(at)
        match column.form:
            case "timestamptz" | "timestamp":
                taken.append(array.view(pa.int64()).to_pylist())
            case "date":
                taken.append(array.view(pa.int32()).to_pylist())
            case _:
                taken.append(array.to_pylist())
    return zip(*taken, strict=True)


def _canonical(value: Any, form: Form) -> str:
    match form:
        case "text":
            return value
        case "boolean":
            return "true" if value else "false"
        case "bytea":
            return value.hex()
        case "real":
            return struct.pack(">f", value).hex()
        case "double":
            return struct.pack(">d", value).hex()
        case _:
            return str(value)


class Checksum:
    """Counts rows and adds up their hashes, as ``aias_private.rows_checksum`` does; the order does not matter."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._forms: list[Form] = [column.form for column in columns]
        self.row_count = 0
        self.total = 0

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        """Take rows in, in the forms in which they came from PostgreSQL."""
        for row in rows:
            parts: list[str] = []
            for value, form in zip(row, self._forms, strict=True):
                if value is None:
                    parts.append("N,")
                else:
                    text = _canonical(value, form)
                    parts.append(f"{len(text)}:{text},")
            digest = hashlib.sha256("".join(parts).encode()).digest()
            self.total += int.from_bytes(digest[:8], "big", signed=True)
            self.row_count += 1
