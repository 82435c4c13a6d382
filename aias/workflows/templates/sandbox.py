"""The sandbox of templates: jinja2's, with everything that loops, grows or reaches rewritten into paid calls.

A template is parsed by jinja2, its tree is checked against a list of what may stand in it, and then rewritten:

- ``for`` walks through ``_loop``, which pays for each round the size of the loop's body,
- comparisons, ``in``, ``~`` and slices become filters of ours, which pay for the data that they touch,
- ``x.name()`` of the few methods that are useful becomes the filter of that name; no other call is left,
- arithmetic goes through ``call_binop`` (jinja2's own hook), attributes and items through ``getattr`` and ``getitem``.

An attribute is a key of an object and nothing else: no attribute of a Python object can be reached at all, so there
is no list of forbidden ones to keep complete.
"""

import itertools
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final, cast

from jinja2 import StrictUndefined, nodes
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from aias.workflows.json_values import scalar_trouble
from aias.workflows.templates import operators
from aias.workflows.templates.budget import TemplateError, budget, kind_of, settled
from aias.workflows.templates.filters import FILTERS, INTERNAL_FILTERS, METHODS, TESTS

_LOOP_ATTRIBUTES: Final = frozenset({
    "index", "index0", "revindex", "revindex0", "first", "last", "length", "depth", "previtem", "nextitem",
})  # fmt: skip
_RESERVED: Final = frozenset({"self", "super", "caller", "varargs", "kwargs", "loop"})
_MAX_DEPTH: Final = 60

_STATEMENTS: Final = (nodes.Template, nodes.Output, nodes.For, nodes.If, nodes.Assign, nodes.TemplateData)
_EXPRESSIONS: Final = (
    nodes.Name, nodes.Const, nodes.Tuple, nodes.List, nodes.Dict, nodes.Pair, nodes.Keyword, nodes.CondExpr,
    nodes.Filter, nodes.Test, nodes.Call, nodes.Getitem, nodes.Getattr, nodes.Slice, nodes.Concat, nodes.Compare,
    nodes.Operand, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Add, nodes.Sub, nodes.Mod, nodes.Pow,
    nodes.Not, nodes.And, nodes.Or, nodes.Neg, nodes.Pos,
)  # fmt: skip
_NAMED: Final[dict[type[nodes.Node], str]] = {
    nodes.Include: "include", nodes.Import: "import", nodes.FromImport: "import", nodes.Extends: "extends",
    nodes.Block: "block", nodes.Macro: "macro", nodes.CallBlock: "call", nodes.FilterBlock: "filter",
    nodes.AssignBlock: "a block set", nodes.With: "with", nodes.ScopedEvalContextModifier: "autoescape",
}  # fmt: skip


class MissingValue(StrictUndefined):
    """Anything done with a value that is not there raises, and says what is there instead."""

    @property
    def _undefined_message(self) -> str:
        name: Any = self._undefined_name
        found: Any = self._undefined_obj
        if isinstance(found, dict):
            keys = itertools.islice(cast("dict[str, Any]", found), 200)
            there = ", ".join(sorted(keys)[:10])
            return f"{name!r} is not there" + (f" (there are: {there})" if there else " (the object is empty)")
        if isinstance(name, int):
            return f"there is no item {name}"
        if found is None:
            return f"there is no {name!r} in null"
        return f"{name!r} is not there"


class TemplateEnvironment(ImmutableSandboxedEnvironment):
    """The one environment of all templates; its rendering pays the current budget."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})
    intercepted_unops = frozenset({"+", "-"})

    def __init__(self) -> None:
        super().__init__(undefined=MissingValue, autoescape=False, optimized=False, cache_size=0)
        self.finalize = operators.as_text
        self.globals: dict[str, Any] = {}
        self.filters = {**FILTERS, **INTERNAL_FILTERS}
        self.tests = dict(TESTS)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Give the member of an object; the only attributes of anything else are those of ``loop``."""
        budget().spend()
        if isinstance(settled(obj), dict) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, LoopContext) and attribute in _LOOP_ATTRIBUTES:
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Give the member of an object by key, or of a list or a text by position."""
        budget().spend()
        key: Any = settled(argument)
        found = False
        if isinstance(settled(obj), dict):
            found = isinstance(key, str) and key in obj
        elif isinstance(obj, list | tuple | str) and isinstance(key, int) and not isinstance(key, bool):
            length = len(cast("list[Any]", obj))
            found = -length <= key < length
        return cast("Any", obj)[key] if found else self.undefined(obj=obj, name=cast("Any", key))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ARG002 (jinja2's hook)
        """Pay for an operator and carry it out."""
        return operators.arithmetic(operator, settled(left), settled(right))

    def call_unop(self, context: Context, operator: str, arg: Any) -> Any:  # noqa: ARG002 (jinja2's hook)
        """Negate a number."""
        value = settled(arg)
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            raise TemplateError(f"{operator} takes a number")
        return -value if operator == "-" else value

    def call(self, *_args: Any, **_kwargs: Any) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Refuse: the rewritten tree has no calls."""
        raise TemplateError("calls are not allowed")


def checked(template: nodes.Template) -> nodes.Template:
    """Give the tree back when only allowed constructs stand in it.

    Raises:
        TemplateError: what may not stand in a template, and in which line.
    """
    stack: list[tuple[nodes.Node, int, nodes.Node | None]] = [(template, 0, None)]
    while stack:
        node, depth, parent = stack.pop()
        if depth > _MAX_DEPTH:
            raise TemplateError(f"nested deeper than {_MAX_DEPTH} levels")
        if (trouble := _trouble(node, parent)) is not None:
            line = f" (line {node.lineno})" if (node.lineno or 1) > 1 else ""
            raise TemplateError(f"{trouble}{line}")
        stack.extend((inner, depth + 1, node) for inner in node.iter_child_nodes())
    return template


def _trouble(node: nodes.Node, parent: nodes.Node | None) -> str | None:  # noqa: C901 (one case per rule)
    """Why a node may not stand in a template, or none."""
    trouble: str | None = None
    match node:
        case nodes.Name():
            trouble = _name_trouble(node, parent)
        case nodes.Const() if (found := scalar_trouble(node.value)) is not None:
            trouble = f"{kind_of(node.value)} {found}"
        case nodes.Getattr() if node.attr.startswith("__"):
            trouble = f"the attribute {node.attr!r:.60} is not allowed"
        case nodes.Filter() if node.node is None or node.name not in FILTERS:
            trouble = f"there is no filter {node.name!r:.60}"
        case nodes.Test() if node.name not in TESTS:
            trouble = f"there is no test {node.name!r:.60}"
        case nodes.For() if node.recursive:
            trouble = "a recursive loop is not allowed"
        case nodes.Compare() if len(node.ops) != 1:
            trouble = "compare two values at a time: a < b and b < c"
        case nodes.Call() | nodes.Filter() | nodes.Test() if node.dyn_args is not None or node.dyn_kwargs is not None:
            trouble = "* and ** are not allowed in arguments"
        case nodes.Call():
            trouble = _call_trouble(node)
        case _ if not isinstance(node, _STATEMENTS + _EXPRESSIONS):
            trouble = f"{_NAMED.get(type(node), type(node).__name__.lower())} is not allowed"
        case _:
            pass
    return trouble


def _name_trouble(node: nodes.Name, parent: nodes.Node | None) -> str | None:
    if node.name.startswith("_"):
        return f"the name {node.name!r:.60} is not allowed"
    if node.ctx != "load" and node.name in _RESERVED | ROOTS:
        return f"{node.name!r} can't be given another value"
    is_function = isinstance(parent, nodes.Call) and parent.node is node
    if node.ctx == "load" and node.name in _RESERVED - {"loop"} and not is_function:
        return f"the name {node.name!r} is not allowed"
    return None


def _call_trouble(node: nodes.Call) -> str | None:
    match node.node:
        case nodes.Name(name="range") if 1 <= len(node.args) <= 3 and not node.kwargs:  # noqa: PLR2004 (as Python's)
            return None
        case nodes.Name():
            return f"there is no function {node.node.name!r:.60}"
        case nodes.Getattr() if node.node.attr in METHODS:
            return None
        case nodes.Getattr():
            return f"there is no method {node.node.attr!r:.60}"
        case _:
            return "calls are not allowed"


ROOTS: Final = frozenset({"input", "vars", "steps", "item", "index", "execution", "tenant"})
"""The names that the engine gives to a template."""


class Rewriter(NodeTransformer):
    """Puts paid calls in the place of what jinja2 would compile to plain Python."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 (the visitor looks for the node's name)
        """Pay for each round what the body is worth."""
        size = 1 + _size(node.body) + (_size([node.test]) if node.test is not None else 0)
        self.generic_visit(node)
        node.iter = _filter(node.iter, "_loop", nodes.Const(size, lineno=node.lineno))
        return node

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:  # noqa: N802 (the visitor looks for the node's name)
        """Compare through a call; there is exactly one operand."""
        self.generic_visit(node)
        operand = node.ops[0]
        return _filter(node.expr, "_compare", nodes.Const(operand.op, lineno=node.lineno), operand.expr)

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 (the visitor looks for the node's name)
        """Join texts through a call."""
        self.generic_visit(node)
        return _filter(node.nodes[0], "_concat", *node.nodes[1:])

    def visit_CondExpr(self, node: nodes.CondExpr) -> nodes.Node:  # noqa: N802 (the visitor looks for the node's name)
        """Let ``a if b`` without ``else`` give null."""
        self.generic_visit(node)
        node.expr2 = node.expr2 or nodes.Const(None, lineno=node.lineno)
        return node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:  # noqa: N802 (the visitor looks for the node's name)
        """Cut slices through a call: jinja2 would compile them to Python's own."""
        self.generic_visit(node)
        if isinstance(node.arg, nodes.Slice):
            bounds = (
                part or nodes.Const(None, lineno=node.lineno) for part in (node.arg.start, node.arg.stop, node.arg.step)
            )
            return _filter(node.node, "_slice", *bounds)
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 (the visitor looks for the node's name)
        """Turn ``range(...)`` and the allowed methods into filters."""
        self.generic_visit(node)
        if isinstance(node.node, nodes.Getattr):
            return _filter(node.node.node, METHODS[node.node.attr], *node.args, kwargs=node.kwargs)
        return _filter(node.args[0], "_range", *node.args[1:])


def _filter(node: Any, name: str, *args: nodes.Expr, kwargs: Iterable[nodes.Keyword] = ()) -> Any:
    """Make a filter node where ``node`` stood."""
    make: Any = nodes.Filter
    return make(node, name, list(args), list(kwargs), None, None, lineno=node.lineno)


def _size(body: Iterable[nodes.Node]) -> int:
    """Count the nodes, without recursion."""
    count, stack = 0, list(body)
    while stack:
        count += 1
        stack.extend(stack.pop().iter_child_nodes())
    return count
