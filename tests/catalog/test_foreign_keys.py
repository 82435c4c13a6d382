"""What happens to a row when what it refers to goes is said for every foreign key."""

from __future__ import annotations

from typing import Any

import psycopg

Tx = psycopg.Connection[Any]

POLICIES = {"a": "no action", "r": "restrict", "c": "cascade", "n": "set null", "d": "set default"}

# A cascade is what keys to tenants and within one aggregate have; every other policy is a decision, named here.
DECIDED = {
    "alert_rules.alert_rules_source_fkey": "restrict",
    "channels.channels_key_fkey": "restrict",
    "executions.executions_lane_fkey": "restrict",
    "plans.plans_lane_fkey": "restrict",
    "template_uses.template_uses_template_fkey": "restrict",
    "tenants.tenants_plan_fkey": "restrict",
}


def policies(tx: Tx) -> dict[str, str]:
    rows = tx.execute(
        """
        select t.relname || '.' || c.conname, c.confdeltype::text
        from pg_constraint as c
        join pg_class as t on t.oid = c.conrelid
        where c.contype = 'f' and c.conparentid = 0
            and c.connamespace in ('aias_private'::regnamespace, 'aias_archive'::regnamespace)
        order by 1
        """
    ).fetchall()
    return {name: POLICIES[policy] for name, policy in rows}


def test_every_foreign_key_says_what_a_deletion_does(tx: Tx) -> None:
    found = policies(tx)
    print("\n".join(f"{name}: on delete {policy}" for name, policy in found.items()))  # noqa: T201 (pytest -s shows it)
    assert found
    assert [name for name, policy in found.items() if policy == "no action"] == []


def test_what_is_kept_from_deletion_is_decided(tx: Tx) -> None:
    assert {name: policy for name, policy in policies(tx).items() if policy == "restrict"} == DECIDED
