"""What the shipped rules look at: each finds what it is there for, in the words of a person."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.alerts.conftest import Watch


def source(watch: Watch, name: str, window: str = "15 minutes") -> list[dict[str, Any]]:
    return watch.rows(
        "select tenant_id, key, value, details from aias_private.read_alert_source(%s, %s::interval) order by key",
        name,
        window,
    )


def connected(watch: Watch) -> Any:
    return watch.value(
        "select aias.connect_integration('acme', 'http', 'main', '{}', %s, '0123456789abcdef', %s)",
        b"\x01" + b"s" * 60,
        uuid4(),
    )


def test_a_connection_that_fails_and_a_breaker_that_opens_are_alerts_until_they_work_again(watch: Watch) -> None:
    watch.only(["integration_failing", "breaker_open"])
    connection = connected(watch)
    watch.rows(
        "select aias_private.set_integration_status(%s, %s, null, 'revoked', 'told no')", watch.tenant_id, connection
    )
    watch.rows(
        "insert into aias_private.gates"
        " (tenant_id, kind, connection, name, status, source, reason, closed_by, closed_at)"
        " values (%s, 'http', 'main', 'http:acme/main', 'closed', 'breaker', '30 of 40 failed', 'aias',"
        " aias_private.now())",
        watch.tenant_id,
    )
    watch.evaluate()
    assert sorted(watch.alerts()) == [
        ("breaker_open", "acme", "http:main"),
        ("integration_failing", "acme", "http:main"),
    ]
    assert watch.value("select value from aias.alerts where rule = 'integration_failing'") == 1000
    watch.rows(
        "select aias_private.set_integration_status(%s, %s, null, 'connected', null)", watch.tenant_id, connection
    )
    watch.rows("update aias_private.gates set status = 'open', opened_at = aias_private.now()")
    watch.evaluate(minutes=6)
    assert watch.alerts() == []


def test_calls_that_take_longer_than_on_the_day_before_are_found_by_their_operation(watch: Watch) -> None:
    for hours, count, each in ((5, 200, 100.0), (0, 30, 450.0)):
        for operation in ("orders", "refunds"):
            watch.rows(
                """
                insert into aias_private.upstream_calls (
                    tenant_id, id, integration_id, kind, connection, operation, status_class, call_count, failure_count,
                    total_ms, max_ms
                )
                select %s,
                    overlay(
                        aias_private.uuid7_floor(aias_private.now() - make_interval(hours => %s, mins => 1))::text
                        placing right(gen_random_uuid()::text, 21) from 16
                    )::uuid,
                    gen_random_uuid(), 'shopify', 'main', %s, '2xx', %s, 0, %s, %s
                """,
                watch.tenant_id,
                hours,
                operation,
                count,
                count * (each if operation == "orders" else 100.0),
                each,
            )
    (found,) = source(watch, "latency")
    assert (found["key"], found["value"], found["details"]["operation"]) == ("shopify:main", 4.5, "orders")


def test_a_schedule_that_is_late_and_a_task_that_fails_are_alerts(watch: Watch) -> None:
    watch.only(["schedule_missed", "scheduled_task_failed"])
    watch.rows(
        "select aias.set_schedule('acme', 'mornings', 'flow', '0 9 * * *')",
    )
    watch.rows("update aias_private.schedules set next_at = aias_private.now() - interval '10 minutes'")
    watch.rows(
        "insert into aias_private.schedules (tenant_id, name, kind, task, cron, time_zone, overlap, catch_up,"
        " catch_up_limit, jitter, max_attempts, retry_delay, next_at) values (aias_private.nil_uuid(), 'sweep', 'task',"
        " 'aias.sweep', '* * * * *', 'UTC', 'skip', 'none', 1, '0', 1, '0', aias_private.now() + interval '1 day')"
    )
    watch.rows(
        "insert into aias_private.schedule_ticks (tenant_id, schedule_id, id, due_at, status, error, created_at,"
        " started_at, finished_at) select tenant_id, id, aias_private.uuid7_floor(aias_private.now()),"
        " aias_private.now(), 'failed', %s, aias_private.now(), aias_private.now(), aias_private.now()"
        " from aias_private.schedules where name = 'sweep'",
        {"type": "PermanentError", "message": "it broke"},
    )
    watch.evaluate()
    assert sorted(watch.alerts()) == [("schedule_missed", "acme", "mornings"), ("scheduled_task_failed", None, "sweep")]
    failed = watch.rows("select details, title from aias.alerts where rule = 'scheduled_task_failed'")[0]
    assert failed["details"]["error"]["message"] == "it broke"
    assert "sweep: 1.0 runs" in failed["title"]


def test_jobs_that_wait_in_a_lane_without_workers_are_found_by_their_lane(watch: Watch) -> None:
    watch.rows("select aias.enqueue_job('do.it', '{}', 'acme', 'critical')")
    watch.later(minutes=10)
    (waiting,) = [row for row in source(watch, "queue_wait") if row["key"] == "critical"]
    assert waiting["value"] >= 600
    (lane,) = [row for row in source(watch, "lane_without_worker") if row["key"] == "critical"]
    assert lane["value"] == 1
    watch.only(["queue_wait", "no_worker"])
    watch.evaluate(minutes=5)
    # why they wait is said once
    assert [alert for alert in watch.alerts() if alert[2] == "critical"] == [("no_worker", None, "critical")]


def test_usage_is_told_at_eighty_percent_and_again_at_all_of_the_quota(watch: Watch) -> None:
    watch.only(["usage_80", "usage_100"])
    measure = watch.rows("select measure, quota from aias.usage where tenant = 'acme' and quota is not null limit 1")[0]
    month = watch.now.date().replace(day=1)

    def used(percent: int) -> None:
        watch.rows("delete from aias_private.usage_months")
        watch.rows(
            "insert into aias_private.usage_months (tenant_id, month, measure, used_count, quota)"
            " values (%s, %s, %s, %s, %s)",
            watch.tenant_id,
            month,
            measure["measure"],
            int(measure["quota"]) * percent // 100,
            measure["quota"],
        )

    used(79)
    watch.evaluate()
    assert watch.alerts() == []
    used(85)
    watch.evaluate()
    assert watch.alerts() == [("usage_80", "acme", measure["measure"])]
    used(100)
    watch.evaluate()
    assert ("usage_100", "acme", measure["measure"]) in watch.alerts()


def test_the_guards_of_the_audit_log_and_the_partitions_are_looked_at(watch: Watch) -> None:
    assert source(watch, "audit_broken") == []
    watch.rows("alter table aias_private.audit_log disable trigger audit_log_is_append_only")
    found = source(watch, "audit_broken")
    assert found
    assert all(row["value"] == 2 for row in found)
    watch.rows("alter table aias_private.audit_log enable trigger audit_log_is_append_only")
    before = {row["key"] for row in source(watch, "partitions")}
    watch.rows("drop table aias_private.steps_default")
    watch.rows("drop table aias_private.steps_2026_12")
    assert {row["key"] for row in source(watch, "partitions")} - before == {"steps"}
    (size,) = source(watch, "database_size")
    assert 0 < size["value"] < 10


def test_a_channel_through_which_nothing_gets_is_an_alert(watch: Watch) -> None:
    watch.only(["channel_failing"])
    watch.rows(
        "update aias_private.channels set failing_since = aias_private.now() - interval '15 minutes', last_error = 'no'"
    )
    watch.evaluate()
    assert watch.alerts() == [("channel_failing", None, "dashboard")]


def test_a_spike_is_measured_by_the_same_hour_of_earlier_days(watch: Watch) -> None:
    for _ in range(7):
        watch.dead_letters(30)
        watch.later(days=1)
    watch.dead_letters(60)
    watch.later(minutes=10)
    (found,) = source(watch, "error_spike", "1 hour")
    assert (round(found["value"], 2), found["details"]) == (2.0, {"failures": 60, "usual": 30.0})


def test_an_endpoint_that_fails_is_found_by_its_name_and_a_quiet_one_has_no_rate(watch: Watch) -> None:
    watch.only(["endpoint_errors"])

    def served(endpoint: str, requests: int, failed: int, *, minutes_ago: int) -> None:
        watch.rows(
            "insert into aias_private.metric_minutes (tenant_id, id, at, metric, key, detail, plan, observation_count,"
            " failure_count, refusal_count, total_seconds, buckets, counts)"
            " select %s, aias_private.uuid7(), aias_private.now() - make_interval(mins => %s), 'requests', %s, '',"
            " 'pro', %s, %s, 0, 1, '{}', '{}'",
            watch.tenant_id,
            minutes_ago,
            endpoint,
            requests,
            failed,
        )

    served("GET /v1/jobs", 100, 5, minutes_ago=1)
    served("GET /v1/audit", 19, 19, minutes_ago=1)
    served("GET /v1/logs", 1000, 1000, minutes_ago=20)
    served("GET /v1/logs", 100, 0, minutes_ago=1)
    watch.evaluate()
    assert watch.alerts() == []
    served("GET /v1/jobs", 15, 5, minutes_ago=2)
    watch.evaluate()
    assert watch.alerts() == [("endpoint_errors", None, "GET /v1/jobs")]
    (found,) = [one for one in source(watch, "endpoint_errors") if one["key"] == "GET /v1/jobs"]
    assert (round(found["value"], 1), found["details"]) == (8.7, {"failed": 10, "requests": 115})
