"""The rules, evaluated every minute: what opens, what ends, and who is told how often."""

from __future__ import annotations

from typing import LiteralString

from tests.alerts.conftest import Watch

USAGE: LiteralString = (
    "create or replace function aias_private.watch_usage(p_window interval)"
    " returns table (tenant_id uuid, key text, value double precision, details jsonb)"
    " language sql as $$ select null::uuid, "
)


def test_every_shipped_rule_can_be_evaluated_and_finds_nothing_where_nothing_is_wrong(watch: Watch) -> None:
    watch.executions("succeeded", 100)
    assert watch.evaluate() == []
    assert watch.alerts() == []
    # opened by what finds them, not by looking
    raised = [row["name"] for row in watch.rows("select name from aias.alert_rules where source is null order by name")]
    assert raised == ["fuse_blown", "health_failing", "rule_failing"]
    named = {row["name"] for row in watch.rows("select name from aias.alert_sources")}
    assert named == {
        row["source"] for row in watch.rows("select source from aias.alert_rules where source is not null")
    }


def test_an_error_rate_opens_one_alert_counts_and_ends_by_itself(watch: Watch) -> None:
    watch.executions("succeeded", 90)
    watch.executions("failed", 4)
    watch.evaluate()
    assert watch.alerts() == []  # 4.3 %
    watch.executions("failed", 6)
    watch.evaluate(minutes=3)
    assert watch.alerts() == [("error_rate", "acme", "")]
    seen = watch.rows("select severity, value, occurrence_count, title from aias.alerts")[0]
    assert seen == {
        "severity": "critical",
        "value": 10.0,
        "occurrence_count": 3,
        "title": "More than 5 % of a tenant's executions fail (acme: 10.0 percent)",
    }
    assert watch.told() == watch.told("acme") == ["More than 5 % of a tenant's executions fail (acme: 10.0 percent)"]
    watch.evaluate(minutes=25)  # what failed lies outside the window
    assert watch.alerts("open", "acknowledged") == []
    assert watch.told("acme")[1:] == ["Resolved: More than 5 % of a tenant's executions fail (acme: 10.0 percent)"]
    watch.executions("failed", 100)
    watch.evaluate()
    assert [rule for rule, _, _ in watch.alerts()] == ["error_rate"]
    assert len(watch.alerts("resolved")) == 1


def test_many_alerts_of_a_rule_are_told_as_one_and_later_ones_at_its_pace(watch: Watch) -> None:
    watch.only(["job_failed"])
    for number in range(30):
        watch.dead_letters(2, f"task{number}")
    watch.evaluate()
    assert len(watch.alerts()) == 30
    (first,) = watch.rows("select title, body, details from aias.notifications where tenant is null")
    assert first["title"].endswith(" and 29 more")
    assert first["body"].count("\n- ") == 20
    assert first["body"].endswith("- and 10 more")
    assert (first["details"]["count"], len(first["details"]["alerts"])) == (30, 20)
    for number in range(3):
        watch.dead_letters(1, f"late{number}")
        watch.evaluate()
    assert len(watch.told()) == 1
    watch.evaluate(minutes=2)
    assert watch.told()[1].endswith("and 2 more")


def test_those_who_were_told_are_told_again_at_the_pace_of_the_rule_until_somebody_is_at_it(watch: Watch) -> None:
    watch.only(["job_failed"])
    watch.rows("select aias.set_alert_rule(null, 'job_failed', p_renotify_every => '10 minutes', p_window => '7 days')")
    watch.dead_letters(1)
    watch.evaluate(minutes=25)
    assert [title.split(":")[0] for title in watch.told("acme")] == [
        "An execution or a job has failed for good and lies in the dead letters (acme task",
        "Still",
        "Still",
    ]
    alert = watch.value("select id from aias.alerts")
    watch.rows("select aias.acknowledge_alert(%s, 'I look')", alert)
    watch.evaluate(minutes=30)
    assert len(watch.told("acme")) == 3
    seen = watch.rows("select status, acknowledged_note, told_count from aias.alerts")
    assert seen == [{"status": "acknowledged", "acknowledged_note": "I look", "told_count": 6}]
    watch.rows("update aias_private.dead_letters set resolution = 'discarded', resolved_at = aias_private.now()")
    watch.evaluate(minutes=6)
    assert watch.alerts("resolved") == [("job_failed", "acme", "task:do.it")]
    assert watch.told("acme")[3].startswith("Resolved: ")


def test_a_rule_that_waits_opens_only_when_it_has_held_for_that_long(watch: Watch) -> None:
    watch.only(["job_failed"])
    watch.rows("select aias.set_alert_rule(null, 'job_failed', p_for => '3 minutes', p_window => '2 minutes')")
    watch.dead_letters(1)
    watch.evaluate(minutes=10)
    assert watch.alerts() == []  # it was over before
    for _ in range(3):
        watch.dead_letters(1)
        watch.evaluate()
        assert watch.alerts() == []
    watch.dead_letters(1)
    watch.evaluate()
    assert watch.alerts() == [("job_failed", "acme", "task:do.it")]


def test_what_is_silenced_opens_and_is_not_told_until_the_silence_ends(watch: Watch) -> None:
    watch.only(["job_failed"])
    silence = watch.value(
        "select aias.silence_alerts('acme', 'job_failed', null, aias_private.now() + interval '1 hour', 'we know')"
    )
    watch.dead_letters(1)
    watch.evaluate(minutes=3)
    assert len(watch.told()) == 1  # the operators did not silence it
    assert watch.told("acme") == []
    assert watch.rows("select silenced_reason from aias.alerts") == [{"silenced_reason": "we know"}]
    watch.rows("select aias.end_silence(%s)", silence)
    watch.evaluate()
    assert len(watch.told("acme")) == 1


def test_a_rule_keeps_quiet_while_one_that_says_as_much_is_open(watch: Watch) -> None:
    watch.executions("failed", 30)
    watch.dead_letters(30)
    watch.evaluate()
    assert watch.alerts() == [("error_rate", "acme", "")]  # neither job_failed nor error_spike
    other = watch.tenant("other")
    watch.dead_letters(30, tenant=other)
    watch.evaluate()
    assert watch.alerts()[1:] == [("error_spike", "other", ""), ("job_failed", "other", "task:do.it")]


def test_a_fuse_keeps_the_failures_of_what_it_holds_quiet_and_no_others(watch: Watch) -> None:
    watch.rows(
        "select aias_private.raise_alert('fuse_blown', %s, 'fuse:task:do.it', 'critical', 'It blew', %s)",
        watch.tenant_id,
        {"scope": "task", "name": "do.it"},
    )
    watch.dead_letters(5)
    watch.dead_letters(5, "another")
    watch.evaluate()
    assert watch.alerts() == [("fuse_blown", "acme", "fuse:task:do.it"), ("job_failed", "acme", "task:another")]


def test_a_rule_whose_source_fails_is_reported_and_the_others_go_on(watch: Watch) -> None:
    watch.rows(USAGE + "'', 1 / 0.0, '{}'::jsonb $$")
    watch.rows("delete from aias_private.alert_rules where name = 'usage_80'")
    watch.dead_letters(1)
    assert watch.evaluate() == [{"rule": "usage_100", "problem": "division by zero"}]
    assert watch.alerts() == [("rule_failing", None, "usage_100"), ("job_failed", "acme", "task:do.it")]
    assert "The rule usage_100 could not be evaluated: division by zero" in watch.told()
    watch.rows(USAGE + "'', 1.0, '{}'::jsonb $$")
    assert watch.evaluate() == []
    assert ("rule_failing", None, "usage_100") not in watch.alerts()


def test_the_alerts_of_a_rule_that_is_switched_off_or_removed_end(watch: Watch) -> None:
    watch.only(["job_failed"])
    watch.rows("select aias.set_alert_rule('acme', 'mine', 'failed_for_good', p_threshold => 3)")
    watch.dead_letters(4)
    watch.evaluate()
    assert watch.alerts() == [("job_failed", "acme", "task:do.it"), ("mine", "acme", "task:do.it")]
    watch.rows("select aias.set_alert_rule(null, 'job_failed', p_is_enabled => false)")
    watch.rows("select aias.remove_alert_rule('acme', 'mine')")
    watch.evaluate()
    assert watch.alerts() == []
