"""Templates that reach for what they may not, or never end: refused within a second and without eating memory."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest

from aias.errors import PermanentError
from aias.workflows.templates import Budget, TemplateError, render

BIG = "x" * 900_000
VARIABLES = {
    "input": {"a": 1, "text": "hi", "list": [3, 1, 2], "object": {"items": [1]}, "big": BIG, "many": list(range(5000))},
    "steps": {"f": {"output": {"id": 7}}},
    "vars": {},
}

REACHING = [
    "{{ ''.__class__ }}",
    "{{ ''.__class__.__mro__ }}",
    "{{ ''['__class__'] }}",
    "{{ input.__class__ }}",
    "{{ input['__class__'] }}",
    "{{ (1).__class__ }}",
    "{{ [].append(1) }}",
    "{{ input.text.upper.__globals__ }}",
    "{{ input.object.pop('items') }}",
    "{{ input.object.update({'a': 1}) }}",
    "{{ input.object.items.__self__ }}",
    "{{ input|attr('__class__') }}",
    "{{ input.list|map('attr', '__class__') }}",
    "{{ input.list|map(attribute='__class__') }}",
    "{{ input.list|sort(attribute='__class__') }}",
    "{{ input.list|groupby('__class__') }}",
    "{{ '%s'|format(1) }}",
    "{{ '{0.__class__}'.format(input) }}",
    "{{ '{0.__class__}'.format_map(input) }}",
    "{{ '%s' % input }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ cycler('a').next() }}",
    "{{ joiner() }}",
    "{{ namespace(a=1) }}",
    "{{ lipsum() }}",
    "{{ dict(a=1) }}",
    "{{ self }}",
    "{{ self.__init__ }}",
    "{{ super() }}",
    "{{ caller() }}",
    "{{ loop }}",
    "{{ range }}",
    "{{ _ }}",
    "{{ __builtins__ }}",
    "{{ config }}",
    "{{ request }}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% from 'os' import path %}",
    "{% extends 'x' %}",
    "{% block a %}{% endblock %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% call m() %}{% endcall %}",
    "{% filter upper %}a{% endfilter %}",
    "{% set a %}b{% endset %}",
    "{% with a = 1 %}{% endwith %}",
    "{% autoescape true %}{% endautoescape %}",
    "{% do input.list.append(1) %}",
    "{% set input = 1 %}",
    "{% set a.b = 1 %}",
    "{% for x in [1] recursive %}{{ loop([x]) }}{% endfor %}",
    "{% for x in [1] %}{{ loop.__init__ }}{% endfor %}",
    "{% for x in [1] %}{{ loop.cycle('a') }}{% endfor %}",
    "{% for x in [1] %}{{ loop._iterator }}{% endfor %}",
    "{% for x in [1] %}{{ loop }}{% endfor %}",
    "{{ input.list|map(**input) }}",
    "{{ input.list|map(*input.list) }}",
    "{{ (input.list|sort)(1) }}",
    "{{ input.text() }}",
    "{{ 3() }}",
    "{{ '2026-01-01'|date('%1000000000Y') }}",
    "{{ '2026-01-01'|date(timezone='../../../etc/passwd') }}",
    "{{ '\\x00' }}",
    "{{ '\\ud800' }}",
]

LOOP, END = "{% for x in range(1000) %}", "{% endfor %}"
SHARED = "{% set a = range(1000) %}" + "".join(
    f"{{% set {name} = [{', '.join([inner] * 20)}] %}}" for name, inner in ("ba", "cb", "dc")
)
"""A list of lists of lists of one list: little memory, 8,000,000 numbers."""

ENDLESS = [
    "{{ 'a' * 10**9 }}",
    "{{ [1] * 10**9 }}",
    "{{ 10**9 * 'a' }}",
    "{{ 10 ** (10 ** 8) }}",
    "{{ 2 ** 2000 }}",
    "{{ 1e300 * 1e300 }}",
    "{{ 1e400 }}",
    "{{ 9e307 + 9e307 }}",
    "{{ " + "9" * 5000 + " }}",
    "{{ '1e999999'|decimal }}",
    "{{ ('1e60'|decimal * '1e60'|decimal) }}",
    "{{ 1e308|int * 1e308|int }}",
    "{{ 'x'|center(10**9) }}",
    "{{ 'x'|indent(10**9) }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ input.big ~ input.big }}",
    "{{ input.big + input.big }}",
    "{{ [input.big, input.big]|join }}",
    "{{ input.big|replace('x', 'xx') }}",
    "{{ input.big|replace('', 'x') }}",
    "{{ input.big|list }}",
    "{{ input.big.split('x') }}",
    "{{ input.big|json|json|json|base64 }}",
    "{% for a in range(100000) %}{% endfor %}",
    "{{ range(10**9) }}",
    "{{ range(10**400) }}",
    "{{ range(0, 10**9, 1) }}",
    LOOP + LOOP + LOOP + "x" + END * 3,
    LOOP + LOOP + LOOP + END * 3,
    "{% for a in range(1000) %}{% for b in range(1000) %}{{ input.many|sort|length }}{% endfor %}{% endfor %}",
    "{% for a in range(1000) %}{% for b in range(1000) %}{{ input.many == input.many }}{% endfor %}{% endfor %}",
    "{% for a in range(1000) %}{% for b in range(1000) %}{{ -1 in input.many }}{% endfor %}{% endfor %}",
    "{% for a in range(1000) %}{% for b in range(1000) %}{{ 'y' in input.big }}{% endfor %}{% endfor %}",
    "{% for a in range(1000) %}{{ input.big|upper|length }}{% endfor %}",
    "{% for a in range(1000) %}{{ input.big[1:]|length }}{% endfor %}",
    "{% for a in range(1000) %}{{ (input.big ~ 'x')|length }}{% endfor %}",
    "{% for a in range(1000) %}{{ input.many|map('string')|unique|list|length }}{% endfor %}",
    SHARED + "{{ d }}",
    SHARED + "{{ d == d }}",
    SHARED + "{{ d|json }}",
    SHARED + "{{ [d, d]|unique }}",
    "{% set a = input.big %}" + "{% set b = a|upper %}" * 700 + "{{ b|length }}",
    "{{ " + "(" * 500 + "1" + ")" * 500 + " }}",
    "{{ " + "[" * 200 + "]" * 200 + " }}",
    "{{ 1" + "+1" * 5000 + " }}",
    "{{ input" + ".a" * 7000 + " }}",
    "{{ input" + "|string" * 2000 + " }}",
    "{{ " + "not " * 3000 + "1 }}",
    "{{ " + "-" * 8000 + "1 }}",
    "{% if 1 %}" * 1000 + "{% endif %}" * 1000,
    "x" * 5_000_000 + "{{ input }}",
    "{{ '" + "x" * 5_000_000 + "' }}",
    "{# " + "x" * 5_000_000 + " #}",
]


@pytest.mark.parametrize("source", REACHING, ids=lambda source: source[:60])
def test_what_reaches_out_of_the_sandbox_is_refused(source: str) -> None:
    with pytest.raises(TemplateError) as raised:
        render({"field": [source]}, VARIABLES, place="$.steps[3].input")
    assert isinstance(raised.value, PermanentError)
    assert raised.value.message.startswith("$.steps[3].input.field[0]: ")


@pytest.mark.parametrize("source", ENDLESS, ids=lambda source: source[:60])
def test_what_would_not_end_is_refused_in_time(source: str) -> None:
    began = time.perf_counter()
    with pytest.raises(TemplateError):
        render(source, VARIABLES)
    assert time.perf_counter() - began < 10  # a limit of 1 s, on a machine that may be busy; without it, for ever


def test_no_attack_grows_the_process() -> None:
    """Each in the same fresh process: its peak grows by at most 64 MB, whatever came before."""
    script = """
import json, resource, sys
from aias.workflows.templates import TemplateError, render
sources, variables = json.load(sys.stdin)
render("{{ input.a }}", variables)
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
for source in sources:
    before = peak()
    try:
        render(source, variables)
    except TemplateError:
        pass
    if peak() - before > 64:
        print(source[:80], peak() - before, "MB")
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps([[*REACHING, *ENDLESS], VARIABLES]),
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    assert done.stdout == ""


def test_all_templates_of_a_value_share_one_budget() -> None:
    heavy = "{% for a in range(1000) %}{% for b in range(300) %}{% endfor %}{% endfor %}"
    assert render(heavy, VARIABLES) == ""
    with pytest.raises(TemplateError, match=r"operations|longer"):
        render([heavy] * 50, VARIABLES)


def test_the_time_limit_is_real() -> None:
    slow = "{% for a in range(1000) %}{% for b in range(1000) %}{{ a * b }}{% endfor %}{% endfor %}"
    began = time.perf_counter()
    with pytest.raises(TemplateError, match=r"longer than 0\.05 s"):
        render(slow, VARIABLES, own=Budget(seconds=0.05))
    assert time.perf_counter() - began < 30


def test_a_value_that_renders_to_more_than_a_megabyte_is_refused() -> None:
    with pytest.raises(TemplateError, match="larger than"):
        render(["{{ input.big }}", "{{ input.big }}"], VARIABLES)


def test_the_variables_are_as_they_were_afterwards() -> None:
    before = json.dumps(VARIABLES)
    for source in REACHING + ENDLESS[:40]:
        with pytest.raises(TemplateError):
            render(source, VARIABLES)
    assert json.dumps(VARIABLES) == before
