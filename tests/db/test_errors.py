"""The error tree, and that it is the same set as the SQLSTATEs raised in SQL."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import psycopg
import pytest

from aias import errors
from aias.errors import (
    AiasError,
    ConfigurationError,
    Conflict,
    DefinitionError,
    InvalidArgument,
    NotFound,
    PermanentError,
    Problem,
    SqlError,
    TooManyRequests,
    TransientError,
    translated,
)

ROOT = Path(__file__).parents[2]


def raise_in_sql(conn: psycopg.Connection[Any], sqlstate: str, detail: str = "") -> None:
    body = f"""
        begin
            raise exception 'no tenant %', 'acme'
                using errcode = '{sqlstate}', column = 'p_tenant', detail = '{detail}';
        end
    """
    conn.execute(f"do $do$ {body} $do$".encode())


def test_the_error_classes_are_the_sqlstates_that_sql_raises() -> None:
    raised = {
        code
        for folder in ("migrations", "sql")
        for path in (ROOT / folder).rglob("*.sql")
        for code in re.findall(r"errcode\s*=\s*'(JR\d{3})'", path.read_text())
    }
    known = {cls.sqlstate for cls in SqlError.__subclasses__()}
    # the classes of the contract; JR429 is raised by the limits, which may not be there yet
    assert known == {"JR403", "JR404", "JR409", "JR422", "JR429"}
    assert raised - known == set()
    assert known - raised <= {"JR429"}


def test_every_error_of_ours_is_exported_and_drawn_in_the_tree() -> None:
    classes = {
        value.__name__ for value in vars(errors).values() if isinstance(value, type) and issubclass(value, AiasError)
    }
    assert classes <= set(errors.__all__)
    assert errors.__all__ == sorted(errors.__all__)
    assert errors.__doc__ is not None
    assert [name for name in classes if name not in errors.__doc__] == []


@pytest.mark.parametrize("cls", SqlError.__subclasses__())
def test_a_sqlstate_of_ours_becomes_its_class(cls: type[SqlError], tx: psycopg.Connection[Any]) -> None:
    with pytest.raises(cls) as caught, translated():
        raise_in_sql(tx, cls.sqlstate, "the particulars")
    assert caught.value.message == "no tenant acme"
    assert caught.value.argument == "p_tenant"
    assert caught.value.detail == "the particulars"
    assert isinstance(caught.value.__cause__, psycopg.Error)


async def test_translation_works_around_asynchronous_code(conn: psycopg.AsyncConnection[Any]) -> None:
    with pytest.raises(NotFound):
        async with translated():
            await conn.execute("do $$ begin raise exception 'gone' using errcode = 'JR404'; end $$")


def test_any_other_database_error_passes_through(tx: psycopg.Connection[Any]) -> None:
    with pytest.raises(psycopg.errors.DivisionByZero), translated():
        tx.execute("select 1 / 0")


@pytest.mark.parametrize(
    ("detail", "seconds"), [('{"retry_after": 1.5}', 1.5), ("", None), ("soon", None), ("[1]", None)]
)
def test_a_limit_says_when_to_come_back_where_sql_knew(detail: str, seconds: float | None) -> None:
    assert TooManyRequests("slow down", detail=detail).retry_after == seconds


def test_exit_codes_are_the_contracts() -> None:
    assert [cls.exit_code for cls in (AiasError, ConfigurationError, InvalidArgument, NotFound, Conflict)] == [
        1,
        2,
        2,
        3,
        4,
    ]


def test_a_step_error_is_stored_with_type_message_and_particulars() -> None:
    assert PermanentError("no such order").to_json() == {"type": "PermanentError", "message": "no such order"}
    assert TransientError("busy", retry_after=2.0, detail={"status": 429}).to_json() == {
        "type": "TransientError",
        "message": "busy",
        "detail": {"status": 429},
        "retry_after": 2.0,
    }


def test_a_definition_error_lists_every_problem_with_its_path() -> None:
    error = DefinitionError([Problem(path="$.name", message="is missing"), Problem(path="$.steps", message="is empty")])
    assert str(error) == "$.name: is missing\n$.steps: is empty"
