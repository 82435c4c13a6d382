"""The page on the Shopify actions says what is so: fields, effects, scopes; and the settings of the local shop."""

from __future__ import annotations

import re
from pathlib import Path

from aias.integrations.shopify.scopes import ACTION_SCOPES
from aias.plugins import all_actions, load_plugins
from aias.simulators.shopify_settings import ShopifySettings

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "shopify.md").read_text(encoding="utf-8")


def names(row: str) -> list[str]:
    return re.findall(r"`([^`]+)`", row)


def test_every_action_is_on_the_page_with_its_fields_its_effect_and_its_scopes() -> None:
    load_plugins()
    actions = {name: action for name, action in all_actions().items() if name.startswith("shopify.")}
    parts = PAGE.split("\n## The local shop")[0].split("\n### ")[1:]
    assert sorted(part.split("`")[1] for part in parts) == sorted(actions)
    for part in parts:
        name = part.split("`")[1]
        action = actions[name]
        told = dict(re.findall(r"^\| (\w+) \| (.*) \|$", part, re.MULTILINE))
        assert part.split("\n\n")[1] == action.summary
        assert names(told["input"]) == list(action.input_model.model_fields), name
        assert action.output_model is not None
        assert names(told["output"]) == list(action.output_model.model_fields), name
        assert told["effect"] == action.effect, name
        assert names(told["scopes"]) == list(ACTION_SCOPES[name]), name
        assert told["again"]


def test_every_action_that_changes_something_goes_through_the_ledger() -> None:
    load_plugins()
    for name, action in all_actions().items():
        if name.startswith("shopify."):
            assert action.ledger is (action.effect != "none"), name


def test_the_settings_of_the_local_shop_are_on_the_page() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", PAGE.split("\n## The local shop")[1], re.MULTILINE)
    assert rows == list(ShopifySettings.model_fields)
