"""From a text with ``{{ ... }}`` to a value."""

import functools
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from jinja2 import Template, TemplateSyntaxError, UndefinedError, nodes
from jinja2.exceptions import TemplateError as JinjaError

from aias.workflows.json_values import child
from aias.workflows.templates.budget import MAX_RESULT, Budget, TemplateError, budget, spending
from aias.workflows.templates.operators import plain
from aias.workflows.templates.sandbox import Rewriter, TemplateEnvironment, checked

MAX_TEMPLATE: Final = 16_000
"""Characters of one template."""
_MAX_CACHED: Final = 2_000
_environment = TemplateEnvironment()


class CompiledTemplate:
    """A checked template: one expression, which gives its value as it is, or a text with pieces in it."""

    def __init__(self, source: str) -> None:
        tree = parse(source)
        self.expression = _single_expression(tree)
        if self.expression is not None:
            target = nodes.Name("result", "store", lineno=1)
            tree.body = [nodes.Assign(target, self.expression, lineno=1)]
        tree = Rewriter().visit(tree)
        try:
            code = _environment.compile(tree)
            self._template = Template.from_code(_environment, cast("Any", code), {}, None)
        except (JinjaError, SyntaxError, RecursionError, MemoryError, ValueError) as error:
            raise TemplateError(f"can't be compiled: {_first_line(error)}") from None

    def render(self, variables: Mapping[str, Any]) -> Any:
        """Give the value, within the budget of the rendering that is going on.

        Raises:
            TemplateError: it needs what is not there, mixes what does not fit, or spends too much.
        """
        context = self._template.new_context(dict(variables))
        try:
            if self.expression is None:
                return self._text(self._template.root_render_func(context))
            for _ in self._template.root_render_func(context):
                pass
            return plain(context.vars["result"])
        except UndefinedError as error:
            raise TemplateError(str(error.message)) from None
        except TemplateError:
            raise
        except (JinjaError, TypeError, ValueError, ArithmeticError, LookupError, RecursionError, MemoryError) as error:
            raise TemplateError(_first_line(error)) from None

    @staticmethod
    def _text(pieces: Iterator[str]) -> str:
        found: list[str] = []
        size = 0
        for piece in pieces:
            size += len(piece)
            if size > MAX_RESULT:
                raise TemplateError(f"makes a text longer than {MAX_RESULT:,} characters")
            budget().spend(1 + len(piece) // 64)
            found.append(piece)
        return plain("".join(found))


def is_template(text: str) -> bool:
    """Tell whether anything in a text is to be rendered."""
    return "{{" in text or "{%" in text or "{#" in text


def parse(source: str) -> nodes.Template:
    """Parse and check a template without compiling it.

    Raises:
        TemplateError: it is too long, malformed, or holds what is not allowed.
    """
    if len(source) > MAX_TEMPLATE:
        raise TemplateError(f"is longer than {MAX_TEMPLATE:,} characters")
    try:
        return checked(_environment.parse(source))
    except TemplateSyntaxError as error:
        line = f" (line {error.lineno})" if error.lineno > 1 else ""
        raise TemplateError(f"{error.message}{line}") from None
    except (RecursionError, MemoryError, ValueError, SyntaxError) as error:
        raise TemplateError(f"can't be read: {_first_line(error)}") from None


def compiled(source: str) -> CompiledTemplate:
    """Compile a template; short ones are kept for the next time.

    Raises:
        TemplateError: it is malformed or holds what is not allowed.
    """
    return _compiled_short(source) if len(source) <= _MAX_CACHED else CompiledTemplate(source)


_compiled_short = functools.lru_cache(maxsize=1000)(CompiledTemplate)


def render(value: Any, variables: Mapping[str, Any], *, place: str = "$", own: Budget | None = None) -> Any:
    """Render every template in a JSON value; one budget pays for them all.

    Args:
        value: any JSON value; texts without ``{{`` stay as they are.
        variables: what the names in the templates stand for.
        place: the JSON path of ``value``, for the errors.
        own: a budget to charge; a fresh one by default.

    Raises:
        TemplateError: the first template that fails, with its JSON path.
    """
    with spending(own or Budget()):
        result = _render(value, variables, place)
        budget().weigh(result)
        return result


def _render(value: Any, variables: Mapping[str, Any], place: str) -> Any:
    if isinstance(value, str):
        if not is_template(value):
            return value
        try:
            return compiled(value).render(variables)
        except TemplateError as error:
            raise error.at(place) from None
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return {key: _render(item, variables, child(place, key)) for key, item in members.items()}
    if isinstance(value, list):
        items = cast("list[Any]", value)
        return [_render(item, variables, child(place, index)) for index, item in enumerate(items)]
    return value


def templates_in(value: Any, place: str = "$") -> Iterator[tuple[str, str]]:
    """Every template in a JSON value with its JSON path, in order."""
    if isinstance(value, str):
        if is_template(value):
            yield place, value
    elif isinstance(value, dict):
        for key, item in cast("dict[str, Any]", value).items():
            yield from templates_in(item, child(place, key))
    elif isinstance(value, list):
        for index, item in enumerate(cast("list[Any]", value)):
            yield from templates_in(item, child(place, index))


def _single_expression(tree: nodes.Template) -> nodes.Expr | None:
    """The expression of a template that is nothing but one ``{{ ... }}``."""
    if len(tree.body) == 1 and isinstance(output := tree.body[0], nodes.Output) and len(output.nodes) == 1:
        only = output.nodes[0]
        return None if isinstance(only, nodes.TemplateData) else only
    return None


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300] or type(error).__name__
