"""Order: topological, ties by the order of listing, the same every time."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from aias.workflows import parse_definition
from aias.workflows.graph import ancestors, dependencies, find_cycle, graph_of, topological_order


def test_ties_stand_in_the_order_of_listing() -> None:
    assert topological_order({"c": [], "a": [], "d": ["b"], "b": ["a"]}) == ["c", "a", "b", "d"]


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, list[str]]:
    """Any graph, with circles and without."""
    names = [f"s{n}" for n in range(draw(st.integers(1, 12)))]
    return {name: draw(st.lists(st.sampled_from(names), max_size=4, unique=True)) for name in names}


@given(graphs())
def test_each_step_comes_after_what_it_needs_and_a_circle_is_found(
    edges: dict[str, list[str]],
) -> None:
    order = topological_order(edges)
    position = {name: index for index, name in enumerate(order)}
    assert all(position[need] < position[name] for name in order for need in edges[name])
    cycle = find_cycle(edges)
    assert (cycle is None) == (len(order) == len(edges))
    if cycle is not None:
        assert cycle[0] == cycle[-1]
        assert all(need in edges[name] for name, need in itertools.pairwise(cycle))


@given(graphs())
def test_ancestors_are_what_can_be_reached(edges: dict[str, list[str]]) -> None:
    found = ancestors(edges)
    for name, needs in edges.items():
        assert found[name] == set(needs).union(*(found[need] for need in needs))


def test_who_needs_a_step_also_waits_for_its_fallback() -> None:
    definition = parse_definition(
        {
            "name": "flow",
            "steps": [
                {"id": "end", "action": "noop", "needs": ["a"]},
                {"id": "a", "action": "noop", "on_failure": {"step": "b"}},
                {"id": "b", "action": "noop", "on_failure": {"workflow": "rescue"}},
            ],
        }
    )
    graph = graph_of(definition)
    assert list(graph.steps) == ["a", "b", "b.fallback", "end"]
    assert graph.ancestors["end"] == {"a", "b", "b.fallback"}
    assert graph.ancestors["b"] == {"a"}
    assert dependencies(definition.steps)["end"] == ["a", "b"]
    assert (graph.fallbacks, graph.fallback_for["b"]) == ({"a": "b", "b": "b.fallback"}, "a")
