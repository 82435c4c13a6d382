"""Which names a template needs: read from its tree, without running it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jinja2 import nodes

from aias.workflows.templates.render import parse


@dataclass(frozen=True, slots=True)
class Reference:
    """A name and the way into it that is known before running: ``steps.fetch.output.id`` or ``input.lines[0]``."""

    root: str
    path: tuple[str | int, ...] = ()

    def __str__(self) -> str:
        parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.path)
        return self.root + "".join(parts)


def references(source: str) -> list[Reference]:
    """Every name that a template reads from outside of itself, each once, in order of appearance.

    Raises:
        TemplateError: it is malformed or holds what is not allowed.
    """
    return list(dict.fromkeys(_in_body(parse(source).body, frozenset())))


def _in_body(body: list[nodes.Node], own: frozenset[str]) -> Iterator[Reference]:
    """Read statements in order: a ``set`` hides a name from the ones after it."""
    for node in body:
        match node:
            case nodes.Assign():
                yield from _in_expression(node.node, own)
                own = own | _names(node.target)
            case nodes.For():
                inner = own | _names(node.target) | {"loop"}
                yield from _in_expression(node.iter, own)
                if node.test is not None:
                    yield from _in_expression(node.test, inner)
                yield from _in_body(node.body, inner)
                yield from _in_body(node.else_, own)
            case nodes.If():
                yield from _in_expression(node.test, own)
                for branch in (node.body, *(other.body for other in node.elif_), node.else_):
                    yield from _in_body(branch, own)
                for other in node.elif_:
                    yield from _in_expression(other.test, own)
                own = own | frozenset(name for target in node.find_all(nodes.Assign) for name in _names(target.target))
            case _:
                yield from _in_expression(node, own)


def _in_expression(node: nodes.Node, own: frozenset[str]) -> Iterator[Reference]:
    if isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem) and (way := _way(node)) is not None:
        root, path, computed = way
        if root not in own:
            yield Reference(root, path)
        inner: Iterable[nodes.Node] = computed
    elif isinstance(node, nodes.Call):
        callee = [node.node.node] if isinstance(node.node, nodes.Getattr) else []  # a function's name is no value
        inner = [*callee, *node.args, *(keyword.value for keyword in node.kwargs)]
    else:
        inner = node.iter_child_nodes()
    for part in inner:
        yield from _in_expression(part, own)


def _way(node: nodes.Expr) -> tuple[str, tuple[str | int, ...], list[nodes.Expr]] | None:
    """Root name, the constant part of the way, and the keys that are expressions themselves."""
    path: list[str | int] = []
    extra: list[nodes.Expr] = []
    while isinstance(node, nodes.Getattr | nodes.Getitem):
        if isinstance(node, nodes.Getattr):
            path.append(node.attr)
        elif isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str | int):
            path.append(node.arg.value)
        else:
            path.clear()  # what comes after a computed key is not known before running
            extra.append(node.arg)
        node = node.node
    return (node.name, tuple(reversed(path)), extra) if isinstance(node, nodes.Name) else None


def _names(target: nodes.Node) -> frozenset[str]:
    return frozenset(name.name for name in (target, *target.find_all(nodes.Name)) if isinstance(name, nodes.Name))
