from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pydantic import BaseModel, ConfigDict, Field

from aias.errors import ConfigurationError, PermanentError
from aias.plugins import ActionContext, Registry, Wait, action

NOBODY = cast("ActionContext", SimpleNamespace())


class AmountInput(BaseModel):
    model_config = ConfigDict(extra="forbid")
    amount: Decimal
    times: int = Field(default=1, ge=1)


class AmountOutput(BaseModel):
    total: Decimal


async def multiply(context: ActionContext, data: AmountInput) -> AmountOutput:
    """Multiply an amount.

    Not shown in lists.
    """
    return AmountOutput(total=data.amount * data.times)


def registered(function: Any = multiply, name: str = "test.multiply", **options: Any) -> Registry:
    into = Registry()
    action(name, into=into, **options)(function)
    return into


def test_an_action_knows_its_models_and_its_docstrings_first_line() -> None:
    known = registered(timeout=5.0, effect="none", integration="shopify").get("test.multiply")
    assert known is not None
    assert (known.input_model, known.output_model) == (AmountInput, AmountOutput)
    assert known.summary == "Multiply an amount."
    assert (known.timeout, known.effect, known.instant, known.integration) == (5.0, "none", False, "shopify")


async def test_decimals_leave_an_action_as_strings_and_lose_no_cent() -> None:
    known = registered().get("test.multiply")
    assert known is not None
    assert await known.call(NOBODY, {"amount": "0.10", "times": 3}) == {"total": "0.30"}


async def test_bad_input_names_every_field_and_shows_no_value() -> None:
    known = registered().get("test.multiply")
    assert known is not None
    with pytest.raises(PermanentError) as raised:
        await known.call(NOBODY, {"amount": "s3cret", "times": 0, "more": 1})
    message = str(raised.value)
    assert all(field in message for field in ("amount:", "times:", "more:"))
    assert "s3cret" not in message


async def test_a_wait_passes_through_unchanged() -> None:
    async def pause(context: ActionContext, data: AmountInput) -> AmountOutput | Wait:
        return Wait(kind="sleep", seconds=3)

    known = registered(pause, "test.pause").get("test.pause")
    assert known is not None
    assert await known.call(NOBODY, {"amount": "1"}) == Wait(kind="sleep", seconds=3)
    assert known.output_model is AmountOutput


async def test_an_action_without_output_gives_null() -> None:
    async def tell(context: ActionContext, data: AmountInput) -> None: ...

    known = registered(tell, "test.tell").get("test.tell")
    assert known is not None
    assert known.output_model is None
    assert await known.call(NOBODY, {"amount": "1"}) is None


def test_a_name_is_taken_once() -> None:
    into = registered()

    async def other(context: ActionContext, data: AmountInput) -> AmountOutput:
        raise NotImplementedError

    with pytest.raises(ConfigurationError, match="defined twice"):
        action("test.multiply", into=into)(other)
    action("test.multiply", into=into)(multiply)  # the same module imported again is no conflict


@pytest.mark.parametrize("name", ["", "Upper.case", "a b", "a..b", ".a", "a.", "1a", "x" * 101, "a.b\n"])
def test_a_malformed_name_is_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match="lower-case words"):
        registered(name=name)


def not_async(context: ActionContext, data: AmountInput) -> AmountOutput:
    raise NotImplementedError


async def one_argument(context: ActionContext) -> AmountOutput:
    raise NotImplementedError


async def no_model(context: ActionContext, data: dict[str, Any]) -> AmountOutput:
    raise NotImplementedError


async def no_result(context: ActionContext, data: AmountInput):  # noqa: ANN201 (the point of the test)
    raise NotImplementedError


async def two_results(context: ActionContext, data: AmountInput) -> AmountOutput | AmountInput:
    raise NotImplementedError


async def unknown_model(context: ActionContext, data: "Nowhere") -> AmountOutput:  # noqa: F821 # pyright: ignore[reportUndefinedVariable]
    raise NotImplementedError


@pytest.mark.parametrize("function", [not_async, one_argument, no_model, no_result, two_results, unknown_model])
def test_a_function_that_cannot_be_an_action_is_refused_at_once(function: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"test\.multiply"):
        registered(function)


@pytest.mark.parametrize("options", [{"instant": True}, {"timeout": 0}, {"timeout": float("nan")}, {"timeout": 1e9}])
def test_impossible_options_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        registered(**options)


def test_a_scope_leaves_the_registry_as_it_was() -> None:
    into = Registry()
    with into.scoped():
        action("test.multiply", into=into)(multiply)
        assert list(into.all()) == ["test.multiply"]
    assert into.all() == {}
