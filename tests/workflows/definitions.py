"""Definitions with exactly one problem each, and definitions without any."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from aias.plugins import ActionContext, Registry, action


class OrderInput(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: str = Field(pattern="^gid://")
    lines: list[int] = Field(default_factory=list)
    options: dict[str, bool] = Field(default_factory=dict)


class OrderOutput(BaseModel):
    id: str
    total: str
    customer: dict[str, str] | None = None


REGISTRY = Registry()


@action("shop.order", effect="none", integration="shop", into=REGISTRY)
async def order(context: ActionContext, data: OrderInput) -> OrderOutput:
    """Fetch an order."""
    raise NotImplementedError


@action("shop.pay", effect="at_most_once", into=REGISTRY)
async def pay(context: ActionContext, data: OrderInput) -> OrderOutput:
    """Pay an order."""
    raise NotImplementedError


@action("shop.tag", into=REGISTRY)
async def tag(context: ActionContext, data: OrderInput) -> None:
    """Tag an order."""
    raise NotImplementedError


@action("shop.refund", effect="idempotent", ledger=True, into=REGISTRY)
async def refund(context: ActionContext, data: OrderInput) -> None:
    """Refund an order, once: the ledger sees to it."""
    raise NotImplementedError


def steps(*listed: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"steps": [{"id": f"s{n}", "action": "noop", **step} for n, step in enumerate(listed)], **more}


SCHEMA = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "customer": {"type": "object", "properties": {"email": {"type": "string"}}},
        "open": {"type": "object", "properties": {"a": {}}, "additionalProperties": True},
        "lines": {"type": "array", "items": {"type": "object", "properties": {"sku": {"type": "string"}}}},
        "any": {},
    },
    "required": ["id"],
}
ORDER = {"action": "shop.order", "input": {"id": "gid://1"}}

CATALOGUE: list[tuple[str, dict[str, Any], str, str]] = [
    ("a duplicate id", steps({}, {"id": "s0"}), "$.steps[1].id", "taken by $.steps[0]"),
    ("an unknown need", steps({}, {"needs": ["s00"]}), "$.steps[1].needs[0]", "no step 's00'; did you mean 's0'?"),
    ("a need of itself", steps({"needs": ["s0"]}), "$.steps[0].needs[0]", "can't need itself"),
    ("a need named twice", steps({}, {"needs": ["s0", "s0"]}), "$.steps[1].needs[1]", "twice"),
    ("a circle of two", steps({"needs": ["s1"]}, {"needs": ["s0"]}), "$.steps[0].needs[0]", "s0 needs s1 needs s0"),
    (
        "a long circle",
        steps({}, *({"needs": [f"s{(n % 30) + 1}"]} for n in range(1, 31))),
        "$.steps[1].needs[0]",
        "s1 needs s2 needs s3",
    ),
    (
        "a circle through a fallback",
        steps({"needs": ["s1"], "on_failure": {"step": "s1"}}, {}),
        "$.steps[0].on_failure.step",
        "runs before",
    ),
    (
        "a fallback that waits for what waits for it",
        steps({"on_failure": {"step": "s1"}}, {"needs": ["s2"]}, {"needs": ["s0"]}),
        "$.steps[1].needs[0]",
        "circle",
    ),
    ("a fallback to itself", steps({"on_failure": {"step": "s0"}}), "$.steps[0].on_failure.step", "its own fallback"),
    ("an unknown fallback", steps({"on_failure": {"step": "x"}}), "$.steps[0].on_failure.step", "no step 'x'"),
    (
        "a fallback of two steps",
        steps({"on_failure": {"step": "s2"}}, {"on_failure": {"step": "s2"}}, {}),
        "$.steps[1].on_failure.step",
        "the fallback of 's0'",
    ),
    (
        "a fallback that gives a list",
        steps({"on_failure": {"step": "s1"}}, {"for_each": [1]}),
        "$.steps[0].on_failure.step",
        "a list",
    ),
    ("an unknown action", steps({"action": "shop.ordr"}), "$.steps[0].action", "did you mean 'shop.order'?"),
    ("a missing field", steps({"action": "shop.order"}), "$.steps[0].input.id", "shop.order requires it"),
    (
        "an unknown field",
        steps({"action": "shop.order", "input": {"id": "gid://1", "lnes": []}}),
        "$.steps[0].input.lnes",
        "did you mean 'lines'?",
    ),
    ("a constant of the wrong type", steps({**ORDER, "input": {"id": 3}}), "$.steps[0].input.id", "valid string"),
    ("a constant that does not fit", steps({**ORDER, "input": {"id": "1"}}), "$.steps[0].input.id", "match pattern"),
    (
        "a wrong constant beside a template",
        steps({**ORDER, "input": {"id": "gid://1", "lines": ["{{ input.x }}", "x"]}}),
        "$.steps[0].input.lines[1]",
        "valid integer",
    ),
    ("an input that is no object", steps({**ORDER, "input": [1]}), "$.steps[0].input", "valid dictionary"),
    ("an effect where there is none", steps({**ORDER, "effect": "at_most_once"}), "$.steps[0].effect", "no effect"),
    (
        "an effect that is said to be harmless",
        steps({"action": "shop.pay", "input": {"id": "gid://1"}, "effect": "idempotent"}),
        "$.steps[0].effect",
        "at_most_once",
    ),
    ("on_unknown without doubt", steps({**ORDER, "on_unknown": "ask"}), "$.steps[0].on_unknown", "only a step with"),
    ("a timeout of nothing", steps({"timeout": 5}), "$.steps[0].timeout", "takes no time"),
    ("a connection for nothing", steps({"connection": "x"}), "$.steps[0].connection", "uses no connection"),
    ("a condition that is a text", steps({"when": "input.x > 1"}), "$.steps[0].when", "is a template"),
    ("a condition with text around", steps({"when": "{{ 1 }} "}), "$.steps[0].when", "nothing around it"),
    ("items that are a text", steps({"for_each": "a, b"}), "$.steps[0].for_each", "a list, or a template"),
    (
        "items with text around",
        steps({"for_each": {"items": "x{{ [1] }}"}}),
        "$.steps[0].for_each.items",
        "nothing around",
    ),
    (
        "too many items",
        steps({"for_each": {"items": [1, 2, 3], "max_items": 2}}),
        "$.steps[0].for_each.items",
        "max_items",
    ),
    ("a malformed template", steps({"input": {"a": ["{{ x"]}}), "$.steps[0].input.a[0]", "unexpected end"),
    ("a forbidden template", steps({"input": "{{ ''.__class__ }}"}), "$.steps[0].input", "not allowed"),
    ("an endless template", steps({"input": "{{ 'a' * 'b' }}" * 2000}), "$.steps[0].input", "longer than 16,000"),
    ("an unknown name", steps({"input": "{{ inptu.x }}"}), "$.steps[0].input", "no 'inptu'; did you mean 'input'?"),
    ("an unknown input", steps({"input": "{{ input.idd }}"}, input=SCHEMA), "$.steps[0].input", "did you mean 'id'?"),
    (
        "an unknown part of an input",
        steps({"input": "{{ input.customer.mail }}"}, input=SCHEMA),
        "$.steps[0].input",
        "input has no 'mail'; did you mean 'email'?",
    ),
    (
        "an unknown part of an item of an input",
        steps({"input": "{{ input.lines[0].sk }}"}, input=SCHEMA),
        "$.steps[0].input",
        "no 'sk'",
    ),
    (
        "a guarded unknown input",
        steps({"input": "{{ input.idd|default(1) }}"}, input=SCHEMA),
        "$.steps[0].input",
        "no 'idd'",
    ),
    ("an unknown constant", steps({"input": "{{ vars.a.c }}"}, vars={"a": {"b": 1}}), "$.steps[0].input", "no 'c'"),
    ("a template among the constants", steps({}, vars={"a": ["{{ 1 }}"]}), "$.vars.a[0]", "constants"),
    ("an unknown step in a template", steps({"input": "{{ steps.x.output }}"}), "$.steps[0].input", "no step 'x'"),
    ("itself in a template", steps({"input": "{{ steps.s0.output }}"}), "$.steps[0].input", "this step itself"),
    (
        "a parallel step in a template",
        steps({}, {"input": "{{ steps.s0.output }}"}),
        "$.steps[1].input",
        "add it to needs",
    ),
    (
        "a later step in a template",
        steps({"input": "{{ steps.s1.output }}"}, {"needs": ["s0"]}),
        "$.steps[0].input",
        "add it to needs",
    ),
    ("all steps at once", steps({}, {"input": "{{ steps }}", "needs": ["s0"]}), "$.steps[1].input", "name the step"),
    (
        "a computed step",
        steps({}, {"input": "{{ steps[input.x].output }}", "needs": ["s0"]}),
        "$.steps[1].input",
        "name the step",
    ),
    (
        "an unknown part of a step",
        steps({}, {"input": "{{ steps.s0.result }}", "needs": ["s0"]}),
        "$.steps[1].input",
        "no 'result'",
    ),
    (
        "an unknown part of an output",
        steps(ORDER, {"input": "{{ steps.s0.output.totl }}", "needs": ["s0"]}),
        "$.steps[1].input",
        "did you mean 'total'?",
    ),
    (
        "a list that is taken for an object",
        steps({**ORDER, "for_each": [1]}, {"input": "{{ steps.s0.output.total }}", "needs": ["s0"]}),
        "$.steps[1].input",
        "is a list",
    ),
    ("an item outside of a loop", steps({"input": "{{ item }}"}), "$.steps[0].input", "for_each"),
    ("an item in its own items", steps({"for_each": "{{ item }}"}), "$.steps[0].for_each", "for_each"),
    ("an item in a condition", steps({"for_each": [1], "when": "{{ item }}"}), "$.steps[0].when", "for_each"),
    ("an item in the output", steps({}, output="{{ index }}"), "$.output", "for_each"),
    ("an unknown step in the output", steps({}, output={"a": "{{ steps.x.output }}"}), "$.output.a", "no step 'x'"),
    (
        "an unknown fact of the execution",
        steps({"input": "{{ execution.nr }}"}),
        "$.steps[0].input",
        "execution has no 'nr'",
    ),
    ("an unknown fact of the tenant", steps({"input": "{{ tenant.id }}"}), "$.steps[0].input", "tenant has no 'id'"),
    (
        "a workflow that starts itself",
        steps({"action": "workflow.run", "input": {"workflow": "flow"}}),
        "$.steps[0].input.workflow",
        "for ever",
    ),
    (
        "a workflow that is its own fallback",
        steps({}, on_failure={"workflow": "flow"}),
        "$.on_failure.workflow",
        "its own",
    ),
    (
        "a fallback workflow of its own",
        steps({"on_failure": {"workflow": "flow"}}),
        "$.steps[0].on_failure.workflow",
        "its own",
    ),
    (
        "a sleep of both kinds",
        steps({"action": "sleep", "input": {"seconds": 1, "until": "2030-01-01T00:00:00Z"}}),
        "$.steps[0].input",
        "either seconds or until",
    ),
    (
        "a sleep in words",
        steps({"action": "sleep", "input": {"seconds": "a while"}}),
        "$.steps[0].input.seconds",
        "duration",
    ),
    (
        "a branch without cases",
        steps({"action": "branch", "input": {"cases": {}}}),
        "$.steps[0].input.cases",
        "at least 1",
    ),
    (
        "an action in the long form of a loop",
        steps({"action": "for_each", "input": {"items": [1], "action": "shop.order", "input": {"idd": "x"}}}),
        "$.steps[0].input.input.idd",
        "did you mean 'id'?",
    ),
]


GOOD: list[tuple[str, dict[str, Any]]] = [
    ("templates where constants stand", steps({**ORDER, "input": {"id": "{{ input.id }}", "lines": "{{ input.x }}"}})),
    ("a whole input from a template", steps({**ORDER, "input": "{{ input }}"})),
    (
        "a template in a list of numbers",
        steps({**ORDER, "input": {"id": "gid://{{ input.n }}", "lines": [1, "{{ input.x }}"]}}),
    ),
    ("an open part of the input", steps({"input": "{{ input.open.whatever.at.all }}"}, input=SCHEMA)),
    ("a part of the input that is not described", steps({"input": "{{ input.any.x }}"}, input=SCHEMA)),
    ("any input where none is described", steps({"input": "{{ input.x.y }}"})),
    ("constants", steps({"input": "{{ vars.a[0].x }}"}, vars={"a": [{"x": 1}]})),
    ("a step before another", steps({}, {"needs": ["s0"]}, {"needs": ["s1"], "input": "{{ steps.s0.output.x }}"})),
    ("an output model", steps(ORDER, {"needs": ["s0"], "input": "{{ steps.s0.output.customer.any }}"})),
    (
        "an output in a loop",
        steps({**ORDER, "for_each": [1]}, {"needs": ["s0"], "input": "{{ steps.s0.output[0].total }}"}),
    ),
    (
        "what stood in for a step",
        steps(
            {**ORDER, "on_failure": {"step": "s1"}},
            {"input": {"x": "{{ steps.s0.error.message }}"}},
            {"needs": ["s0"], "input": "{{ steps.s0.output.x }}"},
        ),
    ),
    ("a fallback that needs what it stands in for", steps({"on_failure": {"step": "s1"}}, {"needs": ["s0"]})),
    ("a step that needs a fallback", steps({"on_failure": {"step": "s1"}}, {}, {"needs": ["s0", "s1"]})),
    (
        "itself under a condition",
        steps({"action": "workflow.run", "input": {"workflow": "flow"}, "when": "{{ input.x }}"}),
    ),
    ("a workflow by template", steps({"action": "workflow.run", "input": {"workflow": "{{ input.x }}"}})),
    ("facts", steps({"input": "{{ execution.id }}{{ execution.created_at }}{{ tenant.slug }}"})),
    ("a loop", steps({"for_each": {"items": [1], "concurrency": 1}, "input": "{{ item }}{{ index }}"})),
    ("doubt in the ledger", steps({"action": "shop.refund", "input": {"id": "gid://1"}, "on_unknown": "ask"})),
    ("doubt", steps({"action": "shop.pay", "input": {"id": "gid://1"}, "on_unknown": "ask"})),
    (
        "chosen doubt",
        steps({"action": "shop.tag", "input": {"id": "gid://1"}, "effect": "at_most_once", "on_unknown": "retry"}),
    ),
    ("a condition", steps({"when": "{{ input.x and not input.y }}"}, {"when": False})),
    ("an output", steps({}, output={"a": ["{{ steps.s0.output }}", 1]})),
    ("a step that nobody needs", steps({}, {})),
]
