"""What templates give."""

from typing import Any

import pytest

from aias.workflows.templates import TemplateError, compiled, is_template, references, render

VARIABLES: dict[str, Any] = {
    "input": {
        "n": 3,
        "zip": "01234",
        "yes": True,
        "nothing": None,
        "price": "0.10",
        "items": ["b", "a", "C"],
        "lines": [{"sku": "x", "price": "10.10", "qty": 3}, {"sku": "y", "price": "0.05", "qty": 1}, {"sku": "x"}],
        "object": {"items": [1, 2], "keys": "k", "a-b": 1, "values": {"get": 5}},
        "when": "2026-01-31T23:30:00Z",
    },
    "steps": {"fetch": {"output": {"id": 7}, "status": "succeeded", "error": None}},
    "vars": {},
    "item": 5,
    "index": 0,
}


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("{{ input.n }}", 3),
        ("{{ input.yes }}", True),
        ("{{ input.nothing }}", None),
        ("{{ input.zip }}", "01234"),
        ("{{ input.lines }}", VARIABLES["input"]["lines"]),
        ("{{ ('a', 1) }}", ["a", 1]),
        ("{{ {'a': [1, none]} }}", {"a": [1, None]}),
        ("{{ input.n }}\n", 3),
        (" {{ input.n }}", " 3"),
        ("no template {", "no template {"),
        ("", ""),
    ],
)
def test_one_expression_gives_its_value_and_not_a_text(source: str, value: Any) -> None:
    result = render(source, VARIABLES)
    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("n={{ input.n }}", "n=3"),
        ("{{ input.yes }}/{{ false }}", "true/false"),
        ("<{{ input.nothing }}>", "<>"),
        ("{{ input.object }}!", '{"items": [1, 2], "keys": "k", "a-b": 1, "values": {"get": 5}}!'),
        ("{{ 1.5 }} {{ 10.0 }}", "1.5 10.0"),
        ("{{ '1.50'|decimal }} EUR", "1.50 EUR"),
        ("{% if input.n > 2 %}many{% elif input.n == 2 %}two{% else %}few{% endif %}", "many"),
        (
            "{% for i in input['items'] if i != 'a' %}{{ loop.index }}{{ i }}{{ ',' if not loop.last }}{% endfor %}",
            "1b,2C",
        ),
        ("{% for i in [] %}x{% else %}none{% endfor %}", "none"),
        ("{% set x = input.n * 2 %}{{ x }}", "6"),
        ("{% raw %}{{ not.one }}{% endraw %}", "{{ not.one }}"),
        ("{# a comment #}", ""),
        ("<{{ '<b>' }}>", "<<b>>"),
    ],
)
def test_text_around_gives_a_text(source: str, text: str) -> None:
    assert render(source, VARIABLES) == text


def test_a_key_of_an_object_is_never_mistaken_for_a_method() -> None:
    assert render("{{ input.object.items }}", VARIABLES) == [1, 2]
    assert render("{{ input.object.keys }}", VARIABLES) == "k"
    assert render("{{ input.object.values.get }}", VARIABLES) == 5
    assert render("{{ input.object['a-b'] }}", VARIABLES) == 1
    assert render("{{ input.object.items() }}", VARIABLES)[0] == ["items", [1, 2]]


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("{{ input.price|decimal * 3 }}", "0.30"),
        ("{{ '0.1'|decimal + '0.2'|decimal }}", "0.3"),
        ("{{ 0.1|decimal + 0.2|decimal }}", "0.3"),
        ("{{ ['19.99', '0.01', '5']|map('decimal')|sum }}", "25.00"),
        ("{{ input.lines[0].price|decimal * input.lines[0].qty }}", "30.30"),
        ("{{ '2.675'|money }}", "2.68"),
        ("{{ 2.675|money }}", "2.68"),
        ("{{ '-2.675'|money }}", "-2.68"),
        ("{{ 1234.5|money('JPY') }}", "1235"),
        ("{{ '1.2345'|money('KWD') }}", "1.235"),
        ("{{ 3|money('EUR') }}", "3.00"),
        ("{{ 10|decimal / 4 }}", "2.5"),
        ("{{ ('10'|decimal / 3)|round(2) }}", "3.33"),
        ("{{ '1e3'|decimal }}", "1000"),
        ("{{ '12.50'|decimal > 12 }}", True),
        ("{{ '0.30'|decimal == '0.3'|decimal }}", True),
        ("{{ '7.9'|int }}", 7),
        ("{{ 2.5|round }}", 3.0),
        ("{{ 7|round(-1) }}", 10),
    ],
)
def test_amounts_are_exact_and_leave_as_texts(source: str, value: Any) -> None:
    assert render(source, VARIABLES) == value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("{{ input['items']|sort }}", ["a", "b", "C"]),
        ("{{ input['items']|sort(case_sensitive=true, reverse=true) }}", ["b", "a", "C"]),
        ("{{ input.lines|map(attribute='sku')|unique|list }}", ["x", "y"]),
        ("{{ input.lines|map(attribute='qty', default=0)|sum }}", 4),
        ("{{ input.lines|selectattr('qty')|list|length }}", 2),
        ("{{ input.lines|rejectattr('sku', 'eq', 'x')|map(attribute='sku')|first }}", "y"),
        ("{{ input.lines|groupby('sku')|map(attribute='grouper')|list }}", ["x", "y"]),
        ("{{ [1, 5, 2]|max }} {{ [1, 5, 2]|min }}", "5 1"),
        ("{{ range(6)|select('even')|reject('eq', 2)|list }}", [0, 4]),
        ("{{ [1, 2]|map('string')|join('-') }}", "1-2"),
        ("{{ ', '.join(input['items']) }}", "b, a, C"),
        ("{{ {'b': 1, 'a': 2}|dictsort }}", [["a", 2], ["b", 1]]),
        ("{{ {'a': 1}|merge({'b': 2}) }}", {"a": 1, "b": 2}),
        ("{{ 'a,b'.split(',')|last }}", "b"),
        ("{{ input['items'][-1] }}{{ input['items'][:2]|length }}", "C2"),
        ("{{ 'a-b'|replace('-', '+')|upper }}", "A+B"),
        ("{{ '  x '|trim }}", "x"),
        ("{{ 'a long text'|truncate(6) }}", "a l..."),
        ("{{ 'ä&b'|urlencode }}", "%C3%A4%26b"),
        ("{{ '<a href=\"x\">'|e }}", "&lt;a href=&quot;x&quot;&gt;"),
        ("{{ {'ü': 1}|json }}", '{"ü": 1}'),
        ("{{ '{\"a\": [1]}'|from_json }}", {"a": [1]}),
        ("{{ 'user:pw'|base64 }}", "dXNlcjpwdw=="),
        ("{{ input.when|date }}", "2026-01-31"),
        ("{{ input.when|date('%d.%m.%Y %H:%M', timezone='Europe/Berlin') }}", "01.02.2026 00:30"),
        ("{{ input.when|date(days=14) }}", "2026-02-14"),
        ("{{ input.missing|default('x') }}", "x"),
        ("{{ input.nothing|default('x') }}", "x"),
        ("{{ input.missing is defined }}", False),
        ("{{ input.nothing is none and input.n is number and input.zip is string }}", True),
        ("{{ 1 if input.n > 5 }}", None),
        ("{{ 'a' in input['items'] and 'n' in input and 'bc' in 'abcd' }}", True),
        ("{{ 1 not in input['items'] }}", True),
        ("{{ input.zip ~ input.n }}", "012343"),
        ("{{ 7 // 2 + 7 % 4 - 2 ** 3 }}", -2),
    ],
)
def test_filters_tests_and_operators(source: str, value: Any) -> None:
    assert render(source, VARIABLES) == value


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{{ input.missing }}", "'missing' is not there (there are: "),
        ("{{ input.object.x.y }}", "'x' is not there (there are: a-b, items, keys, values)"),
        ("{{ input.nothing.x }}", "there is no 'x' in null"),
        ("{{ input['items'][9] }}", "there is no item 9"),
        ("{{ nowhere }}", "'nowhere' is not there"),
        ("{{ input.n + 'x' }}", "+ takes numbers, not a number and a text; join texts with ~"),
        ("{{ input.zip * 2 }}", "* takes numbers, not a text and a number; use |decimal or |int"),
        ("{{ true + 1 }}", "+ takes numbers, not true or false and a number"),
        ("{{ 1.5 + '2'|decimal }}", "can't mix a decimal with a binary fraction"),
        ("{{ 1 / 0 }}", "division by zero"),
        ("{{ '1'|decimal / 0 }}", "division by zero"),
        ("{{ 'a' < 1 }}", "a text and a number can't be put in order"),
        ("{{ 1 < 2 < 3 }}", "compare two values at a time"),
        ("{{ 'x'|decimal }}", "'x' is no decimal"),
        ("{{ 'NaN'|decimal }}", "no decimal of a sensible size"),
        ("{{ 'x'|int }}", "a text is no whole number"),
        ("{{ []|first }}", "the list is empty"),
        ("{{ ['a']|sum }}", "+ takes numbers"),
        ("{{ [{}]|sort }}", "an object has no order"),
        ("{{ {1: 2} }}", "the key of an object is a text"),
        ("{{ 'a'|nope }}", "there is no filter 'nope'"),
        ("{{ 'a' is nope }}", "there is no test 'nope'"),
        ("{{ 'a'.nope() }}", "there is no method 'nope'"),
        ("{{ input.n", "unexpected end of template"),
        ("{% if 1 %}", "Unexpected end of template"),
        ("{{ 1 }}\n\n{{ }}", "(line 3)"),
        ("{{ 'x'|date }}", "'x' is no date"),
        ("{{ 3|length }}", "a number has no length"),
        ("{% for x in 3 %}{% endfor %}", "for walks through a list, not a number"),
        ("{{ 'a'|from_json }}", "from_json"),
        ('{{ \'{"a": 1, "a": 2}\'|from_json }}', "appears twice"),
    ],
)
def test_a_mistake_is_told_with_its_reason(source: str, message: str) -> None:
    with pytest.raises(TemplateError) as raised:
        render(source, VARIABLES)
    assert message in raised.value.message


def test_every_template_in_a_value_is_rendered_and_a_mistake_tells_where() -> None:
    assert render({"a": ["{{ input.n }}", {"b": "{{ item }}"}], "{{ key }}": 1}, VARIABLES) == {
        "a": [3, {"b": 5}],
        "{{ key }}": 1,
    }
    with pytest.raises(TemplateError) as raised:
        render({"a": [1, {"odd key": "{{ nope }}"}]}, VARIABLES, place="$.steps[1].input")
    assert raised.value.message.startswith("$.steps[1].input.a[1]['odd key']: ")


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("{{ steps.f.output.id + input['a'][0] }}", ["steps.f.output.id", "input.a[0]"]),
        ("{{ input[item].x }}", ["input", "item"]),
        (
            "{% for l in input.lines if l > vars.m %}{{ l.a }}{{ loop.index }}{{ y }}{% endfor %}{{ l }}",
            ["input.lines", "vars.m", "y", "l"],
        ),
        ("{% set x = input.a %}{{ x.b }}", ["input.a"]),
        ("{{ x }}{% set x = 1 %}{{ x }}", ["x"]),
        ("{{ input.a.items()|map(attribute=vars.k) }}", ["input.a", "vars.k"]),
        ("{{ range(steps.q.output) }}", ["steps.q.output"]),
        ("{% if a %}{% set b = c %}{% endif %}{{ b }}", ["a", "c"]),
        ("no names", []),
    ],
)
def test_the_names_that_a_template_needs_are_known_without_running_it(source: str, names: list[str]) -> None:
    assert [str(name) for name in references(source)] == names


def test_a_text_without_braces_is_no_template() -> None:
    assert not is_template("100 % of { this }")
    assert is_template("{{ x }}")
    assert compiled("{{ x }}") is compiled("{{ x }}")
