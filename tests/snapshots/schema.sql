-- What the files make of a database, object by object. Written by bin/dump-schema on PostgreSQL 18.
-- Functions without their bodies: those stand in sql/. Of the engine's objects only what differs from procrastinate's
-- own schema.

create schema aias;
comment on schema aias is 'The public interface of AIAS: functions and views with stable names. Columns are only ever appended.';
grant usage on schema aias to aias_admin;
grant usage on schema aias to aias_analyst;
grant usage on schema aias to aias_app;
grant usage on schema aias to aias_worker;

create schema aias_archive;
comment on schema aias_archive is 'Data that retention moved out of the live tables.';
grant usage on schema aias_archive to aias_admin;
grant usage on schema aias_archive to aias_analyst;
grant usage on schema aias_archive to aias_worker;

create schema aias_private;
comment on schema aias_private is 'Tables, triggers and helpers of AIAS. Not an interface: may change in any release.';
grant usage on schema aias_private to aias_admin;
grant usage on schema aias_private to aias_worker;

CREATE OR REPLACE FUNCTION aias.acknowledge_alert(p_alert uuid, p_note text DEFAULT NULL::text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.acknowledge_alert(p_alert uuid, p_note text) is 'Says that somebody is at an alert: nobody is told of it again until it ends.';
grant execute on function aias.acknowledge_alert(p_alert uuid, p_note text) to aias_admin;
grant execute on function aias.acknowledge_alert(p_alert uuid, p_note text) to aias_app;

create view aias.activation with (security_barrier=true) as
 SELECT t.id AS tenant_id,
    t.slug AS tenant,
    t.plan,
    t.created_at AS signed_up_at,
    m.connected_at,
    m.first_workflow_at,
    m.first_success_at,
    m.last_success_at,
    (m.connected_at - t.created_at) AS time_to_connect,
    (m.first_workflow_at - t.created_at) AS time_to_first_workflow,
    (m.first_success_at - t.created_at) AS time_to_value,
    (m.first_success_at IS NOT NULL) AS is_activated,
    COALESCE((m.last_success_at > (aias_private.now() - '7 days'::interval)), false) AS is_weekly_active
   FROM (aias_private.tenants t
     LEFT JOIN aias_private.tenant_milestones m ON ((t.id = m.tenant_id)))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (t.id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.activation is 'How far each tenant has come, from its sign-up to its first success, and how long that took. Fresh to the minute: as of aias.freshness, activity.';
comment on column aias.activation.tenant_id is 'The tenant.';
comment on column aias.activation.tenant is 'The tenant''s slug.';
comment on column aias.activation.plan is 'The tenant''s plan as it is now.';
comment on column aias.activation.signed_up_at is 'When the tenant was made.';
comment on column aias.activation.connected_at is 'When it first connected an integration; null before.';
comment on column aias.activation.first_workflow_at is 'When it first applied a workflow; null before.';
comment on column aias.activation.first_success_at is 'When an execution of it first succeeded; null before.';
comment on column aias.activation.last_success_at is 'When an execution of it last succeeded; null before the first.';
comment on column aias.activation.time_to_connect is 'From sign-up to the first connection (interval).';
comment on column aias.activation.time_to_first_workflow is 'From sign-up to the first workflow (interval).';
comment on column aias.activation.time_to_value is 'From sign-up to the first execution that succeeded (interval).';
comment on column aias.activation.is_activated is 'Whether an execution of it has ever succeeded.';
comment on column aias.activation.is_weekly_active is 'Whether one has succeeded in the last 7 days.';
grant select on table aias.activation to aias_admin;
grant select on table aias.activation to aias_analyst;
grant select on table aias.activation to aias_app;
grant select on table aias.activation to aias_worker;

create view aias.activation_monthly with (security_barrier=true) as
 SELECT cohort_month,
    signed_up_count,
    activated_count,
    ((activated_count)::double precision / (signed_up_count)::double precision) AS activated_ratio,
    time_to_value_p50,
    time_to_value_p90
   FROM aias_private.activation_cohorts c
  WHERE ( SELECT aias_private.caller_sees_all() AS caller_sees_all);
comment on view aias.activation_monthly is 'Of the tenants that signed up in a month (UTC): how many had an execution that succeeded, and how soon. It speaks of all tenants: who sees only one sees no row. Fresh to the hour: as of aias.freshness, activation_cohorts.';
comment on column aias.activation_monthly.cohort_month is 'The first day of the month (UTC) in which they signed up.';
comment on column aias.activation_monthly.signed_up_count is 'Tenants that signed up in it.';
comment on column aias.activation_monthly.activated_count is 'Those of them that have had an execution that succeeded.';
comment on column aias.activation_monthly.activated_ratio is 'Their ratio to all, from 0 to 1.';
comment on column aias.activation_monthly.time_to_value_p50 is 'In what time from sign-up half of those activated had their first success (interval).';
comment on column aias.activation_monthly.time_to_value_p90 is 'In what time from sign-up 90 % of those activated had their first success (interval).';
grant select on table aias.activation_monthly to aias_admin;
grant select on table aias.activation_monthly to aias_analyst;
grant select on table aias.activation_monthly to aias_app;
grant select on table aias.activation_monthly to aias_worker;

create view aias.active_users_daily with (security_barrier=true) as
 SELECT d.day,
    d.tenant_id,
    t.slug AS tenant,
    t.plan,
    d.daily_count,
    d.weekly_count,
    d.monthly_count
   FROM (aias_private.active_user_days d
     JOIN aias_private.tenants t ON ((d.tenant_id = t.id)))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (d.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.active_users_daily is 'People who did something, per day (UTC) and tenant: actors of kind user in the audit log. A day without any has no row. Fresh to the minute: as of aias.freshness, activity.';
comment on column aias.active_users_daily.day is 'The day (UTC).';
comment on column aias.active_users_daily.tenant_id is 'The tenant whose people they are.';
comment on column aias.active_users_daily.tenant is 'The tenant''s slug.';
comment on column aias.active_users_daily.plan is 'The tenant''s plan as it is now.';
comment on column aias.active_users_daily.daily_count is 'Different people active on the day.';
comment on column aias.active_users_daily.weekly_count is 'Different people active on the day or the 6 days before.';
comment on column aias.active_users_daily.monthly_count is 'Different people active on the day or the 29 days before.';
grant select on table aias.active_users_daily to aias_admin;
grant select on table aias.active_users_daily to aias_analyst;
grant select on table aias.active_users_daily to aias_app;
grant select on table aias.active_users_daily to aias_worker;

CREATE OR REPLACE FUNCTION aias.add_samples(p_tenant text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.add_samples(p_tenant text) is 'Has a tenant''s samples installed by a worker, again or for the first time; false while that is under way already.';
grant execute on function aias.add_samples(p_tenant text) to aias_admin;
grant execute on function aias.add_samples(p_tenant text) to aias_app;

CREATE OR REPLACE FUNCTION aias.add_tenant_key(p_tenant text, p_key text, p_wrapped bytea, p_master_key text, p_replaces text DEFAULT NULL::text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.add_tenant_key(p_tenant text, p_key text, p_wrapped bytea, p_master_key text, p_replaces text) is 'Gives a tenant its first key, or the one that replaces its current one. Returns the id of the key that is current.';
grant execute on function aias.add_tenant_key(p_tenant text, p_key text, p_wrapped bytea, p_master_key text, p_replaces text) to aias_admin;
grant execute on function aias.add_tenant_key(p_tenant text, p_key text, p_wrapped bytea, p_master_key text, p_replaces text) to aias_app;
grant execute on function aias.add_tenant_key(p_tenant text, p_key text, p_wrapped bytea, p_master_key text, p_replaces text) to aias_worker;

create view aias.alert_rules with (security_barrier=true) as
 SELECT NULLIF(r.tenant_id, aias_private.nil_uuid()) AS tenant_id,
    t.slug AS tenant,
    r.name,
    r.description,
    r.source,
    s.key_kind,
    s.unit,
    r.comparison,
    r.threshold,
    r.window_length,
    r.for_duration,
    r.resolve_after,
    r.severity,
    r.scope,
    r.scope_name,
    r.tells,
    r.channels,
    r.renotify_every,
    r.group_every,
    r.inhibited_by,
    r.is_enabled,
    r.is_shipped,
    r.updated_at,
    ( SELECT count(*) AS count
           FROM aias_private.alerts a
          WHERE ((a.rule_tenant_id = r.tenant_id) AND (a.rule = r.name) AND (a.status <> 'resolved'::text) AND (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (a.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))))) AS open_count
   FROM ((aias_private.alert_rules r
     LEFT JOIN aias_private.alert_sources s ON ((r.source = s.name)))
     LEFT JOIN aias_private.tenants t ON ((r.tenant_id = t.id)))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (r.tenant_id = ANY (ARRAY[( SELECT aias_private.caller_tenant() AS caller_tenant), aias_private.nil_uuid()])));
comment on view aias.alert_rules is 'The rules by which alerts open: the operators'', which look at every tenant, and the tenants'' own. Fresh.';
comment on column aias.alert_rules.tenant_id is 'The tenant whose rule it is; null for the operators''.';
comment on column aias.alert_rules.tenant is 'The tenant''s slug; null for the operators''.';
comment on column aias.alert_rules.name is 'Its name, unique per tenant; a section of docs/runbook.md for those that come with AIAS.';
comment on column aias.alert_rules.description is 'What it means when it opens.';
comment on column aias.alert_rules.source is 'What it looks at (aias.alert_sources.name); null: the system raises it when it happens.';
comment on column aias.alert_rules.key_kind is 'What the alerts'' keys name: tenant, integration, lane, schedule, ...';
comment on column aias.alert_rules.unit is 'The unit of the threshold.';
comment on column aias.alert_rules.comparison is 'How the value is compared with the threshold: >, >=, < or <=.';
comment on column aias.alert_rules.threshold is 'What the value is compared with, in the source''s unit.';
comment on column aias.alert_rules.window_length is 'Over how much of the past the source looks, where it looks back.';
comment on column aias.alert_rules.for_duration is 'How long it must hold before the alert opens.';
comment on column aias.alert_rules.resolve_after is 'How long it must be over before the alert ends by itself.';
comment on column aias.alert_rules.severity is 'info, warning or critical.';
comment on column aias.alert_rules.scope is 'global: all that the source gives; tenant, integration or lane: one of them.';
comment on column aias.alert_rules.scope_name is 'Which one: a tenant''s slug, kind:name of a connection, a lane; null: all.';
comment on column aias.alert_rules.tells is 'Who is told: operators, tenant (whom it is about), or both.';
comment on column aias.alert_rules.channels is 'By which channels; null: by every one that takes the severity.';
comment on column aias.alert_rules.renotify_every is 'How often those who were told are told again while it is open; null: never.';
comment on column aias.alert_rules.group_every is 'Its alerts that open or end one after the other are told together, no more often than this.';
comment on column aias.alert_rules.inhibited_by is 'Rules that keep it from opening while they are open for the same tenant.';
comment on column aias.alert_rules.is_enabled is 'Whether it is evaluated.';
comment on column aias.alert_rules.is_shipped is 'Whether it comes with AIAS: it can be changed and switched off, not removed.';
comment on column aias.alert_rules.updated_at is 'When it was last changed.';
comment on column aias.alert_rules.open_count is 'How many of its alerts are open, of those that the reader may see.';
grant select on table aias.alert_rules to aias_admin;
grant select on table aias.alert_rules to aias_analyst;
grant select on table aias.alert_rules to aias_app;
grant select on table aias.alert_rules to aias_worker;

create view aias.alert_silences with (security_barrier=true) as
 SELECT NULLIF(s.tenant_id, aias_private.nil_uuid()) AS tenant_id,
    t.slug AS tenant,
    s.id,
    s.rule,
    s.key,
    s.until,
    s.reason,
    ((s.ended_at IS NULL) AND (s.until > aias_private.now())) AS is_active,
    s.created_by,
    s.created_at,
    s.ended_at,
    s.ended_by
   FROM (aias_private.alert_silences s
     LEFT JOIN aias_private.tenants t ON ((s.tenant_id = t.id)))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (s.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.alert_silences is 'What tenants and operators do not want to be told of, and for how long. Fresh.';
comment on column aias.alert_silences.tenant_id is 'The tenant that is not told; null for the operators.';
comment on column aias.alert_silences.tenant is 'The tenant''s slug; null for the operators.';
comment on column aias.alert_silences.id is 'The silence''s id (UUIDv7).';
comment on column aias.alert_silences.rule is 'The rule that is not told of; null: any.';
comment on column aias.alert_silences.key is 'The key that is not told of; null: any.';
comment on column aias.alert_silences.until is 'When it ends.';
comment on column aias.alert_silences.reason is 'Why.';
comment on column aias.alert_silences.is_active is 'Whether it goes on.';
comment on column aias.alert_silences.created_by is 'Who wanted it.';
comment on column aias.alert_silences.created_at is 'Since when.';
comment on column aias.alert_silences.ended_at is 'When somebody ended it before its time; null when nobody did.';
comment on column aias.alert_silences.ended_by is 'Who did.';
grant select on table aias.alert_silences to aias_admin;
grant select on table aias.alert_silences to aias_analyst;
grant select on table aias.alert_silences to aias_app;
grant select on table aias.alert_silences to aias_worker;

create view aias.alert_sources as
 SELECT name,
    key_kind,
    unit,
    description
   FROM aias_private.alert_sources s;
comment on view aias.alert_sources is 'What a rule may look at: aias.set_alert_rule takes these names and no others. Fresh.';
comment on column aias.alert_sources.name is 'Its name.';
comment on column aias.alert_sources.key_kind is 'What its keys name: tenant, integration, lane, schedule, ...';
comment on column aias.alert_sources.unit is 'The unit of its values.';
comment on column aias.alert_sources.description is 'What it gives.';
grant select on table aias.alert_sources to aias_admin;
grant select on table aias.alert_sources to aias_analyst;
grant select on table aias.alert_sources to aias_app;
grant select on table aias.alert_sources to aias_worker;

create view aias.alerts with (security_barrier=true) as
 SELECT NULLIF(a.tenant_id, aias_private.nil_uuid()) AS tenant_id,
    t.slug AS tenant,
    a.id,
    a.rule,
    a.key,
    a.severity,
    a.status,
    a.title,
    a.value,
    a.details,
    a.occurrence_count,
    a.opened_at,
    a.last_seen_at,
    a.acknowledged_at,
    a.acknowledged_by,
    a.acknowledged_note,
    a.resolved_at,
    a.resolved_by,
    s.until AS silenced_until,
    s.reason AS silenced_reason,
    w.told_at,
    COALESCE(w.told_count, (0)::bigint) AS told_count
   FROM (((aias_private.alerts a
     LEFT JOIN aias_private.tenants t ON ((a.tenant_id = t.id)))
     LEFT JOIN LATERAL ( SELECT i.until,
            i.reason
           FROM aias_private.alert_silences i
          WHERE ((i.tenant_id = ANY (ARRAY[a.tenant_id, aias_private.nil_uuid()])) AND (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (i.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))) AND (i.ended_at IS NULL) AND (i.until > aias_private.now()) AND ((i.rule IS NULL) OR (i.rule = a.rule)) AND ((i.key IS NULL) OR (i.key = a.key)))
          ORDER BY i.until DESC
         LIMIT 1) s ON (true))
     LEFT JOIN LATERAL ( SELECT max(k.told_at) AS told_at,
            sum(k.told_count) AS told_count
           FROM aias_private.alert_tellings k
          WHERE ((k.tenant_id = a.tenant_id) AND (k.alert_id = a.id))) w ON (true))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (a.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.alerts is 'What is wrong, and was: one row per rule, tenant and key from its beginning to its end. Fresh to the minute: rules are evaluated once in each.';
comment on column aias.alerts.tenant_id is 'The tenant that it is about; null for none in particular.';
comment on column aias.alerts.tenant is 'The tenant''s slug.';
comment on column aias.alerts.id is 'The alert''s id (UUIDv7).';
comment on column aias.alerts.rule is 'The rule that opened it.';
comment on column aias.alerts.key is 'What it is about: a connection, a lane, a workflow, ...; empty for the tenant as a whole.';
comment on column aias.alerts.severity is 'info, warning or critical.';
comment on column aias.alerts.status is 'open; acknowledged: somebody is at it, nobody is told again; resolved.';
comment on column aias.alerts.title is 'What is wrong, in a line.';
comment on column aias.alerts.value is 'What the rule''s source gave last while it held, in its unit; null for what was raised by the system.';
comment on column aias.alerts.details is 'More about it, as a JSON object.';
comment on column aias.alerts.occurrence_count is 'How often it was found or raised since it opened: once a minute for what a rule looks at.';
comment on column aias.alerts.opened_at is 'When it opened.';
comment on column aias.alerts.last_seen_at is 'When it was last found or raised.';
comment on column aias.alerts.acknowledged_at is 'When somebody took it on.';
comment on column aias.alerts.acknowledged_by is 'Who did.';
comment on column aias.alerts.acknowledged_note is 'What they said.';
comment on column aias.alerts.resolved_at is 'When it was over.';
comment on column aias.alerts.resolved_by is 'aias when it ended by itself; else who closed it.';
comment on column aias.alerts.silenced_until is 'Until when nobody is told of it; null when it is not silenced.';
comment on column aias.alerts.silenced_reason is 'Why it is silenced.';
comment on column aias.alerts.told_at is 'When somebody was last told of it.';
comment on column aias.alerts.told_count is 'How often somebody was told of it: operators and tenant counted each.';
grant select on table aias.alerts to aias_admin;
grant select on table aias.alerts to aias_analyst;
grant select on table aias.alerts to aias_app;
grant select on table aias.alerts to aias_worker;

CREATE OR REPLACE FUNCTION aias.allow_plugin(p_plugin text, p_tenant text DEFAULT NULL::text, p_reason text DEFAULT NULL::text)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.allow_plugin(p_plugin text, p_tenant text, p_reason text) is 'Lets a tenant, or every tenant without a rule of its own, use a plugin.';
grant execute on function aias.allow_plugin(p_plugin text, p_tenant text, p_reason text) to aias_admin;

create view aias.api_keys with (security_barrier=true) as
 SELECT NULLIF(k.tenant_id, aias_private.nil_uuid()) AS tenant_id,
    t.slug AS tenant,
    k.id,
    k.name,
    k.scopes,
    k.requests_per_minute,
        CASE
            WHEN (k.revoked_at IS NOT NULL) THEN 'revoked'::text
            WHEN (k.expires_at <= aias_private.now()) THEN 'expired'::text
            ELSE 'active'::text
        END AS status,
    k.created_at,
    k.created_by,
    k.expires_at,
    k.last_used_at,
    k.revoked_at,
    k.revoked_by
   FROM (aias_private.api_keys k
     LEFT JOIN aias_private.tenants t ON ((k.tenant_id = t.id)))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (k.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.api_keys is 'The keys of the HTTP API. Secrets are not in it. Fresh.';
comment on column aias.api_keys.tenant_id is 'Whose key it is; null for one of the platform''s operators.';
comment on column aias.api_keys.tenant is 'The slug of the tenant; null for a key of the platform''s operators.';
comment on column aias.api_keys.id is 'The public part of the token, between its first and its second underscore.';
comment on column aias.api_keys.name is 'What the key is called.';
comment on column aias.api_keys.scopes is 'What the key may do: resource:read, resource:write, resource:*, *:read or * (everything).';
comment on column aias.api_keys.requests_per_minute is 'How many requests a minute the key may make; null leaves it to the plan.';
comment on column aias.api_keys.status is 'active, expired or revoked.';
comment on column aias.api_keys.created_at is 'When it was made.';
comment on column aias.api_keys.created_by is 'Who made it.';
comment on column aias.api_keys.expires_at is 'From when on it is refused; null means never.';
comment on column aias.api_keys.last_used_at is 'When a request last came with it, a few seconds late; null: never.';
comment on column aias.api_keys.revoked_at is 'When it was revoked.';
comment on column aias.api_keys.revoked_by is 'Who revoked it.';
grant select on table aias.api_keys to aias_admin;
grant select on table aias.api_keys to aias_analyst;
grant select on table aias.api_keys to aias_app;
grant select on table aias.api_keys to aias_worker;

create view aias.api_latency_hourly with (security_barrier=true) as
 SELECT h.at AS hour,
    NULLIF(h.tenant_id, '00000000-0000-0000-0000-000000000000'::uuid) AS tenant_id,
    t.slug AS tenant,
    h.plan,
    h.key AS endpoint,
    h.observation_count AS request_count,
    h.failure_count AS error_count,
    h.refusal_count,
    round(((h.failure_count)::numeric / (NULLIF(h.observation_count, 0))::numeric), 6) AS error_rate,
    ((h.total_seconds / (NULLIF(h.observation_count, 0))::double precision) * (1000)::double precision) AS mean_ms,
    (p.p50 * (1000)::double precision) AS p50_ms,
    (p.p95 * (1000)::double precision) AS p95_ms,
    (p.p99 * (1000)::double precision) AS p99_ms,
    h.total_seconds
   FROM ((aias_private.metric_hours h
     LEFT JOIN aias_private.tenants t ON ((h.tenant_id = t.id)))
     CROSS JOIN LATERAL aias_private.histogram_percentiles(h.buckets, h.counts) p(p50, p95, p99))
  WHERE ((h.metric = 'requests'::text) AND (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (h.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on view aias.api_latency_hourly is 'How long HTTP requests took, per hour, tenant, plan and endpoint. At most a minute behind.';
comment on column aias.api_latency_hourly.hour is 'The hour: its first moment, UTC; the current hour still grows.';
comment on column aias.api_latency_hourly.tenant_id is 'The tenant; null for what belongs to none.';
comment on column aias.api_latency_hourly.tenant is 'The tenant''s slug.';
comment on column aias.api_latency_hourly.plan is 'The plan that the tenant was on then; empty for what belongs to none.';
comment on column aias.api_latency_hourly.endpoint is 'The endpoint: method and path template, as GET /v1/jobs/{job}; other for what is none.';
comment on column aias.api_latency_hourly.request_count is 'How many requests were answered.';
comment on column aias.api_latency_hourly.error_count is 'How many of them failed on our side (5xx).';
comment on column aias.api_latency_hourly.refusal_count is 'How many of them were refused (4xx).';
comment on column aias.api_latency_hourly.error_rate is 'The part of them that failed, from 0 to 1.';
comment on column aias.api_latency_hourly.mean_ms is 'How long they took on average, in milliseconds.';
comment on column aias.api_latency_hourly.p50_ms is 'Half of them took at most so long, in milliseconds; within 1 %.';
comment on column aias.api_latency_hourly.p95_ms is '95 of 100 took at most so long, in milliseconds; within 1 %.';
comment on column aias.api_latency_hourly.p99_ms is '99 of 100 took at most so long, in milliseconds; within 1 %.';
comment on column aias.api_latency_hourly.total_seconds is 'How long they took together, in seconds.';
grant select on table aias.api_latency_hourly to aias_admin;
grant select on table aias.api_latency_hourly to aias_analyst;
grant select on table aias.api_latency_hourly to aias_app;
grant select on table aias.api_latency_hourly to aias_worker;

CREATE OR REPLACE FUNCTION aias.apply_workflow(p_tenant text, p_definition jsonb)
 RETURNS TABLE(workflow_id uuid, version integer, is_changed boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.apply_workflow(p_tenant text, p_definition jsonb) is 'Stores a definition as the newest version of the workflow that it names; the same again changes nothing.';
grant execute on function aias.apply_workflow(p_tenant text, p_definition jsonb) to aias_admin;
grant execute on function aias.apply_workflow(p_tenant text, p_definition jsonb) to aias_app;
grant execute on function aias.apply_workflow(p_tenant text, p_definition jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias.approve_step(p_execution uuid, p_step text, p_approved boolean, p_by text, p_comment text DEFAULT NULL::text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.approve_step(p_execution uuid, p_step text, p_approved boolean, p_by text, p_comment text) is 'Answers a step that waits for a person: it succeeds, is called again, or fails.';
grant execute on function aias.approve_step(p_execution uuid, p_step text, p_approved boolean, p_by text, p_comment text) to aias_admin;
grant execute on function aias.approve_step(p_execution uuid, p_step text, p_approved boolean, p_by text, p_comment text) to aias_app;

create view aias.archives as
 SELECT id,
    table_name,
    partition_name,
    part,
    aias_private.uuid7_time(from_id) AS from_time,
    aias_private.uuid7_time(to_id) AS to_time,
    state,
    row_count,
    byte_count,
    sha256,
    checksum,
    location,
    schema,
    created_at,
    written_at,
    verified_at,
    (to_regclass(('aias_archive.'::text || quote_ident(aias_private.restored_name(partition_name, part)))))::text AS restored_as
   FROM aias_private.archives a
  WHERE ( SELECT aias_private.caller_sees_all() AS caller_sees_all);
comment on view aias.archives is 'What was written to Parquet files before it was dropped, one row per file. Fresh.';
comment on column aias.archives.id is 'The archive''s id (UUIDv7: by time of archiving).';
comment on column aias.archives.table_name is 'The table that the rows were in.';
comment on column aias.archives.partition_name is 'Its partition: table_YYYY_MM.';
comment on column aias.archives.part is 'Which of the archives of partitions of this name, from 1; more than one only where stray rows came later.';
comment on column aias.archives.from_time is 'Ids in it were made at this time or later; null where that is not known.';
comment on column aias.archives.to_time is 'Ids in it were made before this time; null where that is not known.';
comment on column aias.archives.state is 'writing (not complete: the next run writes it anew), written (complete, not read back) or verified (read back: it may be dropped).';
comment on column aias.archives.row_count is 'How many rows it has; null before it is written.';
comment on column aias.archives.byte_count is 'How many bytes its file has; null before it is written.';
comment on column aias.archives.sha256 is 'The SHA-256 of its file, in hexadecimal; null before it is written.';
comment on column aias.archives.checksum is 'The sum of the hashes of its rows, as a number without a unit; null before it is written.';
comment on column aias.archives.location is 'The URL of its file; its manifest lies beside it.';
comment on column aias.archives.schema is 'Its columns in their order: name, type (PostgreSQL''s), form (how it stands in the file), is_nullable.';
comment on column aias.archives.created_at is 'When archiving it began.';
comment on column aias.archives.written_at is 'When its file was complete.';
comment on column aias.archives.verified_at is 'When it was last read back and found to hold what was archived.';
comment on column aias.archives.restored_as is 'The table that holds its rows again; null while it is not brought back.';
grant select on table aias.archives to aias_admin;
grant select on table aias.archives to aias_analyst;
grant select on table aias.archives to aias_worker;

create view aias.audit_log with (security_barrier=true) as
 SELECT id,
    NULLIF(tenant_id, aias_private.nil_uuid()) AS tenant_id,
    at,
    actor,
    actor_kind,
    action,
    object_kind,
    object_id,
    detail,
    request_id,
    address,
    correlation_id,
    trace_id
   FROM aias_private.audit_log a
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.audit_log is 'Every action of a user, an administrator, an application or a trigger. Fresh.';
comment on column aias.audit_log.id is 'The row''s id (UUIDv7): ordering by it is ordering by time.';
comment on column aias.audit_log.tenant_id is 'The tenant that the action concerned; null for the system itself.';
comment on column aias.audit_log.at is 'When it was done.';
comment on column aias.audit_log.actor is 'Who did it: the setting aias.actor of the application, else the database role.';
comment on column aias.audit_log.actor_kind is 'What the actor is: user, administrator, application, trigger, worker or system.';
comment on column aias.audit_log.action is 'What was done, as object.verb: execution.started, workflow.applied, ...';
comment on column aias.audit_log.object_kind is 'What kind of thing it was done to.';
comment on column aias.audit_log.object_id is 'Which one.';
comment on column aias.audit_log.detail is 'The particulars, as a JSON object: what is now and, of what was changed or removed, under before what was.';
comment on column aias.audit_log.request_id is 'The HTTP request that it was part of (its X-Request-ID).';
comment on column aias.audit_log.address is 'The address that the HTTP request came from.';
comment on column aias.audit_log.correlation_id is 'The correlation id that it was done under; null when none was named.';
comment on column aias.audit_log.trace_id is 'The trace that it was part of (aias.traces); null outside of any.';
grant select on table aias.audit_log to aias_admin;
grant select on table aias.audit_log to aias_analyst;
grant select on table aias.audit_log to aias_app;
grant select on table aias.audit_log to aias_worker;

create view aias.audit_seals with (security_barrier=true) as
 SELECT seq,
    row_count,
    row_ids[1] AS first_id,
    row_ids[row_count] AS last_id,
    sealed_at,
    encode(hash, 'hex'::text) AS hash,
    encode(previous_hash, 'hex'::text) AS previous_hash
   FROM aias_private.audit_seals s
  WHERE ( SELECT aias_private.caller_sees_all() AS caller_sees_all);
comment on view aias.audit_seals is 'The seals of the audit log, each over a batch of its rows and the seal before. Fresh; a row is sealed within about a minute.';
comment on column aias.audit_seals.seq is 'Its number, from 1, without gaps.';
comment on column aias.audit_seals.row_count is 'How many rows it covers.';
comment on column aias.audit_seals.first_id is 'The first of them.';
comment on column aias.audit_seals.last_id is 'The last of them.';
comment on column aias.audit_seals.sealed_at is 'When they were sealed.';
comment on column aias.audit_seals.hash is 'Its SHA-256, in hexadecimal; the next seal holds it.';
comment on column aias.audit_seals.previous_hash is 'The hash of the seal before; zeros for the first.';
grant select on table aias.audit_seals to aias_admin;
grant select on table aias.audit_seals to aias_analyst;
grant select on table aias.audit_seals to aias_worker;

create view aias.audit_verifications with (security_barrier=true) as
 SELECT id,
    kind,
    from_seal,
    to_seal,
    is_ok,
    checked_count,
    archived_count,
    unsealed_count,
    finding,
    first_bad_id,
    bad_seal,
    reason,
    encode(head_hash, 'hex'::text) AS head_hash,
    verified_at,
    verified_by
   FROM aias_private.audit_verifications v
  WHERE ( SELECT aias_private.caller_sees_all() AS caller_sees_all);
comment on view aias.audit_verifications is 'Every look at the chain of the audit log, and what it found. Fresh.';
comment on column aias.audit_verifications.id is 'Its number: ordering by it is ordering by time.';
comment on column aias.audit_verifications.kind is 'asked by someone, new (the daily look at what was sealed since) or rolling (at a part of the old).';
comment on column aias.audit_verifications.from_seal is 'The number of the first seal that was looked at.';
comment on column aias.audit_verifications.to_seal is 'The number of the last; 0 when nothing was sealed yet.';
comment on column aias.audit_verifications.is_ok is 'Whether all of it is what was sealed, and the guards are on.';
comment on column aias.audit_verifications.checked_count is 'How many rows were read.';
comment on column aias.audit_verifications.archived_count is 'How many rows of these seals are in the archive alone.';
comment on column aias.audit_verifications.unsealed_count is 'How many rows came after the last seal.';
comment on column aias.audit_verifications.finding is 'altered, missing, inserted, seal_altered, seal_missing or guard_off; null when all is well.';
comment on column aias.audit_verifications.first_bad_id is 'The first row that is not what was sealed; null when it is not a row that is wrong.';
comment on column aias.audit_verifications.bad_seal is 'The number of the seal that it was found under.';
comment on column aias.audit_verifications.reason is 'The same in words.';
comment on column aias.audit_verifications.head_hash is 'The hash of the last seal then, in hexadecimal.';
comment on column aias.audit_verifications.verified_at is 'When it was looked at.';
comment on column aias.audit_verifications.verified_by is 'Who looked.';
grant select on table aias.audit_verifications to aias_admin;
grant select on table aias.audit_verifications to aias_analyst;
grant select on table aias.audit_verifications to aias_worker;

CREATE OR REPLACE FUNCTION aias.backfill_schedule(p_schedule uuid, p_from timestamp with time zone, p_to timestamp with time zone)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.backfill_schedule(p_schedule uuid, p_from timestamp with time zone, p_to timestamp with time zone) is 'Asks for the due times of a span of the past that have not run; returns the id of the request.';
grant execute on function aias.backfill_schedule(p_schedule uuid, p_from timestamp with time zone, p_to timestamp with time zone) to aias_admin;
grant execute on function aias.backfill_schedule(p_schedule uuid, p_from timestamp with time zone, p_to timestamp with time zone) to aias_app;

create view aias.breaker_transitions with (security_barrier=true) as
 SELECT t.slug AS tenant,
    i.kind,
    i.name AS connection,
    b.id,
    b.at,
    b.state,
    b.call_count,
    b.failure_count,
    b.until
   FROM ((aias_private.breaker_transitions b
     JOIN aias_private.tenants t ON ((b.tenant_id = t.id)))
     JOIN aias_private.integrations i ON (((b.tenant_id = i.tenant_id) AND (b.integration_id = i.id))))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (b.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.breaker_transitions is 'When the breakers of connections opened and closed. Fresh.';
comment on column aias.breaker_transitions.tenant is 'The tenant''s slug.';
comment on column aias.breaker_transitions.kind is 'What the connection connects to.';
comment on column aias.breaker_transitions.connection is 'The connection''s name.';
comment on column aias.breaker_transitions.id is 'The transition''s id (UUIDv7).';
comment on column aias.breaker_transitions.at is 'When it happened.';
comment on column aias.breaker_transitions.state is 'What the breaker became: open or closed.';
comment on column aias.breaker_transitions.call_count is 'Calls of the minute before it opened.';
comment on column aias.breaker_transitions.failure_count is 'How many of them failed.';
comment on column aias.breaker_transitions.until is 'When one call was to be let through.';
grant select on table aias.breaker_transitions to aias_admin;
grant select on table aias.breaker_transitions to aias_analyst;
grant select on table aias.breaker_transitions to aias_app;
grant select on table aias.breaker_transitions to aias_worker;

create view aias.breakers with (security_barrier=true) as
 SELECT t.slug AS tenant,
    i.id AS integration_id,
    i.kind,
    i.name AS connection,
        CASE
            WHEN ((COALESCE(g.status, 'open'::text) = 'open'::text) OR (g.source <> 'breaker'::text)) THEN 'closed'::text
            WHEN (g.closed_until <= aias_private.now()) THEN 'half_open'::text
            ELSE 'open'::text
        END AS state,
        CASE
            WHEN ((g.status = 'closed'::text) AND (g.source = 'breaker'::text)) THEN g.closed_until
            ELSE NULL::timestamp with time zone
        END AS open_until,
    COALESCE(w.call_count, 0) AS call_count,
    COALESCE(w.failure_count, 0) AS failure_count,
    r.error_percent,
    r.min_calls,
    l.at AS changed_at,
    ( SELECT count(*) AS count
           FROM aias_private.breaker_transitions b
          WHERE ((b.tenant_id = i.tenant_id) AND (b.integration_id = i.id) AND (b.state = 'open'::text) AND (b.at > (aias_private.now() - '1 day'::interval)))) AS opened_count_day
   FROM (((((aias_private.integrations i
     JOIN aias_private.tenants t ON ((i.tenant_id = t.id)))
     JOIN LATERAL ( SELECT o.error_percent,
            o.min_calls
           FROM aias_private.upstream_rules o
          WHERE (o.kind = ANY (ARRAY[i.kind, 'any'::text]))
          ORDER BY (o.kind = 'any'::text)
         LIMIT 1) r ON (true))
     LEFT JOIN aias_private.gates g ON (((i.tenant_id = g.tenant_id) AND (i.kind = g.kind) AND (i.name = g.connection))))
     LEFT JOIN LATERAL ( SELECT (sum(b.call_count))::integer AS call_count,
            (sum(b.failure_count))::integer AS failure_count
           FROM aias_private.breaker_windows b
          WHERE ((b.tenant_id = i.tenant_id) AND (b.integration_id = i.id) AND (b.started_at > (aias_private.now() - '00:01:00'::interval)))) w ON (true))
     LEFT JOIN LATERAL ( SELECT b.at
           FROM aias_private.breaker_transitions b
          WHERE ((b.tenant_id = i.tenant_id) AND (b.integration_id = i.id))
          ORDER BY b.at DESC
         LIMIT 1) l ON (true))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (i.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.breakers is 'The breaker of each connection: open while too many of its calls failed and nothing is sent. Fresh.';
comment on column aias.breakers.tenant is 'The tenant''s slug.';
comment on column aias.breakers.integration_id is 'The connection (aias.integrations.id).';
comment on column aias.breakers.kind is 'What it connects to.';
comment on column aias.breakers.connection is 'The connection''s name.';
comment on column aias.breakers.state is 'closed: calls pass; open: none; half_open: one, which decides.';
comment on column aias.breakers.open_until is 'When one call is let through; null while it is closed.';
comment on column aias.breakers.call_count is 'Calls of the last minute.';
comment on column aias.breakers.failure_count is 'How many of them failed: no answer, one that can''t be read, or 5xx. What the upstream refuses (4xx) is no failure.';
comment on column aias.breakers.error_percent is 'How many percent have to fail for it to open.';
comment on column aias.breakers.min_calls is 'How many calls it takes for it to open at all.';
comment on column aias.breakers.changed_at is 'When it opened or closed last; null when it never did.';
comment on column aias.breakers.opened_count_day is 'How often it opened in the last 24 hours.';
grant select on table aias.breakers to aias_admin;
grant select on table aias.breakers to aias_analyst;
grant select on table aias.breakers to aias_app;
grant select on table aias.breakers to aias_worker;

CREATE OR REPLACE FUNCTION aias.business_days(p_tenant text DEFAULT NULL::text, p_days integer DEFAULT 30)
 RETURNS TABLE(day date, active_user_count bigint, started_count bigint, succeeded_count bigint, failed_count bigint, cancelled_count bigint, step_count bigint, call_count bigint, call_failure_count bigint)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.business_days(p_tenant text, p_days integer) is 'The people, executions and calls of each day (UTC) up to today: of one tenant, or of all that the caller sees. Fresh to the minute.';
grant execute on function aias.business_days(p_tenant text, p_days integer) to aias_admin;
grant execute on function aias.business_days(p_tenant text, p_days integer) to aias_analyst;
grant execute on function aias.business_days(p_tenant text, p_days integer) to aias_app;
grant execute on function aias.business_days(p_tenant text, p_days integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias.cache_get(p_namespace text, p_key text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.cache_get(p_namespace text, p_key text) is 'A value of the cache that has neither run out nor been invalidated; null where there is none.';
grant execute on function aias.cache_get(p_namespace text, p_key text) to aias_admin;
grant execute on function aias.cache_get(p_namespace text, p_key text) to aias_app;
grant execute on function aias.cache_get(p_namespace text, p_key text) to aias_worker;

CREATE OR REPLACE FUNCTION aias.cache_invalidate(p_namespace text DEFAULT NULL::text, p_key text DEFAULT NULL::text, p_tag text DEFAULT NULL::text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.cache_invalidate(p_namespace text, p_key text, p_tag text) is 'Invalidates what the cache holds: of a namespace, a key of it, under a tag, or all of it.';
grant execute on function aias.cache_invalidate(p_namespace text, p_key text, p_tag text) to aias_admin;
grant execute on function aias.cache_invalidate(p_namespace text, p_key text, p_tag text) to aias_app;
grant execute on function aias.cache_invalidate(p_namespace text, p_key text, p_tag text) to aias_worker;

CREATE OR REPLACE FUNCTION aias.cache_put(p_namespace text, p_key text, p_value jsonb, p_ttl interval DEFAULT '00:05:00'::interval, p_tags text[] DEFAULT '{}'::text[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.cache_put(p_namespace text, p_key text, p_value jsonb, p_ttl interval, p_tags text[]) is 'Stores a value in the cache for a time, with tags by which it can be invalidated.';
grant execute on function aias.cache_put(p_namespace text, p_key text, p_value jsonb, p_ttl interval, p_tags text[]) to aias_admin;
grant execute on function aias.cache_put(p_namespace text, p_key text, p_value jsonb, p_ttl interval, p_tags text[]) to aias_app;
grant execute on function aias.cache_put(p_namespace text, p_key text, p_value jsonb, p_ttl interval, p_tags text[]) to aias_worker;

create view aias.cache_stats as
 WITH uses AS (
         SELECT u_1.namespace,
            u_1.memory_hit_count,
            u_1.hit_count,
            u_1.miss_count,
            u_1.wait_count,
            u_1.failure_count
           FROM aias_private.cache_uses u_1
        UNION ALL
         SELECT c.namespace,
            c.memory_hit_count,
            c.hit_count,
            c.miss_count,
            c.wait_count,
            c.failure_count
           FROM aias_private.cache_counts c
        ), entries AS (
         SELECT e_1.namespace,
            count(*) AS entry_count,
            sum(pg_column_size(e_1.value)) AS byte_count
           FROM aias_private.cache_entries e_1
          WHERE (e_1.value IS NOT NULL)
          GROUP BY e_1.namespace
        )
 SELECT u.namespace,
    (sum(u.memory_hit_count))::bigint AS memory_hit_count,
    (sum(u.hit_count))::bigint AS hit_count,
    (sum(u.miss_count))::bigint AS miss_count,
    (sum(u.wait_count))::bigint AS wait_count,
    (sum(u.failure_count))::bigint AS failure_count,
    round((sum((u.memory_hit_count + u.hit_count)) / NULLIF(sum(((u.memory_hit_count + u.hit_count) + u.miss_count)), (0)::numeric)), 4) AS hit_rate,
    COALESCE(max(e.entry_count), (0)::bigint) AS entry_count,
    COALESCE(max(e.byte_count), (0)::bigint) AS byte_count
   FROM (uses u
     LEFT JOIN entries e ON ((u.namespace = e.namespace)))
  GROUP BY u.namespace;
comment on view aias.cache_stats is 'The cache per namespace: uses since the database last crashed, and what it holds. Fresh to a few seconds.';
comment on column aias.cache_stats.namespace is 'The namespace.';
comment on column aias.cache_stats.memory_hit_count is 'Uses that a process answered from its own memory.';
comment on column aias.cache_stats.hit_count is 'Uses that the cache in the database answered.';
comment on column aias.cache_stats.miss_count is 'Uses for which the value was computed.';
comment on column aias.cache_stats.wait_count is 'Uses that waited for another process to compute the value; they end as hits or misses.';
comment on column aias.cache_stats.failure_count is 'Uses in which the cache could not be asked; the value was computed, and they are misses too.';
comment on column aias.cache_stats.hit_rate is 'The part of the uses that were hits, from 0 to 1; null before the first use.';
comment on column aias.cache_stats.entry_count is 'How many values it holds, of all tenants, some of them not good any more.';
comment on column aias.cache_stats.byte_count is 'How many bytes these have.';
grant select on table aias.cache_stats to aias_admin;
grant select on table aias.cache_stats to aias_analyst;
grant select on table aias.cache_stats to aias_worker;

CREATE OR REPLACE FUNCTION aias.cancel_execution(p_execution uuid, p_reason text DEFAULT NULL::text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.cancel_execution(p_execution uuid, p_reason text) is 'Cancels an execution and those that it started; false when it was cancelled before.';
grant execute on function aias.cancel_execution(p_execution uuid, p_reason text) to aias_admin;
grant execute on function aias.cancel_execution(p_execution uuid, p_reason text) to aias_app;

CREATE OR REPLACE FUNCTION aias.cancel_job(p_job bigint)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias.cancel_job(p_job bigint) is 'Cancels a waiting job, asks a running one to stop, and says which: cancelled or stopping.';
grant execute on function aias.cancel_job(p_job bigint) to aias_admin;
grant execute on function aias.cancel_job(p_job bigint) to aias_app;
grant execute on function aias.cancel_job(p_job bigint) to aias_worker;

CREATE OR REPLACE FUNCTION aias.change_webhook(p_webhook uuid, p_changes jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.change_webhook(p_webhook uuid, p_changes jsonb) is 'Changes what a webhook takes and starts: workflow, condition, mapping, max_bytes, is_enabled, replay_window (seconds).';
grant execute on function aias.change_webhook(p_webhook uuid, p_changes jsonb) to aias_admin;
grant execute on function aias.change_webhook(p_webhook uuid, p_changes jsonb) to aias_app;

create view aias.channels with (security_barrier=true) as
 SELECT NULLIF(c.tenant_id, aias_private.nil_uuid()) AS tenant_id,
    t.slug AS tenant,
    c.id,
    c.name,
    c.kind,
    c.config,
    c.min_severity,
    c.kinds,
    c.is_enabled,
    c.failing_since,
    c.last_error,
    ( SELECT count(*) AS count
           FROM aias_private.notice_deliveries d
          WHERE ((d.tenant_id = c.tenant_id) AND (d.channel_id = c.id) AND (d.status = ANY (ARRAY['pending'::text, 'sending'::text])))) AS waiting_count,
    c.created_at,
    c.updated_at
   FROM (aias_private.channels c
     LEFT JOIN aias_private.tenants t ON ((c.tenant_id = t.id)))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (c.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.channels is 'Where tenants and operators are told of alerts: by mail, in Slack, by a webhook, on the page; without secrets. Fresh.';
comment on column aias.channels.tenant_id is 'The tenant that it belongs to; null for the operators''.';
comment on column aias.channels.tenant is 'The tenant''s slug; null for the operators''.';
comment on column aias.channels.id is 'The channel''s id (UUIDv7).';
comment on column aias.channels.name is 'Its name, unique per tenant.';
comment on column aias.channels.kind is 'email, slack, webhook or dashboard.';
comment on column aias.channels.config is 'Where it goes, as a JSON object without secrets.';
comment on column aias.channels.min_severity is 'The least severity that it takes: info, warning or critical.';
comment on column aias.channels.kinds is 'Which kinds of notice it takes (alert, ...); null: all.';
comment on column aias.channels.is_enabled is 'Whether it takes anything.';
comment on column aias.channels.failing_since is 'The first failure since something last got through; null while it works.';
comment on column aias.channels.last_error is 'What was wrong at the last failure; null while it works.';
comment on column aias.channels.waiting_count is 'How many notices wait to be sent by it.';
comment on column aias.channels.created_at is 'When it was made.';
comment on column aias.channels.updated_at is 'When it was last changed by somebody.';
grant select on table aias.channels to aias_admin;
grant select on table aias.channels to aias_analyst;
grant select on table aias.channels to aias_app;
grant select on table aias.channels to aias_worker;

CREATE OR REPLACE FUNCTION aias.check_input_schema(p_schema jsonb)
 RETURNS TABLE(path text, message text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.check_input_schema(p_schema jsonb) is 'What is refused of the JSON Schema of a workflow''s input, each with its path; nothing for a good one.';
grant execute on function aias.check_input_schema(p_schema jsonb) to aias_admin;
grant execute on function aias.check_input_schema(p_schema jsonb) to aias_app;
grant execute on function aias.check_input_schema(p_schema jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias.close_alert(p_alert uuid, p_note text DEFAULT NULL::text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.close_alert(p_alert uuid, p_note text) is 'Ends an alert by hand; what a rule still finds opens again as a new one.';
grant execute on function aias.close_alert(p_alert uuid, p_note text) to aias_admin;
grant execute on function aias.close_alert(p_alert uuid, p_note text) to aias_app;

CREATE OR REPLACE FUNCTION aias.close_gate(p_gate text, p_until timestamp with time zone, p_reason text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.close_gate(p_gate text, p_until timestamp with time zone, p_reason text) is 'Stops every step that needs an upstream until a time, or until the gate is opened; the steps wait and lose no attempt.';
grant execute on function aias.close_gate(p_gate text, p_until timestamp with time zone, p_reason text) to aias_admin;
grant execute on function aias.close_gate(p_gate text, p_until timestamp with time zone, p_reason text) to aias_app;

CREATE OR REPLACE FUNCTION aias.connect_integration(p_tenant text, p_kind text, p_name text, p_config jsonb, p_secret bytea, p_key_id text, p_integration uuid, p_grant_type text DEFAULT NULL::text, p_scopes text DEFAULT NULL::text, p_token_lasts interval DEFAULT NULL::interval, p_refresh_token_lasts interval DEFAULT NULL::interval, p_is_sample boolean DEFAULT false)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.connect_integration(p_tenant text, p_kind text, p_name text, p_config jsonb, p_secret bytea, p_key_id text, p_integration uuid, p_grant_type text, p_scopes text, p_token_lasts interval, p_refresh_token_lasts interval, p_is_sample boolean) is 'Connects a tenant to another service, or renews a connection''s settings and sealed credentials. Returns its id.';
grant execute on function aias.connect_integration(p_tenant text, p_kind text, p_name text, p_config jsonb, p_secret bytea, p_key_id text, p_integration uuid, p_grant_type text, p_scopes text, p_token_lasts interval, p_refresh_token_lasts interval, p_is_sample boolean) to aias_admin;
grant execute on function aias.connect_integration(p_tenant text, p_kind text, p_name text, p_config jsonb, p_secret bytea, p_key_id text, p_integration uuid, p_grant_type text, p_scopes text, p_token_lasts interval, p_refresh_token_lasts interval, p_is_sample boolean) to aias_app;
grant execute on function aias.connect_integration(p_tenant text, p_kind text, p_name text, p_config jsonb, p_secret bytea, p_key_id text, p_integration uuid, p_grant_type text, p_scopes text, p_token_lasts interval, p_refresh_token_lasts interval, p_is_sample boolean) to aias_worker;

create view aias.conversion_funnel with (security_barrier=true) as
 SELECT cohort_month,
    "position",
    stage,
    tenant_count,
    ((tenant_count)::double precision / (NULLIF(first_value(tenant_count) OVER (PARTITION BY cohort_month ORDER BY "position"), 0))::double precision) AS share_of_signed_up,
    ((tenant_count)::double precision / (NULLIF(lag(tenant_count, 1, tenant_count) OVER (PARTITION BY cohort_month ORDER BY "position"), 0))::double precision) AS share_of_previous
   FROM aias_private.funnel_stages f
  WHERE ( SELECT aias_private.caller_sees_all() AS caller_sees_all);
comment on view aias.conversion_funnel is 'How many tenants that signed up in a month (UTC) have come how far: signed up, connected, first workflow, first success, weekly active. It speaks of all tenants: who sees only one sees no row. Fresh to 5 minutes: as of aias.freshness, funnel_stages.';
comment on column aias.conversion_funnel.cohort_month is 'The first day of the month (UTC) in which they signed up.';
comment on column aias.conversion_funnel.position is 'The stage''s place in the funnel, a number from 1.';
comment on column aias.conversion_funnel.stage is 'signed_up, connected (an integration), first_workflow (applied), first_success (of an execution), weekly_active (a success in the last 7 days).';
comment on column aias.conversion_funnel.tenant_count is 'Tenants that have reached the stage and all before it.';
comment on column aias.conversion_funnel.share_of_signed_up is 'Their ratio to those who signed up, from 0 to 1.';
comment on column aias.conversion_funnel.share_of_previous is 'Their ratio to those of the stage before, from 0 to 1; null where that has none.';
grant select on table aias.conversion_funnel to aias_admin;
grant select on table aias.conversion_funnel to aias_analyst;
grant select on table aias.conversion_funnel to aias_app;
grant select on table aias.conversion_funnel to aias_worker;

CREATE OR REPLACE FUNCTION aias.create_api_key(p_tenant text, p_name text, p_scopes text[], p_expires_at timestamp with time zone DEFAULT NULL::timestamp with time zone, p_requests_per_minute integer DEFAULT NULL::integer)
 RETURNS TABLE(id text, token text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.create_api_key(p_tenant text, p_name text, p_scopes text[], p_expires_at timestamp with time zone, p_requests_per_minute integer) is 'Makes a key of the HTTP API and returns its id and its token, which is shown this once.';
grant execute on function aias.create_api_key(p_tenant text, p_name text, p_scopes text[], p_expires_at timestamp with time zone, p_requests_per_minute integer) to aias_admin;
grant execute on function aias.create_api_key(p_tenant text, p_name text, p_scopes text[], p_expires_at timestamp with time zone, p_requests_per_minute integer) to aias_app;

CREATE OR REPLACE FUNCTION aias.create_tenant(p_slug text, p_plan text DEFAULT 'free'::text, p_name text DEFAULT NULL::text, p_industry text DEFAULT NULL::text)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.create_tenant(p_slug text, p_plan text, p_name text, p_industry text) is 'Makes a tenant and returns its id. Slugs are unique; administrators only.';
grant execute on function aias.create_tenant(p_slug text, p_plan text, p_name text, p_industry text) to aias_admin;

CREATE OR REPLACE FUNCTION aias.create_user(p_tenant text, p_email text, p_name text, p_role text)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.create_user(p_tenant text, p_email text, p_name text, p_role text) is 'Adds a person to a tenant and returns the id.';
grant execute on function aias.create_user(p_tenant text, p_email text, p_name text, p_role text) to aias_admin;
grant execute on function aias.create_user(p_tenant text, p_email text, p_name text, p_role text) to aias_app;

CREATE OR REPLACE FUNCTION aias.create_webhook(p_tenant text, p_name text, p_style text, p_integration uuid, p_token_hash bytea, p_workflow text DEFAULT NULL::text, p_condition text DEFAULT NULL::text, p_mapping jsonb DEFAULT NULL::jsonb, p_max_bytes integer DEFAULT 1000000)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.create_webhook(p_tenant text, p_name text, p_style text, p_integration uuid, p_token_hash bytea, p_workflow text, p_condition text, p_mapping jsonb, p_max_bytes integer) is 'Gives others an address to send webhooks to, and returns the webhook''s id. Python and the command line make token and secret.';
grant execute on function aias.create_webhook(p_tenant text, p_name text, p_style text, p_integration uuid, p_token_hash bytea, p_workflow text, p_condition text, p_mapping jsonb, p_max_bytes integer) to aias_admin;
grant execute on function aias.create_webhook(p_tenant text, p_name text, p_style text, p_integration uuid, p_token_hash bytea, p_workflow text, p_condition text, p_mapping jsonb, p_max_bytes integer) to aias_app;

create view aias.dead_letters with (security_barrier=true) as
 SELECT NULLIF(tenant_id, aias_private.nil_uuid()) AS tenant_id,
    id,
    kind,
    execution_id,
    job_id,
    reason,
    error,
    snapshot,
    created_at,
    resolution,
    resolved_at,
    resolved_by,
    resolved_reason,
    fuse_id
   FROM aias_private.dead_letters d
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.dead_letters is 'Executions and jobs that gave up, kept whole. Open ones have no resolution. Fresh.';
comment on column aias.dead_letters.tenant_id is 'The tenant that it ran for; null for a job of no tenant.';
comment on column aias.dead_letters.id is 'The dead letter''s id (UUIDv7), for requeue_dead_letter and discard_dead_letter.';
comment on column aias.dead_letters.kind is 'execution or job.';
comment on column aias.dead_letters.execution_id is 'The execution that failed.';
comment on column aias.dead_letters.job_id is 'The job that failed.';
comment on column aias.dead_letters.reason is 'Why it gave up, in a line.';
comment on column aias.dead_letters.error is 'The last error: {"type", "message", "detail"}.';
comment on column aias.dead_letters.snapshot is 'The whole of it: the execution with its steps, or the job''s row.';
comment on column aias.dead_letters.created_at is 'When it gave up.';
comment on column aias.dead_letters.resolution is 'requeued or discarded; null while it is open.';
comment on column aias.dead_letters.resolved_at is 'When it was resolved.';
comment on column aias.dead_letters.resolved_by is 'Who resolved it.';
comment on column aias.dead_letters.resolved_reason is 'The reason given when it was discarded.';
comment on column aias.dead_letters.fuse_id is 'The blown fuse (aias.fuses) that diverted it here; null when it failed itself.';
grant select on table aias.dead_letters to aias_admin;
grant select on table aias.dead_letters to aias_analyst;
grant select on table aias.dead_letters to aias_app;
grant select on table aias.dead_letters to aias_worker;

CREATE OR REPLACE FUNCTION aias.delete_workflow(p_tenant text, p_workflow text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.delete_workflow(p_tenant text, p_workflow text) is 'Takes a workflow out of use; refused while executions of it are not final. Its history stays.';
grant execute on function aias.delete_workflow(p_tenant text, p_workflow text) to aias_admin;
grant execute on function aias.delete_workflow(p_tenant text, p_workflow text) to aias_app;

CREATE OR REPLACE FUNCTION aias.discard_dead_letter(p_dead_letter uuid, p_reason text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.discard_dead_letter(p_dead_letter uuid, p_reason text) is 'Settles a dead letter without trying again; it stays on record.';
grant execute on function aias.discard_dead_letter(p_dead_letter uuid, p_reason text) to aias_admin;
grant execute on function aias.discard_dead_letter(p_dead_letter uuid, p_reason text) to aias_app;

CREATE OR REPLACE FUNCTION aias.disconnect_integration(p_tenant text, p_kind text, p_name text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.disconnect_integration(p_tenant text, p_kind text, p_name text) is 'Forgets a connection and its credentials; steps that need it fail from then on.';
grant execute on function aias.disconnect_integration(p_tenant text, p_kind text, p_name text) to aias_admin;
grant execute on function aias.disconnect_integration(p_tenant text, p_kind text, p_name text) to aias_app;

CREATE OR REPLACE FUNCTION aias.dismiss_guidance(p_user uuid, p_kind text, p_name text, p_is_dismissed boolean DEFAULT true)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.dismiss_guidance(p_user uuid, p_kind text, p_name text, p_is_dismissed boolean) is 'Hides a help text or a proposal from a person, or shows it again; returns whether that changed something.';
grant execute on function aias.dismiss_guidance(p_user uuid, p_kind text, p_name text, p_is_dismissed boolean) to aias_admin;
grant execute on function aias.dismiss_guidance(p_user uuid, p_kind text, p_name text, p_is_dismissed boolean) to aias_app;

create view aias.effects with (security_barrier=true) as
 SELECT tenant_id,
    execution_id,
    step_id AS step,
    NULLIF(item, '-1'::integer) AS item,
    NULLIF(part, ''::text) AS part,
    operation,
    connection,
    state,
    response,
    idempotency_key,
    encode(request_hash, 'hex'::text) AS request_hash,
    attempt,
    send_count,
    begun_at,
    held_until,
    doubted_at,
    settled_at,
    resolved_by,
    resolved_comment
   FROM aias_private.effects e
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.effects is 'What the executions have changed outside, or set out to: one row per effect, written before its call. Fresh.';
comment on column aias.effects.tenant_id is 'The tenant that the execution runs for.';
comment on column aias.effects.execution_id is 'The execution (aias.executions.id).';
comment on column aias.effects.step is 'The step''s id in the definition.';
comment on column aias.effects.item is 'The item of a fan-out, from 0; null for the step itself.';
comment on column aias.effects.part is 'Which of several effects of the step; null where there is one.';
comment on column aias.effects.operation is 'What was asked for: orderCancel, invoiceSend, POST.';
comment on column aias.effects.connection is 'Of which connection; null for an address of the step''s own.';
comment on column aias.effects.state is 'intended: begun, not settled; done: it happened; refused: it surely did not; in_doubt: a person is to say (aias.resolve_effect).';
comment on column aias.effects.response is 'What the upstream answered, secrets masked; null where it said nothing or more than is kept.';
comment on column aias.effects.idempotency_key is 'The key that upstreams which take one were given.';
comment on column aias.effects.request_hash is 'SHA-256 of the request: the same intent asks for the same thing.';
comment on column aias.effects.attempt is 'The execution''s attempt that last sent or settled it.';
comment on column aias.effects.send_count is 'How often it was sent; more than once only after a refusal or a doubt.';
comment on column aias.effects.begun_at is 'When it was last begun.';
comment on column aias.effects.held_until is 'Until when its call may be under way; null when it is over.';
comment on column aias.effects.doubted_at is 'When its call ended without an answer; null when every answer came.';
comment on column aias.effects.settled_at is 'When its outcome was known; null until then.';
comment on column aias.effects.resolved_by is 'Who said what came of it; null when it was found out.';
comment on column aias.effects.resolved_comment is 'What that person said about it.';
grant select on table aias.effects to aias_admin;
grant select on table aias.effects to aias_analyst;
grant select on table aias.effects to aias_app;
grant select on table aias.effects to aias_worker;

CREATE OR REPLACE FUNCTION aias.emit_event(p_tenant text, p_type text, p_payload jsonb DEFAULT '{}'::jsonb, p_event_id text DEFAULT NULL::text, p_source text DEFAULT 'aias'::text, p_subject text DEFAULT NULL::text, p_time timestamp with time zone DEFAULT NULL::timestamp with time zone)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.emit_event(p_tenant text, p_type text, p_payload jsonb, p_event_id text, p_source text, p_subject text, p_time timestamp with time zone) is 'Says that something happened: starts and wakes what waits for it, in the caller''s transaction; returns the event''s id.';
grant execute on function aias.emit_event(p_tenant text, p_type text, p_payload jsonb, p_event_id text, p_source text, p_subject text, p_time timestamp with time zone) to aias_admin;
grant execute on function aias.emit_event(p_tenant text, p_type text, p_payload jsonb, p_event_id text, p_source text, p_subject text, p_time timestamp with time zone) to aias_app;
grant execute on function aias.emit_event(p_tenant text, p_type text, p_payload jsonb, p_event_id text, p_source text, p_subject text, p_time timestamp with time zone) to aias_worker;

CREATE OR REPLACE FUNCTION aias.enabled_flags(p_tenant text)
 RETURNS text[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.enabled_flags(p_tenant text) is 'The names of the flags that are on for the tenant, sorted.';
grant execute on function aias.enabled_flags(p_tenant text) to aias_admin;
grant execute on function aias.enabled_flags(p_tenant text) to aias_app;
grant execute on function aias.enabled_flags(p_tenant text) to aias_worker;

CREATE OR REPLACE FUNCTION aias.end_silence(p_silence uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.end_silence(p_silence uuid) is 'Ends a silence before its time.';
grant execute on function aias.end_silence(p_silence uuid) to aias_admin;
grant execute on function aias.end_silence(p_silence uuid) to aias_app;

CREATE OR REPLACE FUNCTION aias.end_trial(p_tenant text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.end_trial(p_tenant text) is 'Ends a tenant''s trial now. Administrators only.';
grant execute on function aias.end_trial(p_tenant text) to aias_admin;

CREATE OR REPLACE FUNCTION aias.enqueue_job(p_task text, p_args jsonb DEFAULT '{}'::jsonb, p_tenant text DEFAULT NULL::text, p_lane text DEFAULT NULL::text, p_run_at timestamp with time zone DEFAULT NULL::timestamp with time zone, p_idempotency_key text DEFAULT NULL::text)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET "aias.engine_events" TO 'off';
comment on function aias.enqueue_job(p_task text, p_args jsonb, p_tenant text, p_lane text, p_run_at timestamp with time zone, p_idempotency_key text) is 'Enqueues a job of a task in the caller''s transaction and returns its id; an idempotency key makes it repeatable.';
grant execute on function aias.enqueue_job(p_task text, p_args jsonb, p_tenant text, p_lane text, p_run_at timestamp with time zone, p_idempotency_key text) to aias_admin;
grant execute on function aias.enqueue_job(p_task text, p_args jsonb, p_tenant text, p_lane text, p_run_at timestamp with time zone, p_idempotency_key text) to aias_app;
grant execute on function aias.enqueue_job(p_task text, p_args jsonb, p_tenant text, p_lane text, p_run_at timestamp with time zone, p_idempotency_key text) to aias_worker;

CREATE OR REPLACE FUNCTION aias.enqueue_jobs(p_jobs jsonb)
 RETURNS TABLE(place integer, job_id bigint, error_code text, error_message text, error_argument text, error_detail text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET "aias.engine_events" TO 'off';
comment on function aias.enqueue_jobs(p_jobs jsonb) is 'Enqueues many jobs in the caller''s transaction and gives, in order, the id of each or why it was refused.';
grant execute on function aias.enqueue_jobs(p_jobs jsonb) to aias_admin;
grant execute on function aias.enqueue_jobs(p_jobs jsonb) to aias_app;
grant execute on function aias.enqueue_jobs(p_jobs jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias.erase_tenant_keys(p_tenant text)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.erase_tenant_keys(p_tenant text) is 'Erases a tenant''s keys: none of its stored credentials can be read again. Returns how many keys there were.';
grant execute on function aias.erase_tenant_keys(p_tenant text) to aias_admin;

CREATE OR REPLACE FUNCTION aias.erase_user(p_user uuid, p_reason text)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.erase_user(p_user uuid, p_reason text) is 'Has a person''s data deleted or anonymized everywhere; returns the erasure, which aias.erasures shows with its certificate.';
grant execute on function aias.erase_user(p_user uuid, p_reason text) to aias_admin;
grant execute on function aias.erase_user(p_user uuid, p_reason text) to aias_app;

create view aias.erasures with (security_barrier=true) as
 SELECT tenant_id,
    id,
    status,
    encode(subject_hash, 'hex'::text) AS subject_sha256,
    pseudonym,
    reason,
    requested_by,
    requested_at,
    finished_at,
    certificate
   FROM aias_private.erasures e
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.erasures is 'Erasures of people, with their certificates; nothing here names a person. Fresh.';
comment on column aias.erasures.tenant_id is 'The tenant that the person belonged to.';
comment on column aias.erasures.id is 'The erasure''s id (UUIDv7).';
comment on column aias.erasures.status is 'running, or done: then there is a certificate.';
comment on column aias.erasures.subject_sha256 is 'SHA-256 of the person''s id, in hexadecimal.';
comment on column aias.erasures.pseudonym is 'What stands in other rows where the person''s id and address stood.';
comment on column aias.erasures.reason is 'Why; without the person''s address and id.';
comment on column aias.erasures.requested_by is 'Who asked; without the person''s address and id.';
comment on column aias.erasures.requested_at is 'When it was asked for.';
comment on column aias.erasures.finished_at is 'When it was done.';
comment on column aias.erasures.certificate is 'What was done in each table, what is kept and why, and `sha256`: of the document''s text without it.';
grant select on table aias.erasures to aias_admin;
grant select on table aias.erasures to aias_analyst;
grant select on table aias.erasures to aias_app;
grant select on table aias.erasures to aias_worker;

create view aias.error_groups with (security_barrier=true) as
 WITH caller AS (
         SELECT aias_private.caller_sees_all() AS sees_all,
            aias_private.caller_tenant() AS tenant_id
        )
 SELECT g.id,
    g.fingerprint,
    g.type,
    g.message,
    g.frames,
    g.status,
        CASE
            WHEN s.sees_all THEN g.first_seen_at
            ELSE own.first_seen_at
        END AS first_seen_at,
        CASE
            WHEN s.sees_all THEN g.last_seen_at
            ELSE own.last_seen_at
        END AS last_seen_at,
        CASE
            WHEN s.sees_all THEN g.failure_count
            ELSE own.failure_count
        END AS failure_count,
        CASE
            WHEN s.sees_all THEN ( SELECT count(*) AS count
               FROM aias_private.error_tenants c
              WHERE (c.group_id = g.id))
            ELSE (1)::bigint
        END AS tenant_count,
    ARRAY( SELECT t.slug
           FROM (aias_private.error_tenants e
             JOIN aias_private.tenants t ON ((e.tenant_id = t.id)))
          WHERE ((e.group_id = g.id) AND (s.sees_all OR (e.tenant_id = s.tenant_id)))
          ORDER BY e.last_seen_at DESC
         LIMIT 20) AS tenants,
        CASE
            WHEN s.sees_all THEN g.executions
            ELSE own.executions
        END AS executions,
        CASE
            WHEN s.sees_all THEN g.sample
            ELSE own.sample
        END AS sample,
    g.status_at,
        CASE
            WHEN s.sees_all THEN g.status_by
            ELSE NULL::text
        END AS status_by,
        CASE
            WHEN s.sees_all THEN g.status_reason
            ELSE NULL::text
        END AS status_reason,
    g.reopened_at,
    g.reopen_count
   FROM ((aias_private.error_groups g
     CROSS JOIN caller s)
     LEFT JOIN aias_private.error_tenants own ON (((g.id = own.group_id) AND (s.tenant_id = own.tenant_id) AND (NOT s.sees_all))))
  WHERE (s.sees_all OR (own.group_id IS NOT NULL));
comment on view aias.error_groups is 'Errors by type, message and place, with exact counts. A confined caller sees its own tenant''s part. Fresh to 2 seconds.';
comment on column aias.error_groups.id is 'The group''s id, for resolve_error, ignore_error and reopen_error.';
comment on column aias.error_groups.fingerprint is 'What makes them the same: a hash of type, message without what differs, and frames.';
comment on column aias.error_groups.type is 'The exception''s type.';
comment on column aias.error_groups.message is 'The message; numbers, ids and quoted values stand as <n>, <id> and <value>.';
comment on column aias.error_groups.frames is 'Where it was raised in our code: module:function, the innermost first, at most three.';
comment on column aias.error_groups.status is 'open, resolved (fixed; open again when it returns) or ignored.';
comment on column aias.error_groups.first_seen_at is 'When it first came.';
comment on column aias.error_groups.last_seen_at is 'When it last came.';
comment on column aias.error_groups.failure_count is 'How often it came, exactly.';
comment on column aias.error_groups.tenant_count is 'For how many tenants; the system itself counts as one.';
comment on column aias.error_groups.tenants is 'The tenants that it came for, the latest 20, by slug.';
comment on column aias.error_groups.executions is 'The latest executions that met it, at most 20.';
comment on column aias.error_groups.sample is 'One of the latest failures: {"at", "source", "name", "message", "traceback", "tenant_id", "execution_id", "step", ...}.';
comment on column aias.error_groups.status_at is 'When it was last resolved, ignored or reopened by somebody.';
comment on column aias.error_groups.status_by is 'Who did that; for operators.';
comment on column aias.error_groups.status_reason is 'Why, in their words; for operators.';
comment on column aias.error_groups.reopened_at is 'When it last returned after it was resolved.';
comment on column aias.error_groups.reopen_count is 'How often it returned after it was resolved.';
grant select on table aias.error_groups to aias_admin;
grant select on table aias.error_groups to aias_analyst;
grant select on table aias.error_groups to aias_app;
grant select on table aias.error_groups to aias_worker;

create view aias.error_occurrences with (security_barrier=true) as
 SELECT id,
    group_id,
    at,
    NULLIF(tenant_id, aias_private.nil_uuid()) AS tenant_id,
    source,
    name,
    message,
    execution_id,
    step,
    job_id,
    correlation_id,
    trace_id,
    request_id,
    traceback,
    process
   FROM aias_private.error_occurrences o
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.error_occurrences is 'Single failures with what was known of each: of each group the first 20 of a minute. Fresh to 2 seconds.';
comment on column aias.error_occurrences.id is 'The failure''s id (UUIDv7): ordering by it is ordering by time.';
comment on column aias.error_occurrences.group_id is 'Its group (aias.error_groups).';
comment on column aias.error_occurrences.at is 'When it happened, by the clock of the process.';
comment on column aias.error_occurrences.tenant_id is 'The tenant for whom the work was done; null for the system''s own.';
comment on column aias.error_occurrences.source is 'What failed: step, job, request, periodic (the system''s own upkeep) or log (only logged).';
comment on column aias.error_occurrences.name is 'The action, the task, the route or the logger.';
comment on column aias.error_occurrences.message is 'What it said, scrubbed of secrets and personal data.';
comment on column aias.error_occurrences.execution_id is 'The execution that met it.';
comment on column aias.error_occurrences.step is 'The step of the execution.';
comment on column aias.error_occurrences.job_id is 'The job that met it.';
comment on column aias.error_occurrences.correlation_id is 'What ties together all that one request or trigger led to.';
comment on column aias.error_occurrences.trace_id is 'The trace (W3C Trace Context).';
comment on column aias.error_occurrences.request_id is 'The HTTP request (its X-Request-ID).';
comment on column aias.error_occurrences.traceback is 'Where it came from, without local variables; null where nothing was raised.';
comment on column aias.error_occurrences.process is 'Who met it: worker or serve, the host and the process id.';
grant select on table aias.error_occurrences to aias_admin;
grant select on table aias.error_occurrences to aias_analyst;
grant select on table aias.error_occurrences to aias_app;
grant select on table aias.error_occurrences to aias_worker;

CREATE OR REPLACE FUNCTION aias.error_rates(p_metric text, p_from timestamp with time zone DEFAULT NULL::timestamp with time zone, p_to timestamp with time zone DEFAULT NULL::timestamp with time zone, p_by text DEFAULT NULL::text)
 RETURNS TABLE(key text, count bigint, failure_count bigint, refusal_count bigint, error_rate numeric, mean_seconds double precision)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.error_rates(p_metric text, p_from timestamp with time zone, p_to timestamp with time zone, p_by text) is 'How much of what happened in a window failed or was refused, and how long it took on average, by endpoint, integration, workflow, tenant, plan and more.';
grant execute on function aias.error_rates(p_metric text, p_from timestamp with time zone, p_to timestamp with time zone, p_by text) to aias_admin;
grant execute on function aias.error_rates(p_metric text, p_from timestamp with time zone, p_to timestamp with time zone, p_by text) to aias_analyst;
grant execute on function aias.error_rates(p_metric text, p_from timestamp with time zone, p_to timestamp with time zone, p_by text) to aias_app;
grant execute on function aias.error_rates(p_metric text, p_from timestamp with time zone, p_to timestamp with time zone, p_by text) to aias_worker;

create view aias.error_rates_hourly with (security_barrier=true) as
 SELECT h.at AS hour,
    h.metric,
    d.dimension,
    d.key,
    (sum(h.observation_count))::bigint AS observation_count,
    (sum(h.failure_count))::bigint AS failure_count,
    (sum(h.refusal_count))::bigint AS refusal_count,
    round((sum(h.failure_count) / NULLIF(sum(h.observation_count), (0)::numeric)), 6) AS error_rate
   FROM ((aias_private.metric_hours h
     LEFT JOIN aias_private.tenants t ON ((h.tenant_id = t.id)))
     CROSS JOIN LATERAL aias_private.metric_rates(h.metric, h.key, h.detail, h.plan, t.slug) d(dimension, key))
  WHERE ((h.metric = ANY (ARRAY['requests'::text, 'upstream_calls'::text, 'executions'::text, 'steps'::text])) AND (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (h.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))))
  GROUP BY h.at, h.metric, d.dimension, d.key;
comment on view aias.error_rates_hourly is 'How much of what happened failed, per hour: requests, upstream calls, executions and steps, told apart in several ways. Read one dimension at a time: each counts everything again. At most a minute behind.';
comment on column aias.error_rates_hourly.hour is 'The hour: its first moment, UTC; the current hour still grows.';
comment on column aias.error_rates_hourly.metric is 'What happened: requests, upstream_calls, executions or steps.';
comment on column aias.error_rates_hourly.dimension is 'What it is told apart by: all (not at all), endpoint, integration, workflow, action, plan or tenant.';
comment on column aias.error_rates_hourly.key is 'Which endpoint, integration, workflow, action, plan or tenant (its slug); empty for all.';
comment on column aias.error_rates_hourly.observation_count is 'How often it happened.';
comment on column aias.error_rates_hourly.failure_count is 'How many of them failed: 5xx, an upstream''s failure, a failed execution or step.';
comment on column aias.error_rates_hourly.refusal_count is 'How many of them were turned away: 4xx, throttled, cancelled; no failures.';
comment on column aias.error_rates_hourly.error_rate is 'The part of them that failed, from 0 to 1.';
grant select on table aias.error_rates_hourly to aias_admin;
grant select on table aias.error_rates_hourly to aias_analyst;
grant select on table aias.error_rates_hourly to aias_app;
grant select on table aias.error_rates_hourly to aias_worker;

create view aias.error_trends_daily with (security_barrier=true) as
 WITH days AS (
         SELECT h.at AS day,
            h.metric,
            d.dimension,
            d.key,
            (sum(h.observation_count))::bigint AS observation_count,
            (sum(h.failure_count))::bigint AS failure_count
           FROM ((aias_private.metric_days h
             LEFT JOIN aias_private.tenants t ON ((h.tenant_id = t.id)))
             CROSS JOIN LATERAL aias_private.metric_rates(h.metric, h.key, h.detail, h.plan, t.slug) d(dimension, key))
          WHERE ((h.metric = ANY (ARRAY['requests'::text, 'upstream_calls'::text, 'executions'::text, 'steps'::text])) AND (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (h.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))))
          GROUP BY h.at, h.metric, d.dimension, d.key
        ), beside AS (
         SELECT y.day,
            y.metric,
            y.dimension,
            y.key,
            y.observation_count,
            y.failure_count,
            round(((y.failure_count)::numeric / (NULLIF(y.observation_count, 0))::numeric), 6) AS error_rate,
            round((sum(y.failure_count) OVER week_before / NULLIF(sum(y.observation_count) OVER week_before, (0)::numeric)), 6) AS error_rate_week_before
           FROM days y
          WINDOW week_before AS (PARTITION BY y.metric, y.dimension, y.key ORDER BY y.day RANGE BETWEEN '7 days'::interval PRECEDING AND '1 day'::interval PRECEDING)
        )
 SELECT day,
    metric,
    dimension,
    key,
    observation_count,
    failure_count,
    error_rate,
    error_rate_week_before,
    (error_rate - error_rate_week_before) AS change
   FROM beside b;
comment on view aias.error_trends_daily is 'How much of what happened failed, per day, beside the seven days before: requests, upstream calls, executions and steps. Read one dimension at a time: each counts everything again. At most a minute behind.';
comment on column aias.error_trends_daily.day is 'The day: its first moment, UTC; the current day still grows.';
comment on column aias.error_trends_daily.metric is 'What happened: requests, upstream_calls, executions or steps.';
comment on column aias.error_trends_daily.dimension is 'What it is told apart by: all (not at all), endpoint, integration, workflow, action, plan or tenant.';
comment on column aias.error_trends_daily.key is 'Which endpoint, integration, workflow, action, plan or tenant (its slug); empty for all.';
comment on column aias.error_trends_daily.observation_count is 'How often it happened that day.';
comment on column aias.error_trends_daily.failure_count is 'How many of them failed.';
comment on column aias.error_trends_daily.error_rate is 'The part of them that failed, from 0 to 1.';
comment on column aias.error_trends_daily.error_rate_week_before is 'The part that failed in the seven days before, from 0 to 1; null when nothing happened in them.';
comment on column aias.error_trends_daily.change is 'The day''s error rate less that of the seven days before: above 0 it got worse.';
grant select on table aias.error_trends_daily to aias_admin;
grant select on table aias.error_trends_daily to aias_analyst;
grant select on table aias.error_trends_daily to aias_app;
grant select on table aias.error_trends_daily to aias_worker;

create view aias.event_deliveries with (security_barrier=true) as
 SELECT tenant_id,
    event_id,
    subscription_id,
    status,
    execution_id,
    error,
    created_at,
    settled_at
   FROM aias_private.event_deliveries d
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.event_deliveries is 'What each event did for each subscription that it matched. Fresh.';
comment on column aias.event_deliveries.tenant_id is 'The tenant.';
comment on column aias.event_deliveries.event_id is 'The event (aias.events.id).';
comment on column aias.event_deliveries.subscription_id is 'The subscription.';
comment on column aias.event_deliveries.status is 'pending: a worker is to decide; started; filtered: the condition did not hold; failed.';
comment on column aias.event_deliveries.execution_id is 'The execution that it started.';
comment on column aias.event_deliveries.error is 'Why nothing could be started: {"type", "message"}.';
comment on column aias.event_deliveries.created_at is 'When the event came.';
comment on column aias.event_deliveries.settled_at is 'When that was decided.';
grant select on table aias.event_deliveries to aias_admin;
grant select on table aias.event_deliveries to aias_analyst;
grant select on table aias.event_deliveries to aias_app;
grant select on table aias.event_deliveries to aias_worker;

create view aias.events with (security_barrier=true) as
 SELECT e.tenant_id,
    t.slug AS tenant,
    e.id,
    e.source,
    e.event_id,
    e.type,
    e.subject,
    e.at,
    e.payload,
    e.depth,
    e.emitted_by,
    e.created_at,
    e.redacted_at,
    aias_private.trace_id(e.id, e.trace_parent) AS trace_id,
    COALESCE(e.correlation_id, aias_private.trace_id(e.id, e.trace_parent)) AS correlation_id
   FROM (aias_private.events e
     JOIN aias_private.tenants t ON ((e.tenant_id = t.id)))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (e.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.events is 'What happened, as tenants and the system say it. Fresh; kept as long as retention says.';
comment on column aias.events.tenant_id is 'The tenant that it concerns.';
comment on column aias.events.tenant is 'The tenant''s slug.';
comment on column aias.events.id is 'The event''s id here (UUIDv7): ordering by it is ordering by arrival.';
comment on column aias.events.source is 'Who said so; with event_id it names the event once and for all.';
comment on column aias.events.event_id is 'The event''s id as its source gave it.';
comment on column aias.events.type is 'What happened.';
comment on column aias.events.subject is 'What it happened to, where the source says.';
comment on column aias.events.at is 'When it happened, by its source; else when it was said.';
comment on column aias.events.payload is 'The particulars; redacted where a privacy request demanded it.';
comment on column aias.events.depth is 'How many events and executions it followed from.';
comment on column aias.events.emitted_by is 'Who emitted it.';
comment on column aias.events.created_at is 'When it was stored.';
comment on column aias.events.redacted_at is 'When its payload was redacted.';
comment on column aias.events.trace_id is 'The trace that it belongs to (32 hexadecimal digits), for aias.trace.';
comment on column aias.events.correlation_id is 'The id that whoever caused it gave to all that follows; the trace''s where none was given.';
grant select on table aias.events to aias_admin;
grant select on table aias.events to aias_analyst;
grant select on table aias.events to aias_app;
grant select on table aias.events to aias_worker;

create view aias.execution_events with (security_barrier=true) as
 SELECT tenant_id,
    execution_id,
    id,
    at,
    type,
    step_id AS step,
    NULLIF(item, '-1'::integer) AS item,
    attempt,
    detail
   FROM aias_private.execution_events v
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.execution_events is 'What happened to the executions beside their plain course: failures, rescues, interventions. Fresh.';
comment on column aias.execution_events.tenant_id is 'The tenant that the execution runs for.';
comment on column aias.execution_events.execution_id is 'The execution (aias.executions.id).';
comment on column aias.execution_events.id is 'The event''s id (UUIDv7): ordering by it is ordering by time.';
comment on column aias.execution_events.at is 'When it happened.';
comment on column aias.execution_events.type is 'rescued, released, step_retry_scheduled, step_failed, step_in_doubt, fallback_used, cancelled, retried, replayed, failed, ...';
comment on column aias.execution_events.step is 'The step that it happened to, where it did to one.';
comment on column aias.execution_events.item is 'The item of a fan-out that it happened to, from 0.';
comment on column aias.execution_events.attempt is 'The attempt of the step, or of the execution where there is no step.';
comment on column aias.execution_events.detail is 'The particulars, as a JSON object.';
grant select on table aias.execution_events to aias_admin;
grant select on table aias.execution_events to aias_analyst;
grant select on table aias.execution_events to aias_app;
grant select on table aias.execution_events to aias_worker;

create view aias.execution_steps with (security_barrier=true) as
 SELECT tenant_id,
    execution_id,
    id AS step,
    NULLIF(item, '-1'::integer) AS item,
    action,
    effect,
    status,
    attempt_count,
    output,
    error,
    wait_kind,
    wait_until,
    wait_detail,
    child_execution_id,
    started_at,
    finished_at,
    (finished_at - started_at) AS duration,
    deferral_count
   FROM aias_private.steps s
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.execution_steps is 'The checkpoints: one row per step that has begun, and one per item of a fan-out. Fresh.';
comment on column aias.execution_steps.tenant_id is 'The tenant that the execution runs for.';
comment on column aias.execution_steps.execution_id is 'The execution (aias.executions.id).';
comment on column aias.execution_steps.step is 'The step''s id in the definition.';
comment on column aias.execution_steps.item is 'The item of a fan-out, from 0; null for the step itself.';
comment on column aias.execution_steps.action is 'The action that it calls.';
comment on column aias.execution_steps.effect is 'none, idempotent or at_most_once: what may be repeated after a crash.';
comment on column aias.execution_steps.status is 'running, waiting, succeeded, failed, skipped, cancelled, or in_doubt: its call was under way when the execution ended.';
comment on column aias.execution_steps.attempt_count is 'How often it was called.';
comment on column aias.execution_steps.output is 'What it came to.';
comment on column aias.execution_steps.error is 'Why its latest attempt failed: {"type", "message", "detail"}.';
comment on column aias.execution_steps.wait_kind is 'What it waits for: retry, sleep, event, approval, execution, gate, limit or effect.';
comment on column aias.execution_steps.wait_until is 'When the wait ends by itself; null when it has no end.';
comment on column aias.execution_steps.wait_detail is 'The particulars of the wait: a signal''s name, a message to a person.';
comment on column aias.execution_steps.child_execution_id is 'The execution that it started and waits for.';
comment on column aias.execution_steps.started_at is 'When its latest attempt began.';
comment on column aias.execution_steps.finished_at is 'When it was done.';
comment on column aias.execution_steps.duration is 'From the start of its latest attempt to its end.';
comment on column aias.execution_steps.deferral_count is 'How often it was put off by a closed gate or a used up limit; that costs no attempt.';
grant select on table aias.execution_steps to aias_admin;
grant select on table aias.execution_steps to aias_analyst;
grant select on table aias.execution_steps to aias_app;
grant select on table aias.execution_steps to aias_worker;

create view aias.execution_volume_daily with (security_barrier=true) as
 SELECT d.day,
    d.tenant_id,
    t.slug AS tenant,
    t.plan,
    w.name AS workflow,
    (sum(d.started_count))::bigint AS started_count,
    (sum(d.succeeded_count))::bigint AS succeeded_count,
    (sum(d.failed_count))::bigint AS failed_count,
    (sum(d.cancelled_count))::bigint AS cancelled_count,
    (sum(d.step_count))::bigint AS step_count,
    sum(d.run_time) AS run_time
   FROM ((aias_private.execution_days d
     JOIN aias_private.tenants t ON ((d.tenant_id = t.id)))
     LEFT JOIN aias_private.workflows w ON (((d.tenant_id = w.tenant_id) AND (d.workflow_id = w.id))))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (d.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)))
  GROUP BY d.day, d.tenant_id, t.slug, t.plan, d.workflow_id, w.name;
comment on view aias.execution_volume_daily is 'Executions per day (UTC), tenant and workflow; kept when the executions themselves are gone. Fresh to the minute: as of aias.freshness, activity.';
comment on column aias.execution_volume_daily.day is 'The day (UTC).';
comment on column aias.execution_volume_daily.tenant_id is 'The tenant that they ran for.';
comment on column aias.execution_volume_daily.tenant is 'The tenant''s slug.';
comment on column aias.execution_volume_daily.plan is 'The tenant''s plan as it is now.';
comment on column aias.execution_volume_daily.workflow is 'The workflow''s name; null when the workflow is gone.';
comment on column aias.execution_volume_daily.started_count is 'Executions that were asked for on the day, those of triggers, replays and parents included.';
comment on column aias.execution_volume_daily.succeeded_count is 'Executions that succeeded on the day, whenever they were started.';
comment on column aias.execution_volume_daily.failed_count is 'Executions that failed for good on the day; one that is retried and ends again counts again.';
comment on column aias.execution_volume_daily.cancelled_count is 'Executions that were cancelled on the day.';
comment on column aias.execution_volume_daily.step_count is 'Steps, and items of fan-outs, that ran in the executions that ended on the day; what was skipped or reused is not in it.';
comment on column aias.execution_volume_daily.run_time is 'From first start to end of the executions that ended on the day, waits included, summed up (interval).';
grant select on table aias.execution_volume_daily to aias_admin;
grant select on table aias.execution_volume_daily to aias_analyst;
grant select on table aias.execution_volume_daily to aias_app;
grant select on table aias.execution_volume_daily to aias_worker;

create view aias.executions with (security_barrier=true) as
 SELECT e.tenant_id,
    t.slug AS tenant,
    e.id,
    w.name AS workflow,
    e.version,
    e.status,
    e.lane,
    e.input,
    e.output,
    e.error,
    e.attempt,
    e.crash_count,
    e.job_id,
    e.worker_id,
    e.run_at,
    e.wait_reason,
    e.wait_until,
    e.idempotency_key,
    e.parent_execution_id,
    e.replayed_from_id,
    e.trace_parent,
    e.cancel_reason,
    e.created_at,
    e.started_at,
    e.finished_at,
    (e.finished_at - e.started_at) AS duration,
    e.origin,
    e.origin_id,
    aias_private.trace_id(e.id, e.trace_parent) AS trace_id,
    COALESCE(e.correlation_id, aias_private.trace_id(e.id, e.trace_parent)) AS correlation_id
   FROM ((aias_private.executions e
     JOIN aias_private.tenants t ON ((e.tenant_id = t.id)))
     JOIN aias_private.workflows w ON (((e.tenant_id = w.tenant_id) AND (e.workflow_id = w.id))))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (e.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.executions is 'The runs of the workflows. Fresh; kept as long as retention says.';
comment on column aias.executions.tenant_id is 'The tenant that it runs for.';
comment on column aias.executions.tenant is 'The tenant''s slug.';
comment on column aias.executions.id is 'The execution''s id (UUIDv7): ordering by it is ordering by start call.';
comment on column aias.executions.workflow is 'The workflow''s name.';
comment on column aias.executions.version is 'The version that it runs, whatever is applied meanwhile.';
comment on column aias.executions.status is 'queued, running, waiting, succeeded, failed or cancelled; the last three are final.';
comment on column aias.executions.lane is 'The lane that it runs in; retries run in the lane retry.';
comment on column aias.executions.input is 'The input it was started with.';
comment on column aias.executions.output is 'What it came to, when succeeded: the definition''s output.';
comment on column aias.executions.error is 'Why it failed: {"type", "message", "detail"}.';
comment on column aias.executions.attempt is 'The fencing token: how often it was claimed, released or cancelled.';
comment on column aias.executions.crash_count is 'How often the worker that ran it died; five times end it.';
comment on column aias.executions.job_id is 'The job that advances it next or now; null when final or when it waits without an end.';
comment on column aias.executions.worker_id is 'The worker that runs it (aias.workers.id); null when none does.';
comment on column aias.executions.run_at is 'The time that it was asked to start at; null is at once.';
comment on column aias.executions.wait_reason is 'What a waiting one waits for first: retry, sleep, event, approval, execution, gate, limit or effect.';
comment on column aias.executions.wait_until is 'When that wait ends by itself; null when it has no end.';
comment on column aias.executions.idempotency_key is 'The key that it was started with; unique per tenant and workflow.';
comment on column aias.executions.parent_execution_id is 'The execution whose step started it and waits for it.';
comment on column aias.executions.replayed_from_id is 'The execution that it is a replay of.';
comment on column aias.executions.trace_parent is 'The W3C trace context that it was started under; null when none was named.';
comment on column aias.executions.cancel_reason is 'The reason given when it was cancelled.';
comment on column aias.executions.created_at is 'When it was asked for.';
comment on column aias.executions.started_at is 'When a worker first took it.';
comment on column aias.executions.finished_at is 'When it became final.';
comment on column aias.executions.duration is 'From its first start to its end, waits included.';
comment on column aias.executions.origin is 'What triggered it: schedule, event or webhook; null for a call.';
comment on column aias.executions.origin_id is 'The schedule, subscription or webhook that did.';
comment on column aias.executions.trace_id is 'The trace that it belongs to (32 hexadecimal digits), for aias.trace.';
comment on column aias.executions.correlation_id is 'The id that whoever caused it gave to all that follows; the trace''s where none was given.';
grant select on table aias.executions to aias_admin;
grant select on table aias.executions to aias_analyst;
grant select on table aias.executions to aias_app;
grant select on table aias.executions to aias_worker;

CREATE OR REPLACE FUNCTION aias.explain_execution(p_execution uuid)
 RETURNS TABLE(reason text, detail text, until timestamp with time zone)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.explain_execution(p_execution uuid) is 'Why an execution does not run now and until when, or that it runs or has ended; and what made up for its failures.';
grant execute on function aias.explain_execution(p_execution uuid) to aias_admin;
grant execute on function aias.explain_execution(p_execution uuid) to aias_app;
grant execute on function aias.explain_execution(p_execution uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias.explain_job(p_job bigint)
 RETURNS TABLE(reason text, detail text, until timestamp with time zone)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias.explain_job(p_job bigint) is 'Why a job does not run now and until when, or that it runs or has ended.';
grant execute on function aias.explain_job(p_job bigint) to aias_admin;
grant execute on function aias.explain_job(p_job bigint) to aias_app;
grant execute on function aias.explain_job(p_job bigint) to aias_worker;

CREATE OR REPLACE FUNCTION aias.export_user(p_user uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.export_user(p_user uuid) is 'Everything that the system holds of a person, as one document, by table; at most 64 MiB.';
grant execute on function aias.export_user(p_user uuid) to aias_admin;
grant execute on function aias.export_user(p_user uuid) to aias_app;

CREATE OR REPLACE FUNCTION aias.find_audit(p_tenant uuid DEFAULT NULL::uuid, p_action text DEFAULT NULL::text, p_actor text DEFAULT NULL::text, p_object_kind text DEFAULT NULL::text, p_object_id text DEFAULT NULL::text, p_request_id text DEFAULT NULL::text, p_since timestamp with time zone DEFAULT NULL::timestamp with time zone, p_until timestamp with time zone DEFAULT NULL::timestamp with time zone, p_before uuid DEFAULT NULL::uuid, p_limit integer DEFAULT 50)
 RETURNS TABLE(id uuid, tenant text, at timestamp with time zone, actor text, actor_kind text, action text, object_kind text, object_id text, detail jsonb, request_id text, address text, correlation_id text, trace_id text)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan';
comment on function aias.find_audit(p_tenant uuid, p_action text, p_actor text, p_object_kind text, p_object_id text, p_request_id text, p_since timestamp with time zone, p_until timestamp with time zone, p_before uuid, p_limit integer) is 'A page of the audit log, the newest first, narrowed by what is given. Fast however long it is.';
grant execute on function aias.find_audit(p_tenant uuid, p_action text, p_actor text, p_object_kind text, p_object_id text, p_request_id text, p_since timestamp with time zone, p_until timestamp with time zone, p_before uuid, p_limit integer) to aias_admin;
grant execute on function aias.find_audit(p_tenant uuid, p_action text, p_actor text, p_object_kind text, p_object_id text, p_request_id text, p_since timestamp with time zone, p_until timestamp with time zone, p_before uuid, p_limit integer) to aias_analyst;
grant execute on function aias.find_audit(p_tenant uuid, p_action text, p_actor text, p_object_kind text, p_object_id text, p_request_id text, p_since timestamp with time zone, p_until timestamp with time zone, p_before uuid, p_limit integer) to aias_app;
grant execute on function aias.find_audit(p_tenant uuid, p_action text, p_actor text, p_object_kind text, p_object_id text, p_request_id text, p_since timestamp with time zone, p_until timestamp with time zone, p_before uuid, p_limit integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias.find_dead_letters(p_tenant uuid DEFAULT NULL::uuid, p_is_open boolean DEFAULT NULL::boolean, p_kind text DEFAULT NULL::text, p_fuse uuid DEFAULT NULL::uuid, p_before uuid DEFAULT NULL::uuid, p_limit integer DEFAULT 50)
 RETURNS TABLE(id uuid, tenant text, kind text, execution_id uuid, job_id bigint, reason text, error jsonb, created_at timestamp with time zone, resolution text, resolved_at timestamp with time zone, resolved_by text, resolved_reason text, fuse_id uuid)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan';
comment on function aias.find_dead_letters(p_tenant uuid, p_is_open boolean, p_kind text, p_fuse uuid, p_before uuid, p_limit integer) is 'A page of dead letters, the newest first, narrowed by what is given; without what is kept of each.';
grant execute on function aias.find_dead_letters(p_tenant uuid, p_is_open boolean, p_kind text, p_fuse uuid, p_before uuid, p_limit integer) to aias_admin;
grant execute on function aias.find_dead_letters(p_tenant uuid, p_is_open boolean, p_kind text, p_fuse uuid, p_before uuid, p_limit integer) to aias_analyst;
grant execute on function aias.find_dead_letters(p_tenant uuid, p_is_open boolean, p_kind text, p_fuse uuid, p_before uuid, p_limit integer) to aias_app;
grant execute on function aias.find_dead_letters(p_tenant uuid, p_is_open boolean, p_kind text, p_fuse uuid, p_before uuid, p_limit integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias.find_errors(p_tenant uuid DEFAULT NULL::uuid, p_status text DEFAULT NULL::text, p_since timestamp with time zone DEFAULT NULL::timestamp with time zone, p_before_at timestamp with time zone DEFAULT NULL::timestamp with time zone, p_before uuid DEFAULT NULL::uuid, p_limit integer DEFAULT 50)
 RETURNS TABLE(id uuid, type text, message text, frames text[], status text, first_seen_at timestamp with time zone, last_seen_at timestamp with time zone, failure_count bigint, tenant_count bigint, reopened_at timestamp with time zone, reopen_count integer)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan';
comment on function aias.find_errors(p_tenant uuid, p_status text, p_since timestamp with time zone, p_before_at timestamp with time zone, p_before uuid, p_limit integer) is 'A page of groups of errors, what came last first, narrowed by tenant, status and time.';
grant execute on function aias.find_errors(p_tenant uuid, p_status text, p_since timestamp with time zone, p_before_at timestamp with time zone, p_before uuid, p_limit integer) to aias_admin;
grant execute on function aias.find_errors(p_tenant uuid, p_status text, p_since timestamp with time zone, p_before_at timestamp with time zone, p_before uuid, p_limit integer) to aias_analyst;
grant execute on function aias.find_errors(p_tenant uuid, p_status text, p_since timestamp with time zone, p_before_at timestamp with time zone, p_before uuid, p_limit integer) to aias_app;
grant execute on function aias.find_errors(p_tenant uuid, p_status text, p_since timestamp with time zone, p_before_at timestamp with time zone, p_before uuid, p_limit integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias.find_executions(p_tenant uuid DEFAULT NULL::uuid, p_workflow text DEFAULT NULL::text, p_status text DEFAULT NULL::text, p_since timestamp with time zone DEFAULT NULL::timestamp with time zone, p_until timestamp with time zone DEFAULT NULL::timestamp with time zone, p_idempotency_key text DEFAULT NULL::text, p_trace_id text DEFAULT NULL::text, p_parent uuid DEFAULT NULL::uuid, p_before uuid DEFAULT NULL::uuid, p_limit integer DEFAULT 50)
 RETURNS TABLE(id uuid, tenant text, workflow text, version integer, status text, lane text, attempt integer, run_at timestamp with time zone, wait_reason text, wait_until timestamp with time zone, idempotency_key text, parent_execution_id uuid, replayed_from_id uuid, trace_parent text, error jsonb, created_at timestamp with time zone, started_at timestamp with time zone, finished_at timestamp with time zone)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan';
comment on function aias.find_executions(p_tenant uuid, p_workflow text, p_status text, p_since timestamp with time zone, p_until timestamp with time zone, p_idempotency_key text, p_trace_id text, p_parent uuid, p_before uuid, p_limit integer) is 'A page of executions, the newest first, narrowed by what is given; without inputs and outputs. Fast however many there are.';
grant execute on function aias.find_executions(p_tenant uuid, p_workflow text, p_status text, p_since timestamp with time zone, p_until timestamp with time zone, p_idempotency_key text, p_trace_id text, p_parent uuid, p_before uuid, p_limit integer) to aias_admin;
grant execute on function aias.find_executions(p_tenant uuid, p_workflow text, p_status text, p_since timestamp with time zone, p_until timestamp with time zone, p_idempotency_key text, p_trace_id text, p_parent uuid, p_before uuid, p_limit integer) to aias_analyst;
grant execute on function aias.find_executions(p_tenant uuid, p_workflow text, p_status text, p_since timestamp with time zone, p_until timestamp with time zone, p_idempotency_key text, p_trace_id text, p_parent uuid, p_before uuid, p_limit integer) to aias_app;
grant execute on function aias.find_executions(p_tenant uuid, p_workflow text, p_status text, p_since timestamp with time zone, p_until timestamp with time zone, p_idempotency_key text, p_trace_id text, p_parent uuid, p_before uuid, p_limit integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias.find_jobs(p_tenant uuid DEFAULT NULL::uuid, p_status text DEFAULT NULL::text, p_lane text DEFAULT NULL::text, p_task text DEFAULT NULL::text, p_before bigint DEFAULT NULL::bigint, p_limit integer DEFAULT 50)
 RETURNS TABLE(id bigint, tenant text, task text, lane text, status text, priority integer, run_at timestamp with time zone, attempt_count integer, rescue_count integer, last_error jsonb, created_at timestamp with time zone)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan';
comment on function aias.find_jobs(p_tenant uuid, p_status text, p_lane text, p_task text, p_before bigint, p_limit integer) is 'A page of the queue''s jobs, the newest first, narrowed by what is given; without arguments. Fast however many there are.';
grant execute on function aias.find_jobs(p_tenant uuid, p_status text, p_lane text, p_task text, p_before bigint, p_limit integer) to aias_admin;
grant execute on function aias.find_jobs(p_tenant uuid, p_status text, p_lane text, p_task text, p_before bigint, p_limit integer) to aias_analyst;
grant execute on function aias.find_jobs(p_tenant uuid, p_status text, p_lane text, p_task text, p_before bigint, p_limit integer) to aias_app;
grant execute on function aias.find_jobs(p_tenant uuid, p_status text, p_lane text, p_task text, p_before bigint, p_limit integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias.find_logs(p_tenant uuid DEFAULT NULL::uuid, p_level text DEFAULT NULL::text, p_execution uuid DEFAULT NULL::uuid, p_correlation text DEFAULT NULL::text, p_request text DEFAULT NULL::text, p_since timestamp with time zone DEFAULT NULL::timestamp with time zone, p_until timestamp with time zone DEFAULT NULL::timestamp with time zone, p_text text DEFAULT NULL::text, p_before uuid DEFAULT NULL::uuid, p_limit integer DEFAULT 50)
 RETURNS TABLE(id uuid, at timestamp with time zone, level text, logger text, message text, tenant text, execution_id uuid, step text, job_id bigint, correlation_id text, trace_id text, request_id text, context jsonb, process text)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan';
comment on function aias.find_logs(p_tenant uuid, p_level text, p_execution uuid, p_correlation text, p_request text, p_since timestamp with time zone, p_until timestamp with time zone, p_text text, p_before uuid, p_limit integer) is 'A page of the log, the newest first, narrowed by what is given: least level, execution, correlation id, request, time, words.';
grant execute on function aias.find_logs(p_tenant uuid, p_level text, p_execution uuid, p_correlation text, p_request text, p_since timestamp with time zone, p_until timestamp with time zone, p_text text, p_before uuid, p_limit integer) to aias_admin;
grant execute on function aias.find_logs(p_tenant uuid, p_level text, p_execution uuid, p_correlation text, p_request text, p_since timestamp with time zone, p_until timestamp with time zone, p_text text, p_before uuid, p_limit integer) to aias_analyst;
grant execute on function aias.find_logs(p_tenant uuid, p_level text, p_execution uuid, p_correlation text, p_request text, p_since timestamp with time zone, p_until timestamp with time zone, p_text text, p_before uuid, p_limit integer) to aias_app;
grant execute on function aias.find_logs(p_tenant uuid, p_level text, p_execution uuid, p_correlation text, p_request text, p_since timestamp with time zone, p_until timestamp with time zone, p_text text, p_before uuid, p_limit integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias.find_orphans(p_repair boolean DEFAULT false)
 RETURNS TABLE(kind text, policy text, row_count bigint, repaired_count bigint, samples jsonb, description text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.find_orphans(p_repair boolean) is 'Finds rows whose parents are gone, executions without jobs and the reverse, per kind with samples; with p_repair it repairs the kinds that may be.';
grant execute on function aias.find_orphans(p_repair boolean) to aias_admin;
grant execute on function aias.find_orphans(p_repair boolean) to aias_worker;

create view aias.flag_tenants with (security_barrier=true) as
 SELECT t.slug AS tenant,
    o.flag,
    o.is_on,
    o.set_by,
    o.set_at
   FROM (aias_private.flag_tenants o
     JOIN aias_private.tenants t ON ((o.tenant_id = t.id)))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (o.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.flag_tenants is 'The tenants for whom a flag is on or off whatever its percentage. Fresh.';
comment on column aias.flag_tenants.tenant is 'The tenant''s slug.';
comment on column aias.flag_tenants.flag is 'The flag (aias.flags.name).';
comment on column aias.flag_tenants.is_on is 'Whether it is on for this tenant.';
comment on column aias.flag_tenants.set_by is 'Who said so.';
comment on column aias.flag_tenants.set_at is 'When it was said.';
grant select on table aias.flag_tenants to aias_admin;
grant select on table aias.flag_tenants to aias_analyst;
grant select on table aias.flag_tenants to aias_app;
grant select on table aias.flag_tenants to aias_worker;

create view aias.flags with (security_barrier=true) as
 SELECT name,
    percentage,
    description,
    ( SELECT count(*) AS count
           FROM aias_private.flag_tenants o
          WHERE ((o.flag = f.name) AND (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (o.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))))) AS tenant_count,
    set_by,
    set_at
   FROM aias_private.flags f;
comment on view aias.flags is 'The flags: changes of behaviour, and the part of the tenants that they have reached. Fresh.';
comment on column aias.flags.name is 'How code and aias.is_enabled name it.';
comment on column aias.flags.percentage is 'For how many of the tenants it is on, in percent, 0 to 100.';
comment on column aias.flags.description is 'What it changes.';
comment on column aias.flags.tenant_count is 'Number of tenants, of those that the reader sees, of whom something else was said.';
comment on column aias.flags.set_by is 'Who set it last; aias: it came with AIAS.';
comment on column aias.flags.set_at is 'When it was set last.';
grant select on table aias.flags to aias_admin;
grant select on table aias.flags to aias_analyst;
grant select on table aias.flags to aias_app;
grant select on table aias.flags to aias_worker;

CREATE OR REPLACE FUNCTION aias.follow_logs(p_since pg_snapshot, p_until pg_snapshot, p_tenant uuid DEFAULT NULL::uuid, p_level text DEFAULT NULL::text, p_execution uuid DEFAULT NULL::uuid, p_correlation text DEFAULT NULL::text, p_request text DEFAULT NULL::text, p_text text DEFAULT NULL::text, p_after uuid DEFAULT NULL::uuid, p_limit integer DEFAULT 500)
 RETURNS TABLE(id uuid, at timestamp with time zone, level text, logger text, message text, tenant text, execution_id uuid, step text, job_id bigint, correlation_id text, trace_id text, request_id text, context jsonb, process text)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan';
comment on function aias.follow_logs(p_since pg_snapshot, p_until pg_snapshot, p_tenant uuid, p_level text, p_execution uuid, p_correlation text, p_request text, p_text text, p_after uuid, p_limit integer) is 'A page of the log records that were committed between two snapshots, each once, the oldest first, narrowed by what is given.';
grant execute on function aias.follow_logs(p_since pg_snapshot, p_until pg_snapshot, p_tenant uuid, p_level text, p_execution uuid, p_correlation text, p_request text, p_text text, p_after uuid, p_limit integer) to aias_admin;
grant execute on function aias.follow_logs(p_since pg_snapshot, p_until pg_snapshot, p_tenant uuid, p_level text, p_execution uuid, p_correlation text, p_request text, p_text text, p_after uuid, p_limit integer) to aias_analyst;
grant execute on function aias.follow_logs(p_since pg_snapshot, p_until pg_snapshot, p_tenant uuid, p_level text, p_execution uuid, p_correlation text, p_request text, p_text text, p_after uuid, p_limit integer) to aias_app;
grant execute on function aias.follow_logs(p_since pg_snapshot, p_until pg_snapshot, p_tenant uuid, p_level text, p_execution uuid, p_correlation text, p_request text, p_text text, p_after uuid, p_limit integer) to aias_worker;

create view aias.freshness as
 SELECT name,
    kind,
    cadence,
    as_of,
    (aias_private.now() - as_of) AS age,
    COALESCE(((aias_private.now() - as_of) > ((3)::double precision * cadence)), true) AS is_late,
    refreshed_at,
    duration,
    row_count,
    error
   FROM aias_private.refreshes r;
comment on view aias.freshness is 'How fresh the summed up figures are: one row per rollup and materialized view that other views stand on. Fresh.';
comment on column aias.freshness.name is 'The rollup''s or materialized view''s name, which the comments of views refer to.';
comment on column aias.freshness.kind is 'rollup: what is new is added; materialized: made anew, while readers go on.';
comment on column aias.freshness.cadence is 'How often it is brought up to date (interval).';
comment on column aias.freshness.as_of is 'Everything that was committed before is in the figures; null until the first time.';
comment on column aias.freshness.age is 'How old the figures are now (interval).';
comment on column aias.freshness.is_late is 'Whether that is more than three times the cadence, or it has never been brought up to date.';
comment on column aias.freshness.refreshed_at is 'When it was last brought up to date.';
comment on column aias.freshness.duration is 'How long that took (interval).';
comment on column aias.freshness.row_count is 'Rows: those that a rollup added or changed the last time, or those of the materialized view.';
comment on column aias.freshness.error is 'Why the last refresh could not be made; null after one that was.';
grant select on table aias.freshness to aias_admin;
grant select on table aias.freshness to aias_analyst;
grant select on table aias.freshness to aias_app;
grant select on table aias.freshness to aias_worker;

create view aias.fuse_rules with (security_barrier=true) as
 SELECT scope,
    name,
    failure_count,
    within,
    is_enabled
   FROM aias_private.fuse_rules r;
comment on view aias.fuse_rules is 'After how many equal failures of one tenant a fuse blows. Fresh.';
comment on column aias.fuse_rules.scope is 'task or workflow.';
comment on column aias.fuse_rules.name is 'The task or the workflow; * for all that have no rule of their own.';
comment on column aias.fuse_rules.failure_count is 'How many failures for good it takes, all for the same reason.';
comment on column aias.fuse_rules.within is 'Within which time; counted by ten seconds.';
comment on column aias.fuse_rules.is_enabled is 'Whether there is a fuse at all.';
grant select on table aias.fuse_rules to aias_admin;
grant select on table aias.fuse_rules to aias_analyst;
grant select on table aias.fuse_rules to aias_app;
grant select on table aias.fuse_rules to aias_worker;

create view aias.fuses with (security_barrier=true) as
 SELECT f.id,
    NULLIF(f.tenant_id, aias_private.nil_uuid()) AS tenant_id,
    t.slug AS tenant,
    f.scope,
    f.name,
        CASE
            WHEN (f.released_at IS NULL) THEN 'blown'::text
            ELSE 'released'::text
        END AS status,
    f.reason,
    f.group_id AS error_group_id,
    f.failure_count,
    f.within,
    f.diverted_count,
    f.requeued_count,
    f.is_requeueing,
    f.blown_at,
    f.released_at,
    f.released_by,
    f.released_reason
   FROM (aias_private.fuses f
     LEFT JOIN aias_private.tenants t ON ((f.tenant_id = t.id)))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (f.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.fuses is 'Tasks and workflows of a tenant that gave up too often for the same reason: what follows goes to the dead letters. Fresh.';
comment on column aias.fuses.id is 'The incident''s id (UUIDv7), for release_fuse; the dead letters name it.';
comment on column aias.fuses.tenant_id is 'Whose work it is; null for jobs of no tenant.';
comment on column aias.fuses.tenant is 'The tenant''s slug.';
comment on column aias.fuses.scope is 'task or workflow.';
comment on column aias.fuses.name is 'The task, or the workflow.';
comment on column aias.fuses.status is 'blown: nothing of it starts; released: it runs again.';
comment on column aias.fuses.reason is 'The error for which it gave up.';
comment on column aias.fuses.error_group_id is 'The error''s group (aias.error_groups).';
comment on column aias.fuses.failure_count is 'How often it had given up when the fuse blew.';
comment on column aias.fuses.within is 'Within which time.';
comment on column aias.fuses.diverted_count is 'How many jobs or executions went to the dead letters instead of starting.';
comment on column aias.fuses.requeued_count is 'How many of these the release has started again.';
comment on column aias.fuses.is_requeueing is 'Whether the release has more of them to start again.';
comment on column aias.fuses.blown_at is 'Since when.';
comment on column aias.fuses.released_at is 'When it was released.';
comment on column aias.fuses.released_by is 'Who released it.';
comment on column aias.fuses.released_reason is 'Why, in their words.';
grant select on table aias.fuses to aias_admin;
grant select on table aias.fuses to aias_analyst;
grant select on table aias.fuses to aias_app;
grant select on table aias.fuses to aias_worker;

create view aias.gates with (security_barrier=true) as
 SELECT t.slug AS tenant,
    g.kind,
    NULLIF(g.connection, ''::text) AS connection,
    g.name AS gate,
        CASE
            WHEN (g.status = 'open'::text) THEN 'open'::text
            WHEN (g.closed_until <= aias_private.now()) THEN 'half_open'::text
            ELSE 'closed'::text
        END AS state,
    g.source,
    g.reason,
    g.closed_by,
    g.closed_at,
    g.closed_until,
    g.close_count,
    g.probe_until,
    g.opened_at,
    ( SELECT count(*) AS count
           FROM aias_private.gate_waiters w
          WHERE ((w.gate = g.name) AND (w.kind = 'gate'::text))) AS waiting_count
   FROM (aias_private.gates g
     LEFT JOIN aias_private.tenants t ON ((g.tenant_id = t.id)))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (g.tenant_id = ANY (ARRAY[( SELECT aias_private.caller_tenant() AS caller_tenant), '00000000-0000-0000-0000-000000000000'::uuid])));
comment on view aias.gates is 'The gates before the upstreams that are closed, or were: a gate without a row is open. Fresh.';
comment on column aias.gates.tenant is 'The tenant''s slug; null for the gate of a kind, which stands before all tenants.';
comment on column aias.gates.kind is 'What it stands before: shopify, wave, ...';
comment on column aias.gates.connection is 'The connection''s name; null for the gate of a kind.';
comment on column aias.gates.gate is 'How aias.close_gate and aias.open_gate name it: shopify, or shopify:acme/main.';
comment on column aias.gates.state is 'closed: nothing passes; half_open: one call passes, and the others when it came back well; open.';
comment on column aias.gates.source is 'Who closed it last: operator; upstream (it asked for a pause, or a probe failed); breaker (too many calls failed).';
comment on column aias.gates.reason is 'Why.';
comment on column aias.gates.closed_by is 'Who: a user or a role; aias when the system did.';
comment on column aias.gates.closed_at is 'When it was closed last.';
comment on column aias.gates.closed_until is 'When one call is let through; null: not before it is opened.';
comment on column aias.gates.close_count is 'How often the system closed it since it was last open for long; the pause doubles each time.';
comment on column aias.gates.probe_until is 'Until when the answer of the one call is waited for; null when none is under way.';
comment on column aias.gates.opened_at is 'When it was opened; null while it is closed.';
comment on column aias.gates.waiting_count is 'How many executions will be woken when it opens.';
grant select on table aias.gates to aias_admin;
grant select on table aias.gates to aias_analyst;
grant select on table aias.gates to aias_app;
grant select on table aias.gates to aias_worker;

create view aias.health_checks with (security_barrier=true) as
 SELECT name,
    cadence,
    status,
    is_vital,
    since,
    checked_at,
    latency_ms,
    problem_count,
        CASE
            WHEN (problem_count > 0) THEN ((((problems -> 0) ->> 'object'::text) || ': '::text) || ((problems -> 0) ->> 'problem'::text))
            ELSE NULL::text
        END AS detail,
    problems,
    ((checked_at IS NOT NULL) AND (checked_at > (aias_private.now() -
        CASE cadence
            WHEN 'five_minutes'::text THEN '00:15:00'::interval
            WHEN 'hourly'::text THEN '03:00:00'::interval
            WHEN 'daily'::text THEN '2 days'::interval
            WHEN 'weekly'::text THEN '9 days'::interval
            ELSE '100 days'::interval
        END))) AS is_fresh,
    description
   FROM aias_private.health_checks c
  WHERE (is_enabled AND ( SELECT aias_private.caller_sees_all() AS caller_sees_all));
comment on view aias.health_checks is 'How everything is: each check with its latest state, since when it is so, and what was found. For operators. Fresh; is_fresh says whether the look is recent.';
comment on column aias.health_checks.name is 'The check.';
comment on column aias.health_checks.cadence is 'How often it is made: five_minutes, hourly, daily, weekly or quarterly.';
comment on column aias.health_checks.status is 'ok, failing, or unknown before the first look.';
comment on column aias.health_checks.is_vital is 'Whether the system is of no use, or soon will not be, while it fails.';
comment on column aias.health_checks.since is 'Since when the status is so; null while it is unknown.';
comment on column aias.health_checks.checked_at is 'When it was last looked at.';
comment on column aias.health_checks.latency_ms is 'How long that took, in milliseconds.';
comment on column aias.health_checks.problem_count is 'How many problems were found, a number.';
comment on column aias.health_checks.detail is 'The first problem; null when there is none.';
comment on column aias.health_checks.problems is 'The first 20 problems: an array of objects with object and problem.';
comment on column aias.health_checks.is_fresh is 'Whether it was looked at of late, for its cadence.';
comment on column aias.health_checks.description is 'What holds when it is ok.';
grant select on table aias.health_checks to aias_admin;
grant select on table aias.health_checks to aias_analyst;
grant select on table aias.health_checks to aias_worker;

CREATE OR REPLACE FUNCTION aias.help_for(p_user uuid, p_page text, p_state text DEFAULT ''::text, p_language text DEFAULT NULL::text)
 RETURNS TABLE(name text, title text, body text, language text)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.help_for(p_user uuid, p_page text, p_state text, p_language text) is 'The help text of a page in a state for a person, in the person''s language; none where it was dismissed.';
grant execute on function aias.help_for(p_user uuid, p_page text, p_state text, p_language text) to aias_admin;
grant execute on function aias.help_for(p_user uuid, p_page text, p_state text, p_language text) to aias_app;

CREATE OR REPLACE FUNCTION aias.hold_retention(p_tenant text, p_reason text, p_age interval DEFAULT NULL::interval, p_policy text DEFAULT '*'::text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.hold_retention(p_tenant text, p_reason text, p_age interval, p_policy text) is 'Keeps a tenant''s rows for an age of its own, or without one for good (a legal hold); administrators only.';
grant execute on function aias.hold_retention(p_tenant text, p_reason text, p_age interval, p_policy text) to aias_admin;
grant execute on function aias.hold_retention(p_tenant text, p_reason text, p_age interval, p_policy text) to aias_app;

CREATE OR REPLACE FUNCTION aias.ignore_error(p_error uuid, p_reason text DEFAULT NULL::text)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.ignore_error(p_error uuid, p_reason text) is 'Says that an error is of no interest: it is counted on and stays ignored.';
grant execute on function aias.ignore_error(p_error uuid, p_reason text) to aias_admin;
grant execute on function aias.ignore_error(p_error uuid, p_reason text) to aias_app;

create view aias.integration_health with (security_barrier=true) as
 SELECT t.slug AS tenant,
    i.kind,
    i.name,
    i.status,
    i.status_reason,
    c.latency_ms,
    c.last_checked_at,
    c.last_ok_at,
    c.last_error,
    i.token_expires_at,
    COALESCE(c.consecutive_failure_count, 0) AS consecutive_failures,
    c.next_check_at,
    i.tenant_id,
    i.id AS integration_id
   FROM ((aias_private.integrations i
     JOIN aias_private.tenants t ON ((i.tenant_id = t.id)))
     LEFT JOIN aias_private.integration_checks c ON (((i.tenant_id = c.tenant_id) AND (i.id = c.integration_id))))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (i.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.integration_health is 'How each connection does: its status, and what its last check found. Checked hourly and on demand. Fresh.';
comment on column aias.integration_health.tenant is 'The tenant''s slug.';
comment on column aias.integration_health.kind is 'What it connects to: shopify, wave, slack, email or http.';
comment on column aias.integration_health.name is 'Its name.';
comment on column aias.integration_health.status is 'connected; failing: the last check found it broken; revoked: the credentials were refused.';
comment on column aias.integration_health.status_reason is 'Why it is not connected; null while it is.';
comment on column aias.integration_health.latency_ms is 'Milliseconds that the last check took; null where it could not be tried.';
comment on column aias.integration_health.last_checked_at is 'When it was last checked; null before the first time.';
comment on column aias.integration_health.last_ok_at is 'When a check last found it working.';
comment on column aias.integration_health.last_error is 'What the last check found wrong; null when it was right.';
comment on column aias.integration_health.token_expires_at is 'When its access token ends; null where it does not.';
comment on column aias.integration_health.consecutive_failures is 'How many checks in a row found it broken.';
comment on column aias.integration_health.next_check_at is 'When it is checked next.';
comment on column aias.integration_health.tenant_id is 'The tenant that the connection belongs to.';
comment on column aias.integration_health.integration_id is 'The connection''s id.';
grant select on table aias.integration_health to aias_admin;
grant select on table aias.integration_health to aias_analyst;
grant select on table aias.integration_health to aias_app;
grant select on table aias.integration_health to aias_worker;

create view aias.integration_usage_daily with (security_barrier=true) as
 SELECT d.day,
    d.tenant_id,
    t.slug AS tenant,
    t.plan,
    d.kind,
    NULLIF(d.connection, ''::text) AS connection,
    (sum(d.call_count))::bigint AS call_count,
    (sum(d.failure_count))::bigint AS failure_count,
    ((sum(d.failure_count))::double precision / (NULLIF(sum(d.call_count), (0)::numeric))::double precision) AS failure_ratio,
    (sum(d.total_ms) / (NULLIF(sum(d.call_count), (0)::numeric))::double precision) AS mean_ms,
    max(d.max_ms) AS max_ms
   FROM (aias_private.integration_days d
     JOIN aias_private.tenants t ON ((d.tenant_id = t.id)))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (d.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)))
  GROUP BY d.day, d.tenant_id, t.slug, t.plan, d.kind, d.connection;
comment on view aias.integration_usage_daily is 'Calls of upstreams per day (UTC), tenant and connection. Fresh to the minute: as of aias.freshness, activity.';
comment on column aias.integration_usage_daily.day is 'The day (UTC).';
comment on column aias.integration_usage_daily.tenant_id is 'The tenant for which the calls were made.';
comment on column aias.integration_usage_daily.tenant is 'The tenant''s slug.';
comment on column aias.integration_usage_daily.plan is 'The tenant''s plan as it is now.';
comment on column aias.integration_usage_daily.kind is 'What was called: shopify, wave, slack, email or http.';
comment on column aias.integration_usage_daily.connection is 'The connection''s name; null for addresses of the steps'' own.';
comment on column aias.integration_usage_daily.call_count is 'Calls, repeated ones included.';
comment on column aias.integration_usage_daily.failure_count is 'Calls that count as failures of the upstream.';
comment on column aias.integration_usage_daily.failure_ratio is 'Their ratio to all calls, from 0 to 1; null without calls.';
comment on column aias.integration_usage_daily.mean_ms is 'How long a call took on average, in milliseconds.';
comment on column aias.integration_usage_daily.max_ms is 'How long the slowest call took, in milliseconds.';
grant select on table aias.integration_usage_daily to aias_admin;
grant select on table aias.integration_usage_daily to aias_analyst;
grant select on table aias.integration_usage_daily to aias_app;
grant select on table aias.integration_usage_daily to aias_worker;

create view aias.integrations with (security_barrier=true) as
 SELECT tenant_id,
    id,
    kind,
    name,
    status,
    status_reason,
    config,
    key_id,
    created_at,
    connected_at,
    grant_type,
    scopes,
    token_expires_at,
    connected_by,
    is_sample
   FROM aias_private.integrations i
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.integrations is 'The connections of the tenants to other services. Credentials are not in it. Fresh.';
comment on column aias.integrations.tenant_id is 'The tenant that the connection belongs to.';
comment on column aias.integrations.id is 'The connection''s id (UUIDv7); the same after it is connected again.';
comment on column aias.integrations.kind is 'What it connects to: shopify, wave, slack, email or http.';
comment on column aias.integrations.name is 'Its name, by which a step''s connection names it; unique per tenant and kind.';
comment on column aias.integrations.status is 'connected; failing: the last check found it broken; revoked: the credentials were refused.';
comment on column aias.integrations.status_reason is 'Why it is not connected; null while it is.';
comment on column aias.integrations.config is 'Where and how it connects, as a JSON object without secrets.';
comment on column aias.integrations.key_id is 'Which key sealed its credentials: one of the tenant''s, or in old rows the master key.';
comment on column aias.integrations.created_at is 'When it was first connected.';
comment on column aias.integrations.connected_at is 'When its credentials were last given.';
comment on column aias.integrations.grant_type is 'How its tokens were granted: authorization_code or client_credentials; null for credentials given by hand.';
comment on column aias.integrations.scopes is 'What the upstream lets its token do, in the upstream''s words; null unless granted.';
comment on column aias.integrations.token_expires_at is 'When its access token ends; null where it does not.';
comment on column aias.integrations.connected_by is 'Who gave the credentials.';
comment on column aias.integrations.is_sample is 'Whether it came with the samples: it reaches the local servers, only steps that name it use it, and nothing of it is counted.';
grant select on table aias.integrations to aias_admin;
grant select on table aias.integrations to aias_analyst;
grant select on table aias.integrations to aias_app;
grant select on table aias.integrations to aias_worker;

CREATE OR REPLACE FUNCTION aias.is_enabled(p_flag text, p_tenant text)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.is_enabled(p_flag text, p_tenant text) is 'Whether the flag is on for the tenant: by the tenant''s own word, else by the flag''s percentage.';
grant execute on function aias.is_enabled(p_flag text, p_tenant text) to aias_admin;
grant execute on function aias.is_enabled(p_flag text, p_tenant text) to aias_app;
grant execute on function aias.is_enabled(p_flag text, p_tenant text) to aias_worker;

create view aias.jobs with (security_barrier=true) as
 SELECT j.tenant_id,
    t.slug AS tenant,
    j.id,
    (j.task_name)::text AS task,
    COALESCE(l.name, (j.queue_name)::text) AS lane,
    (j.queue_name)::text AS queue_name,
        CASE j.status
            WHEN 'todo'::public.procrastinate_job_status THEN
            CASE
                WHEN (j.scheduled_at > aias_private.now()) THEN 'scheduled'::text
                ELSE 'waiting'::text
            END
            WHEN 'doing'::public.procrastinate_job_status THEN
            CASE
                WHEN j.abort_requested THEN 'stopping'::text
                ELSE 'running'::text
            END
            ELSE (j.status)::text
        END AS status,
    j.priority,
    j.scheduled_at AS run_at,
    j.args,
    j.attempts AS attempt_count,
    j.rescue_count,
    j.lock,
    j.queueing_lock,
    j.worker_id,
    j.last_error,
    j.created_at,
    "substring"(j.trace_parent, '^[0-9a-f]{2}-([0-9a-f]{32})-'::text) AS trace_id,
    COALESCE(j.correlation_id, "substring"(j.trace_parent, '^[0-9a-f]{2}-([0-9a-f]{32})-'::text)) AS correlation_id
   FROM ((public.procrastinate_jobs j
     LEFT JOIN aias_private.tenants t ON ((j.tenant_id = t.id)))
     LEFT JOIN aias_private.lanes l ON (((j.queue_name)::text = l.queue_name)))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (j.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.jobs is 'The queue: jobs that wait, run or have failed. Succeeded jobs are deleted. Fresh.';
comment on column aias.jobs.tenant_id is 'The tenant that it runs for; null for the system''s own.';
comment on column aias.jobs.tenant is 'The tenant''s slug.';
comment on column aias.jobs.id is 'The job''s id, for explain_job, cancel_job and retry_job.';
comment on column aias.jobs.task is 'The name of the task that it runs.';
comment on column aias.jobs.lane is 'Its lane; the queue''s name when no lane has that queue.';
comment on column aias.jobs.queue_name is 'Its queue, as workers name it.';
comment on column aias.jobs.status is 'waiting, scheduled (its time has not come), running, stopping (running, asked to stop), failed, aborted, cancelled or succeeded.';
comment on column aias.jobs.priority is 'Higher goes first.';
comment on column aias.jobs.run_at is 'When it falls due; null is at once.';
comment on column aias.jobs.args is 'The task''s arguments.';
comment on column aias.jobs.attempt_count is 'How many attempts are behind it, lost ones included.';
comment on column aias.jobs.rescue_count is 'How often a worker died with it; five times send it to the dead letters.';
comment on column aias.jobs.lock is 'Of jobs with the same lock one runs at a time.';
comment on column aias.jobs.queueing_lock is 'Of jobs with the same queueing lock one waits at a time.';
comment on column aias.jobs.worker_id is 'The worker that runs it (aias.workers.id).';
comment on column aias.jobs.last_error is 'Why the last attempt failed: {"type", "message", ...}.';
comment on column aias.jobs.created_at is 'When it was enqueued.';
comment on column aias.jobs.trace_id is 'The trace of whoever enqueued it (32 hexadecimal digits); null where none was named.';
comment on column aias.jobs.correlation_id is 'The correlation id of whoever enqueued it; null where none was named.';
grant select on table aias.jobs to aias_admin;
grant select on table aias.jobs to aias_analyst;
grant select on table aias.jobs to aias_app;
grant select on table aias.jobs to aias_worker;

create view aias.lanes as
 SELECT name,
    queue_name,
    base_priority,
    weight,
    description
   FROM aias_private.lanes l;
comment on view aias.lanes is 'The lanes: named classes of service, highest priority first when ordered so. Fresh.';
comment on column aias.lanes.name is 'The lane''s name.';
comment on column aias.lanes.queue_name is 'The queue that a worker names to work on the lane (procrastinate worker --queues).';
comment on column aias.lanes.base_priority is 'The priority of the lane''s jobs; higher goes first.';
comment on column aias.lanes.weight is 'The lane''s share when all lanes have work, in proportion to the others'' weights.';
comment on column aias.lanes.description is 'What the lane is for.';
grant select on table aias.lanes to aias_admin;
grant select on table aias.lanes to aias_analyst;
grant select on table aias.lanes to aias_app;
grant select on table aias.lanes to aias_worker;

create view aias.limits with (security_barrier=true) as
 SELECT t.slug AS tenant,
    l.scope,
    l.name,
    l.max_running,
    s.running_count,
    l.rate_count AS rate,
    l.rate_per AS per,
    l.rate_burst AS burst,
    ( SELECT count(*) AS count
           FROM public.procrastinate_jobs j
          WHERE ((j.status = 'todo'::public.procrastinate_job_status) AND (j.parked_for = ANY (ARRAY[('limit:'::text || l.key), ('rate:'::text || l.key)])))) AS parked_count,
    l.set_by,
    l.set_at
   FROM ((aias_private.limits l
     LEFT JOIN aias_private.tenants t ON ((l.tenant_id = t.id)))
     LEFT JOIN LATERAL aias_private.limit_state(l.key) s(max_running, running_count) ON (true))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (l.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.limits is 'The limits that were set, with what runs under each. Plans limit the executions of a tenant beside them. Fresh.';
comment on column aias.limits.tenant is 'The tenant''s slug; null for a key of all tenants.';
comment on column aias.limits.scope is 'tenant, workflow, key or connection.';
comment on column aias.limits.name is 'The tenant, the workflow, the key or the connection (shopify:acme/main).';
comment on column aias.limits.max_running is 'How many of its jobs, or of a connection''s calls, may run at once; null: no such limit of its own.';
comment on column aias.limits.running_count is 'How many run, or are claimed and about to.';
comment on column aias.limits.rate is 'How many may start in the time `per`; null: any number.';
comment on column aias.limits.per is 'The time of the rate.';
comment on column aias.limits.burst is 'How many may start at once when none has for long.';
comment on column aias.limits.parked_count is 'How many jobs were found and wait for it.';
comment on column aias.limits.set_by is 'Who set it.';
comment on column aias.limits.set_at is 'When it was set.';
grant select on table aias.limits to aias_admin;
grant select on table aias.limits to aias_analyst;
grant select on table aias.limits to aias_app;
grant select on table aias.limits to aias_worker;

CREATE OR REPLACE FUNCTION aias.live_executions(p_tenant uuid DEFAULT NULL::uuid, p_most integer DEFAULT 10000)
 RETURNS TABLE(status text, execution_count bigint)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan';
comment on function aias.live_executions(p_tenant uuid, p_most integer) is 'How many executions are queued, running and waiting now, counted up to a bound.';
grant execute on function aias.live_executions(p_tenant uuid, p_most integer) to aias_admin;
grant execute on function aias.live_executions(p_tenant uuid, p_most integer) to aias_analyst;
grant execute on function aias.live_executions(p_tenant uuid, p_most integer) to aias_app;
grant execute on function aias.live_executions(p_tenant uuid, p_most integer) to aias_worker;

create view aias.logs with (security_barrier=true) as
 SELECT id,
    at,
    level,
    logger,
    message,
    NULLIF(tenant_id, aias_private.nil_uuid()) AS tenant_id,
    execution_id,
    step,
    job_id,
    correlation_id,
    trace_id,
    request_id,
    context,
    process
   FROM aias_private.logs l
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.logs is 'What workers and the HTTP server logged, without secrets and personal data; below error for 30 days, errors for 90. Fresh to 2 seconds.';
comment on column aias.logs.id is 'The record''s id (UUIDv7): ordering by it is ordering by time.';
comment on column aias.logs.at is 'When it was written, by the clock of the process.';
comment on column aias.logs.level is 'debug, info, warning, error or critical.';
comment on column aias.logs.logger is 'The part of the program that wrote it.';
comment on column aias.logs.message is 'What it says: one line, control characters escaped.';
comment on column aias.logs.tenant_id is 'The tenant for whom the work was done; null for the system''s own.';
comment on column aias.logs.execution_id is 'The execution that was advanced.';
comment on column aias.logs.step is 'The step of the execution.';
comment on column aias.logs.job_id is 'The job that ran.';
comment on column aias.logs.correlation_id is 'What ties together all that one request or trigger led to.';
comment on column aias.logs.trace_id is 'The trace (W3C Trace Context), 32 hexadecimal digits.';
comment on column aias.logs.request_id is 'The HTTP request (its X-Request-ID).';
comment on column aias.logs.context is 'The other fields; exception is a traceback without local variables.';
comment on column aias.logs.process is 'Who wrote it: worker or serve, the host and the process id.';
grant select on table aias.logs to aias_admin;
grant select on table aias.logs to aias_analyst;
grant select on table aias.logs to aias_app;
grant select on table aias.logs to aias_worker;

CREATE OR REPLACE FUNCTION aias.next_action(p_user uuid, p_language text DEFAULT NULL::text)
 RETURNS TABLE(action text, title text, why text, detail text, path text, score integer, is_urgent boolean)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.next_action(p_user uuid, p_language text) is 'What a person best does next, with a title and why, in the person''s language.';
grant execute on function aias.next_action(p_user uuid, p_language text) to aias_admin;
grant execute on function aias.next_action(p_user uuid, p_language text) to aias_app;

create view aias.next_actions with (security_barrier=true) as
 WITH tenant_state AS (
         SELECT s.tenant_id,
            s.tenant,
            bool_or(s.is_done) FILTER (WHERE (s.step = 'sample_succeeded'::text)) AS has_tried,
            bool_or(s.is_done) FILTER (WHERE (s.step = 'integration_connected'::text)) AS has_connected,
            bool_or(s.is_done) FILTER (WHERE (s.step = 'first_workflow'::text)) AS has_workflow,
            bool_or(s.is_done) FILTER (WHERE (s.step = 'first_run'::text)) AS has_run,
            bool_or(s.is_done) FILTER (WHERE (s.step = 'first_success'::text)) AS has_success,
            bool_or(s.is_done) FILTER (WHERE (s.step = 'automated'::text)) AS has_automated,
            bool_or(s.is_done) FILTER (WHERE (s.step = 'colleague_invited'::text)) AS has_colleague
           FROM aias.onboarding_steps s
          GROUP BY s.tenant_id, s.tenant
        )
 SELECT t.tenant_id,
    t.tenant,
    u.id AS user_id,
    row_number() OVER (PARTITION BY t.tenant_id, u.id ORDER BY c.score DESC, c.action) AS rank,
    c.action,
    c.detail,
    c.path,
    c.score,
    c.is_urgent
   FROM ((tenant_state t
     JOIN aias_private.users u ON ((t.tenant_id = u.tenant_id)))
     CROSS JOIN LATERAL ( SELECT 'reconnect_integration'::text AS action,
            ((i.kind || ':'::text) || i.name) AS detail,
            '/v1/integrations'::text AS path,
            100 AS score,
            true AS is_urgent,
            ARRAY['owner'::text, 'member'::text] AS roles
           FROM ( SELECT b.kind,
                    b.name
                   FROM aias_private.integrations b
                  WHERE ((b.tenant_id = t.tenant_id) AND (b.status <> 'connected'::text) AND (NOT b.is_sample))
                  ORDER BY b.status DESC, b.kind, b.name
                 LIMIT 1) i
        UNION ALL
         SELECT 'settle_dead_letters'::text AS action,
            (d.open_count)::text AS detail,
            '/v1/dead-letters'::text AS path,
            90 AS score,
            true AS is_urgent,
            ARRAY['owner'::text, 'member'::text] AS roles
           FROM ( SELECT count(*) AS open_count
                   FROM ((aias_private.dead_letters l
                     LEFT JOIN aias_private.executions e ON (((l.tenant_id = e.tenant_id) AND (l.execution_id = e.id))))
                     LEFT JOIN aias_private.workflows w ON (((e.tenant_id = w.tenant_id) AND (e.workflow_id = w.id))))
                  WHERE ((l.tenant_id = t.tenant_id) AND (l.resolution IS NULL) AND (w.is_sample IS NOT TRUE))) d
          WHERE (d.open_count > 0)
        UNION ALL
         SELECT 'change_plan'::text AS action,
            q.measure AS detail,
            '/v1/usage'::text AS path,
            85 AS score,
            true AS is_urgent,
            ARRAY['owner'::text] AS roles
           FROM ( SELECT g.measure
                   FROM aias.usage g
                  WHERE ((g.tenant_id = t.tenant_id) AND g.is_current AND (g.state <> 'within'::text) AND (g.quota IS NOT NULL))
                  ORDER BY g.used_ratio DESC
                 LIMIT 1) q
        UNION ALL
         SELECT 'run_sample'::text AS action,
            x.name AS detail,
            '/v1/executions'::text AS path,
            80 AS score,
            false AS is_urgent,
            ARRAY['owner'::text, 'member'::text] AS roles
           FROM ( SELECT w.name
                   FROM aias_private.workflows w
                  WHERE ((w.tenant_id = t.tenant_id) AND w.is_sample AND (w.deleted_at IS NULL))
                  ORDER BY w.name DESC
                 LIMIT 1) x
          WHERE ((NOT t.has_tried) AND (NOT t.has_success))
        UNION ALL
         SELECT f.action,
            ''::text AS detail,
            f.path,
            f.score,
            false AS is_urgent,
            f.roles
           FROM ( VALUES ('connect_integration'::text,'/v1/integrations'::text,70,ARRAY['owner'::text, 'member'::text],(NOT t.has_connected)), ('apply_workflow'::text,'/v1/workflows'::text,60,ARRAY['owner'::text, 'member'::text],(t.has_connected AND (NOT t.has_workflow))), ('run_workflow'::text,'/v1/executions'::text,50,ARRAY['owner'::text, 'member'::text],(t.has_workflow AND (NOT t.has_run))), ('look_at_failures'::text,'/v1/executions'::text,55,ARRAY['owner'::text, 'member'::text],(t.has_run AND (NOT t.has_success))), ('automate'::text,'/v1/schedules'::text,40,ARRAY['owner'::text, 'member'::text],(t.has_success AND (NOT t.has_automated))), ('invite_colleague'::text,'/v1/tenants'::text,30,ARRAY['owner'::text],(t.has_success AND (NOT t.has_colleague))), ('look_at_executions'::text,'/v1/executions'::text,10,ARRAY['owner'::text, 'member'::text, 'viewer'::text],true)) f(action, path, score, roles, is_due)
          WHERE f.is_due
        UNION ALL
         SELECT 'remove_samples'::text AS action,
            ''::text AS detail,
            '/v1/onboarding/samples'::text AS path,
            20 AS score,
            false AS is_urgent,
            ARRAY['owner'::text, 'member'::text] AS roles
          WHERE (t.has_success AND (EXISTS ( SELECT
                   FROM aias_private.workflows w
                  WHERE ((w.tenant_id = t.tenant_id) AND w.is_sample AND (w.deleted_at IS NULL)))))) c)
  WHERE ((u.role = ANY (c.roles)) AND (c.is_urgent OR (NOT (EXISTS ( SELECT
           FROM aias_private.guidance_dismissals d
          WHERE ((d.tenant_id = t.tenant_id) AND (d.user_id = u.id) AND (d.kind = 'action'::text) AND (d.name = c.action)))))));
comment on view aias.next_actions is 'What each person best does next, ranked: rank 1 is the next best action. aias.next_action says it in words. Fresh; what follows from executions: a minute.';
comment on column aias.next_actions.tenant_id is 'The tenant.';
comment on column aias.next_actions.tenant is 'The tenant''s slug.';
comment on column aias.next_actions.user_id is 'The person.';
comment on column aias.next_actions.rank is 'The place among the person''s actions, from 1: the best.';
comment on column aias.next_actions.action is 'reconnect_integration, settle_dead_letters, change_plan, run_sample, connect_integration, look_at_failures, apply_workflow, run_workflow, automate, invite_colleague, remove_samples or look_at_executions.';
comment on column aias.next_actions.detail is 'What it is about: a connection, a workflow, a measure, a number; else empty.';
comment on column aias.next_actions.path is 'Where in the HTTP API it is done.';
comment on column aias.next_actions.score is 'What it is ranked by, from 1 to 100: more is better.';
comment on column aias.next_actions.is_urgent is 'Whether something is broken or about to be: it can''t be dismissed.';
grant select on table aias.next_actions to aias_admin;
grant select on table aias.next_actions to aias_analyst;
grant select on table aias.next_actions to aias_app;
grant select on table aias.next_actions to aias_worker;

create view aias.notifications with (security_barrier=true) as
 SELECT NULLIF(d.tenant_id, aias_private.nil_uuid()) AS tenant_id,
    t.slug AS tenant,
    d.id,
    d.notice_id,
    c.name AS channel,
    c.kind AS channel_kind,
    n.kind,
    n.severity,
    n.title,
    n.body,
    n.details,
    d.status,
    d.attempt_count,
    d.doubt_count,
    d.next_at,
    d.last_error,
    n.created_at,
        CASE
            WHEN (d.status = 'delivered'::text) THEN d.finished_at
            ELSE NULL::timestamp with time zone
        END AS delivered_at,
        CASE
            WHEN (d.status = ANY (ARRAY['failed'::text, 'discarded'::text])) THEN d.finished_at
            ELSE NULL::timestamp with time zone
        END AS given_up_at,
    d.read_at,
    d.read_by
   FROM (((aias_private.notice_deliveries d
     JOIN aias_private.notices n ON (((d.tenant_id = n.tenant_id) AND (d.notice_id = n.id))))
     JOIN aias_private.channels c ON (((d.tenant_id = c.tenant_id) AND (d.channel_id = c.id))))
     LEFT JOIN aias_private.tenants t ON ((d.tenant_id = t.id)))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (d.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.notifications is 'What was told to tenants and operators, one row per notice and channel, with how the delivery went. Fresh.';
comment on column aias.notifications.tenant_id is 'The tenant that was told; null for the operators.';
comment on column aias.notifications.tenant is 'The tenant''s slug; null for the operators.';
comment on column aias.notifications.id is 'The delivery''s id (UUIDv7); Message-ID and webhook-id are made of it.';
comment on column aias.notifications.notice_id is 'The notice: the same in every channel that took it.';
comment on column aias.notifications.channel is 'The channel''s name.';
comment on column aias.notifications.channel_kind is 'email, slack, webhook or dashboard.';
comment on column aias.notifications.kind is 'What it is about: alert, alert_resolved, test, ...';
comment on column aias.notifications.severity is 'info, warning or critical.';
comment on column aias.notifications.title is 'What it says, in a line.';
comment on column aias.notifications.body is 'What it says, as plain text.';
comment on column aias.notifications.details is 'What it is about, as a JSON object.';
comment on column aias.notifications.status is 'pending; sending: somebody is at it; delivered; failed: given up; discarded: its channel was switched off.';
comment on column aias.notifications.attempt_count is 'How often it was sent.';
comment on column aias.notifications.doubt_count is 'How often nobody knew whether it had arrived: a notice is then sent again under the same id, a mail to a person is given up.';
comment on column aias.notifications.next_at is 'When it is sent again; null when it is not.';
comment on column aias.notifications.last_error is 'What was wrong at the last attempt; of a delivered mail, who was refused.';
comment on column aias.notifications.created_at is 'When there was something to tell.';
comment on column aias.notifications.delivered_at is 'When it had arrived; null before.';
comment on column aias.notifications.given_up_at is 'When it was given up or discarded.';
comment on column aias.notifications.read_at is 'When somebody marked it read (dashboard).';
comment on column aias.notifications.read_by is 'Who did.';
grant select on table aias.notifications to aias_admin;
grant select on table aias.notifications to aias_analyst;
grant select on table aias.notifications to aias_app;
grant select on table aias.notifications to aias_worker;

CREATE OR REPLACE FUNCTION aias.oauth_request(p_tenant text, p_user text, p_state_hash bytea, p_is_taken boolean)
 RETURNS TABLE(id uuid, tenant_id uuid, kind text, name text, config jsonb, scopes text, redirect_uri text, verifier bytea, key_id text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.oauth_request(p_tenant text, p_user text, p_state_hash bytea, p_is_taken boolean) is 'Returns what a state was given out for, and takes it, which works once.';
grant execute on function aias.oauth_request(p_tenant text, p_user text, p_state_hash bytea, p_is_taken boolean) to aias_admin;
grant execute on function aias.oauth_request(p_tenant text, p_user text, p_state_hash bytea, p_is_taken boolean) to aias_app;

create view aias.onboarding_progress with (security_barrier=true) as
 SELECT m.tenant_id,
    t.slug AS tenant,
    m.user_id,
    u.email,
    m.id,
    m.sequence,
    m.step,
        CASE
            WHEN (m.state = 'skipped'::text) THEN m.state
            WHEN (d.status = 'delivered'::text) THEN 'sent'::text
            WHEN ((d.status = ANY (ARRAY['failed'::text, 'discarded'::text])) AND (d.doubt_count > 0)) THEN 'in_doubt'::text
            WHEN (d.status = ANY (ARRAY['failed'::text, 'discarded'::text])) THEN 'failed'::text
            WHEN ((d.status = 'pending'::text) AND (d.attempt_count > 0)) THEN 'retrying'::text
            ELSE m.state
        END AS state,
    m.skip_reason,
    m.due_at,
    m.queued_at,
        CASE
            WHEN (d.status = 'delivered'::text) THEN d.finished_at
            WHEN (m.state = 'sent'::text) THEN m.finished_at
            ELSE NULL::timestamp with time zone
        END AS sent_at,
    COALESCE(d.attempt_count, 0) AS attempt_count,
    d.next_at,
    d.last_error,
    d.id AS notification_id,
    (f.consented_at IS NOT NULL) AS is_counted,
    m.opened_at,
    m.open_count,
    m.clicked_at,
    m.click_count,
    f.unsubscribed_at,
    COALESCE(u.time_zone, t.time_zone, 'UTC'::text) AS time_zone,
    COALESCE(u.language, t.language, 'en'::text) AS language
   FROM ((((aias_private.onboarding_mails m
     JOIN aias_private.users u ON (((m.tenant_id = u.tenant_id) AND (m.user_id = u.id))))
     JOIN aias_private.tenants t ON ((m.tenant_id = t.id)))
     LEFT JOIN aias_private.mail_preferences f ON (((m.tenant_id = f.tenant_id) AND (m.user_id = f.user_id))))
     LEFT JOIN aias_private.notice_deliveries d ON (((d.tenant_id = aias_private.nil_uuid()) AND (m.notice_id = d.notice_id))))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (m.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.onboarding_progress is 'The onboarding mails of each person: planned, sent, skipped and why, opened and clicked where the person lets that be counted. Fresh.';
comment on column aias.onboarding_progress.tenant_id is 'The person''s tenant.';
comment on column aias.onboarding_progress.tenant is 'The tenant''s slug.';
comment on column aias.onboarding_progress.user_id is 'The person (aias.users.id).';
comment on column aias.onboarding_progress.email is 'The address that mails go to now.';
comment on column aias.onboarding_progress.id is 'The mail''s id (UUIDv7): it was planned then.';
comment on column aias.onboarding_progress.sequence is 'The sequence: welcome, trial, ...';
comment on column aias.onboarding_progress.step is 'The step of the sequence; once ever per person.';
comment on column aias.onboarding_progress.state is 'planned; queued: in the outbox; retrying: not delivered yet, tried again; sent: a mail server has it; failed: given up; in_doubt: a send began and nobody knows how it ended, so it is not repeated; skipped.';
comment on column aias.onboarding_progress.skip_reason is 'goal_met, unsubscribed, trial_ended, switched_off or too_late (the system was down for a week); null unless skipped.';
comment on column aias.onboarding_progress.due_at is 'When it is due, a morning where the person lives.';
comment on column aias.onboarding_progress.queued_at is 'When it was put into the outbox; null before.';
comment on column aias.onboarding_progress.sent_at is 'When a mail server had taken it; null before.';
comment on column aias.onboarding_progress.attempt_count is 'How often it was handed to a mail server; 0 once the outbox has forgotten it.';
comment on column aias.onboarding_progress.next_at is 'When it is tried again; null where it is not.';
comment on column aias.onboarding_progress.last_error is 'What was wrong at the last attempt.';
comment on column aias.onboarding_progress.notification_id is 'The delivery in the outbox (aias.notifications.id), by which a failed one is sent again.';
comment on column aias.onboarding_progress.is_counted is 'Whether the person consented that opens and clicks are counted.';
comment on column aias.onboarding_progress.opened_at is 'When it was first opened; null where that is not known.';
comment on column aias.onboarding_progress.open_count is 'How often it was opened; 0 where that is not counted.';
comment on column aias.onboarding_progress.clicked_at is 'When a link in it was first followed; null where that is not known.';
comment on column aias.onboarding_progress.click_count is 'How often a link in it was followed; 0 where that is not counted.';
comment on column aias.onboarding_progress.unsubscribed_at is 'When the person unsubscribed from all mails; null while subscribed.';
comment on column aias.onboarding_progress.time_zone is 'Where the person lives: the person''s zone, else the tenant''s, else UTC.';
comment on column aias.onboarding_progress.language is 'What the person reads: the person''s language, else the tenant''s, else en.';
grant select on table aias.onboarding_progress to aias_admin;
grant select on table aias.onboarding_progress to aias_analyst;
grant select on table aias.onboarding_progress to aias_app;
grant select on table aias.onboarding_progress to aias_worker;

create view aias.onboarding_sequences as
 SELECT s.sequence,
    s.name AS step,
    q.starts_at,
    q.roles,
    s.delay_days,
    s.send_at,
    s.goal,
    s.template,
    s.channel,
    (q.is_enabled AND s.is_enabled) AS is_enabled
   FROM (aias_private.onboarding_steps s
     JOIN aias_private.onboarding_sequences q ON ((s.sequence = q.name)));
comment on view aias.onboarding_sequences is 'The sequences of mails to new people, one row per step. Fresh.';
comment on column aias.onboarding_sequences.sequence is 'The sequence''s name.';
comment on column aias.onboarding_sequences.step is 'The step''s name, unique in its sequence.';
comment on column aias.onboarding_sequences.starts_at is 'What the days are counted from: sign_up or trial.';
comment on column aias.onboarding_sequences.roles is 'People of which roles are written to.';
comment on column aias.onboarding_sequences.delay_days is 'How many days after the start, on the person''s calendar.';
comment on column aias.onboarding_sequences.send_at is 'At which time of the day there.';
comment on column aias.onboarding_sequences.goal is 'Skipped once the tenant has reached it: connected, first_workflow, first_success, automated or plan_chosen; null: never skipped.';
comment on column aias.onboarding_sequences.template is 'The template of the mail.';
comment on column aias.onboarding_sequences.channel is 'By what it goes: email.';
comment on column aias.onboarding_sequences.is_enabled is 'Whether the step and its sequence are on.';
grant select on table aias.onboarding_sequences to aias_admin;
grant select on table aias.onboarding_sequences to aias_analyst;
grant select on table aias.onboarding_sequences to aias_app;
grant select on table aias.onboarding_sequences to aias_worker;

create view aias.onboarding_steps with (security_barrier=true) as
 SELECT t.id AS tenant_id,
    t.slug AS tenant,
    s."position",
    s.step,
    s.done_at,
    (s.done_at IS NOT NULL) AS is_done,
    (s.done_at - t.created_at) AS time_taken
   FROM ((((aias_private.tenants t
     LEFT JOIN aias_private.tenant_milestones m ON ((t.id = m.tenant_id)))
     LEFT JOIN aias_private.tenant_samples p ON ((t.id = p.tenant_id)))
     LEFT JOIN LATERAL ( SELECT c.run_at,
            c.success_at
           FROM aias_private.recent_runs(t.id) c(run_at, success_at)
          WHERE (m.first_success_at IS NULL)) r ON (true))
     CROSS JOIN LATERAL ( VALUES (1,'signed_up'::text,t.created_at), (2,'sample_succeeded'::text,COALESCE(p.first_success_at, aias_private.sample_success(t.id))), (3,'integration_connected'::text,LEAST(m.connected_at, ( SELECT min(i.created_at) AS min
                   FROM aias_private.integrations i
                  WHERE ((i.tenant_id = t.id) AND (NOT i.is_sample) AND (i.kind = ANY (ARRAY['shopify'::text, 'wave'::text, 'slack'::text, 'email'::text, 'http'::text])))))), (4,'first_workflow'::text,LEAST(m.first_workflow_at, ( SELECT min(w.created_at) AS min
                   FROM aias_private.workflows w
                  WHERE ((w.tenant_id = t.id) AND (NOT w.is_sample))))), (5,'first_run'::text,LEAST(r.run_at, m.first_success_at, (( SELECT (min(d.day) AT TIME ZONE 'UTC'::text) AS timezone
                   FROM aias_private.execution_days d
                  WHERE ((d.tenant_id = t.id) AND (d.started_count > 0) AND (r.run_at IS NULL))))::timestamp with time zone)), (6,'first_success'::text,LEAST(m.first_success_at, r.success_at)), (7,'automated'::text,( SELECT min(a.created_at) AS min
                   FROM ( SELECT s_1.created_at
                           FROM aias_private.schedules s_1
                          WHERE (s_1.tenant_id = t.id)
                        UNION ALL
                         SELECT h.created_at
                           FROM aias_private.webhooks h
                          WHERE (h.tenant_id = t.id)
                        UNION ALL
                         SELECT v.created_at
                           FROM aias_private.event_subscriptions v
                          WHERE (v.tenant_id = t.id)) a)), (8,'colleague_invited'::text,( SELECT u.created_at
                   FROM aias_private.users u
                  WHERE (u.tenant_id = t.id)
                  ORDER BY u.created_at, u.id
                 OFFSET 1
                 LIMIT 1))) s("position", step, done_at))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (t.id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.onboarding_steps is 'The steps from the sign-up to a working automation, with the time at which each tenant took them. aias.activation has the time to value. Fresh; of first runs and successes: a minute.';
comment on column aias.onboarding_steps.tenant_id is 'The tenant.';
comment on column aias.onboarding_steps.tenant is 'The tenant''s slug.';
comment on column aias.onboarding_steps.position is 'The step''s place, from 1.';
comment on column aias.onboarding_steps.step is 'signed_up, sample_succeeded, integration_connected, first_workflow, first_run, first_success, automated (a schedule, webhook or subscription), colleague_invited. Samples count for the second only.';
comment on column aias.onboarding_steps.done_at is 'When it was first taken; null before. Of a first run that failed, or is older than ten minutes: the day (UTC), until the first success.';
comment on column aias.onboarding_steps.is_done is 'Whether it is taken.';
comment on column aias.onboarding_steps.time_taken is 'From the sign-up to it (interval); null before.';
grant select on table aias.onboarding_steps to aias_admin;
grant select on table aias.onboarding_steps to aias_analyst;
grant select on table aias.onboarding_steps to aias_app;
grant select on table aias.onboarding_steps to aias_worker;

CREATE OR REPLACE FUNCTION aias.open_gate(p_gate text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.open_gate(p_gate text) is 'Opens a gate: the steps that wait for the upstream go on. False when it was open.';
grant execute on function aias.open_gate(p_gate text) to aias_admin;
grant execute on function aias.open_gate(p_gate text) to aias_app;

CREATE OR REPLACE FUNCTION aias.pause(p_scope text, p_name text, p_reason text DEFAULT NULL::text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.pause(p_scope text, p_name text, p_reason text) is 'Starts no more jobs of a lane, a workflow, a tenant or a task; what runs goes on.';
grant execute on function aias.pause(p_scope text, p_name text, p_reason text) to aias_admin;
grant execute on function aias.pause(p_scope text, p_name text, p_reason text) to aias_app;

CREATE OR REPLACE FUNCTION aias.pause_schedule(p_schedule uuid, p_reason text DEFAULT NULL::text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.pause_schedule(p_schedule uuid, p_reason text) is 'Pauses a schedule; due times that pass meanwhile are not made up for.';
grant execute on function aias.pause_schedule(p_schedule uuid, p_reason text) to aias_admin;
grant execute on function aias.pause_schedule(p_schedule uuid, p_reason text) to aias_app;

create view aias.pauses with (security_barrier=true) as
 SELECT t.slug AS tenant,
    p.scope,
    p.name,
    p.reason,
    p.paused_by,
    p.paused_at,
    ( SELECT count(*) AS count
           FROM public.procrastinate_jobs j
          WHERE ((j.status = 'todo'::public.procrastinate_job_status) AND (j.parked_for = ('pause:'::text || p.key)))) AS parked_count
   FROM (aias_private.pauses p
     LEFT JOIN aias_private.tenants t ON ((p.tenant_id = t.id)))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (p.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.pauses is 'The lanes, workflows, tenants and tasks whose jobs are not started, and what fuses hold. Fresh.';
comment on column aias.pauses.tenant is 'The tenant''s slug; null for a lane, a task and what belongs to no tenant.';
comment on column aias.pauses.scope is 'lane, workflow, tenant or task; fuse where a fuse blew (aias.fuses), which only its release ends.';
comment on column aias.pauses.name is 'The lane, workflow, tenant or task; of a fuse what it holds.';
comment on column aias.pauses.reason is 'Why, in the words of whoever paused it.';
comment on column aias.pauses.paused_by is 'Who paused it.';
comment on column aias.pauses.paused_at is 'Since when.';
comment on column aias.pauses.parked_count is 'How many jobs workers have found and laid aside; those not looked at yet are not among them.';
grant select on table aias.pauses to aias_admin;
grant select on table aias.pauses to aias_analyst;
grant select on table aias.pauses to aias_app;
grant select on table aias.pauses to aias_worker;

CREATE OR REPLACE FUNCTION aias.percentiles(p_metric text, p_from timestamp with time zone DEFAULT NULL::timestamp with time zone, p_to timestamp with time zone DEFAULT NULL::timestamp with time zone, p_by text DEFAULT NULL::text)
 RETURNS TABLE(key text, count bigint, p50 double precision, p95 double precision, p99 double precision)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.percentiles(p_metric text, p_from timestamp with time zone, p_to timestamp with time zone, p_by text) is 'How often something happened in a window and how long it took (50th, 95th, 99th percentile in seconds, within 1 %), by endpoint, integration, workflow, tenant, plan and more.';
grant execute on function aias.percentiles(p_metric text, p_from timestamp with time zone, p_to timestamp with time zone, p_by text) to aias_admin;
grant execute on function aias.percentiles(p_metric text, p_from timestamp with time zone, p_to timestamp with time zone, p_by text) to aias_analyst;
grant execute on function aias.percentiles(p_metric text, p_from timestamp with time zone, p_to timestamp with time zone, p_by text) to aias_app;
grant execute on function aias.percentiles(p_metric text, p_from timestamp with time zone, p_to timestamp with time zone, p_by text) to aias_worker;

create view aias.performance_weekly with (security_barrier=true) as
 SELECT week,
    kind,
    name,
    observation_count,
    (p50_seconds * (1000)::double precision) AS p50_ms,
    (p95_seconds * (1000)::double precision) AS p95_ms,
    (p99_seconds * (1000)::double precision) AS p99_ms,
    size_bytes,
    (size_bytes - lag(size_bytes) OVER (PARTITION BY kind, name ORDER BY week)) AS growth_bytes
   FROM aias_private.performance_weeks w
  WHERE ( SELECT aias_private.caller_sees_all() AS caller_sees_all);
comment on view aias.performance_weekly is 'How fast everything was and how large tables were, week by week, kept for good. For operators. At most 8 days behind.';
comment on column aias.performance_weekly.week is 'The week''s Monday (UTC).';
comment on column aias.performance_weekly.kind is 'metric, statement (of the database) or table.';
comment on column aias.performance_weekly.name is 'Which one.';
comment on column aias.performance_weekly.observation_count is 'How many observations: of the week for a metric, of its last day for a statement; null for a table.';
comment on column aias.performance_weekly.p50_ms is 'Half of them took at most so long, in milliseconds.';
comment on column aias.performance_weekly.p95_ms is '95 of 100 took at most so long, in milliseconds.';
comment on column aias.performance_weekly.p99_ms is '99 of 100 took at most so long, in milliseconds.';
comment on column aias.performance_weekly.size_bytes is 'What the table held on disk when the week was over, with partitions and indexes, in bytes.';
comment on column aias.performance_weekly.growth_bytes is 'By how much that is more than the week before, in bytes.';
grant select on table aias.performance_weekly to aias_admin;
grant select on table aias.performance_weekly to aias_analyst;
grant select on table aias.performance_weekly to aias_worker;

create view aias.plan_changes with (security_barrier=true) as
 SELECT c.at,
    c.tenant_id,
    t.slug AS tenant,
    c.from_plan,
    c.to_plan,
        CASE
            WHEN (n.base_priority > f.base_priority) THEN 'up'::text
            WHEN (n.base_priority < f.base_priority) THEN 'down'::text
            ELSE 'aside'::text
        END AS direction,
    c.actor,
    c.audit_id
   FROM (((((aias_private.plan_changes c
     JOIN aias_private.tenants t ON ((c.tenant_id = t.id)))
     LEFT JOIN aias_private.plans p ON ((c.from_plan = p.name)))
     LEFT JOIN aias_private.lanes f ON ((p.lane = f.name)))
     LEFT JOIN aias_private.plans q ON ((c.to_plan = q.name)))
     LEFT JOIN aias_private.lanes n ON ((q.lane = n.name)))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (c.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.plan_changes is 'The moves of tenants between plans. Fresh to the minute: as of aias.freshness, activity.';
comment on column aias.plan_changes.at is 'When.';
comment on column aias.plan_changes.tenant_id is 'The tenant that was moved.';
comment on column aias.plan_changes.tenant is 'The tenant''s slug.';
comment on column aias.plan_changes.from_plan is 'Its plan before.';
comment on column aias.plan_changes.to_plan is 'Its plan from then on.';
comment on column aias.plan_changes.direction is 'up or down, by the priority of the plans'' lanes; aside where they are equal or a plan is gone.';
comment on column aias.plan_changes.actor is 'Who moved it.';
comment on column aias.plan_changes.audit_id is 'The row of aias.audit_log that says so.';
grant select on table aias.plan_changes to aias_admin;
grant select on table aias.plan_changes to aias_analyst;
grant select on table aias.plan_changes to aias_app;
grant select on table aias.plan_changes to aias_worker;

create view aias.plans as
 SELECT name,
    lane,
    executions_per_month,
    concurrent_executions,
    requests_per_minute,
    workflow_count,
    steps_per_month,
    upstream_calls_per_month,
    telemetry_events_per_month,
    is_quota_hard,
    telemetry_events_per_minute
   FROM aias_private.plans p;
comment on view aias.plans is 'The plans with their lanes, quotas and limits. Fresh.';
comment on column aias.plans.name is 'The plan''s name.';
comment on column aias.plans.lane is 'The lane of executions of its tenants.';
comment on column aias.plans.executions_per_month is 'How many executions a month are included; null is unlimited.';
comment on column aias.plans.concurrent_executions is 'How many executions of one tenant may run at once.';
comment on column aias.plans.requests_per_minute is 'How many HTTP requests a minute a tenant may make.';
comment on column aias.plans.workflow_count is 'How many workflows a tenant may have; null is unlimited.';
comment on column aias.plans.steps_per_month is 'How many steps a month are included; null is unlimited.';
comment on column aias.plans.upstream_calls_per_month is 'How many calls of upstreams a month are included; null is unlimited.';
comment on column aias.plans.telemetry_events_per_month is 'How many telemetry events a month are included; null is unlimited.';
comment on column aias.plans.is_quota_hard is 'Whether executions are refused once a quota of executions, steps or calls is used up; else the use goes on and is told.';
comment on column aias.plans.telemetry_events_per_minute is 'How many telemetry events a minute a tenant may send.';
grant select on table aias.plans to aias_admin;
grant select on table aias.plans to aias_analyst;
grant select on table aias.plans to aias_app;
grant select on table aias.plans to aias_worker;

create view aias.plugin_rules with (security_barrier=true) as
 SELECT t.slug AS tenant,
    r.plugin,
    r.is_allowed,
    r.reason,
    r.set_by,
    r.set_at
   FROM (aias_private.plugin_rules r
     JOIN aias_private.tenants t ON ((r.tenant_id = t.id)))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (r.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)))
UNION ALL
 SELECT NULL::text AS tenant,
    d.plugin,
    d.is_allowed,
    d.reason,
    d.set_by,
    d.set_at
   FROM aias_private.plugin_defaults d;
comment on view aias.plugin_rules is 'Which tenant was given, or refused, which plugin. A plugin without a rule is everybody''s. Fresh.';
comment on column aias.plugin_rules.tenant is 'The tenant''s slug; null: every tenant without a rule of its own.';
comment on column aias.plugin_rules.plugin is 'The plugin: the name of its distribution.';
comment on column aias.plugin_rules.is_allowed is 'Whether it may be used.';
comment on column aias.plugin_rules.reason is 'Why, in the words of whoever said so.';
comment on column aias.plugin_rules.set_by is 'Who said so.';
comment on column aias.plugin_rules.set_at is 'When it was said.';
grant select on table aias.plugin_rules to aias_admin;
grant select on table aias.plugin_rules to aias_analyst;
grant select on table aias.plugin_rules to aias_app;
grant select on table aias.plugin_rules to aias_worker;

create view aias.plugins with (security_barrier=true) as
 SELECT name,
    version,
    api_version,
    state,
    problem,
    brings,
    reported_by,
    reported_at
   FROM aias_private.plugins p
  WHERE ( SELECT aias_private.caller_sees_all() AS caller_sees_all);
comment on view aias.plugins is 'The plugins that are installed where workers run, and what came of loading them. For operators. Fresh; said anew every ten minutes.';
comment on column aias.plugins.name is 'The plugin: the name of its distribution.';
comment on column aias.plugins.version is 'The version of its distribution.';
comment on column aias.plugins.api_version is 'The version of the plugins'' interface that it asks for; null: it does not say.';
comment on column aias.plugins.state is 'loaded, or left_out: then nothing of it is there.';
comment on column aias.plugins.problem is 'Why it was left out; null: it was not.';
comment on column aias.plugins.brings is 'The names of its actions, integrations, analytics (schemas), tasks and simulators, as lists by kind.';
comment on column aias.plugins.reported_by is 'The machine whose workers said so.';
comment on column aias.plugins.reported_at is 'When they said so last.';
grant select on table aias.plugins to aias_admin;
grant select on table aias.plugins to aias_analyst;
grant select on table aias.plugins to aias_app;
grant select on table aias.plugins to aias_worker;

create view aias.privacy_requests with (security_barrier=true) as
 SELECT r.tenant_id,
    t.slug AS tenant,
    r.id,
    r.kind,
    r.account,
    r.customer_id,
    r.order_ids,
    r.delivery_id,
    r.status,
    r.due_at,
    r.found,
    r.note,
    r.created_at,
    r.searched_at,
    r.settled_at,
    r.settled_by
   FROM (aias_private.privacy_requests r
     JOIN aias_private.tenants t ON ((r.tenant_id = t.id)))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (r.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.privacy_requests is 'What customers and shops have asked of their data, with the day by which it is due. Fresh.';
comment on column aias.privacy_requests.tenant_id is 'The tenant.';
comment on column aias.privacy_requests.tenant is 'The tenant''s slug.';
comment on column aias.privacy_requests.id is 'The request''s id (UUIDv7).';
comment on column aias.privacy_requests.kind is 'customers/data_request, customers/redact or shop/redact.';
comment on column aias.privacy_requests.account is 'The shop.';
comment on column aias.privacy_requests.customer_id is 'The customer''s id at the shop; null for the whole shop.';
comment on column aias.privacy_requests.order_ids is 'The orders that it speaks of.';
comment on column aias.privacy_requests.delivery_id is 'The delivery that it came with.';
comment on column aias.privacy_requests.status is 'open, or settled by a person.';
comment on column aias.privacy_requests.due_at is 'The day by which it is to be settled.';
comment on column aias.privacy_requests.found is 'How many deliveries and events held the data: redacted where that was asked, else counted.';
comment on column aias.privacy_requests.note is 'What was done, as the person who settled it says.';
comment on column aias.privacy_requests.created_at is 'When it came.';
comment on column aias.privacy_requests.searched_at is 'When deliveries and events were searched.';
comment on column aias.privacy_requests.settled_at is 'When it was settled.';
comment on column aias.privacy_requests.settled_by is 'Who settled it.';
grant select on table aias.privacy_requests to aias_admin;
grant select on table aias.privacy_requests to aias_analyst;
grant select on table aias.privacy_requests to aias_app;
grant select on table aias.privacy_requests to aias_worker;

create view aias.query_latency_hourly with (security_barrier=true) as
 SELECT h.at AS hour,
    h.key AS statement,
    h.observation_count AS call_count,
    h.failure_count AS error_count,
    round(((h.failure_count)::numeric / (NULLIF(h.observation_count, 0))::numeric), 6) AS error_rate,
    ((h.total_seconds / (NULLIF(h.observation_count, 0))::double precision) * (1000)::double precision) AS mean_ms,
    (p.p50 * (1000)::double precision) AS p50_ms,
    (p.p95 * (1000)::double precision) AS p95_ms,
    (p.p99 * (1000)::double precision) AS p99_ms,
    h.total_seconds
   FROM (aias_private.metric_hours h
     CROSS JOIN LATERAL aias_private.histogram_percentiles(h.buckets, h.counts) p(p50, p95, p99))
  WHERE ((h.metric = 'statements'::text) AND ( SELECT aias_private.caller_sees_all() AS caller_sees_all));
comment on view aias.query_latency_hourly is 'How long statements of the database took as its callers saw them, per hour; for operators. At most a minute behind.';
comment on column aias.query_latency_hourly.hour is 'The hour: its first moment, UTC; the current hour still grows.';
comment on column aias.query_latency_hourly.statement is 'The statement: the first function, view or table of ours in it; else its first word.';
comment on column aias.query_latency_hourly.call_count is 'How many times it was run.';
comment on column aias.query_latency_hourly.error_count is 'How many times it ended with an error.';
comment on column aias.query_latency_hourly.error_rate is 'The part of them that failed, from 0 to 1.';
comment on column aias.query_latency_hourly.mean_ms is 'How long they took on average, in milliseconds.';
comment on column aias.query_latency_hourly.p50_ms is 'Half of them took at most so long, in milliseconds; within 1 %.';
comment on column aias.query_latency_hourly.p95_ms is '95 of 100 took at most so long, in milliseconds; within 1 %.';
comment on column aias.query_latency_hourly.p99_ms is '99 of 100 took at most so long, in milliseconds; within 1 %.';
comment on column aias.query_latency_hourly.total_seconds is 'How long they took together, in seconds.';
grant select on table aias.query_latency_hourly to aias_admin;
grant select on table aias.query_latency_hourly to aias_analyst;
grant select on table aias.query_latency_hourly to aias_worker;

create view aias.queue_health as
 WITH counted AS (
         SELECT (p.queue_name)::text AS queue_name,
            count(*) FILTER (WHERE ((p.status = 'todo'::public.procrastinate_job_status) AND ((p.scheduled_at IS NULL) OR (p.scheduled_at <= aias_private.now())))) AS waiting_count,
            count(*) FILTER (WHERE ((p.status = 'todo'::public.procrastinate_job_status) AND (p.scheduled_at > aias_private.now()))) AS scheduled_count,
            count(*) FILTER (WHERE (p.status = 'doing'::public.procrastinate_job_status)) AS running_count,
            count(*) FILTER (WHERE (p.status = 'failed'::public.procrastinate_job_status)) AS failed_count,
            min(GREATEST(p.scheduled_at, p.created_at)) FILTER (WHERE ((p.status = 'todo'::public.procrastinate_job_status) AND ((p.scheduled_at IS NULL) OR (p.scheduled_at <= aias_private.now())))) AS oldest_ready_at
           FROM public.procrastinate_jobs p
          GROUP BY p.queue_name
        )
 SELECT COALESCE(l.name, j.queue_name) AS lane,
    COALESCE(l.queue_name, j.queue_name) AS queue_name,
    COALESCE(j.waiting_count, (0)::bigint) AS waiting_count,
    COALESCE(j.scheduled_count, (0)::bigint) AS scheduled_count,
    COALESCE(j.running_count, (0)::bigint) AS running_count,
    COALESCE(j.failed_count, (0)::bigint) AS failed_count,
    (aias_private.now() - j.oldest_ready_at) AS oldest_wait,
    ( SELECT count(*) AS count
           FROM (public.procrastinate_workers w
             LEFT JOIN aias_private.workers a ON ((w.id = a.id)))
          WHERE (((w.last_heartbeat + COALESCE(a.stalled_after, '00:00:30'::interval)) > now()) AND (COALESCE(a.status, 'running'::text) = 'running'::text) AND ((a.queues IS NULL) OR (COALESCE(l.queue_name, j.queue_name) = ANY (a.queues))))) AS worker_count
   FROM (aias_private.lanes l
     FULL JOIN counted j ON ((l.queue_name = j.queue_name)));
comment on view aias.queue_health is 'The lanes, and queues without a lane that hold jobs: what waits and who works on it. Fresh; counts the whole queue.';
comment on column aias.queue_health.lane is 'The lane; the queue''s name when no lane has that queue.';
comment on column aias.queue_health.queue_name is 'The queue, as workers name it.';
comment on column aias.queue_health.waiting_count is 'Jobs that could run now.';
comment on column aias.queue_health.scheduled_count is 'Jobs whose time has not come: schedules and retries.';
comment on column aias.queue_health.running_count is 'Jobs that a worker runs.';
comment on column aias.queue_health.failed_count is 'Jobs that failed for good and are still listed.';
comment on column aias.queue_health.oldest_wait is 'How long the oldest of the waiting ones has been ready; null when none is.';
comment on column aias.queue_health.worker_count is 'Living workers that take jobs from it.';
grant select on table aias.queue_health to aias_admin;
grant select on table aias.queue_health to aias_analyst;
grant select on table aias.queue_health to aias_worker;

CREATE OR REPLACE FUNCTION aias.read_notifications(p_tenant text, p_notification uuid DEFAULT NULL::uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.read_notifications(p_tenant text, p_notification uuid) is 'Marks the notifications on the page as read, all or one; returns how many became read.';
grant execute on function aias.read_notifications(p_tenant text, p_notification uuid) to aias_admin;
grant execute on function aias.read_notifications(p_tenant text, p_notification uuid) to aias_app;

CREATE OR REPLACE FUNCTION aias.recommend_templates(p_tenant text, p_limit integer DEFAULT 10)
 RETURNS TABLE(template text, version integer, title text, score numeric, is_ready boolean, is_used boolean, missing text[], reasons jsonb)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.recommend_templates(p_tenant text, p_limit integer) is 'The templates that suit a tenant, the best first, each with its reasons and their points.';
grant execute on function aias.recommend_templates(p_tenant text, p_limit integer) to aias_admin;
grant execute on function aias.recommend_templates(p_tenant text, p_limit integer) to aias_app;

CREATE OR REPLACE FUNCTION aias.refuse_plugin(p_plugin text, p_tenant text DEFAULT NULL::text, p_reason text DEFAULT NULL::text)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.refuse_plugin(p_plugin text, p_tenant text, p_reason text) is 'Refuses a plugin to a tenant, or to every tenant without a rule of its own: its actions neither validate nor run.';
grant execute on function aias.refuse_plugin(p_plugin text, p_tenant text, p_reason text) to aias_admin;

CREATE OR REPLACE FUNCTION aias.refused_plugins(p_tenant text)
 RETURNS TABLE(plugin text, reason text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.refused_plugins(p_tenant text) is 'The plugins that the tenant may not use, and why.';
grant execute on function aias.refused_plugins(p_tenant text) to aias_admin;
grant execute on function aias.refused_plugins(p_tenant text) to aias_app;
grant execute on function aias.refused_plugins(p_tenant text) to aias_worker;

CREATE OR REPLACE FUNCTION aias.release_fuse(p_fuse uuid, p_requeue boolean DEFAULT false, p_reason text DEFAULT NULL::text)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.release_fuse(p_fuse uuid, p_requeue boolean, p_reason text) is 'Lets a task or a workflow run again whose fuse blew, and where it is wished starts again what was diverted.';
grant execute on function aias.release_fuse(p_fuse uuid, p_requeue boolean, p_reason text) to aias_admin;
grant execute on function aias.release_fuse(p_fuse uuid, p_requeue boolean, p_reason text) to aias_app;

CREATE OR REPLACE FUNCTION aias.release_retention(p_tenant text, p_policy text DEFAULT '*'::text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.release_retention(p_tenant text, p_policy text) is 'Lets the policies hold for a tenant''s rows again; administrators only.';
grant execute on function aias.release_retention(p_tenant text, p_policy text) to aias_admin;
grant execute on function aias.release_retention(p_tenant text, p_policy text) to aias_app;

CREATE OR REPLACE FUNCTION aias.remove_alert_rule(p_tenant text, p_name text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.remove_alert_rule(p_tenant text, p_name text) is 'Removes an alert rule; its open alerts end.';
grant execute on function aias.remove_alert_rule(p_tenant text, p_name text) to aias_admin;
grant execute on function aias.remove_alert_rule(p_tenant text, p_name text) to aias_app;

CREATE OR REPLACE FUNCTION aias.remove_channel(p_tenant text, p_name text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.remove_channel(p_tenant text, p_name text) is 'Removes a channel with its secret and all that waits for it.';
grant execute on function aias.remove_channel(p_tenant text, p_name text) to aias_admin;
grant execute on function aias.remove_channel(p_tenant text, p_name text) to aias_app;

CREATE OR REPLACE FUNCTION aias.remove_flag(p_flag text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.remove_flag(p_flag text) is 'Forgets a flag: it is off for every tenant from then on.';
grant execute on function aias.remove_flag(p_flag text) to aias_admin;

CREATE OR REPLACE FUNCTION aias.remove_fuse_rule(p_scope text, p_name text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.remove_fuse_rule(p_scope text, p_name text) is 'Removes the rule of a task''s or a workflow''s fuse; the one for all others holds again.';
grant execute on function aias.remove_fuse_rule(p_scope text, p_name text) to aias_admin;
grant execute on function aias.remove_fuse_rule(p_scope text, p_name text) to aias_app;

CREATE OR REPLACE FUNCTION aias.remove_limit(p_scope text, p_name text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.remove_limit(p_scope text, p_name text) is 'Limits a tenant, a workflow or a key no more; a tenant''s plan counts again.';
grant execute on function aias.remove_limit(p_scope text, p_name text) to aias_admin;
grant execute on function aias.remove_limit(p_scope text, p_name text) to aias_app;

CREATE OR REPLACE FUNCTION aias.remove_samples(p_tenant text)
 RETURNS TABLE(workflow_count integer, connection_count integer, execution_count integer, cancelled_count integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.remove_samples(p_tenant text) is 'Removes a tenant''s samples whole: workflows, connections, executions; says how many of each. Nothing else is touched.';
grant execute on function aias.remove_samples(p_tenant text) to aias_admin;
grant execute on function aias.remove_samples(p_tenant text) to aias_app;

CREATE OR REPLACE FUNCTION aias.remove_schedule(p_schedule uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.remove_schedule(p_schedule uuid) is 'Removes a schedule; what it started goes on.';
grant execute on function aias.remove_schedule(p_schedule uuid) to aias_admin;
grant execute on function aias.remove_schedule(p_schedule uuid) to aias_app;

CREATE OR REPLACE FUNCTION aias.remove_subscription(p_tenant text, p_name text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.remove_subscription(p_tenant text, p_name text) is 'Removes a subscription; what it started goes on.';
grant execute on function aias.remove_subscription(p_tenant text, p_name text) to aias_admin;
grant execute on function aias.remove_subscription(p_tenant text, p_name text) to aias_app;

CREATE OR REPLACE FUNCTION aias.remove_webhook(p_webhook uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.remove_webhook(p_webhook uuid) is 'Removes a webhook and its secret; its deliveries stay.';
grant execute on function aias.remove_webhook(p_webhook uuid) to aias_admin;
grant execute on function aias.remove_webhook(p_webhook uuid) to aias_app;

CREATE OR REPLACE FUNCTION aias.remove_webhook_endpoint(p_tenant text, p_name text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.remove_webhook_endpoint(p_tenant text, p_name text) is 'Tells an address nothing any more.';
grant execute on function aias.remove_webhook_endpoint(p_tenant text, p_name text) to aias_admin;
grant execute on function aias.remove_webhook_endpoint(p_tenant text, p_name text) to aias_app;

CREATE OR REPLACE FUNCTION aias.render_template(p_template text, p_parameters jsonb DEFAULT '{}'::jsonb, p_workflow text DEFAULT NULL::text, p_version integer DEFAULT NULL::integer)
 RETURNS TABLE(template text, version integer, parameters jsonb, definition jsonb, triggers jsonb)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.render_template(p_template text, p_parameters jsonb, p_workflow text, p_version integer) is 'The definition and the triggers that a template makes of parameters; nothing is stored.';
grant execute on function aias.render_template(p_template text, p_parameters jsonb, p_workflow text, p_version integer) to aias_admin;
grant execute on function aias.render_template(p_template text, p_parameters jsonb, p_workflow text, p_version integer) to aias_app;
grant execute on function aias.render_template(p_template text, p_parameters jsonb, p_workflow text, p_version integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias.reopen_error(p_error uuid, p_reason text DEFAULT NULL::text)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.reopen_error(p_error uuid, p_reason text) is 'Takes back that an error is fixed or of no interest.';
grant execute on function aias.reopen_error(p_error uuid, p_reason text) to aias_admin;
grant execute on function aias.reopen_error(p_error uuid, p_reason text) to aias_app;

CREATE OR REPLACE FUNCTION aias.replay_delivery(p_delivery uuid)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.replay_delivery(p_delivery uuid) is 'Decides on a delivery again, with the webhook as it is now; returns the id of the job that does.';
grant execute on function aias.replay_delivery(p_delivery uuid) to aias_admin;
grant execute on function aias.replay_delivery(p_delivery uuid) to aias_app;

CREATE OR REPLACE FUNCTION aias.replay_execution(p_execution uuid, p_from_step text DEFAULT NULL::text, p_input_patch jsonb DEFAULT NULL::jsonb, p_version integer DEFAULT NULL::integer)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.replay_execution(p_execution uuid, p_from_step text, p_input_patch jsonb, p_version integer) is 'Runs a final execution again from a step on, as a new execution, and returns its id.';
grant execute on function aias.replay_execution(p_execution uuid, p_from_step text, p_input_patch jsonb, p_version integer) to aias_admin;
grant execute on function aias.replay_execution(p_execution uuid, p_from_step text, p_input_patch jsonb, p_version integer) to aias_app;

CREATE OR REPLACE FUNCTION aias.replay_where(p_workflow text, p_status text, p_since timestamp with time zone, p_until timestamp with time zone, p_from_step text DEFAULT NULL::text, p_version integer DEFAULT NULL::integer, p_per_minute integer DEFAULT 60)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.replay_where(p_workflow text, p_status text, p_since timestamp with time zone, p_until timestamp with time zone, p_from_step text, p_version integer, p_per_minute integer) is 'Replays the final executions of a workflow in a span of time, at a rate, and returns how many.';
grant execute on function aias.replay_where(p_workflow text, p_status text, p_since timestamp with time zone, p_until timestamp with time zone, p_from_step text, p_version integer, p_per_minute integer) to aias_admin;
grant execute on function aias.replay_where(p_workflow text, p_status text, p_since timestamp with time zone, p_until timestamp with time zone, p_from_step text, p_version integer, p_per_minute integer) to aias_app;

CREATE OR REPLACE FUNCTION aias.requeue_dead_letter(p_dead_letter uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.requeue_dead_letter(p_dead_letter uuid) is 'Tries again what gave up: an execution from its checkpoints, a job afresh.';
grant execute on function aias.requeue_dead_letter(p_dead_letter uuid) to aias_admin;
grant execute on function aias.requeue_dead_letter(p_dead_letter uuid) to aias_app;

CREATE OR REPLACE FUNCTION aias.reset_plugin(p_plugin text, p_tenant text DEFAULT NULL::text, p_reason text DEFAULT NULL::text)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.reset_plugin(p_plugin text, p_tenant text, p_reason text) is 'Takes back what was said of a tenant and a plugin, or of all tenants and a plugin.';
grant execute on function aias.reset_plugin(p_plugin text, p_tenant text, p_reason text) to aias_admin;

CREATE OR REPLACE FUNCTION aias.resolve_effect(p_execution uuid, p_step text, p_happened boolean, p_by text, p_response jsonb DEFAULT NULL::jsonb, p_comment text DEFAULT NULL::text, p_part text DEFAULT NULL::text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.resolve_effect(p_execution uuid, p_step text, p_happened boolean, p_by text, p_response jsonb, p_comment text, p_part text) is 'Says what came of an effect that is in doubt: it happened, with this response, or it did not and is sent again.';
grant execute on function aias.resolve_effect(p_execution uuid, p_step text, p_happened boolean, p_by text, p_response jsonb, p_comment text, p_part text) to aias_admin;
grant execute on function aias.resolve_effect(p_execution uuid, p_step text, p_happened boolean, p_by text, p_response jsonb, p_comment text, p_part text) to aias_app;

CREATE OR REPLACE FUNCTION aias.resolve_error(p_error uuid, p_reason text DEFAULT NULL::text)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.resolve_error(p_error uuid, p_reason text) is 'Says that an error is fixed; when it comes again, it is open again.';
grant execute on function aias.resolve_error(p_error uuid, p_reason text) to aias_admin;
grant execute on function aias.resolve_error(p_error uuid, p_reason text) to aias_app;

CREATE OR REPLACE FUNCTION aias.restore_workflow(p_tenant text, p_workflow text)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.restore_workflow(p_tenant text, p_workflow text) is 'Brings back the last deleted workflow of a name, disabled; its versions and history are there.';
grant execute on function aias.restore_workflow(p_tenant text, p_workflow text) to aias_admin;
grant execute on function aias.restore_workflow(p_tenant text, p_workflow text) to aias_app;

CREATE OR REPLACE FUNCTION aias.resume(p_scope text, p_name text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.resume(p_scope text, p_name text) is 'Lets the jobs of a paused lane, workflow, tenant or task start again.';
grant execute on function aias.resume(p_scope text, p_name text) to aias_admin;
grant execute on function aias.resume(p_scope text, p_name text) to aias_app;

CREATE OR REPLACE FUNCTION aias.resume_schedule(p_schedule uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.resume_schedule(p_schedule uuid) is 'Lets a paused schedule run again, from now on.';
grant execute on function aias.resume_schedule(p_schedule uuid) to aias_admin;
grant execute on function aias.resume_schedule(p_schedule uuid) to aias_app;

create view aias.retention_day_7 with (security_barrier=true) as
 SELECT cohort_day,
    signed_up_count,
    retained_count,
    ((retained_count)::double precision / (signed_up_count)::double precision) AS retained_ratio
   FROM aias_private.retention_cohorts c
  WHERE ( SELECT aias_private.caller_sees_all() AS caller_sees_all);
comment on view aias.retention_day_7 is 'Of the tenants that signed up on a day (UTC): how many were active on the seventh day after it, once that day is over. It speaks of all tenants: who sees only one sees no row. Fresh to the hour: as of aias.freshness, retention_cohorts.';
comment on column aias.retention_day_7.cohort_day is 'The day (UTC) on which they signed up.';
comment on column aias.retention_day_7.signed_up_count is 'Tenants that signed up on it.';
comment on column aias.retention_day_7.retained_count is 'Those of them for which an execution was started, or of which a person did something, on the seventh day after.';
comment on column aias.retention_day_7.retained_ratio is 'Their ratio to all, from 0 to 1.';
grant select on table aias.retention_day_7 to aias_admin;
grant select on table aias.retention_day_7 to aias_analyst;
grant select on table aias.retention_day_7 to aias_app;
grant select on table aias.retention_day_7 to aias_worker;

create view aias.retention_holds with (security_barrier=true) as
 SELECT o.tenant_id,
    t.slug AS tenant,
    o.table_name AS policy,
    o.age,
    o.reason,
    o.set_by,
    o.set_at
   FROM (aias_private.retention_overrides o
     JOIN aias_private.tenants t ON ((o.tenant_id = t.id)))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (o.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)))
  ORDER BY t.slug, o.table_name;
comment on view aias.retention_holds is 'The tenants whose rows are kept longer, or shorter, than the policies say. Fresh.';
comment on column aias.retention_holds.tenant_id is 'The tenant.';
comment on column aias.retention_holds.tenant is 'The tenant''s slug.';
comment on column aias.retention_holds.policy is 'The policy that it stands instead of; * is every one.';
comment on column aias.retention_holds.age is 'How old the tenant''s rows get; null for a legal hold: nothing goes.';
comment on column aias.retention_holds.reason is 'Why.';
comment on column aias.retention_holds.set_by is 'The role that set it.';
comment on column aias.retention_holds.set_at is 'When it was set.';
grant select on table aias.retention_holds to aias_admin;
grant select on table aias.retention_holds to aias_analyst;
grant select on table aias.retention_holds to aias_app;
grant select on table aias.retention_holds to aias_worker;

create view aias.retention_status with (security_barrier=true) as
 SELECT p.table_name AS policy,
    p.action,
    p.age,
    p.cadence,
    p.is_enabled,
    p.follows,
    p.note,
    p.last_run_at,
    i.status,
    i.removed_count,
    i.problem,
    s.oldest_at,
    COALESCE(s.byte_count, pg_total_relation_size((format('aias_private.%I'::text, p.table_name))::regclass)) AS byte_count,
    ( SELECT count(*) AS count
           FROM aias_private.retention_overrides o
          WHERE (o.table_name = ANY (ARRAY['*'::text, p.table_name, p.follows]))) AS override_count
   FROM ((aias_private.retention_policies p
     LEFT JOIN LATERAL ( SELECT
                CASE
                    WHEN bool_or((t.state = 'failed'::text)) THEN 'failed'::text
                    WHEN bool_or((t.state = ANY (ARRAY['planned'::text, 'archiving'::text, 'archived'::text, 'detached'::text]))) THEN 'running'::text
                    WHEN bool_or((t.state = 'waiting'::text)) THEN 'waiting'::text
                    ELSE 'done'::text
                END AS status,
            (sum(t.gone_count))::bigint AS removed_count,
            string_agg(DISTINCT t.detail, '; '::text) FILTER (WHERE (t.state = ANY (ARRAY['failed'::text, 'waiting'::text, 'detached'::text]))) AS problem
           FROM aias_private.retention_items t
          WHERE ((t.table_name = p.table_name) AND (t.run_id = ( SELECT l.run_id
                   FROM aias_private.retention_items l
                  WHERE (l.table_name = p.table_name)
                  ORDER BY l.run_id DESC
                 LIMIT 1)))
         HAVING (count(*) > 0)) i ON (true))
     LEFT JOIN LATERAL ( SELECT min(((to_date("right"((c.relname)::text, 7), 'YYYY_MM'::text))::timestamp without time zone AT TIME ZONE 'UTC'::text)) FILTER (WHERE (c.relname ~ '_\d{4}_\d{2}$'::text)) AS oldest_at,
            (sum(pg_total_relation_size((c.oid)::regclass)))::bigint AS byte_count
           FROM (pg_partition_tree((format('aias_private.%I'::text, p.table_name))::regclass) r(relid, parentrelid, isleaf, level)
             JOIN pg_class c ON (((r.relid)::oid = c.oid)))) s ON (true))
  WHERE ( SELECT aias_private.caller_sees_all() AS caller_sees_all)
  ORDER BY p.table_name;
comment on view aias.retention_status is 'How long the rows of each growing table are kept, and how the last run went; for those who see all tenants. Fresh.';
comment on column aias.retention_status.policy is 'The table, of aias_private.';
comment on column aias.retention_status.action is 'What happens to what is too old: drop (by month), archive (and then drop), aggregate (and then drop), soft_delete, anonymize, delete, keep.';
comment on column aias.retention_status.age is 'How old rows get; null where they stay, or go with another table''s.';
comment on column aias.retention_status.cadence is 'How often it is looked after: daily, weekly, monthly or quarterly.';
comment on column aias.retention_status.is_enabled is 'Whether it is looked after at all.';
comment on column aias.retention_status.follows is 'The table whose rows these belong to and go with, month by month.';
comment on column aias.retention_status.note is 'Why it is so, where that is not plain.';
comment on column aias.retention_status.last_run_at is 'When a run last took it up; null before the first time.';
comment on column aias.retention_status.status is 'How that run went: done, running, waiting (see problem) or failed; null where none had anything to do.';
comment on column aias.retention_status.removed_count is 'How many rows that run removed; of partitions an estimate.';
comment on column aias.retention_status.problem is 'What is waited for, or what failed.';
comment on column aias.retention_status.oldest_at is 'When the oldest partition begins; null of a table without partitions.';
comment on column aias.retention_status.byte_count is 'The bytes that the table occupies, with indexes and all partitions.';
comment on column aias.retention_status.override_count is 'How many tenants'' holds and contracts apply to it.';
grant select on table aias.retention_status to aias_admin;
grant select on table aias.retention_status to aias_analyst;
grant select on table aias.retention_status to aias_app;
grant select on table aias.retention_status to aias_worker;

CREATE OR REPLACE FUNCTION aias.retry_execution(p_execution uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.retry_execution(p_execution uuid) is 'Lets a failed or cancelled execution go on from its checkpoints; what succeeded is not run again.';
grant execute on function aias.retry_execution(p_execution uuid) to aias_admin;
grant execute on function aias.retry_execution(p_execution uuid) to aias_app;

CREATE OR REPLACE FUNCTION aias.retry_job(p_job bigint)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias.retry_job(p_job bigint) is 'Enqueues an ended job afresh, or brings a waiting one forward, and returns the id of the job that runs.';
grant execute on function aias.retry_job(p_job bigint) to aias_admin;
grant execute on function aias.retry_job(p_job bigint) to aias_app;

CREATE OR REPLACE FUNCTION aias.retry_notification(p_notification uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.retry_notification(p_notification uuid) is 'Sends a notice again that was given up.';
grant execute on function aias.retry_notification(p_notification uuid) to aias_admin;
grant execute on function aias.retry_notification(p_notification uuid) to aias_app;

CREATE OR REPLACE FUNCTION aias.revoke_api_key(p_key text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.revoke_api_key(p_key text) is 'Revokes a key of the HTTP API at once; false when it was revoked before.';
grant execute on function aias.revoke_api_key(p_key text) to aias_admin;
grant execute on function aias.revoke_api_key(p_key text) to aias_app;

CREATE OR REPLACE FUNCTION aias.rotate_webhook(p_webhook uuid, p_token_hash bytea DEFAULT NULL::bytea)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.rotate_webhook(p_webhook uuid, p_token_hash bytea) is 'Notes that a webhook''s secret was changed, and gives it another token where one is given.';
grant execute on function aias.rotate_webhook(p_webhook uuid, p_token_hash bytea) to aias_admin;
grant execute on function aias.rotate_webhook(p_webhook uuid, p_token_hash bytea) to aias_app;

CREATE OR REPLACE FUNCTION aias.run_retention(p_dry_run boolean DEFAULT true)
 RETURNS TABLE(policy text, object text, rows bigint, bytes bigint, action text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.run_retention(p_dry_run boolean) is 'Says what retention would remove now (the default), or has a job remove it; administrators only.';
grant execute on function aias.run_retention(p_dry_run boolean) to aias_admin;
grant execute on function aias.run_retention(p_dry_run boolean) to aias_app;

CREATE OR REPLACE FUNCTION aias.run_workflow(p_tenant text, p_workflow text, p_input jsonb DEFAULT '{}'::jsonb, p_idempotency_key text DEFAULT NULL::text, p_run_at timestamp with time zone DEFAULT NULL::timestamp with time zone)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.run_workflow(p_tenant text, p_workflow text, p_input jsonb, p_idempotency_key text, p_run_at timestamp with time zone) is 'Starts an execution in the caller''s transaction and returns its id; an idempotency key makes the call repeatable.';
grant execute on function aias.run_workflow(p_tenant text, p_workflow text, p_input jsonb, p_idempotency_key text, p_run_at timestamp with time zone) to aias_admin;
grant execute on function aias.run_workflow(p_tenant text, p_workflow text, p_input jsonb, p_idempotency_key text, p_run_at timestamp with time zone) to aias_app;
grant execute on function aias.run_workflow(p_tenant text, p_workflow text, p_input jsonb, p_idempotency_key text, p_run_at timestamp with time zone) to aias_worker;

create view aias.samples with (security_barrier=true) as
 SELECT s.tenant_id,
    t.slug AS tenant,
    s.status,
    w.id AS workflow_id,
    w.name AS workflow,
    (v.definition ->> 'description'::text) AS description,
    s.missing_kinds,
    s.requested_at,
    s.installed_at,
    s.removed_at
   FROM (((aias_private.tenant_samples s
     JOIN aias_private.tenants t ON ((s.tenant_id = t.id)))
     LEFT JOIN aias_private.workflows w ON (((s.tenant_id = w.tenant_id) AND w.is_sample AND (w.deleted_at IS NULL))))
     LEFT JOIN aias_private.workflow_versions v ON (((w.tenant_id = v.tenant_id) AND (w.id = v.workflow_id) AND (w.current_version = v.version))))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (s.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.samples is 'The samples of each tenant that has or had some: a row per sample workflow, one without a workflow where there is none. Fresh.';
comment on column aias.samples.tenant_id is 'The tenant.';
comment on column aias.samples.tenant is 'The tenant''s slug.';
comment on column aias.samples.status is 'due: a worker installs them; installed; removed: they don''t come again by themselves.';
comment on column aias.samples.workflow_id is 'The sample workflow; null where there is none.';
comment on column aias.samples.workflow is 'The name by which it is run.';
comment on column aias.samples.description is 'What it does.';
comment on column aias.samples.missing_kinds is 'Kinds of connection that no local server was set for (AIAS_SIMULATORS): samples that need one were left out.';
comment on column aias.samples.requested_at is 'When they were last asked for: at sign-up or by aias.add_samples.';
comment on column aias.samples.installed_at is 'When they were last installed; null before.';
comment on column aias.samples.removed_at is 'When they were removed; null while they are not.';
grant select on table aias.samples to aias_admin;
grant select on table aias.samples to aias_analyst;
grant select on table aias.samples to aias_app;
grant select on table aias.samples to aias_worker;

create view aias.schedule_backfills with (security_barrier=true) as
 SELECT NULLIF(tenant_id, aias_private.nil_uuid()) AS tenant_id,
    schedule_id,
    id,
    from_at,
    to_at,
        CASE
            WHEN (finished_at IS NULL) THEN 'running'::text
            ELSE 'finished'::text
        END AS status,
    started_count,
    requested_by,
    created_at,
    finished_at
   FROM aias_private.schedule_backfills b
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.schedule_backfills is 'Spans of time whose due times are run after the fact. Fresh.';
comment on column aias.schedule_backfills.tenant_id is 'The tenant; null for the system''s own.';
comment on column aias.schedule_backfills.schedule_id is 'The schedule.';
comment on column aias.schedule_backfills.id is 'The request''s id (UUIDv7).';
comment on column aias.schedule_backfills.from_at is 'The beginning of the span, which belongs to it.';
comment on column aias.schedule_backfills.to_at is 'The end of the span, which belongs to it.';
comment on column aias.schedule_backfills.status is 'running or finished: all of its due times have been started.';
comment on column aias.schedule_backfills.started_count is 'How many due times it has started.';
comment on column aias.schedule_backfills.requested_by is 'Who asked for it.';
comment on column aias.schedule_backfills.created_at is 'When it was asked for.';
comment on column aias.schedule_backfills.finished_at is 'When its last due time was started.';
grant select on table aias.schedule_backfills to aias_admin;
grant select on table aias.schedule_backfills to aias_analyst;
grant select on table aias.schedule_backfills to aias_app;
grant select on table aias.schedule_backfills to aias_worker;

create view aias.schedule_runs with (security_barrier=true) as
 SELECT NULLIF(k.tenant_id, aias_private.nil_uuid()) AS tenant_id,
    k.schedule_id,
    s.name AS schedule,
    k.due_at,
    k.status,
    k.is_backfill,
    k.attempt_count,
    k.execution_id,
    k.job_id,
    k.reason,
    k.error,
    k.retry_at,
    k.created_at,
    k.started_at,
    k.finished_at
   FROM (aias_private.schedule_ticks k
     JOIN aias_private.schedules s ON (((k.tenant_id = s.tenant_id) AND (k.schedule_id = s.id))))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (k.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.schedule_runs is 'The due times of schedules that were dealt with, one row each. Fresh.';
comment on column aias.schedule_runs.tenant_id is 'The tenant; null for the system''s own.';
comment on column aias.schedule_runs.schedule_id is 'The schedule.';
comment on column aias.schedule_runs.schedule is 'The schedule''s name.';
comment on column aias.schedule_runs.due_at is 'The due time; unique per schedule.';
comment on column aias.schedule_runs.status is 'queued, started (running), retrying, succeeded, failed, cancelled or skipped.';
comment on column aias.schedule_runs.is_backfill is 'Whether a backfill ran it after the fact.';
comment on column aias.schedule_runs.attempt_count is 'How often it was tried.';
comment on column aias.schedule_runs.execution_id is 'The execution that it started; null for a task, and when nothing could be started.';
comment on column aias.schedule_runs.job_id is 'The job of a system task.';
comment on column aias.schedule_runs.reason is 'Why it was skipped or waits.';
comment on column aias.schedule_runs.error is 'Why it failed: {"type", "message", ...}.';
comment on column aias.schedule_runs.retry_at is 'When it is tried again.';
comment on column aias.schedule_runs.created_at is 'When the scheduler dealt with it.';
comment on column aias.schedule_runs.started_at is 'When its last attempt was started.';
comment on column aias.schedule_runs.finished_at is 'When it ended.';
grant select on table aias.schedule_runs to aias_admin;
grant select on table aias.schedule_runs to aias_analyst;
grant select on table aias.schedule_runs to aias_app;
grant select on table aias.schedule_runs to aias_worker;

create view aias.schedules with (security_barrier=true) as
 SELECT NULLIF(s.tenant_id, aias_private.nil_uuid()) AS tenant_id,
    t.slug AS tenant,
    s.id,
    s.name,
    s.kind,
    w.name AS workflow,
    s.task,
    s.cron,
    s.time_zone,
    s.input,
    s.overlap,
    s.catch_up,
    s.catch_up_limit,
    s.jitter,
    s.max_attempts,
    s.retry_delay,
    s.starts_at,
    s.ends_at,
        CASE
            WHEN s.is_paused THEN 'paused'::text
            WHEN (s.problem IS NOT NULL) THEN 'broken'::text
            WHEN (s.next_at = 'infinity'::timestamp with time zone) THEN 'ended'::text
            ELSE 'active'::text
        END AS status,
    COALESCE(s.pause_reason, s.problem) AS status_reason,
    NULLIF(s.next_at, 'infinity'::timestamp with time zone) AS next_at,
    l.due_at AS last_due_at,
    l.status AS last_outcome,
    l.started_at AS last_started_at,
    l.finished_at AS last_finished_at,
    (l.finished_at - l.started_at) AS last_duration,
    l.execution_id AS last_execution_id,
    l.error AS last_error,
    ( SELECT count(*) AS count
           FROM ( SELECT
                   FROM aias_private.schedule_ticks f
                  WHERE ((f.tenant_id = s.tenant_id) AND (f.schedule_id = s.id) AND (f.status = 'failed'::text) AND (f.id > COALESCE(( SELECT g.id
                           FROM aias_private.schedule_ticks g
                          WHERE ((g.tenant_id = s.tenant_id) AND (g.schedule_id = s.id) AND (g.status = 'succeeded'::text))
                          ORDER BY g.id DESC
                         LIMIT 1), aias_private.nil_uuid())))
                  ORDER BY f.id DESC
                 LIMIT 1000) since) AS failure_count,
    ( SELECT count(*) AS count
           FROM aias_private.schedule_ticks q
          WHERE ((q.tenant_id = s.tenant_id) AND (q.schedule_id = s.id) AND (q.status = 'queued'::text))) AS queued_count,
    s.created_at,
    s.updated_at
   FROM (((aias_private.schedules s
     LEFT JOIN aias_private.tenants t ON ((s.tenant_id = t.id)))
     LEFT JOIN aias_private.workflows w ON (((s.tenant_id = w.tenant_id) AND (s.workflow_id = w.id))))
     LEFT JOIN LATERAL ( SELECT k.due_at,
            k.status,
            k.started_at,
            k.finished_at,
            k.execution_id,
            k.error
           FROM aias_private.schedule_ticks k
          WHERE ((k.tenant_id = s.tenant_id) AND (k.schedule_id = s.id) AND (k.status <> 'queued'::text))
          ORDER BY k.id DESC
         LIMIT 1) l ON (true))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (s.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.schedules is 'What runs by the clock: the tenants'' schedules and the system''s own, with their last run and their next. Fresh.';
comment on column aias.schedules.tenant_id is 'The tenant that it belongs to; null for the system''s own.';
comment on column aias.schedules.tenant is 'The tenant''s slug; null for the system''s own.';
comment on column aias.schedules.id is 'The schedule''s id (UUIDv7).';
comment on column aias.schedules.name is 'Its name, unique per tenant.';
comment on column aias.schedules.kind is 'What it starts: workflow, or task for the system''s own.';
comment on column aias.schedules.workflow is 'The workflow that it starts, at its current version; null for a task.';
comment on column aias.schedules.task is 'The system''s task that it runs; null for a workflow.';
comment on column aias.schedules.cron is 'When: minute, hour, day of the month, month, day of the week, in its time zone.';
comment on column aias.schedules.time_zone is 'The IANA time zone that the expression is read in.';
comment on column aias.schedules.input is 'The input of the executions that it starts.';
comment on column aias.schedules.overlap is 'What a due time does while the former run goes on: skip, queue (start after it) or allow (start beside it).';
comment on column aias.schedules.catch_up is 'Which due times of an outage are run afterwards: none, last, or all (the newest catch_up_limit ones).';
comment on column aias.schedules.catch_up_limit is 'How many due times are caught up with, or wait in the queue, at most.';
comment on column aias.schedules.jitter is 'A run starts this much after its due time at the latest, at random.';
comment on column aias.schedules.max_attempts is 'How often a due time is tried in all when its run fails.';
comment on column aias.schedules.retry_delay is 'How long after a failure the next attempt is made; doubled each time.';
comment on column aias.schedules.starts_at is 'Due times before are not run; null is no limit.';
comment on column aias.schedules.ends_at is 'Due times after are not run; null is no limit.';
comment on column aias.schedules.status is 'active; paused; ended: no due time lies ahead; broken: it can''t be advanced just now.';
comment on column aias.schedules.status_reason is 'Why it is paused or broken.';
comment on column aias.schedules.next_at is 'The next due time; null when there is none, and for the second before a change is planned.';
comment on column aias.schedules.last_due_at is 'The latest due time that was dealt with.';
comment on column aias.schedules.last_outcome is 'What came of it: started (still running), retrying, succeeded, failed, cancelled or skipped.';
comment on column aias.schedules.last_started_at is 'When its last attempt was started.';
comment on column aias.schedules.last_finished_at is 'When it ended.';
comment on column aias.schedules.last_duration is 'How long that took.';
comment on column aias.schedules.last_execution_id is 'The execution that it started.';
comment on column aias.schedules.last_error is 'Why it failed: {"type", "message", ...}.';
comment on column aias.schedules.failure_count is 'How many runs have failed since the last one that succeeded; 1000 is many.';
comment on column aias.schedules.queued_count is 'How many due times wait for the former run to end.';
comment on column aias.schedules.created_at is 'When it was made.';
comment on column aias.schedules.updated_at is 'When it was last changed by somebody.';
grant select on table aias.schedules to aias_admin;
grant select on table aias.schedules to aias_analyst;
grant select on table aias.schedules to aias_app;
grant select on table aias.schedules to aias_worker;

CREATE OR REPLACE FUNCTION aias.seal_audit(p_limit integer DEFAULT 10000)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.seal_audit(p_limit integer) is 'Seals the next rows of the audit log, at most so many, and says how many; 0 when there is nothing left to seal.';
grant execute on function aias.seal_audit(p_limit integer) to aias_admin;
grant execute on function aias.seal_audit(p_limit integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias.send_onboarding_mail(p_user uuid, p_sequence text, p_step text, p_is_forced boolean)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.send_onboarding_mail(p_user uuid, p_sequence text, p_step text, p_is_forced boolean) is 'Sends a person a mail of a sequence now; returns the mail''s id.';
grant execute on function aias.send_onboarding_mail(p_user uuid, p_sequence text, p_step text, p_is_forced boolean) to aias_admin;
grant execute on function aias.send_onboarding_mail(p_user uuid, p_sequence text, p_step text, p_is_forced boolean) to aias_app;

CREATE OR REPLACE FUNCTION aias.send_signal(p_execution uuid, p_name text, p_payload jsonb DEFAULT '{}'::jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.send_signal(p_execution uuid, p_name text, p_payload jsonb) is 'Hands an execution a named event; true when a step was waiting for it, else it is kept for the first that does.';
grant execute on function aias.send_signal(p_execution uuid, p_name text, p_payload jsonb) to aias_admin;
grant execute on function aias.send_signal(p_execution uuid, p_name text, p_payload jsonb) to aias_app;
grant execute on function aias.send_signal(p_execution uuid, p_name text, p_payload jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias.set_alert_rule(p_tenant text, p_name text, p_source text DEFAULT NULL::text, p_comparison text DEFAULT NULL::text, p_threshold double precision DEFAULT NULL::double precision, p_window interval DEFAULT NULL::interval, p_for interval DEFAULT NULL::interval, p_severity text DEFAULT NULL::text, p_scope text DEFAULT NULL::text, p_scope_name text DEFAULT NULL::text, p_tells text[] DEFAULT NULL::text[], p_channels text[] DEFAULT NULL::text[], p_renotify_every interval DEFAULT NULL::interval, p_is_enabled boolean DEFAULT NULL::boolean, p_description text DEFAULT NULL::text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.set_alert_rule(p_tenant text, p_name text, p_source text, p_comparison text, p_threshold double precision, p_window interval, p_for interval, p_severity text, p_scope text, p_scope_name text, p_tells text[], p_channels text[], p_renotify_every interval, p_is_enabled boolean, p_description text) is 'Makes an alert rule over one of aias.alert_sources, or changes one; null leaves an argument as it is.';
grant execute on function aias.set_alert_rule(p_tenant text, p_name text, p_source text, p_comparison text, p_threshold double precision, p_window interval, p_for interval, p_severity text, p_scope text, p_scope_name text, p_tells text[], p_channels text[], p_renotify_every interval, p_is_enabled boolean, p_description text) to aias_admin;
grant execute on function aias.set_alert_rule(p_tenant text, p_name text, p_source text, p_comparison text, p_threshold double precision, p_window interval, p_for interval, p_severity text, p_scope text, p_scope_name text, p_tells text[], p_channels text[], p_renotify_every interval, p_is_enabled boolean, p_description text) to aias_app;

CREATE OR REPLACE FUNCTION aias.set_channel(p_tenant text, p_name text, p_kind text, p_config jsonb, p_min_severity text DEFAULT 'info'::text, p_kinds text[] DEFAULT NULL::text[], p_is_enabled boolean DEFAULT true, p_channel uuid DEFAULT NULL::uuid, p_integration uuid DEFAULT NULL::uuid, p_secret bytea DEFAULT NULL::bytea, p_key_id text DEFAULT NULL::text)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.set_channel(p_tenant text, p_name text, p_kind text, p_config jsonb, p_min_severity text, p_kinds text[], p_is_enabled boolean, p_channel uuid, p_integration uuid, p_secret bytea, p_key_id text) is 'Says where a tenant, or the operators, are told of alerts; returns the channel''s id.';
grant execute on function aias.set_channel(p_tenant text, p_name text, p_kind text, p_config jsonb, p_min_severity text, p_kinds text[], p_is_enabled boolean, p_channel uuid, p_integration uuid, p_secret bytea, p_key_id text) to aias_admin;
grant execute on function aias.set_channel(p_tenant text, p_name text, p_kind text, p_config jsonb, p_min_severity text, p_kinds text[], p_is_enabled boolean, p_channel uuid, p_integration uuid, p_secret bytea, p_key_id text) to aias_app;

CREATE OR REPLACE FUNCTION aias.set_flag(p_flag text, p_percentage numeric DEFAULT NULL::numeric, p_tenant text DEFAULT NULL::text, p_is_on boolean DEFAULT NULL::boolean, p_description text DEFAULT NULL::text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.set_flag(p_flag text, p_percentage numeric, p_tenant text, p_is_on boolean, p_description text) is 'Rolls a change of behaviour out to a percentage of the tenants, or turns it on or off for one of them.';
grant execute on function aias.set_flag(p_flag text, p_percentage numeric, p_tenant text, p_is_on boolean, p_description text) to aias_admin;

CREATE OR REPLACE FUNCTION aias.set_fuse_rule(p_scope text, p_name text, p_failure_count integer, p_within interval, p_is_enabled boolean DEFAULT true)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.set_fuse_rule(p_scope text, p_name text, p_failure_count integer, p_within interval, p_is_enabled boolean) is 'Says after how many equal failures in which time the fuse of a task or a workflow blows.';
grant execute on function aias.set_fuse_rule(p_scope text, p_name text, p_failure_count integer, p_within interval, p_is_enabled boolean) to aias_admin;
grant execute on function aias.set_fuse_rule(p_scope text, p_name text, p_failure_count integer, p_within interval, p_is_enabled boolean) to aias_app;

CREATE OR REPLACE FUNCTION aias.set_limit(p_scope text, p_name text, p_max_running integer DEFAULT NULL::integer, p_rate integer DEFAULT NULL::integer, p_per interval DEFAULT NULL::interval, p_burst integer DEFAULT NULL::integer)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.set_limit(p_scope text, p_name text, p_max_running integer, p_rate integer, p_per interval, p_burst integer) is 'Sets how many jobs of a tenant, a workflow or a key, or calls of a connection, run at once and start in a time.';
grant execute on function aias.set_limit(p_scope text, p_name text, p_max_running integer, p_rate integer, p_per interval, p_burst integer) to aias_admin;
grant execute on function aias.set_limit(p_scope text, p_name text, p_max_running integer, p_rate integer, p_per interval, p_burst integer) to aias_app;

CREATE OR REPLACE FUNCTION aias.set_mail_preferences(p_user uuid, p_time_zone text, p_language text, p_is_subscribed boolean, p_is_counted boolean)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.set_mail_preferences(p_user uuid, p_time_zone text, p_language text, p_is_subscribed boolean, p_is_counted boolean) is 'Says whether a person wants mails, lets opens and clicks be counted, and in which time zone and language; null leaves a value as it is.';
grant execute on function aias.set_mail_preferences(p_user uuid, p_time_zone text, p_language text, p_is_subscribed boolean, p_is_counted boolean) to aias_admin;
grant execute on function aias.set_mail_preferences(p_user uuid, p_time_zone text, p_language text, p_is_subscribed boolean, p_is_counted boolean) to aias_app;

CREATE OR REPLACE FUNCTION aias.set_onboarding_step(p_sequence text, p_step text, p_delay_days integer, p_send_at time without time zone, p_goal text, p_template text, p_is_enabled boolean)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.set_onboarding_step(p_sequence text, p_step text, p_delay_days integer, p_send_at time without time zone, p_goal text, p_template text, p_is_enabled boolean) is 'Makes a step of a sequence of mails, or changes one. Administrators only.';
grant execute on function aias.set_onboarding_step(p_sequence text, p_step text, p_delay_days integer, p_send_at time without time zone, p_goal text, p_template text, p_is_enabled boolean) to aias_admin;

CREATE OR REPLACE FUNCTION aias.set_plan(p_tenant text, p_plan text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.set_plan(p_tenant text, p_plan text) is 'Moves a tenant to another plan: its next executions run in that plan''s lane and limits.';
grant execute on function aias.set_plan(p_tenant text, p_plan text) to aias_admin;

CREATE OR REPLACE FUNCTION aias.set_retention(p_policy text, p_age interval DEFAULT NULL::interval, p_cadence text DEFAULT NULL::text, p_is_enabled boolean DEFAULT NULL::boolean)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.set_retention(p_policy text, p_age interval, p_cadence text, p_is_enabled boolean) is 'Changes how long a table''s rows are kept, how often old ones are removed, and whether at all; administrators only.';
grant execute on function aias.set_retention(p_policy text, p_age interval, p_cadence text, p_is_enabled boolean) to aias_admin;
grant execute on function aias.set_retention(p_policy text, p_age interval, p_cadence text, p_is_enabled boolean) to aias_app;

CREATE OR REPLACE FUNCTION aias.set_schedule(p_tenant text, p_name text, p_workflow text, p_cron text, p_time_zone text DEFAULT 'UTC'::text, p_input jsonb DEFAULT '{}'::jsonb, p_overlap text DEFAULT 'skip'::text, p_catch_up text DEFAULT 'last'::text, p_catch_up_limit integer DEFAULT 100, p_jitter interval DEFAULT '00:00:00'::interval, p_starts_at timestamp with time zone DEFAULT NULL::timestamp with time zone, p_ends_at timestamp with time zone DEFAULT NULL::timestamp with time zone, p_max_attempts integer DEFAULT 1, p_retry_delay interval DEFAULT '00:01:00'::interval)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.set_schedule(p_tenant text, p_name text, p_workflow text, p_cron text, p_time_zone text, p_input jsonb, p_overlap text, p_catch_up text, p_catch_up_limit integer, p_jitter interval, p_starts_at timestamp with time zone, p_ends_at timestamp with time zone, p_max_attempts integer, p_retry_delay interval) is 'Makes or changes a schedule that starts a workflow by a cron expression in a time zone, and returns its id.';
grant execute on function aias.set_schedule(p_tenant text, p_name text, p_workflow text, p_cron text, p_time_zone text, p_input jsonb, p_overlap text, p_catch_up text, p_catch_up_limit integer, p_jitter interval, p_starts_at timestamp with time zone, p_ends_at timestamp with time zone, p_max_attempts integer, p_retry_delay interval) to aias_admin;
grant execute on function aias.set_schedule(p_tenant text, p_name text, p_workflow text, p_cron text, p_time_zone text, p_input jsonb, p_overlap text, p_catch_up text, p_catch_up_limit integer, p_jitter interval, p_starts_at timestamp with time zone, p_ends_at timestamp with time zone, p_max_attempts integer, p_retry_delay interval) to aias_app;

CREATE OR REPLACE FUNCTION aias.set_subscription(p_tenant text, p_name text, p_type text, p_workflow text, p_filter jsonb DEFAULT '{}'::jsonb, p_condition text DEFAULT NULL::text, p_mapping jsonb DEFAULT NULL::jsonb, p_enabled boolean DEFAULT true)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.set_subscription(p_tenant text, p_name text, p_type text, p_workflow text, p_filter jsonb, p_condition text, p_mapping jsonb, p_enabled boolean) is 'Lets events of a type start a workflow, under a filter and with a mapping; returns the subscription''s id.';
grant execute on function aias.set_subscription(p_tenant text, p_name text, p_type text, p_workflow text, p_filter jsonb, p_condition text, p_mapping jsonb, p_enabled boolean) to aias_admin;
grant execute on function aias.set_subscription(p_tenant text, p_name text, p_type text, p_workflow text, p_filter jsonb, p_condition text, p_mapping jsonb, p_enabled boolean) to aias_app;

CREATE OR REPLACE FUNCTION aias.set_system_schedule(p_name text, p_cron text, p_time_zone text DEFAULT 'UTC'::text)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.set_system_schedule(p_name text, p_cron text, p_time_zone text) is 'Runs one of the system''s own tasks at other times; administrators only.';
grant execute on function aias.set_system_schedule(p_name text, p_cron text, p_time_zone text) to aias_admin;

CREATE OR REPLACE FUNCTION aias.set_tenant_locale(p_tenant text, p_time_zone text, p_language text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.set_tenant_locale(p_tenant text, p_time_zone text, p_language text) is 'Says in which time zone a tenant lives and which language it reads; null leaves a value as it is.';
grant execute on function aias.set_tenant_locale(p_tenant text, p_time_zone text, p_language text) to aias_admin;
grant execute on function aias.set_tenant_locale(p_tenant text, p_time_zone text, p_language text) to aias_app;

CREATE OR REPLACE FUNCTION aias.set_webhook_endpoint(p_tenant text, p_name text, p_integration uuid, p_types text[])
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.set_webhook_endpoint(p_tenant text, p_name text, p_integration uuid, p_types text[]) is 'Tells an address of a tenant''s what its executions do; returns the endpoint''s id.';
grant execute on function aias.set_webhook_endpoint(p_tenant text, p_name text, p_integration uuid, p_types text[]) to aias_admin;
grant execute on function aias.set_webhook_endpoint(p_tenant text, p_name text, p_integration uuid, p_types text[]) to aias_app;

CREATE OR REPLACE FUNCTION aias.set_workflow_enabled(p_tenant text, p_workflow text, p_is_enabled boolean)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.set_workflow_enabled(p_tenant text, p_workflow text, p_is_enabled boolean) is 'Lets a workflow start new executions, or stops it from doing so.';
grant execute on function aias.set_workflow_enabled(p_tenant text, p_workflow text, p_is_enabled boolean) to aias_admin;
grant execute on function aias.set_workflow_enabled(p_tenant text, p_workflow text, p_is_enabled boolean) to aias_app;

CREATE OR REPLACE FUNCTION aias.settle_privacy_request(p_request uuid, p_note text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.settle_privacy_request(p_request uuid, p_note text) is 'Notes that a privacy request was seen to, and how.';
grant execute on function aias.settle_privacy_request(p_request uuid, p_note text) to aias_admin;
grant execute on function aias.settle_privacy_request(p_request uuid, p_note text) to aias_app;

CREATE OR REPLACE FUNCTION aias.sign_up(p_tenant text, p_email text, p_name text DEFAULT NULL::text, p_industry text DEFAULT NULL::text, p_plan text DEFAULT 'free'::text, p_company text DEFAULT NULL::text)
 RETURNS TABLE(tenant_id uuid, user_id uuid, key_id text, token text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.sign_up(p_tenant text, p_email text, p_name text, p_industry text, p_plan text, p_company text) is 'Makes a tenant with its owner and a key of its own, and says so as the event user.signed_up; for administrators.';
grant execute on function aias.sign_up(p_tenant text, p_email text, p_name text, p_industry text, p_plan text, p_company text) to aias_admin;

CREATE OR REPLACE FUNCTION aias.silence_alerts(p_tenant text, p_rule text, p_key text, p_until timestamp with time zone, p_reason text)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.silence_alerts(p_tenant text, p_rule text, p_key text, p_until timestamp with time zone, p_reason text) is 'Keeps a tenant, or the operators, from being told of some alerts until a time; returns the silence''s id.';
grant execute on function aias.silence_alerts(p_tenant text, p_rule text, p_key text, p_until timestamp with time zone, p_reason text) to aias_admin;
grant execute on function aias.silence_alerts(p_tenant text, p_rule text, p_key text, p_until timestamp with time zone, p_reason text) to aias_app;

create view aias.slo with (security_barrier=true) as
 WITH periods AS (
         SELECT p.period,
            (aias_private.now() - p.length) AS since
           FROM ( VALUES ('hour'::text,'01:00:00'::interval), ('day'::text,'24:00:00'::interval), ('month'::text,'30 days'::interval)) p(period, length)
        ), measured AS (
         SELECT p.period,
            o.objective,
            o.unit,
            o.comparison,
            o.target,
            o.actual,
            r.count AS observation_count
           FROM (((periods p
             LEFT JOIN LATERAL aias.error_rates('requests'::text, p.since) r(key, count, failure_count, refusal_count, error_rate, mean_seconds) ON (true))
             LEFT JOIN LATERAL aias.percentiles('requests'::text, p.since) t(key, count, p50, p95, p99) ON (true))
             CROSS JOIN LATERAL ( VALUES ('api_error_rate'::text,'share'::text,'<'::text,0.01,r.error_rate), ('api_p95'::text,'ms'::text,'<'::text,500,((t.p95 * (1000)::double precision))::numeric), ('api_p99'::text,'ms'::text,'<'::text,1000,((t.p99 * (1000)::double precision))::numeric)) o(objective, unit, comparison, target, actual))
        UNION ALL
         SELECT 'ever'::text AS period,
            'cache_hit_rate'::text AS objective,
            'share'::text AS unit,
            '>'::text AS comparison,
            0.8 AS target,
            (sum((c.memory_hit_count + c.hit_count)) / NULLIF(sum(((c.memory_hit_count + c.hit_count) + c.miss_count)), (0)::numeric)) AS actual,
            (sum(((c.memory_hit_count + c.hit_count) + c.miss_count)))::bigint AS observation_count
           FROM aias.cache_stats c
          WHERE ( SELECT aias_private.caller_sees_all() AS caller_sees_all)
         HAVING ( SELECT aias_private.caller_sees_all() AS caller_sees_all)
        )
 SELECT objective,
    period,
    comparison,
    target,
    round(actual, 6) AS actual,
    unit,
    COALESCE(observation_count, (0)::bigint) AS observation_count,
        CASE comparison
            WHEN '<'::text THEN (actual < target)
            ELSE (actual > target)
        END AS is_met
   FROM measured m;
comment on view aias.slo is 'What is promised and what is kept: of a tenant''s own requests, or of all of them. Fresh to a few seconds.';
comment on column aias.slo.objective is 'api_error_rate (requests that fail on our side), api_p95 and api_p99 (how long requests take), cache_hit_rate (for operators).';
comment on column aias.slo.period is 'Over which time up to now: hour, day (24 hours), month (30 days); ever: since the cache was last emptied by a crash.';
comment on column aias.slo.comparison is 'Whether it is to stay below (<) or above (>) the target.';
comment on column aias.slo.target is 'The target, in the unit.';
comment on column aias.slo.actual is 'What it is, in the unit; null when nothing was observed.';
comment on column aias.slo.unit is 'ms: milliseconds; share: a part of all, from 0 to 1.';
comment on column aias.slo.observation_count is 'How many requests (or uses of the cache) that says something about.';
comment on column aias.slo.is_met is 'Whether it is kept; null when nothing was observed.';
grant select on table aias.slo to aias_admin;
grant select on table aias.slo to aias_analyst;
grant select on table aias.slo to aias_app;
grant select on table aias.slo to aias_worker;

create view aias.slow_queries with (security_barrier=true) as
 WITH seen AS (
         SELECT p.key AS statement,
            p.count AS call_count,
            r.failure_count AS error_count,
            (r.mean_seconds * (p.count)::double precision) AS total_seconds,
            (r.mean_seconds * (1000)::double precision) AS mean_ms,
            (p.p50 * (1000)::double precision) AS p50_ms,
            (p.p95 * (1000)::double precision) AS p95_ms,
            (p.p99 * (1000)::double precision) AS p99_ms
           FROM (aias.percentiles('statements'::text, (aias_private.now() - '24:00:00'::interval), NULL::timestamp with time zone, 'statement'::text) p(key, count, p50, p95, p99)
             JOIN aias.error_rates('statements'::text, (aias_private.now() - '24:00:00'::interval), NULL::timestamp with time zone, 'statement'::text) r(key, count, failure_count, refusal_count, error_rate, mean_seconds) ON ((p.key = r.key)))
        )
 SELECT COALESCE(s.statement, d.statement) AS statement,
    s.call_count,
    s.error_count,
    s.total_seconds,
    s.mean_ms,
    s.p50_ms,
    s.p95_ms,
    s.p99_ms,
    d.call_count AS database_call_count,
    (d.total_ms / (1000)::double precision) AS database_total_seconds,
    (d.total_ms / (NULLIF(d.call_count, 0))::double precision) AS database_mean_ms,
    d.max_ms AS database_max_ms,
    d.row_count AS database_row_count,
    d.block_hit_rate
   FROM (seen s
     FULL JOIN aias_private.database_statements() d(statement, call_count, total_ms, max_ms, row_count, block_hit_rate) ON ((s.statement = d.statement)))
  WHERE ( SELECT aias_private.caller_sees_all() AS caller_sees_all)
  ORDER BY GREATEST(s.total_seconds, (0)::double precision) DESC NULLS LAST, d.total_ms DESC NULLS LAST;
comment on view aias.slow_queries is 'The statements of the database, those that took most in the last 24 hours first: as their callers saw them, and as pg_stat_statements counts them where it is installed. For operators. Fresh to a few seconds.';
comment on column aias.slow_queries.statement is 'The statement: the first function, view or table of ours in it; else its first word.';
comment on column aias.slow_queries.call_count is 'How many times it was run in the last 24 hours; null when by no process of ours.';
comment on column aias.slow_queries.error_count is 'How many times of these it ended with an error.';
comment on column aias.slow_queries.total_seconds is 'How long these took together, in seconds, the way to the database included.';
comment on column aias.slow_queries.mean_ms is 'How long they took on average, in milliseconds.';
comment on column aias.slow_queries.p50_ms is 'Half of them took at most so long, in milliseconds; within 1 %.';
comment on column aias.slow_queries.p95_ms is '95 of 100 took at most so long, in milliseconds; within 1 %.';
comment on column aias.slow_queries.p99_ms is '99 of 100 took at most so long, in milliseconds; within 1 %.';
comment on column aias.slow_queries.database_call_count is 'How many times it was run since pg_stat_statements was last reset; null where that is not installed.';
comment on column aias.slow_queries.database_total_seconds is 'How long the database itself worked on these, in seconds.';
comment on column aias.slow_queries.database_mean_ms is 'How long the database itself worked on one, on average, in milliseconds.';
comment on column aias.slow_queries.database_max_ms is 'How long the database itself worked on the slowest, in milliseconds.';
comment on column aias.slow_queries.database_row_count is 'How many rows they gave or changed.';
comment on column aias.slow_queries.block_hit_rate is 'The part of the blocks that were read from shared buffers, from 0 to 1.';
grant select on table aias.slow_queries to aias_admin;
grant select on table aias.slow_queries to aias_analyst;
grant select on table aias.slow_queries to aias_worker;

CREATE OR REPLACE FUNCTION aias.start_oauth(p_tenant text, p_id uuid, p_state_hash bytea, p_user text, p_kind text, p_name text, p_config jsonb, p_scopes text, p_redirect_uri text, p_verifier bytea, p_key_id text, p_lasts interval)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.start_oauth(p_tenant text, p_id uuid, p_state_hash bytea, p_user text, p_kind text, p_name text, p_config jsonb, p_scopes text, p_redirect_uri text, p_verifier bytea, p_key_id text, p_lasts interval) is 'Remembers that a user of a tenant was sent to a service to consent, and until when the answer is taken.';
grant execute on function aias.start_oauth(p_tenant text, p_id uuid, p_state_hash bytea, p_user text, p_kind text, p_name text, p_config jsonb, p_scopes text, p_redirect_uri text, p_verifier bytea, p_key_id text, p_lasts interval) to aias_admin;
grant execute on function aias.start_oauth(p_tenant text, p_id uuid, p_state_hash bytea, p_user text, p_kind text, p_name text, p_config jsonb, p_scopes text, p_redirect_uri text, p_verifier bytea, p_key_id text, p_lasts interval) to aias_app;

CREATE OR REPLACE FUNCTION aias.start_trial(p_tenant text, p_days integer)
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.start_trial(p_tenant text, p_days integer) is 'Lets a tenant try AIAS for some days; returns when the trial ends. Administrators only.';
grant execute on function aias.start_trial(p_tenant text, p_days integer) to aias_admin;

create view aias.subscriptions with (security_barrier=true) as
 SELECT s.tenant_id,
    t.slug AS tenant,
    s.id,
    s.name,
    s.type_pattern,
    s.filter,
    s.condition,
    s.mapping,
    w.name AS workflow,
    s.is_enabled,
    s.created_at,
    s.updated_at
   FROM ((aias_private.event_subscriptions s
     JOIN aias_private.tenants t ON ((s.tenant_id = t.id)))
     JOIN aias_private.workflows w ON (((s.tenant_id = w.tenant_id) AND (s.workflow_id = w.id))))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (s.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.subscriptions is 'Which events start which workflows. Fresh.';
comment on column aias.subscriptions.tenant_id is 'The tenant.';
comment on column aias.subscriptions.tenant is 'The tenant''s slug.';
comment on column aias.subscriptions.id is 'The subscription''s id (UUIDv7).';
comment on column aias.subscriptions.name is 'Its name, unique per tenant.';
comment on column aias.subscriptions.type_pattern is 'The types of events that it hears of; * stands for anything.';
comment on column aias.subscriptions.filter is 'What the payload must hold.';
comment on column aias.subscriptions.condition is 'The template that must hold.';
comment on column aias.subscriptions.mapping is 'The templates that make the input; null: the payload is the input.';
comment on column aias.subscriptions.workflow is 'The workflow that it starts.';
comment on column aias.subscriptions.is_enabled is 'Whether it starts anything.';
comment on column aias.subscriptions.created_at is 'When it was made.';
comment on column aias.subscriptions.updated_at is 'When it was last changed.';
grant select on table aias.subscriptions to aias_admin;
grant select on table aias.subscriptions to aias_analyst;
grant select on table aias.subscriptions to aias_app;
grant select on table aias.subscriptions to aias_worker;

create view aias.telemetry_daily with (security_barrier=true) as
 SELECT c.tenant_id,
    t.slug AS tenant,
    c.day,
    c.name,
    (sum(c.event_count))::bigint AS event_count,
    min(c.first_at) AS first_at,
    max(c.last_at) AS last_at
   FROM (( SELECT d.tenant_id,
            d.day,
            d.name,
            d.event_count,
            d.first_at,
            d.last_at
           FROM aias_private.telemetry_days d
        UNION ALL
         SELECT n.tenant_id,
            n.day,
            n.name,
            n.event_count,
            n.first_at,
            n.last_at
           FROM aias_private.telemetry_tallies n) c
     JOIN aias_private.tenants t ON ((c.tenant_id = t.id)))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (c.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)))
  GROUP BY c.tenant_id, t.slug, c.day, c.name;
comment on view aias.telemetry_daily is 'Events per tenant, day (UTC) and name. Fresh; kept when the events themselves are dropped.';
comment on column aias.telemetry_daily.tenant_id is 'The tenant whose users they are.';
comment on column aias.telemetry_daily.tenant is 'The tenant''s slug.';
comment on column aias.telemetry_daily.day is 'The day (UTC) on which it was done, by the sender.';
comment on column aias.telemetry_daily.name is 'What was done.';
comment on column aias.telemetry_daily.event_count is 'How many events.';
comment on column aias.telemetry_daily.first_at is 'When it was done first on that day.';
comment on column aias.telemetry_daily.last_at is 'When it was done last on that day.';
grant select on table aias.telemetry_daily to aias_admin;
grant select on table aias.telemetry_daily to aias_analyst;
grant select on table aias.telemetry_daily to aias_app;
grant select on table aias.telemetry_daily to aias_worker;

create view aias.telemetry_events with (security_barrier=true) as
 SELECT e.tenant_id,
    t.slug AS tenant,
    e.id,
    e.event_id,
    e.name,
    e.user_id,
    e.session_id,
    e.occurred_at,
    e.received_at,
    e.properties,
    e.correlation_id,
    e.trace_id
   FROM (aias_private.telemetry_events e
     JOIN aias_private.tenants t ON ((e.tenant_id = t.id)))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (e.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.telemetry_events is 'What applications say that their users did, each event once. Fresh; kept as long as retention says (30 days or more).';
comment on column aias.telemetry_events.tenant_id is 'The tenant whose users they are.';
comment on column aias.telemetry_events.tenant is 'The tenant''s slug.';
comment on column aias.telemetry_events.id is 'The event''s id here (UUIDv7): ordering by it is ordering by arrival.';
comment on column aias.telemetry_events.event_id is 'The event''s id as its sender gave it, by which a repetition within 7 days is known; else one that was made here.';
comment on column aias.telemetry_events.name is 'What was done.';
comment on column aias.telemetry_events.user_id is 'Who did it, by the sender''s own id; null where nobody is named.';
comment on column aias.telemetry_events.session_id is 'In which session, by the sender''s own id.';
comment on column aias.telemetry_events.occurred_at is 'When it was done, by the sender; else when it was received.';
comment on column aias.telemetry_events.received_at is 'When it was stored.';
comment on column aias.telemetry_events.properties is 'The particulars, as the sender gave them.';
comment on column aias.telemetry_events.correlation_id is 'The correlation id of the request or execution that it belongs to.';
comment on column aias.telemetry_events.trace_id is 'The W3C trace id that it belongs to: 32 hexadecimal digits.';
grant select on table aias.telemetry_events to aias_admin;
grant select on table aias.telemetry_events to aias_analyst;
grant select on table aias.telemetry_events to aias_app;
grant select on table aias.telemetry_events to aias_worker;

create view aias.telemetry_intake_daily with (security_barrier=true) as
 SELECT c.tenant_id,
    t.slug AS tenant,
    c.day,
    (sum(c.accepted_count))::bigint AS accepted_count,
    (sum(c.duplicate_count))::bigint AS duplicate_count,
    (sum(c.rejected_count))::bigint AS rejected_count,
    (sum(c.limited_count))::bigint AS limited_count,
    (sum(c.shed_count))::bigint AS shed_count
   FROM (( SELECT d.tenant_id,
            d.day,
            d.accepted_count,
            d.duplicate_count,
            d.rejected_count,
            d.limited_count,
            d.shed_count
           FROM aias_private.telemetry_outcome_days d
        UNION ALL
         SELECT n.tenant_id,
            n.day,
            n.accepted_count,
            n.duplicate_count,
            n.rejected_count,
            n.limited_count,
            n.shed_count
           FROM aias_private.telemetry_outcomes n) c
     JOIN aias_private.tenants t ON ((c.tenant_id = t.id)))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (c.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)))
  GROUP BY c.tenant_id, t.slug, c.day;
comment on view aias.telemetry_intake_daily is 'What came of the events that were sent, per tenant and day (UTC) of their arrival. Fresh; what the HTTP server refuses shows within 10 seconds.';
comment on column aias.telemetry_intake_daily.tenant_id is 'The tenant that sent them.';
comment on column aias.telemetry_intake_daily.tenant is 'The tenant''s slug.';
comment on column aias.telemetry_intake_daily.day is 'The day (UTC) of their arrival.';
comment on column aias.telemetry_intake_daily.accepted_count is 'Events that were stored.';
comment on column aias.telemetry_intake_daily.duplicate_count is 'Events whose id had come within 7 days.';
comment on column aias.telemetry_intake_daily.rejected_count is 'Events that were malformed.';
comment on column aias.telemetry_intake_daily.limited_count is 'Events in calls that were over the plan''s rate (429).';
comment on column aias.telemetry_intake_daily.shed_count is 'Events in calls that were sent away because the server or the database had too much to do (503).';
grant select on table aias.telemetry_intake_daily to aias_admin;
grant select on table aias.telemetry_intake_daily to aias_analyst;
grant select on table aias.telemetry_intake_daily to aias_app;
grant select on table aias.telemetry_intake_daily to aias_worker;

create view aias.template_uses with (security_barrier=true) as
 SELECT u.tenant_id,
    t.slug AS tenant,
    u.workflow_id,
    w.name AS workflow,
    u.workflow_version,
    ((w.current_version = u.workflow_version) AND (w.deleted_at IS NULL)) AS is_current,
    u.template,
    u.template_version,
    n.version AS newest_template_version,
    u.parameters,
    u.triggers,
    u.used_by,
    u.used_at
   FROM (((aias_private.template_uses u
     JOIN aias_private.workflows w ON (((u.tenant_id = w.tenant_id) AND (u.workflow_id = w.id))))
     JOIN aias_private.tenants t ON ((u.tenant_id = t.id)))
     JOIN aias.templates n ON ((u.template = n.name)))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (u.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.template_uses is 'Which version of which workflow was made from which version of which template. Fresh.';
comment on column aias.template_uses.tenant_id is 'The tenant that the workflow belongs to.';
comment on column aias.template_uses.tenant is 'The tenant''s slug.';
comment on column aias.template_uses.workflow_id is 'The workflow (aias.workflows.id).';
comment on column aias.template_uses.workflow is 'The workflow''s name.';
comment on column aias.template_uses.workflow_version is 'The version of the workflow that was made.';
comment on column aias.template_uses.is_current is 'Whether new executions run it; false after a change by hand, a newer use, or the deletion.';
comment on column aias.template_uses.template is 'The template (aias.templates.name).';
comment on column aias.template_uses.template_version is 'The template''s version that was used.';
comment on column aias.template_uses.newest_template_version is 'The template''s newest version: a higher one is there to be used.';
comment on column aias.template_uses.parameters is 'The values that it was used with, defaults filled in.';
comment on column aias.template_uses.triggers is 'Kind and name of each trigger that the use set up.';
comment on column aias.template_uses.used_by is 'Who used it.';
comment on column aias.template_uses.used_at is 'When it was used.';
grant select on table aias.template_uses to aias_admin;
grant select on table aias.template_uses to aias_analyst;
grant select on table aias.template_uses to aias_app;
grant select on table aias.template_uses to aias_worker;

create view aias.templates as
 SELECT DISTINCT ON (name) name,
    version,
    (document ->> 'title'::text) AS title,
    (document ->> 'description'::text) AS description,
    ARRAY( SELECT jsonb_array_elements_text((t.document -> 'industries'::text)) AS jsonb_array_elements_text) AS industries,
    ARRAY( SELECT jsonb_array_elements_text((t.document -> 'integrations'::text)) AS jsonb_array_elements_text) AS integrations,
    (document -> 'parameters'::text) AS parameters,
    (document -> 'example'::text) AS example,
    (document -> 'triggers'::text) AS triggers,
    (document -> 'workflow'::text) AS workflow,
    loaded_at
   FROM aias_private.templates t
  ORDER BY name, version DESC;
comment on view aias.templates is 'The templates of workflows, each in its newest version; the same for every tenant. Fresh.';
comment on column aias.templates.name is 'The template''s name; the workflow that is made of it bears it unless told otherwise.';
comment on column aias.templates.version is 'The newest version''s number.';
comment on column aias.templates.title is 'What it does, in a few words.';
comment on column aias.templates.description is 'What it does and what it needs, for a person who chooses.';
comment on column aias.templates.industries is 'Whom it is meant for; empty: everybody.';
comment on column aias.templates.integrations is 'The kinds of connections that its steps need.';
comment on column aias.templates.parameters is 'The JSON Schema of its parameters, with defaults.';
comment on column aias.templates.example is 'Parameters that it can be used with as they are.';
comment on column aias.templates.triggers is 'What starts the workflow: schedules, events, webhooks.';
comment on column aias.templates.workflow is 'The definition, with {{ parameters.name }} in the places of values.';
comment on column aias.templates.loaded_at is 'When this version came into the database.';
grant select on table aias.templates to aias_admin;
grant select on table aias.templates to aias_analyst;
grant select on table aias.templates to aias_app;
grant select on table aias.templates to aias_worker;

CREATE OR REPLACE FUNCTION aias.tenant_key(p_tenant text, p_key text DEFAULT NULL::text)
 RETURNS TABLE(tenant_id uuid, key_id text, wrapped bytea, master_key_id text)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.tenant_key(p_tenant text, p_key text) is 'Returns a tenant''s current key, or the one of an id, as it is stored: wrapped by the master key.';
grant execute on function aias.tenant_key(p_tenant text, p_key text) to aias_admin;
grant execute on function aias.tenant_key(p_tenant text, p_key text) to aias_app;
grant execute on function aias.tenant_key(p_tenant text, p_key text) to aias_worker;

create view aias.tenants with (security_barrier=true) as
 SELECT t.id,
    t.slug,
    t.name,
    t.plan,
    p.lane,
    t.industry,
    t.created_at,
    COALESCE(t.time_zone, 'UTC'::text) AS time_zone,
    COALESCE(t.language, 'en'::text) AS language,
    t.trial_started_at,
    t.trial_ends_at,
    t.converted_at
   FROM (aias_private.tenants t
     JOIN aias_private.plans p ON ((t.plan = p.name)))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (t.id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.tenants is 'The customer accounts. Fresh.';
comment on column aias.tenants.id is 'The tenant''s id (UUIDv7).';
comment on column aias.tenants.slug is 'The short name by which calls name the tenant; unique.';
comment on column aias.tenants.name is 'The name to show.';
comment on column aias.tenants.plan is 'The plan that the tenant is on (aias.plans.name).';
comment on column aias.tenants.lane is 'The lane that the plan gives its executions (aias.lanes.name).';
comment on column aias.tenants.industry is 'The tenant''s industry, where it said so.';
comment on column aias.tenants.created_at is 'When the account was made.';
comment on column aias.tenants.time_zone is 'Where it lives (IANA name); its people''s mornings are there.';
comment on column aias.tenants.language is 'The language that its people are written in (ISO 639-1).';
comment on column aias.tenants.trial_started_at is 'When its trial began; null: it never tried.';
comment on column aias.tenants.trial_ends_at is 'When its trial ends or ended; null: it never tried.';
comment on column aias.tenants.converted_at is 'When it chose a plan during or after its trial; null: not.';
grant select on table aias.tenants to aias_admin;
grant select on table aias.tenants to aias_analyst;
grant select on table aias.tenants to aias_app;
grant select on table aias.tenants to aias_worker;

CREATE OR REPLACE FUNCTION aias.test_channel(p_tenant text, p_name text)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.test_channel(p_tenant text, p_name text) is 'Sends a test message by a channel; returns the id under which aias.notifications shows how it went.';
grant execute on function aias.test_channel(p_tenant text, p_name text) to aias_admin;
grant execute on function aias.test_channel(p_tenant text, p_name text) to aias_app;

CREATE OR REPLACE FUNCTION aias.trace(p_id text, p_limit integer DEFAULT 1000)
 RETURNS TABLE(tenant_id uuid, trace_id text, span_id text, parent_span_id text, correlation_id text, kind text, name text, started_at timestamp with time zone, finished_at timestamp with time zone, status text, request_id text, execution_id uuid, step text, item integer, attempt integer, detail jsonb)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan';
comment on function aias.trace(p_id text, p_limit integer) is 'The spans of a trace, the oldest first; found by a trace id, an execution''s, a correlation id or a request''s.';
grant execute on function aias.trace(p_id text, p_limit integer) to aias_admin;
grant execute on function aias.trace(p_id text, p_limit integer) to aias_analyst;
grant execute on function aias.trace(p_id text, p_limit integer) to aias_app;
grant execute on function aias.trace(p_id text, p_limit integer) to aias_worker;

create view aias.traces with (security_barrier=true) as
 SELECT NULLIF(tenant_id, '00000000-0000-0000-0000-000000000000'::uuid) AS tenant_id,
    trace_id,
    span_id,
    parent_span_id,
    correlation_id,
    kind,
    name,
    started_at,
    finished_at,
    (finished_at - started_at) AS duration,
    status,
    request_id,
    execution_id,
    step,
    item,
    attempt,
    detail
   FROM ( SELECT n.tenant_id,
            n.trace_id,
            n.span_id,
            n.parent_span_id,
            n.correlation_id,
            n.kind,
            n.name,
            n.started_at,
            n.finished_at,
            n.status,
            n.request_id,
            n.execution_id,
            n.step,
            n.item,
            n.attempt,
            n.detail
           FROM aias_private.noted_spans n
        UNION ALL
         SELECT e.tenant_id,
            e.trace_id,
            e.span_id,
            e.parent_span_id,
            e.correlation_id,
            e.kind,
            e.name,
            e.started_at,
            e.finished_at,
            e.status,
            e.request_id,
            e.execution_id,
            e.step,
            e.item,
            e.attempt,
            e.detail
           FROM aias_private.execution_spans e
        UNION ALL
         SELECT s_1.tenant_id,
            s_1.trace_id,
            s_1.span_id,
            s_1.parent_span_id,
            s_1.correlation_id,
            s_1.kind,
            s_1.name,
            s_1.started_at,
            s_1.finished_at,
            s_1.status,
            s_1.request_id,
            s_1.execution_id,
            s_1.step,
            s_1.item,
            s_1.attempt,
            s_1.detail
           FROM aias_private.schedule_spans s_1
        UNION ALL
         SELECT s_1.tenant_id,
            s_1.trace_id,
            s_1.span_id,
            s_1.parent_span_id,
            s_1.correlation_id,
            s_1.kind,
            s_1.name,
            s_1.started_at,
            s_1.finished_at,
            s_1.status,
            s_1.request_id,
            s_1.execution_id,
            s_1.step,
            s_1.item,
            s_1.attempt,
            s_1.detail
           FROM aias_private.step_spans s_1
        UNION ALL
         SELECT e.tenant_id,
            e.trace_id,
            e.span_id,
            e.parent_span_id,
            e.correlation_id,
            e.kind,
            e.name,
            e.started_at,
            e.finished_at,
            e.status,
            e.request_id,
            e.execution_id,
            e.step,
            e.item,
            e.attempt,
            e.detail
           FROM aias_private.event_spans e
        UNION ALL
         SELECT d.tenant_id,
            d.trace_id,
            d.span_id,
            d.parent_span_id,
            d.correlation_id,
            d.kind,
            d.name,
            d.started_at,
            d.finished_at,
            d.status,
            d.request_id,
            d.execution_id,
            d.step,
            d.item,
            d.attempt,
            d.detail
           FROM aias_private.delivery_spans d
        UNION ALL
         SELECT m.tenant_id,
            m.trace_id,
            m.span_id,
            m.parent_span_id,
            m.correlation_id,
            m.kind,
            m.name,
            m.started_at,
            m.finished_at,
            m.status,
            m.request_id,
            m.execution_id,
            m.step,
            m.item,
            m.attempt,
            m.detail
           FROM aias_private.message_spans m
        UNION ALL
         SELECT j.tenant_id,
            j.trace_id,
            j.span_id,
            j.parent_span_id,
            j.correlation_id,
            j.kind,
            j.name,
            j.started_at,
            j.finished_at,
            j.status,
            j.request_id,
            j.execution_id,
            j.step,
            j.item,
            j.attempt,
            j.detail
           FROM aias_private.job_spans j) s
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.traces is 'The spans of all traces: requests, triggers, executions, attempts of steps, calls of upstreams, jobs, events, webhooks. At most 2 seconds behind. Kept as long as what they tell of.';
comment on column aias.traces.tenant_id is 'The tenant that it was done for; null for the system itself.';
comment on column aias.traces.trace_id is 'The trace (W3C: 32 hexadecimal digits).';
comment on column aias.traces.span_id is 'The span (W3C: 16 hexadecimal digits), unique in its trace.';
comment on column aias.traces.parent_span_id is 'The span that caused it; null at the root. One that is not here is the caller''s own.';
comment on column aias.traces.correlation_id is 'The id that whoever caused it all gave to it; the trace''s where none was given.';
comment on column aias.traces.kind is 'request, schedule, webhook_in, event, execution, step (an attempt), call (of an upstream), job or webhook_out.';
comment on column aias.traces.name is 'What it was: the route, the workflow, the step, the upstream and its operation, the task, the type.';
comment on column aias.traces.started_at is 'When it began; for executions and jobs: from when on it could run, so the wait for a worker is included.';
comment on column aias.traces.finished_at is 'When it ended; null while it goes on.';
comment on column aias.traces.duration is 'From its start to its end; null while it goes on.';
comment on column aias.traces.status is 'How it stands or ended, in the words of its kind; of calls and requests: succeeded, failed, deferred or cancelled.';
comment on column aias.traces.request_id is 'The HTTP request (its X-Request-ID), where it is one or came with one.';
comment on column aias.traces.execution_id is 'The execution that it is or belongs to (aias.executions.id).';
comment on column aias.traces.step is 'The step that it is an attempt of, or was called by.';
comment on column aias.traces.item is 'The item of a fan-out, from 0; null outside of one.';
comment on column aias.traces.attempt is 'The number of the attempt, from 1.';
comment on column aias.traces.detail is 'The particulars by kind: action, error, status of the answer, ids.';
grant select on table aias.traces to aias_admin;
grant select on table aias.traces to aias_analyst;
grant select on table aias.traces to aias_app;
grant select on table aias.traces to aias_worker;

CREATE OR REPLACE FUNCTION aias.track(p_tenant text, p_events jsonb)
 RETURNS TABLE(accepted integer, duplicates integer, rejected integer, problems jsonb)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.track(p_tenant text, p_events jsonb) is 'Stores what users did, each event once, in the caller''s transaction; counts what was taken, known and refused, and says why.';
grant execute on function aias.track(p_tenant text, p_events jsonb) to aias_admin;
grant execute on function aias.track(p_tenant text, p_events jsonb) to aias_app;
grant execute on function aias.track(p_tenant text, p_events jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias.unload_archive(p_archive uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.unload_archive(p_archive uuid) is 'Drops the table that an archive was brought back into; the archive stays. Says whether there was one.';
grant execute on function aias.unload_archive(p_archive uuid) to aias_admin;

CREATE OR REPLACE FUNCTION aias.unsubscribe(p_token text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.unsubscribe(p_token text) is 'Stops the onboarding mails to the person whom a link in a mail is about; returns the person''s language.';
grant execute on function aias.unsubscribe(p_token text) to aias_admin;
grant execute on function aias.unsubscribe(p_token text) to aias_app;

create view aias.upstream_calls with (security_barrier=true) as
 SELECT tenant_id,
    NULLIF(integration_id, '00000000-0000-0000-0000-000000000000'::uuid) AS integration_id,
    kind,
    NULLIF(connection, ''::text) AS connection,
    aias_private.uuid7_time(id) AS at,
    operation,
    status_class,
    call_count,
    failure_count,
    total_ms,
    max_ms
   FROM aias_private.upstream_calls u
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.upstream_calls is 'The calls of upstreams per minute, connection, operation and kind of answer. At most a second behind.';
comment on column aias.upstream_calls.tenant_id is 'The tenant for which the calls were made.';
comment on column aias.upstream_calls.integration_id is 'The connection (aias.integrations.id), which may be gone by now; null for addresses of the steps'' own (http.request).';
comment on column aias.upstream_calls.kind is 'What it connects to.';
comment on column aias.upstream_calls.connection is 'The connection''s name; null for addresses of the steps'' own.';
comment on column aias.upstream_calls.at is 'The minute.';
comment on column aias.upstream_calls.operation is 'What was called: a GraphQL operation, or an HTTP method.';
comment on column aias.upstream_calls.status_class is '2xx, 3xx, 4xx, 5xx, throttled (the upstream asked for a pause), unreadable, no_answer.';
comment on column aias.upstream_calls.call_count is 'How many calls.';
comment on column aias.upstream_calls.failure_count is 'How many of them count as failures of the upstream.';
comment on column aias.upstream_calls.total_ms is 'How long they took together, in milliseconds.';
comment on column aias.upstream_calls.max_ms is 'How long the slowest took.';
grant select on table aias.upstream_calls to aias_admin;
grant select on table aias.upstream_calls to aias_analyst;
grant select on table aias.upstream_calls to aias_app;
grant select on table aias.upstream_calls to aias_worker;

create view aias.upstream_latency_hourly with (security_barrier=true) as
 SELECT h.at AS hour,
    NULLIF(h.tenant_id, '00000000-0000-0000-0000-000000000000'::uuid) AS tenant_id,
    t.slug AS tenant,
    h.plan,
    h.key AS integration,
    h.detail AS operation,
    h.observation_count AS call_count,
    h.failure_count AS error_count,
    h.refusal_count,
    round(((h.failure_count)::numeric / (NULLIF(h.observation_count, 0))::numeric), 6) AS error_rate,
    ((h.total_seconds / (NULLIF(h.observation_count, 0))::double precision) * (1000)::double precision) AS mean_ms,
    (p.p50 * (1000)::double precision) AS p50_ms,
    (p.p95 * (1000)::double precision) AS p95_ms,
    (p.p99 * (1000)::double precision) AS p99_ms,
    h.total_seconds
   FROM ((aias_private.metric_hours h
     LEFT JOIN aias_private.tenants t ON ((h.tenant_id = t.id)))
     CROSS JOIN LATERAL aias_private.histogram_percentiles(h.buckets, h.counts) p(p50, p95, p99))
  WHERE ((h.metric = 'upstream_calls'::text) AND (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (h.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on view aias.upstream_latency_hourly is 'How long calls of upstreams took, per hour, tenant, plan, integration and operation. At most a minute behind.';
comment on column aias.upstream_latency_hourly.hour is 'The hour: its first moment, UTC; the current hour still grows.';
comment on column aias.upstream_latency_hourly.tenant_id is 'The tenant; null for what belongs to none.';
comment on column aias.upstream_latency_hourly.tenant is 'The tenant''s slug.';
comment on column aias.upstream_latency_hourly.plan is 'The plan that the tenant was on then; empty for what belongs to none.';
comment on column aias.upstream_latency_hourly.integration is 'What was called: the kind of the connection (shopify, wave, ...), http for addresses of the steps'' own.';
comment on column aias.upstream_latency_hourly.operation is 'What was called: a GraphQL operation, or an HTTP method.';
comment on column aias.upstream_latency_hourly.call_count is 'How many calls were made.';
comment on column aias.upstream_latency_hourly.error_count is 'How many of them count as failures of the upstream (5xx, no answer, an unreadable one).';
comment on column aias.upstream_latency_hourly.refusal_count is 'How many of them were refused: throttled, or 4xx.';
comment on column aias.upstream_latency_hourly.error_rate is 'The part of them that failed, from 0 to 1.';
comment on column aias.upstream_latency_hourly.mean_ms is 'How long they took on average, in milliseconds.';
comment on column aias.upstream_latency_hourly.p50_ms is 'Half of them took at most so long, in milliseconds; within 1 %.';
comment on column aias.upstream_latency_hourly.p95_ms is '95 of 100 took at most so long, in milliseconds; within 1 %.';
comment on column aias.upstream_latency_hourly.p99_ms is '99 of 100 took at most so long, in milliseconds; within 1 %.';
comment on column aias.upstream_latency_hourly.total_seconds is 'How long they took together, in seconds.';
grant select on table aias.upstream_latency_hourly to aias_admin;
grant select on table aias.upstream_latency_hourly to aias_analyst;
grant select on table aias.upstream_latency_hourly to aias_app;
grant select on table aias.upstream_latency_hourly to aias_worker;

create view aias.usage with (security_barrier=true) as
 SELECT t.id AS tenant_id,
    t.slug AS tenant,
    t.plan,
    c.month,
    c.measure,
    c.used_count,
    c.quota,
    ((c.used_count)::double precision / (c.quota)::double precision) AS used_ratio,
    c.is_hard,
        CASE
            WHEN (c.used_count >= c.quota) THEN 'over'::text
            WHEN ((c.used_count)::numeric >= (0.8 * (c.quota)::numeric)) THEN 'near'::text
            ELSE 'within'::text
        END AS state,
    ((c.month + '1 mon'::interval) AT TIME ZONE 'UTC'::text) AS resets_at,
    f.as_of,
    (c.month = (date_trunc('month'::text, (aias_private.now() AT TIME ZONE 'UTC'::text)))::date) AS is_current
   FROM ((aias_private.tenants t
     CROSS JOIN LATERAL ( SELECT m.month,
            q.measure,
            COALESCE(u.used_count, (0)::bigint) AS used_count,
            q.quota,
            q.is_hard
           FROM ((( SELECT (date_trunc('month'::text, (aias_private.now() AT TIME ZONE 'UTC'::text)))::date AS month) m
             CROSS JOIN aias_private.plan_quotas q)
             LEFT JOIN aias_private.usage_months u ON (((t.id = u.tenant_id) AND (m.month = u.month) AND (q.measure = u.measure))))
          WHERE (q.plan = t.plan)
        UNION ALL
         SELECT u.month,
            u.measure,
            u.used_count,
            u.quota,
            false AS is_hard
           FROM aias_private.usage_months u
          WHERE ((u.tenant_id = t.id) AND (u.month < (date_trunc('month'::text, (aias_private.now() AT TIME ZONE 'UTC'::text)))::date))) c)
     LEFT JOIN aias_private.refreshes f ON ((f.name = 'activity'::text)))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (t.id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.usage is 'What each tenant has used in a month (UTC) of what its plan includes: one row per measure for the current month, and for former months those that were used. Fresh to the minute: as of as_of.';
comment on column aias.usage.tenant_id is 'The tenant.';
comment on column aias.usage.tenant is 'The tenant''s slug.';
comment on column aias.usage.plan is 'The tenant''s plan as it is now.';
comment on column aias.usage.month is 'The first day of the month (UTC).';
comment on column aias.usage.measure is 'What is counted: executions (started), steps (that ran, with the end of their execution), upstream_calls or telemetry_events.';
comment on column aias.usage.used_count is 'How many the tenant has used in the month, a number of what measure names.';
comment on column aias.usage.quota is 'How many the plan includes per month, a number; null is unlimited. Of a former month: what the plan included then.';
comment on column aias.usage.used_ratio is 'The ratio of used to included: 1 is all of it; null where it is unlimited.';
comment on column aias.usage.is_hard is 'Whether executions are refused (JR429) once it is used up; else the use goes on and is told.';
comment on column aias.usage.state is 'within; near: from 80 % on; over: from 100 % on.';
comment on column aias.usage.resets_at is 'When the month ends, and counting begins anew.';
comment on column aias.usage.as_of is 'What was committed before is counted; null before the first count.';
comment on column aias.usage.is_current is 'Whether it is the current month.';
grant select on table aias.usage to aias_admin;
grant select on table aias.usage to aias_analyst;
grant select on table aias.usage to aias_app;
grant select on table aias.usage to aias_worker;

CREATE OR REPLACE FUNCTION aias.usage_report(p_tenant text DEFAULT NULL::text, p_month date DEFAULT NULL::date)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.usage_report(p_tenant text, p_month date) is 'The figures of a month (UTC) as one JSON document: what was used of the plan, how much ran, how much of it failed and how long it took; of one tenant, or of all.';
grant execute on function aias.usage_report(p_tenant text, p_month date) to aias_admin;
grant execute on function aias.usage_report(p_tenant text, p_month date) to aias_analyst;
grant execute on function aias.usage_report(p_tenant text, p_month date) to aias_app;
grant execute on function aias.usage_report(p_tenant text, p_month date) to aias_worker;

CREATE OR REPLACE FUNCTION aias.use_template(p_tenant text, p_template text, p_parameters jsonb DEFAULT '{}'::jsonb, p_workflow text DEFAULT NULL::text, p_version integer DEFAULT NULL::integer)
 RETURNS TABLE(workflow_id uuid, workflow text, version integer, template_version integer, is_changed boolean, triggers jsonb)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.use_template(p_tenant text, p_template text, p_parameters jsonb, p_workflow text, p_version integer) is 'Makes a workflow of a template, with its schedules and subscriptions; the same again changes nothing.';
grant execute on function aias.use_template(p_tenant text, p_template text, p_parameters jsonb, p_workflow text, p_version integer) to aias_admin;
grant execute on function aias.use_template(p_tenant text, p_template text, p_parameters jsonb, p_workflow text, p_version integer) to aias_app;

create view aias.users with (security_barrier=true) as
 SELECT tenant_id,
    id,
    email,
    name,
    role,
    created_at,
    time_zone,
    language
   FROM aias_private.users u
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.users is 'The people of the tenants. Fresh.';
comment on column aias.users.tenant_id is 'The tenant that the person belongs to.';
comment on column aias.users.id is 'The person''s id (UUIDv7).';
comment on column aias.users.email is 'The person''s e-mail address; unique in the tenant, whatever its case.';
comment on column aias.users.name is 'The person''s name.';
comment on column aias.users.role is 'What the person may do: owner, member or viewer.';
comment on column aias.users.created_at is 'When the person was added.';
comment on column aias.users.time_zone is 'Where the person lives (IANA name); null: as the tenant.';
comment on column aias.users.language is 'What the person reads (ISO 639-1); null: as the tenant.';
grant select on table aias.users to aias_admin;
grant select on table aias.users to aias_analyst;
grant select on table aias.users to aias_app;
grant select on table aias.users to aias_worker;

CREATE OR REPLACE FUNCTION aias.verify_audit(p_from_seal bigint DEFAULT NULL::bigint, p_to_seal bigint DEFAULT NULL::bigint)
 RETURNS TABLE(ok boolean, checked bigint, first_bad_id uuid, reason text, finding text, bad_seal bigint, archived bigint, unsealed bigint, from_seal bigint, to_seal bigint, head_hash text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.verify_audit(p_from_seal bigint, p_to_seal bigint) is 'Whether the audit log is what was sealed; else the first row that was altered, is missing or was inserted, and where.';
grant execute on function aias.verify_audit(p_from_seal bigint, p_to_seal bigint) to aias_admin;
grant execute on function aias.verify_audit(p_from_seal bigint, p_to_seal bigint) to aias_worker;

create view aias.webhook_deliveries with (security_barrier=true) as
 SELECT d.tenant_id,
    t.slug AS tenant,
    d.id,
    d.webhook_id,
    w.name AS webhook,
    d.delivery_id,
    d.source_event_id,
    d.topic,
    d.account,
    d.headers,
    d.payload,
    d.status,
    d.execution_id,
    d.event_id,
    d.error,
    d.duplicate_count,
    d.replayed_from_id,
    d.received_at,
    d.redacted_at,
    d.request_id,
    aias_private.trace_id(d.id, d.trace_parent) AS trace_id,
    COALESCE(d.correlation_id, aias_private.trace_id(d.id, d.trace_parent)) AS correlation_id
   FROM ((aias_private.webhook_deliveries d
     JOIN aias_private.tenants t ON ((d.tenant_id = t.id)))
     LEFT JOIN aias_private.webhooks w ON (((d.tenant_id = w.tenant_id) AND (d.webhook_id = w.id))))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (d.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.webhook_deliveries is 'What came in by webhooks, and what became of it. Fresh; kept as long as retention says.';
comment on column aias.webhook_deliveries.tenant_id is 'The tenant.';
comment on column aias.webhook_deliveries.tenant is 'The tenant''s slug.';
comment on column aias.webhook_deliveries.id is 'The delivery''s id here (UUIDv7): ordering by it is ordering by arrival.';
comment on column aias.webhook_deliveries.webhook_id is 'The webhook that it came by.';
comment on column aias.webhook_deliveries.webhook is 'The webhook''s name; null when it was removed.';
comment on column aias.webhook_deliveries.delivery_id is 'The sender''s id of the delivery, the same when it is sent again.';
comment on column aias.webhook_deliveries.source_event_id is 'The sender''s id of what happened, which several deliveries may share.';
comment on column aias.webhook_deliveries.topic is 'What it is about, as the sender says.';
comment on column aias.webhook_deliveries.account is 'Whose it is at the sender: a shop, a business.';
comment on column aias.webhook_deliveries.headers is 'Its headers, without signatures.';
comment on column aias.webhook_deliveries.payload is 'Its body; redacted where a privacy request demanded it.';
comment on column aias.webhook_deliveries.status is 'pending, started, emitted (as an event), filtered, failed, conflict (a known id with another body), duplicate (a known body under another id) or recorded (a privacy request).';
comment on column aias.webhook_deliveries.execution_id is 'The execution that it started.';
comment on column aias.webhook_deliveries.event_id is 'The event that it was emitted as.';
comment on column aias.webhook_deliveries.error is 'Why nothing could be started: {"type", "message"}.';
comment on column aias.webhook_deliveries.duplicate_count is 'How often it came again.';
comment on column aias.webhook_deliveries.replayed_from_id is 'The delivery that it is a replay of.';
comment on column aias.webhook_deliveries.received_at is 'When it came.';
comment on column aias.webhook_deliveries.redacted_at is 'When its payload was redacted.';
comment on column aias.webhook_deliveries.request_id is 'The HTTP request that it came with (its X-Request-ID).';
comment on column aias.webhook_deliveries.trace_id is 'The trace that it belongs to (32 hexadecimal digits), for aias.trace.';
comment on column aias.webhook_deliveries.correlation_id is 'The id that the sender gave to all that follows; the trace''s where none was given.';
grant select on table aias.webhook_deliveries to aias_admin;
grant select on table aias.webhook_deliveries to aias_analyst;
grant select on table aias.webhook_deliveries to aias_app;
grant select on table aias.webhook_deliveries to aias_worker;

create view aias.webhook_endpoints with (security_barrier=true) as
 SELECT e.tenant_id,
    t.slug AS tenant,
    e.id,
    e.name,
    (i.config ->> 'url'::text) AS url,
    e.types,
    e.is_enabled,
    e.disabled_reason,
    e.failing_since,
    e.created_at,
    e.updated_at
   FROM ((aias_private.webhook_endpoints e
     JOIN aias_private.tenants t ON ((e.tenant_id = t.id)))
     JOIN aias_private.integrations i ON (((e.tenant_id = i.tenant_id) AND (e.integration_id = i.id))))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (e.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.webhook_endpoints is 'Where tenants hear of their executions; without secrets. Fresh.';
comment on column aias.webhook_endpoints.tenant_id is 'The tenant.';
comment on column aias.webhook_endpoints.tenant is 'The tenant''s slug.';
comment on column aias.webhook_endpoints.id is 'The endpoint''s id (UUIDv7).';
comment on column aias.webhook_endpoints.name is 'Its name, unique per tenant.';
comment on column aias.webhook_endpoints.url is 'The address that is told.';
comment on column aias.webhook_endpoints.types is 'What it is told of.';
comment on column aias.webhook_endpoints.is_enabled is 'Whether it is told anything.';
comment on column aias.webhook_endpoints.disabled_reason is 'Why it is not.';
comment on column aias.webhook_endpoints.failing_since is 'The first failure since the last success.';
comment on column aias.webhook_endpoints.created_at is 'When it was made.';
comment on column aias.webhook_endpoints.updated_at is 'When it was last changed.';
grant select on table aias.webhook_endpoints to aias_admin;
grant select on table aias.webhook_endpoints to aias_analyst;
grant select on table aias.webhook_endpoints to aias_app;
grant select on table aias.webhook_endpoints to aias_worker;

create view aias.webhook_messages with (security_barrier=true) as
 SELECT tenant_id,
    id,
    endpoint_id,
    type,
    payload,
    status,
    attempt_count,
    next_at,
    last_status,
    last_error,
    created_at,
    finished_at,
    aias_private.trace_id(id, trace_parent) AS trace_id,
    COALESCE(correlation_id, aias_private.trace_id(id, trace_parent)) AS correlation_id
   FROM aias_private.webhook_messages m
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.webhook_messages is 'What is told to tenants'' endpoints, and how that went. Fresh; kept as long as retention says.';
comment on column aias.webhook_messages.tenant_id is 'The tenant.';
comment on column aias.webhook_messages.id is 'The message''s id (UUIDv7); webhook-id is msg_ and its digits.';
comment on column aias.webhook_messages.endpoint_id is 'The endpoint.';
comment on column aias.webhook_messages.type is 'What happened.';
comment on column aias.webhook_messages.payload is 'The body that is sent.';
comment on column aias.webhook_messages.status is 'pending, delivered, failed (given up) or discarded (the endpoint was disabled or removed).';
comment on column aias.webhook_messages.attempt_count is 'How often it was sent.';
comment on column aias.webhook_messages.next_at is 'When it is sent again.';
comment on column aias.webhook_messages.last_status is 'The HTTP status of the last attempt; null when there was no answer.';
comment on column aias.webhook_messages.last_error is 'What was wrong at the last attempt.';
comment on column aias.webhook_messages.created_at is 'When it happened.';
comment on column aias.webhook_messages.finished_at is 'When it was delivered or given up.';
comment on column aias.webhook_messages.trace_id is 'The trace that it belongs to (32 hexadecimal digits), for aias.trace.';
comment on column aias.webhook_messages.correlation_id is 'The id that whoever caused it gave to all that follows; the trace''s where none was given.';
grant select on table aias.webhook_messages to aias_admin;
grant select on table aias.webhook_messages to aias_analyst;
grant select on table aias.webhook_messages to aias_app;
grant select on table aias.webhook_messages to aias_worker;

CREATE OR REPLACE FUNCTION aias.webhook_secret(p_tenant text, p_kind text, p_name text)
 RETURNS TABLE(tenant_id uuid, id uuid, config jsonb, secret bytea, key_id text, wrapped_key bytea, master_key_id text, now timestamp with time zone)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias.webhook_secret(p_tenant text, p_kind text, p_name text) is 'The sealed secret of a tenant''s webhook, to be rotated; only Python, with the master key, can open it.';
grant execute on function aias.webhook_secret(p_tenant text, p_kind text, p_name text) to aias_admin;
grant execute on function aias.webhook_secret(p_tenant text, p_kind text, p_name text) to aias_app;

create view aias.webhooks with (security_barrier=true) as
 SELECT w.tenant_id,
    t.slug AS tenant,
    w.id,
    w.name,
    w.style,
    f.name AS workflow,
    w.condition,
    w.mapping,
    w.max_bytes,
    w.is_enabled,
    w.created_at,
    w.rotated_at,
    w.replay_window
   FROM ((aias_private.webhooks w
     JOIN aias_private.tenants t ON ((w.tenant_id = t.id)))
     LEFT JOIN aias_private.workflows f ON (((w.tenant_id = f.tenant_id) AND (w.workflow_id = f.id))))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (w.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.webhooks is 'Where others send webhooks, and what those start; without tokens and secrets. Fresh.';
comment on column aias.webhooks.tenant_id is 'The tenant.';
comment on column aias.webhooks.tenant is 'The tenant''s slug.';
comment on column aias.webhooks.id is 'The webhook''s id (UUIDv7).';
comment on column aias.webhooks.name is 'Its name, unique per tenant.';
comment on column aias.webhooks.style is 'How deliveries are signed: shopify, standard, github, stripe, wave, or shared (a secret in a header).';
comment on column aias.webhooks.workflow is 'The workflow that it starts; null: what comes in is emitted as an event.';
comment on column aias.webhooks.condition is 'The template that must hold for anything to start.';
comment on column aias.webhooks.mapping is 'The templates that make the input; null: the payload is the input.';
comment on column aias.webhooks.max_bytes is 'How large a body may be.';
comment on column aias.webhooks.is_enabled is 'Whether it takes anything.';
comment on column aias.webhooks.created_at is 'When it was made.';
comment on column aias.webhooks.rotated_at is 'When its secret or token was last changed.';
comment on column aias.webhooks.replay_window is 'A body that comes again within this time is a replay, whatever id it is sent under; 0: not looked at.';
grant select on table aias.webhooks to aias_admin;
grant select on table aias.webhooks to aias_analyst;
grant select on table aias.webhooks to aias_app;
grant select on table aias.webhooks to aias_worker;

create view aias.workers as
 SELECT w.id,
    a.name,
    a.host,
    a.pid,
    a.queues,
    a.concurrency,
    a.version,
        CASE
            WHEN ((w.last_heartbeat + COALESCE(a.stalled_after, '00:00:30'::interval)) < now()) THEN 'dead'::text
            ELSE COALESCE(a.status, 'running'::text)
        END AS status,
    a.running_count,
    a.started_at,
    w.last_heartbeat AS heartbeat_at,
    (w.last_heartbeat + COALESCE(a.stalled_after, '00:00:30'::interval)) AS lease_until
   FROM (public.procrastinate_workers w
     LEFT JOIN aias_private.workers a ON ((w.id = a.id)));
comment on view aias.workers is 'The workers that are registered now. Fresh; what they say of themselves is as old as their heartbeat.';
comment on column aias.workers.id is 'The worker''s id: a new one at each start, and when it comes back after it was given up.';
comment on column aias.workers.name is 'The name it was given (procrastinate worker --name).';
comment on column aias.workers.host is 'The machine it runs on; null for a worker of another program.';
comment on column aias.workers.pid is 'Its process id there.';
comment on column aias.workers.queues is 'The queues it works on; null is all.';
comment on column aias.workers.concurrency is 'How many jobs it runs at a time.';
comment on column aias.workers.version is 'The version of AIAS that it runs.';
comment on column aias.workers.status is 'running, draining (it ends what it has and takes no more) or dead (its lease has ended; the next sweep takes its jobs).';
comment on column aias.workers.running_count is 'How many jobs it ran at its last heartbeat.';
comment on column aias.workers.started_at is 'When it registered.';
comment on column aias.workers.heartbeat_at is 'When it was last heard of.';
comment on column aias.workers.lease_until is 'When others take over its jobs unless it is heard of before.';
grant select on table aias.workers to aias_admin;
grant select on table aias.workers to aias_analyst;
grant select on table aias.workers to aias_app;
grant select on table aias.workers to aias_worker;

create view aias.workflow_durations_hourly with (security_barrier=true) as
 SELECT h.at AS hour,
    NULLIF(h.tenant_id, '00000000-0000-0000-0000-000000000000'::uuid) AS tenant_id,
    t.slug AS tenant,
    h.plan,
    h.key AS workflow,
    h.observation_count AS execution_count,
    h.failure_count AS failed_count,
    h.refusal_count AS cancelled_count,
    round(((h.failure_count)::numeric / (NULLIF(h.observation_count, 0))::numeric), 6) AS error_rate,
    (h.total_seconds / (NULLIF(h.observation_count, 0))::double precision) AS mean_seconds,
    p.p50 AS p50_seconds,
    p.p95 AS p95_seconds,
    p.p99 AS p99_seconds,
    h.total_seconds
   FROM ((aias_private.metric_hours h
     LEFT JOIN aias_private.tenants t ON ((h.tenant_id = t.id)))
     CROSS JOIN LATERAL aias_private.histogram_percentiles(h.buckets, h.counts) p(p50, p95, p99))
  WHERE ((h.metric = 'executions'::text) AND (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (h.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on view aias.workflow_durations_hourly is 'How long executions took from their first start to their end, waits included, per hour in which they ended, tenant, plan and workflow. At most a minute behind.';
comment on column aias.workflow_durations_hourly.hour is 'The hour: its first moment, UTC; the current hour still grows.';
comment on column aias.workflow_durations_hourly.tenant_id is 'The tenant; null for what belongs to none.';
comment on column aias.workflow_durations_hourly.tenant is 'The tenant''s slug.';
comment on column aias.workflow_durations_hourly.plan is 'The plan that the tenant was on then; empty for what belongs to none.';
comment on column aias.workflow_durations_hourly.workflow is 'The workflow''s name.';
comment on column aias.workflow_durations_hourly.execution_count is 'How many executions ended in the hour, of those that had started.';
comment on column aias.workflow_durations_hourly.failed_count is 'How many of them failed.';
comment on column aias.workflow_durations_hourly.cancelled_count is 'How many of them were cancelled.';
comment on column aias.workflow_durations_hourly.error_rate is 'The part of them that failed, from 0 to 1.';
comment on column aias.workflow_durations_hourly.mean_seconds is 'How long they took on average, in seconds.';
comment on column aias.workflow_durations_hourly.p50_seconds is 'Half of them took at most so long, in seconds; within 1 %.';
comment on column aias.workflow_durations_hourly.p95_seconds is '95 of 100 took at most so long, in seconds; within 1 %.';
comment on column aias.workflow_durations_hourly.p99_seconds is '99 of 100 took at most so long, in seconds; within 1 %.';
comment on column aias.workflow_durations_hourly.total_seconds is 'How long they took together, in seconds.';
grant select on table aias.workflow_durations_hourly to aias_admin;
grant select on table aias.workflow_durations_hourly to aias_analyst;
grant select on table aias.workflow_durations_hourly to aias_app;
grant select on table aias.workflow_durations_hourly to aias_worker;

create view aias.workflow_versions with (security_barrier=true) as
 SELECT v.tenant_id,
    v.workflow_id,
    w.name AS workflow,
    v.version,
    v.definition,
    v.created_by,
    v.created_at
   FROM (aias_private.workflow_versions v
     JOIN aias_private.workflows w ON (((v.tenant_id = w.tenant_id) AND (v.workflow_id = w.id))))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (v.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.workflow_versions is 'Every version of every workflow; none ever changes. Fresh.';
comment on column aias.workflow_versions.tenant_id is 'The tenant that the workflow belongs to.';
comment on column aias.workflow_versions.workflow_id is 'The workflow (aias.workflows.id).';
comment on column aias.workflow_versions.workflow is 'The workflow''s name.';
comment on column aias.workflow_versions.version is 'The version''s number, from 1.';
comment on column aias.workflow_versions.definition is 'The definition as it was applied.';
comment on column aias.workflow_versions.created_by is 'Who applied it.';
comment on column aias.workflow_versions.created_at is 'When it was applied.';
grant select on table aias.workflow_versions to aias_admin;
grant select on table aias.workflow_versions to aias_analyst;
grant select on table aias.workflow_versions to aias_app;
grant select on table aias.workflow_versions to aias_worker;

create view aias.workflows with (security_barrier=true) as
 SELECT w.tenant_id,
    t.slug AS tenant,
    w.id,
    w.name,
    w.current_version AS version,
    w.is_enabled,
    v.definition,
    v.created_by AS applied_by,
    v.created_at AS applied_at,
    w.created_at,
    w.deleted_at,
    w.is_sample
   FROM ((aias_private.workflows w
     JOIN aias_private.tenants t ON ((w.tenant_id = t.id)))
     JOIN aias_private.workflow_versions v ON (((w.tenant_id = v.tenant_id) AND (w.id = v.workflow_id) AND (w.current_version = v.version))))
  WHERE (( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (w.tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant)));
comment on view aias.workflows is 'The workflows with their current versions, deleted ones too. Fresh.';
comment on column aias.workflows.tenant_id is 'The tenant that the workflow belongs to.';
comment on column aias.workflows.tenant is 'The tenant''s slug.';
comment on column aias.workflows.id is 'The workflow''s id (UUIDv7); the same over all versions.';
comment on column aias.workflows.name is 'The name by which calls start it; unique in the tenant among those not deleted.';
comment on column aias.workflows.version is 'The current version, which new executions run.';
comment on column aias.workflows.is_enabled is 'Whether it may start new executions.';
comment on column aias.workflows.definition is 'The current version''s definition.';
comment on column aias.workflows.applied_by is 'Who applied the current version.';
comment on column aias.workflows.applied_at is 'When the current version was applied.';
comment on column aias.workflows.created_at is 'When the first version was applied.';
comment on column aias.workflows.deleted_at is 'When it was deleted; null while it is in use.';
comment on column aias.workflows.is_sample is 'Whether it is a sample: its executions count in no usage, quota, metric or funnel, and aias.remove_samples removes it.';
grant select on table aias.workflows to aias_admin;
grant select on table aias.workflows to aias_analyst;
grant select on table aias.workflows to aias_app;
grant select on table aias.workflows to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.abort_job(p_job bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.abort_job(p_job bigint) is 'Deletes a waiting job, asks a running one to stop; false when there is neither.';
grant execute on function aias_private.abort_job(p_job bigint) to aias_admin;
grant execute on function aias_private.abort_job(p_job bigint) to aias_worker;

create materialized view aias_private.activation_cohorts as
 SELECT (date_trunc('month'::text, (t.created_at AT TIME ZONE 'UTC'::text)))::date AS cohort_month,
    count(*) AS signed_up_count,
    count(m.first_success_at) AS activated_count,
    percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY (m.first_success_at - t.created_at)) AS time_to_value_p50,
    percentile_cont((0.9)::double precision) WITHIN GROUP (ORDER BY (m.first_success_at - t.created_at)) AS time_to_value_p90
   FROM (aias_private.tenants t
     LEFT JOIN aias_private.tenant_milestones m ON ((t.id = m.tenant_id)))
  GROUP BY ((date_trunc('month'::text, (t.created_at AT TIME ZONE 'UTC'::text)))::date);
CREATE UNIQUE INDEX activation_cohorts_key ON aias_private.activation_cohorts USING btree (cohort_month);
comment on materialized view aias_private.activation_cohorts is 'Of the tenants that signed up in a month: how many had a success, and how soon.';
grant delete, insert, select, update on table aias_private.activation_cohorts to aias_admin;
grant delete, insert, select, update on table aias_private.activation_cohorts to aias_worker;

create table aias_private.active_user_days enable row level security force row level security;
    tenant_id uuid not null
    day date not null
    daily_count bigint not null
    weekly_count bigint not null
    monthly_count bigint not null
alter table aias_private.active_user_days add constraint active_user_days_pkey PRIMARY KEY (tenant_id, day);
alter table aias_private.active_user_days add constraint active_user_days_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES aias_private.tenants(id) ON DELETE CASCADE;
alter table aias_private.active_user_days add constraint windows_contain_each_other CHECK (((daily_count <= weekly_count) AND (weekly_count <= monthly_count)));
CREATE INDEX active_user_days_day_idx ON aias_private.active_user_days USING btree (day);
create policy tenant_isolation on aias_private.active_user_days as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.active_user_days is 'How many people of a tenant were active on a day, in the 7 and in the 30 days up to it.';
grant delete, insert, select, update on table aias_private.active_user_days to aias_admin;
grant delete, insert, select, update on table aias_private.active_user_days to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.add_execution_dead_letter(p_tenant uuid, p_execution uuid, p_reason text, p_error jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.add_execution_dead_letter(p_tenant uuid, p_execution uuid, p_reason text, p_error jsonb) is 'Puts a failed execution with its steps among the dead letters.';
grant execute on function aias_private.add_execution_dead_letter(p_tenant uuid, p_execution uuid, p_reason text, p_error jsonb) to aias_admin;
grant execute on function aias_private.add_execution_dead_letter(p_tenant uuid, p_execution uuid, p_reason text, p_error jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.add_execution_event(p_tenant uuid, p_execution uuid, p_type text, p_step text, p_item integer, p_attempt integer, p_detail jsonb)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.add_execution_event(p_tenant uuid, p_execution uuid, p_type text, p_step text, p_item integer, p_attempt integer, p_detail jsonb) is 'Adds a row to an execution''s history.';
grant execute on function aias_private.add_execution_event(p_tenant uuid, p_execution uuid, p_type text, p_step text, p_item integer, p_attempt integer, p_detail jsonb) to aias_admin;
grant execute on function aias_private.add_execution_event(p_tenant uuid, p_execution uuid, p_type text, p_step text, p_item integer, p_attempt integer, p_detail jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.add_logs(p_records jsonb)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.add_logs(p_records jsonb) is 'Keeps log records, each once.';
grant execute on function aias_private.add_logs(p_records jsonb) to aias_admin;
grant execute on function aias_private.add_logs(p_records jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.add_observations(p_observations jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.add_observations(p_observations jsonb) is 'Takes observations of a process, which the rollups have within a minute.';
grant execute on function aias_private.add_observations(p_observations jsonb) to aias_admin;
grant execute on function aias_private.add_observations(p_observations jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.add_operator_key(p_key text, p_wrapped bytea, p_master_key text)
 RETURNS TABLE(key_id text, wrapped bytea, master_key_id text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.add_operator_key(p_key text, p_wrapped bytea, p_master_key text) is 'Gives the key that seals the secrets of the operators'' channels; the given one becomes it when there is none.';
grant execute on function aias_private.add_operator_key(p_key text, p_wrapped bytea, p_master_key text) to aias_admin;
grant execute on function aias_private.add_operator_key(p_key text, p_wrapped bytea, p_master_key text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.add_sign_in_link(p_tenant uuid, p_user uuid, p_token_hash bytea, p_lifetime interval)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.add_sign_in_link(p_tenant uuid, p_user uuid, p_token_hash bytea, p_lifetime interval) is 'Stores the hash of a link that signs a person in to the dashboard once.';
grant execute on function aias_private.add_sign_in_link(p_tenant uuid, p_user uuid, p_token_hash bytea, p_lifetime interval) to aias_admin;
grant execute on function aias_private.add_sign_in_link(p_tenant uuid, p_user uuid, p_token_hash bytea, p_lifetime interval) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.add_to_rollups(p_deltas aias_private.metric_deltas[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.add_to_rollups(p_deltas aias_private.metric_deltas[]) is 'Adds observations to the rollups of their minutes, hours and days and to the totals.';
grant execute on function aias_private.add_to_rollups(p_deltas aias_private.metric_deltas[]) to aias_admin;
grant execute on function aias_private.add_to_rollups(p_deltas aias_private.metric_deltas[]) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.admit_jobs(p_ids bigint[], p_is_waiting boolean)
 RETURNS bigint[]
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.admit_jobs(p_ids bigint[], p_is_waiting boolean) is 'Gives those of some jobs that may start now, and parks those that a pause or a limit keeps from it.';
grant execute on function aias_private.admit_jobs(p_ids bigint[], p_is_waiting boolean) to aias_admin;
grant execute on function aias_private.admit_jobs(p_ids bigint[], p_is_waiting boolean) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.advance_backfill(p_tenant uuid, p_schedule uuid, p_backfill uuid, p_due timestamp with time zone[], p_done_to timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.advance_backfill(p_tenant uuid, p_schedule uuid, p_backfill uuid, p_due timestamp with time zone[], p_done_to timestamp with time zone) is 'Runs the next due times of a backfill.';
grant execute on function aias_private.advance_backfill(p_tenant uuid, p_schedule uuid, p_backfill uuid, p_due timestamp with time zone[], p_done_to timestamp with time zone) to aias_admin;
grant execute on function aias_private.advance_backfill(p_tenant uuid, p_schedule uuid, p_backfill uuid, p_due timestamp with time zone[], p_done_to timestamp with time zone) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.advance_executions(p_calls jsonb)
 RETURNS TABLE(place integer, is_busy boolean, answer jsonb, at timestamp with time zone)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.advance_executions(p_calls jsonb) is 'Makes the calls of several executions in one transaction, each under its own attempt, and gives their answers.';
grant execute on function aias_private.advance_executions(p_calls jsonb) to aias_admin;
grant execute on function aias_private.advance_executions(p_calls jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.advance_schedule(p_tenant uuid, p_schedule uuid, p_due timestamp with time zone[], p_horizon timestamp with time zone, p_next_at timestamp with time zone, p_missed_from timestamp with time zone, p_problem text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.advance_schedule(p_tenant uuid, p_schedule uuid, p_due timestamp with time zone[], p_horizon timestamp with time zone, p_next_at timestamp with time zone, p_missed_from timestamp with time zone, p_problem text) is 'Starts what is due by a schedule and moves it to its next time.';
grant execute on function aias_private.advance_schedule(p_tenant uuid, p_schedule uuid, p_due timestamp with time zone[], p_horizon timestamp with time zone, p_next_at timestamp with time zone, p_missed_from timestamp with time zone, p_problem text) to aias_admin;
grant execute on function aias_private.advance_schedule(p_tenant uuid, p_schedule uuid, p_due timestamp with time zone[], p_horizon timestamp with time zone, p_next_at timestamp with time zone, p_missed_from timestamp with time zone, p_problem text) to aias_worker;

create table aias_private.alert_breaches enable row level security force row level security;
    tenant_id uuid not null
    rule_tenant_id uuid not null
    rule text not null
    key text not null
    since timestamp with time zone not null
alter table aias_private.alert_breaches add constraint alert_breaches_pkey PRIMARY KEY (tenant_id, rule_tenant_id, rule, key);
alter table aias_private.alert_breaches add constraint alert_breaches_rule_fkey FOREIGN KEY (rule_tenant_id, rule) REFERENCES aias_private.alert_rules(tenant_id, name) ON DELETE CASCADE;
CREATE INDEX alert_breaches_rule_idx ON aias_private.alert_breaches USING btree (rule_tenant_id, rule);
create policy tenant_isolation on aias_private.alert_breaches as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.alert_breaches is 'What is beyond the threshold of a rule that waits, and since when.';
grant delete, insert, select, update on table aias_private.alert_breaches to aias_admin;
grant delete, insert, select, update on table aias_private.alert_breaches to aias_worker;

create table aias_private.alert_paces enable row level security force row level security;
    tenant_id uuid not null
    rule_tenant_id uuid not null
    rule text not null
    told_at timestamp with time zone not null
alter table aias_private.alert_paces add constraint alert_paces_pkey PRIMARY KEY (tenant_id, rule_tenant_id, rule);
create policy tenant_isolation on aias_private.alert_paces as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.alert_paces is 'When tenants and operators were last told of which rule.';
grant delete, insert, select, update on table aias_private.alert_paces to aias_admin;
grant delete, insert, select, update on table aias_private.alert_paces to aias_worker;

create table aias_private.alert_rules enable row level security force row level security;
    tenant_id uuid default '00000000-0000-0000-0000-000000000000'::uuid not null
    name text not null
    source text
    comparison text default '>'::text not null
    threshold double precision default 0 not null
    window_length interval default '00:15:00'::interval not null
    for_duration interval default '00:00:00'::interval not null
    resolve_after interval default '00:05:00'::interval not null
    severity text default 'warning'::text not null
    scope text default 'global'::text not null
    scope_name text
    tells text[] default '{operators}'::text[] not null
    channels text[]
    renotify_every interval default '04:00:00'::interval
    group_every interval default '00:05:00'::interval not null
    inhibited_by text[] default '{}'::text[] not null
    position integer default 100 not null
    is_enabled boolean default true not null
    is_shipped boolean default false not null
    description text not null
    updated_at timestamp with time zone default aias_private.now() not null
alter table aias_private.alert_rules add constraint alert_rules_pkey PRIMARY KEY (tenant_id, name);
alter table aias_private.alert_rules add constraint alert_rules_source_fkey FOREIGN KEY (source) REFERENCES aias_private.alert_sources(name) ON DELETE RESTRICT;
alter table aias_private.alert_rules add constraint channels_are_few CHECK (((cardinality(channels) >= 1) AND (cardinality(channels) <= 50)));
alter table aias_private.alert_rules add constraint comparison_is_known CHECK ((comparison = ANY (ARRAY['>'::text, '>='::text, '<'::text, '<='::text])));
alter table aias_private.alert_rules add constraint durations_are_bounded CHECK (((for_duration >= '00:00:00'::interval) AND (for_duration <= '7 days'::interval) AND (resolve_after >= '00:00:00'::interval) AND (resolve_after <= '7 days'::interval) AND (group_every >= '00:00:00'::interval) AND (group_every <= '1 day'::interval)));
alter table aias_private.alert_rules add constraint name_is_a_word CHECK ((name ~ '^[a-z][a-z0-9_-]{0,62}$'::text));
alter table aias_private.alert_rules add constraint renotifies_at_a_bearable_pace CHECK (((renotify_every >= '00:05:00'::interval) AND (renotify_every <= '31 days'::interval)));
alter table aias_private.alert_rules add constraint scope_is_known CHECK ((scope = ANY (ARRAY['global'::text, 'tenant'::text, 'integration'::text, 'lane'::text])));
alter table aias_private.alert_rules add constraint scope_is_whole CHECK (((scope = 'global'::text) = (scope_name IS NULL)));
alter table aias_private.alert_rules add constraint severity_is_known CHECK ((severity = ANY (ARRAY['info'::text, 'warning'::text, 'critical'::text])));
alter table aias_private.alert_rules add constraint tells_somebody CHECK (((tells <@ ARRAY['operators'::text, 'tenant'::text]) AND (cardinality(tells) > 0)));
alter table aias_private.alert_rules add constraint threshold_is_a_number CHECK ((threshold <> ALL (ARRAY['NaN'::double precision, 'Infinity'::double precision, '-Infinity'::double precision])));
alter table aias_private.alert_rules add constraint window_is_bounded CHECK (((window_length >= '00:01:00'::interval) AND (window_length <= '31 days'::interval)));
CREATE INDEX alert_rules_source_idx ON aias_private.alert_rules USING btree (source);
create policy tenant_isolation on aias_private.alert_rules as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ANY (ARRAY[( SELECT aias_private.caller_tenant() AS caller_tenant), '00000000-0000-0000-0000-000000000000'::uuid]))));
comment on table aias_private.alert_rules is 'When an alert opens, how grave it is, and who is told how often.';
grant delete, insert, select, update on table aias_private.alert_rules to aias_admin;
grant delete, insert, select, update on table aias_private.alert_rules to aias_worker;

create table aias_private.alert_silences enable row level security force row level security;
    tenant_id uuid default '00000000-0000-0000-0000-000000000000'::uuid not null
    id uuid default aias_private.uuid7() not null
    rule text
    key text
    until timestamp with time zone not null
    reason text not null
    created_by text not null
    created_at timestamp with time zone default aias_private.now() not null
    ended_at timestamp with time zone
    ended_by text
alter table aias_private.alert_silences add constraint alert_silences_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.alert_silences add constraint ended_by_set_when_ended CHECK (((ended_at IS NULL) = (ended_by IS NULL)));
alter table aias_private.alert_silences add constraint reason_is_given CHECK (((length(reason) >= 1) AND (length(reason) <= 1000)));
CREATE INDEX alert_silences_id_idx ON aias_private.alert_silences USING btree (id);
create policy tenant_isolation on aias_private.alert_silences as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.alert_silences is 'What people do not want to be told of for a while. The nil tenant''s are the operators''.';
grant delete, insert, select, update on table aias_private.alert_silences to aias_admin;
grant delete, insert, select, update on table aias_private.alert_silences to aias_worker;

create table aias_private.alert_sources;
    name text not null
    key_kind text not null
    unit text not null
    description text not null
alter table aias_private.alert_sources add constraint alert_sources_pkey PRIMARY KEY (name);
alter table aias_private.alert_sources add constraint key_kind_is_a_word CHECK ((key_kind ~ '^[a-z]{1,30}$'::text));
alter table aias_private.alert_sources add constraint name_is_a_word CHECK ((name ~ '^[a-z][a-z0-9_]{0,40}$'::text));
comment on table aias_private.alert_sources is 'What rules may look at: each is a function of ours with one shape; nothing else is ever run for a rule.';
grant delete, insert, select, update on table aias_private.alert_sources to aias_admin;
grant delete, insert, select, update on table aias_private.alert_sources to aias_worker;

create table aias_private.alert_tellings enable row level security force row level security;
    tenant_id uuid not null
    alert_id uuid not null
    audience text not null
    told_at timestamp with time zone not null
    told_count integer default 1 not null
    is_resolution_told boolean default false not null
alter table aias_private.alert_tellings add constraint alert_tellings_alert_fkey FOREIGN KEY (tenant_id, alert_id) REFERENCES aias_private.alerts(tenant_id, id) ON DELETE CASCADE;
alter table aias_private.alert_tellings add constraint alert_tellings_pkey PRIMARY KEY (tenant_id, alert_id, audience);
alter table aias_private.alert_tellings add constraint audience_is_known CHECK ((audience = ANY (ARRAY['operators'::text, 'tenant'::text])));
CREATE INDEX alert_tellings_open_idx ON aias_private.alert_tellings USING btree (tenant_id, alert_id) WHERE (NOT is_resolution_told);
create policy tenant_isolation on aias_private.alert_tellings as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.alert_tellings is 'Who was told of which alert, how often, and when last.';
grant delete, insert, select, update on table aias_private.alert_tellings to aias_admin;
grant delete, insert, select, update on table aias_private.alert_tellings to aias_worker;

create table aias_private.alerts enable row level security force row level security;
    tenant_id uuid default '00000000-0000-0000-0000-000000000000'::uuid not null
    id uuid default aias_private.uuid7() not null
    rule_tenant_id uuid default '00000000-0000-0000-0000-000000000000'::uuid not null
    rule text not null
    key text default ''::text not null
    severity text not null
    status text default 'open'::text not null
    title text not null
    details jsonb default '{}'::jsonb not null
    value double precision
    occurrence_count bigint default 1 not null
    opened_at timestamp with time zone default aias_private.now() not null
    last_seen_at timestamp with time zone default aias_private.now() not null
    acknowledged_at timestamp with time zone
    acknowledged_by text
    acknowledged_note text
    resolved_at timestamp with time zone
    resolved_by text
alter table aias_private.alerts add constraint acknowledged_is_whole CHECK ((((acknowledged_at IS NULL) = (acknowledged_by IS NULL)) AND ((status <> 'acknowledged'::text) OR (acknowledged_at IS NOT NULL))));
alter table aias_private.alerts add constraint alerts_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.alerts add constraint details_are_an_object CHECK ((jsonb_typeof(details) = 'object'::text));
alter table aias_private.alerts add constraint key_is_short CHECK ((length(key) <= 300));
alter table aias_private.alerts add constraint resolved_at_set_when_resolved CHECK (((resolved_at IS NOT NULL) = (status = 'resolved'::text)));
alter table aias_private.alerts add constraint severity_is_known CHECK ((severity = ANY (ARRAY['info'::text, 'warning'::text, 'critical'::text])));
alter table aias_private.alerts add constraint status_is_known CHECK ((status = ANY (ARRAY['open'::text, 'acknowledged'::text, 'resolved'::text])));
alter table aias_private.alerts add constraint title_is_short CHECK (((length(title) >= 1) AND (length(title) <= 500)));
CREATE INDEX alerts_id_idx ON aias_private.alerts USING btree (id);
CREATE INDEX alerts_open_idx ON aias_private.alerts USING btree (rule_tenant_id, rule) WHERE (status <> 'resolved'::text);
CREATE UNIQUE INDEX alerts_open_key ON aias_private.alerts USING btree (tenant_id, rule_tenant_id, rule, key) WHERE (status <> 'resolved'::text);
CREATE INDEX alerts_resolved_at_idx ON aias_private.alerts USING btree (resolved_at) WHERE (status = 'resolved'::text);
CREATE TRIGGER note_dashboard_change AFTER INSERT OR UPDATE ON aias_private.alerts FOR EACH STATEMENT EXECUTE FUNCTION aias_private.note_dashboard_change();
create policy tenant_isolation on aias_private.alerts as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.alerts is 'What is wrong, and was. The nil tenant stands for none.';
grant delete, insert, select, update on table aias_private.alerts to aias_admin;
grant delete, insert, select, update on table aias_private.alerts to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.answer_event_wait(p_step aias_private.steps)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.answer_event_wait(p_step aias_private.steps) is 'Gives a step that waits for an event the one that came before it began to wait.';
grant execute on function aias_private.answer_event_wait(p_step aias_private.steps) to aias_admin;
grant execute on function aias_private.answer_event_wait(p_step aias_private.steps) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.answer_event_waits(p_tenant uuid, p_execution uuid, p_horizon text, p_look integer)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.answer_event_waits(p_tenant uuid, p_execution uuid, p_horizon text, p_look integer) is 'Looks again for events that were just being emitted when an execution began to wait; true when that is over.';
grant execute on function aias_private.answer_event_waits(p_tenant uuid, p_execution uuid, p_horizon text, p_look integer) to aias_admin;
grant execute on function aias_private.answer_event_waits(p_tenant uuid, p_execution uuid, p_horizon text, p_look integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.answer_parent(p_tenant uuid, p_execution uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.answer_parent(p_tenant uuid, p_execution uuid) is 'Tells the step that waits for an execution how it ended, and wakes it.';
grant execute on function aias_private.answer_parent(p_tenant uuid, p_execution uuid) to aias_admin;
grant execute on function aias_private.answer_parent(p_tenant uuid, p_execution uuid) to aias_worker;

create table aias_private.api_keys enable row level security force row level security;
    tenant_id uuid default '00000000-0000-0000-0000-000000000000'::uuid not null
    id text not null
    name text not null
    secret_hash bytea not null
    scopes text[] not null
    requests_per_minute integer
    created_at timestamp with time zone default aias_private.now() not null
    created_by text not null
    expires_at timestamp with time zone
    last_used_at timestamp with time zone
    revoked_at timestamp with time zone
    revoked_by text
alter table aias_private.api_keys add constraint api_keys_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.api_keys add constraint id_is_16_hexadecimal_digits CHECK ((id ~ '^[0-9a-f]{16}$'::text));
alter table aias_private.api_keys add constraint name_is_not_empty CHECK (((length(name) >= 1) AND (length(name) <= 200)));
alter table aias_private.api_keys add constraint requests_per_minute_is_positive CHECK ((requests_per_minute > 0));
alter table aias_private.api_keys add constraint revoked_by_set_when_revoked CHECK (((revoked_by IS NOT NULL) = (revoked_at IS NOT NULL)));
alter table aias_private.api_keys add constraint scopes_are_some CHECK (((cardinality(scopes) >= 1) AND (cardinality(scopes) <= 100)));
alter table aias_private.api_keys add constraint secret_hash_is_sha256 CHECK ((octet_length(secret_hash) = 32));
CREATE UNIQUE INDEX api_keys_id_idx ON aias_private.api_keys USING btree (id);
create policy tenant_isolation on aias_private.api_keys as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.api_keys is 'Keys of the HTTP API: whose they are, what they may do, and the hashes of their secrets.';
grant delete, insert, select, update on table aias_private.api_keys to aias_admin;
grant delete, insert, select, update on table aias_private.api_keys to aias_worker;

create table aias_private.api_servers;
    id uuid not null
    url text not null
    host_name text not null
    started_at timestamp with time zone not null
    heartbeat_at timestamp with time zone not null
alter table aias_private.api_servers add constraint api_servers_pkey PRIMARY KEY (id);
alter table aias_private.api_servers add constraint url_is_http CHECK ((url ~ '^https?://'::text));
comment on table aias_private.api_servers is 'HTTP servers that registered themselves, and when each last said that it is there.';
grant delete, insert, select, update on table aias_private.api_servers to aias_admin;
grant delete, insert, select, update on table aias_private.api_servers to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.apply_alert_rule(p_rule aias_private.alert_rules)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.apply_alert_rule(p_rule aias_private.alert_rules) is 'Opens, counts and ends the alerts of one rule.';
grant execute on function aias_private.apply_alert_rule(p_rule aias_private.alert_rules) to aias_admin;
grant execute on function aias_private.apply_alert_rule(p_rule aias_private.alert_rules) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.apply_erasures(p_table regclass, OUT deleted_count bigint, OUT anonymized_count bigint)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.apply_erasures(p_table regclass, OUT deleted_count bigint, OUT anonymized_count bigint) is 'Takes out of a restored table whoever was erased since it was archived.';
grant execute on function aias_private.apply_erasures(p_table regclass, OUT deleted_count bigint, OUT anonymized_count bigint) to aias_admin;
grant execute on function aias_private.apply_erasures(p_table regclass, OUT deleted_count bigint, OUT anonymized_count bigint) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.archive_columns(p_relation regclass)
 RETURNS TABLE(ordinal integer, name text, type text, form text, is_nullable boolean, value text, canonical text)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.archive_columns(p_relation regclass) is 'Says how each column of a table stands in an archive, and how its value is read.';
grant execute on function aias_private.archive_columns(p_relation regclass) to aias_admin;
grant execute on function aias_private.archive_columns(p_relation regclass) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.archived_audit()
 RETURNS TABLE(from_id uuid, to_id uuid, restored regclass)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.archived_audit() is 'The ranges of ids of the audit log that are archived.';
grant execute on function aias_private.archived_audit() to aias_admin;
grant execute on function aias_private.archived_audit() to aias_worker;

create table aias_private.archives;
    id uuid default aias_private.uuid7() not null
    table_name text not null
    partition_name text not null
    part integer default 1 not null
    partition_oid oid not null
    from_id uuid
    to_id uuid
    schema jsonb not null
    location text not null
    state text default 'writing'::text not null
    row_count bigint
    byte_count bigint
    sha256 text
    checksum numeric
    created_at timestamp with time zone default aias_private.now() not null
    written_at timestamp with time zone
    verified_at timestamp with time zone
alter table aias_private.archives add constraint archives_location_key UNIQUE (location);
alter table aias_private.archives add constraint archives_partition_key UNIQUE (table_name, partition_name, part);
alter table aias_private.archives add constraint archives_pkey PRIMARY KEY (id);
alter table aias_private.archives add constraint contents_known_when_written CHECK (((state = 'writing'::text) OR ((row_count IS NOT NULL) AND (byte_count IS NOT NULL) AND (sha256 IS NOT NULL) AND (checksum IS NOT NULL) AND (written_at IS NOT NULL))));
alter table aias_private.archives add constraint part_is_counted_from_1 CHECK ((part >= 1));
alter table aias_private.archives add constraint range_is_whole CHECK ((((from_id IS NULL) = (to_id IS NULL)) AND (from_id < to_id)));
alter table aias_private.archives add constraint schema_is_an_array CHECK ((jsonb_typeof(schema) = 'array'::text));
alter table aias_private.archives add constraint sha256_is_hex CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text));
alter table aias_private.archives add constraint state_is_known CHECK ((state = ANY (ARRAY['writing'::text, 'written'::text, 'verified'::text])));
alter table aias_private.archives add constraint verified_at_set_when_verified CHECK (((verified_at IS NOT NULL) = (state = 'verified'::text)));
comment on table aias_private.archives is 'One Parquet file each that holds the rows of a partition; only what is verified may be dropped.';
grant delete, insert, select, update on table aias_private.archives to aias_admin;
grant delete, insert, select, update on table aias_private.archives to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.assert_cron(p_cron text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.assert_cron(p_cron text) is 'Refuses a malformed cron expression with its reason; returns it in its plain form.';
grant execute on function aias_private.assert_cron(p_cron text) to aias_admin;
grant execute on function aias_private.assert_cron(p_cron text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.assert_job_visible(p_job bigint)
 RETURNS void
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.assert_job_visible(p_job bigint) is 'Refuses a job that does not exist for the caller.';
grant execute on function aias_private.assert_job_visible(p_job bigint) to aias_admin;
grant execute on function aias_private.assert_job_visible(p_job bigint) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.assert_json_input(p_argument text, p_value jsonb, p_schema jsonb, p_max_bytes integer)
 RETURNS void
 LANGUAGE plpgsql
 PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.assert_json_input(p_argument text, p_value jsonb, p_schema jsonb, p_max_bytes integer) is 'Raises JR422 with every problem when a JSON argument is unfit to be stored or breaks its schema.';
grant execute on function aias_private.assert_json_input(p_argument text, p_value jsonb, p_schema jsonb, p_max_bytes integer) to aias_admin;
grant execute on function aias_private.assert_json_input(p_argument text, p_value jsonb, p_schema jsonb, p_max_bytes integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.assert_locale(p_time_zone text, p_language text)
 RETURNS void
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.assert_locale(p_time_zone text, p_language text) is 'Refuses what is no time zone or no code of a language.';
grant execute on function aias_private.assert_locale(p_time_zone text, p_language text) to aias_admin;
grant execute on function aias_private.assert_locale(p_time_zone text, p_language text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.assert_time_zone(p_time_zone text)
 RETURNS void
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.assert_time_zone(p_time_zone text) is 'Refuses what is not the name of an IANA time zone.';
grant execute on function aias_private.assert_time_zone(p_time_zone text) to aias_admin;
grant execute on function aias_private.assert_time_zone(p_time_zone text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.attempt_span(p_execution uuid, p_step text, p_item integer, p_attempt integer)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.attempt_span(p_execution uuid, p_step text, p_item integer, p_attempt integer) is 'The id of the span of an attempt of a step.';
grant execute on function aias_private.attempt_span(p_execution uuid, p_step text, p_item integer, p_attempt integer) to aias_admin;
grant execute on function aias_private.attempt_span(p_execution uuid, p_step text, p_item integer, p_attempt integer) to aias_analyst;
grant execute on function aias_private.attempt_span(p_execution uuid, p_step text, p_item integer, p_attempt integer) to aias_app;
grant execute on function aias_private.attempt_span(p_execution uuid, p_step text, p_item integer, p_attempt integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.audit_guards_off()
 RETURNS TABLE(table_name text, off_count bigint, guards jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.audit_guards_off() is 'The tables of the audit log and its seals that lack a guard, with how many.';
grant execute on function aias_private.audit_guards_off() to aias_admin;
grant execute on function aias_private.audit_guards_off() to aias_worker;

create table aias_private.audit_log partition by RANGE (id) enable row level security force row level security;
    id uuid default aias_private.uuid7() not null
    tenant_id uuid default '00000000-0000-0000-0000-000000000000'::uuid not null
    at timestamp with time zone default aias_private.now() not null
    actor text not null
    actor_kind text not null
    action text not null
    object_kind text not null
    object_id text not null
    detail jsonb default '{}'::jsonb not null
    request_id text
    address text
    correlation_id text
    trace_id text
alter table aias_private.audit_log add constraint actor_kind_is_known CHECK ((actor_kind = ANY (ARRAY['user'::text, 'administrator'::text, 'application'::text, 'trigger'::text, 'worker'::text, 'system'::text])));
alter table aias_private.audit_log add constraint audit_log_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.audit_log add constraint detail_is_an_object CHECK ((jsonb_typeof(detail) = 'object'::text));
CREATE INDEX audit_log_id_idx ON ONLY aias_private.audit_log USING btree (id);
CREATE INDEX audit_log_object_idx ON ONLY aias_private.audit_log USING btree (object_kind, object_id);
CREATE TRIGGER audit_log_is_append_only BEFORE DELETE OR UPDATE ON aias_private.audit_log FOR EACH ROW EXECUTE FUNCTION aias_private.refuse_audit_change();
CREATE TRIGGER audit_log_is_never_truncated BEFORE TRUNCATE ON aias_private.audit_log FOR EACH STATEMENT EXECUTE FUNCTION aias_private.refuse_audit_change();
create policy tenant_isolation on aias_private.audit_log as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.audit_log is 'Every action of a user, an administrator, an application or a trigger. Rows are never changed or removed by hand.';
grant select on table aias_private.audit_log to aias_admin;
grant select on table aias_private.audit_log to aias_worker;

create table aias_private.audit_log_default partition of aias_private.audit_log default;
CREATE TRIGGER audit_log_is_never_truncated BEFORE TRUNCATE ON aias_private.audit_log_default FOR EACH STATEMENT EXECUTE FUNCTION aias_private.refuse_audit_change();
grant select on table aias_private.audit_log_default to aias_admin;
grant select on table aias_private.audit_log_default to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.audit_rows(p_table regclass, p_from uuid, p_to uuid)
 RETURNS TABLE(id uuid, tenant_id uuid, hash bytea)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.audit_rows(p_table regclass, p_from uuid, p_to uuid) is 'The hashes of the rows of a span of ids, in the audit log or in a copy of a part of it.';
grant execute on function aias_private.audit_rows(p_table regclass, p_from uuid, p_to uuid) to aias_admin;
grant execute on function aias_private.audit_rows(p_table regclass, p_from uuid, p_to uuid) to aias_worker;

create table aias_private.audit_seals;
    seq bigint not null
    form smallint default 1 not null
    from_id uuid not null
    to_id uuid not null
    row_count integer not null
    row_ids uuid[] not null
    row_marks bytea not null
    rows_digest bytea not null
    previous_hash bytea not null
    hash bytea not null
    sealed_at timestamp with time zone not null
alter table aias_private.audit_seals add constraint audit_seals_pkey PRIMARY KEY (seq);
alter table aias_private.audit_seals add constraint each_row_has_an_id_and_a_mark CHECK (((cardinality(row_ids) = row_count) AND (octet_length(row_marks) = (16 * row_count))));
alter table aias_private.audit_seals add constraint form_is_known CHECK ((form = 1));
alter table aias_private.audit_seals add constraint hashes_are_sha256 CHECK (((octet_length(rows_digest) = 32) AND (octet_length(previous_hash) = 32) AND (octet_length(hash) = 32)));
alter table aias_private.audit_seals add constraint row_count_is_positive CHECK ((row_count > 0));
alter table aias_private.audit_seals add constraint seq_is_positive CHECK ((seq > 0));
alter table aias_private.audit_seals add constraint to_id_is_after CHECK ((to_id > from_id));
CREATE TRIGGER audit_seals_are_append_only BEFORE DELETE OR UPDATE ON aias_private.audit_seals FOR EACH ROW EXECUTE FUNCTION aias_private.refuse_audit_change();
CREATE TRIGGER audit_seals_are_never_truncated BEFORE TRUNCATE ON aias_private.audit_seals FOR EACH STATEMENT EXECUTE FUNCTION aias_private.refuse_audit_change();
comment on table aias_private.audit_seals is 'The seals of the audit log, each over a batch of rows and the seal before. Rows are never changed or removed.';
grant select on table aias_private.audit_seals to aias_admin;
grant select on table aias_private.audit_seals to aias_worker;

create table aias_private.audit_verifications;
    id bigint generated always as identity not null
    kind text not null
    from_seal bigint not null
    to_seal bigint not null
    is_ok boolean not null
    checked_count bigint not null
    archived_count bigint not null
    unsealed_count bigint not null
    finding text
    first_bad_id uuid
    bad_seal bigint
    reason text
    head_hash bytea
    verified_at timestamp with time zone default aias_private.now() not null
    verified_by text not null
alter table aias_private.audit_verifications add constraint audit_verifications_pkey PRIMARY KEY (id);
alter table aias_private.audit_verifications add constraint finding_is_known CHECK ((finding = ANY (ARRAY['altered'::text, 'missing'::text, 'inserted'::text, 'seal_altered'::text, 'seal_missing'::text, 'guard_off'::text])));
alter table aias_private.audit_verifications add constraint finding_set_unless_ok CHECK ((is_ok = (finding IS NULL)));
alter table aias_private.audit_verifications add constraint kind_is_known CHECK ((kind = ANY (ARRAY['asked'::text, 'new'::text, 'rolling'::text])));
alter table aias_private.audit_verifications add constraint reason_set_unless_ok CHECK ((is_ok = (reason IS NULL)));
CREATE INDEX audit_verifications_found_idx ON aias_private.audit_verifications USING btree (id) WHERE (NOT is_ok);
CREATE INDEX audit_verifications_new_idx ON aias_private.audit_verifications USING btree (to_seal) WHERE is_ok;
comment on table aias_private.audit_verifications is 'Every look at the chain of the audit log, and what it found.';
grant delete, insert, select, update on table aias_private.audit_verifications to aias_admin;
grant delete, insert, select, update on table aias_private.audit_verifications to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.authorize_tenant(p_tenant uuid)
 RETURNS void
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.authorize_tenant(p_tenant uuid) is 'Refuses a caller who is confined to another tenant.';
grant execute on function aias_private.authorize_tenant(p_tenant uuid) to aias_admin;
grant execute on function aias_private.authorize_tenant(p_tenant uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.begin_archive(p_table text, p_partition text, p_root text, p_is_anew boolean)
 RETURNS TABLE(id uuid, state text, part integer)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.begin_archive(p_table text, p_partition text, p_root text, p_is_anew boolean) is 'Notes that a partition is to be archived and where, or finds that all of it is.';
grant execute on function aias_private.begin_archive(p_table text, p_partition text, p_root text, p_is_anew boolean) to aias_admin;
grant execute on function aias_private.begin_archive(p_table text, p_partition text, p_root text, p_is_anew boolean) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.begin_cached(p_tenant uuid, p_namespace text, p_key text, p_tags text[], p_lease interval)
 RETURNS TABLE(state text, value jsonb, lease uuid)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.begin_cached(p_tenant uuid, p_namespace text, p_key text, p_tags text[], p_lease interval) is 'A value of the cache, or the right to compute it, or that another one computes it just now.';
grant execute on function aias_private.begin_cached(p_tenant uuid, p_namespace text, p_key text, p_tags text[], p_lease interval) to aias_admin;
grant execute on function aias_private.begin_cached(p_tenant uuid, p_namespace text, p_key text, p_tags text[], p_lease interval) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.begin_effect(p_tenant uuid, p_execution uuid, p_attempt integer, p_step text, p_item integer, p_part text, p_operation text, p_connection text, p_request_hash bytea, p_key uuid, p_hold interval, p_settles_within interval, p_is_resend boolean)
 RETURNS TABLE(verdict text, idempotency_key uuid, response jsonb, wait_seconds double precision)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.begin_effect(p_tenant uuid, p_execution uuid, p_attempt integer, p_step text, p_item integer, p_part text, p_operation text, p_connection text, p_request_hash bytea, p_key uuid, p_hold interval, p_settles_within interval, p_is_resend boolean) is 'Writes down the intent to have an effect outside, and says whether the call may be made or what is known of it.';
grant execute on function aias_private.begin_effect(p_tenant uuid, p_execution uuid, p_attempt integer, p_step text, p_item integer, p_part text, p_operation text, p_connection text, p_request_hash bytea, p_key uuid, p_hold interval, p_settles_within interval, p_is_resend boolean) to aias_admin;
grant execute on function aias_private.begin_effect(p_tenant uuid, p_execution uuid, p_attempt integer, p_step text, p_item integer, p_part text, p_operation text, p_connection text, p_request_hash bytea, p_key uuid, p_hold interval, p_settles_within interval, p_is_resend boolean) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.begin_event_wait(p_step aias_private.steps)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.begin_event_wait(p_step aias_private.steps) is 'Sees to it that a step that begins to wait for an event misses none.';
grant execute on function aias_private.begin_event_wait(p_step aias_private.steps) to aias_admin;
grant execute on function aias_private.begin_event_wait(p_step aias_private.steps) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.begin_restore(p_archive uuid)
 RETURNS TABLE(location text, schema jsonb)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.begin_restore(p_archive uuid) is 'Makes an empty table of an archive''s shape, and a temporary one for its file to be copied into.';
grant execute on function aias_private.begin_restore(p_archive uuid) to aias_admin;
grant execute on function aias_private.begin_restore(p_archive uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.begin_retention(p_requested_by text, p_is_scheduled boolean)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.begin_retention(p_requested_by text, p_is_scheduled boolean) is 'Records what a run of retention has to do, or gives the run that goes on; null where nothing is due.';
grant execute on function aias_private.begin_retention(p_requested_by text, p_is_scheduled boolean) to aias_admin;
grant execute on function aias_private.begin_retention(p_requested_by text, p_is_scheduled boolean) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.begin_samples(p_tenant uuid)
 RETURNS TABLE(tenant text, industry text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.begin_samples(p_tenant uuid) is 'The tenant whose samples are to be installed, locked; no row where they are not due.';
grant execute on function aias_private.begin_samples(p_tenant uuid) to aias_admin;
grant execute on function aias_private.begin_samples(p_tenant uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.begin_session(p_token_hash bytea, p_key text, p_link_hash bytea, p_lifetime interval)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.begin_session(p_token_hash bytea, p_key text, p_link_hash bytea, p_lifetime interval) is 'Signs somebody in to the dashboard, with an accepted key or by a mailed link; false where the link is not good.';
grant execute on function aias_private.begin_session(p_token_hash bytea, p_key text, p_link_hash bytea, p_lifetime interval) to aias_admin;
grant execute on function aias_private.begin_session(p_token_hash bytea, p_key text, p_link_hash bytea, p_lifetime interval) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.begin_task_run(p_schedule uuid, p_due_at timestamp with time zone, p_job bigint)
 RETURNS text
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.begin_task_run(p_schedule uuid, p_due_at timestamp with time zone, p_job bigint) is 'The task that the job of a system schedule is to run; null when there is nothing to do.';
grant execute on function aias_private.begin_task_run(p_schedule uuid, p_due_at timestamp with time zone, p_job bigint) to aias_admin;
grant execute on function aias_private.begin_task_run(p_schedule uuid, p_due_at timestamp with time zone, p_job bigint) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.blow_fuses(p_failures jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.blow_fuses(p_failures jsonb) is 'Counts what gave up for good, and blows the fuses of what did so too often.';
grant execute on function aias_private.blow_fuses(p_failures jsonb) to aias_admin;
grant execute on function aias_private.blow_fuses(p_failures jsonb) to aias_worker;

create table aias_private.breaker_transitions enable row level security force row level security;
    tenant_id uuid not null
    id uuid default aias_private.uuid7() not null
    integration_id uuid not null
    at timestamp with time zone default aias_private.now() not null
    state text not null
    call_count integer
    failure_count integer
    until timestamp with time zone
alter table aias_private.breaker_transitions add constraint breaker_transitions_integration_fkey FOREIGN KEY (tenant_id, integration_id) REFERENCES aias_private.integrations(tenant_id, id) ON DELETE CASCADE;
alter table aias_private.breaker_transitions add constraint breaker_transitions_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.breaker_transitions add constraint state_is_known CHECK ((state = ANY (ARRAY['open'::text, 'closed'::text])));
CREATE INDEX breaker_transitions_integration_idx ON aias_private.breaker_transitions USING btree (tenant_id, integration_id, at);
CREATE TRIGGER aias_hear_breaker AFTER INSERT ON aias_private.breaker_transitions FOR EACH ROW EXECUTE FUNCTION aias_private.hear_breaker();
create policy tenant_isolation on aias_private.breaker_transitions as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.breaker_transitions is 'When the breaker of a connection opened and closed.';
grant delete, insert, select, update on table aias_private.breaker_transitions to aias_admin;
grant delete, insert, select, update on table aias_private.breaker_transitions to aias_worker;

create table aias_private.breaker_windows enable row level security force row level security;
    tenant_id uuid not null
    integration_id uuid not null
    started_at timestamp with time zone not null
    call_count integer not null
    failure_count integer not null
alter table aias_private.breaker_windows add constraint breaker_windows_integration_fkey FOREIGN KEY (tenant_id, integration_id) REFERENCES aias_private.integrations(tenant_id, id) ON DELETE CASCADE;
alter table aias_private.breaker_windows add constraint breaker_windows_pkey PRIMARY KEY (tenant_id, integration_id, started_at);
alter table aias_private.breaker_windows add constraint failures_are_calls CHECK (((failure_count >= 0) AND (failure_count <= call_count)));
create policy tenant_isolation on aias_private.breaker_windows as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.breaker_windows is 'How many calls of a connection were made and failed, per ten seconds.';
grant delete, insert, select, update on table aias_private.breaker_windows to aias_admin;
grant delete, insert, select, update on table aias_private.breaker_windows to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.bury_job(p_job bigint, p_reason text, p_error jsonb, p_is_deleted boolean)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.bury_job(p_job bigint, p_reason text, p_error jsonb, p_is_deleted boolean) is 'Ends a job as failed and keeps it whole among the dead letters.';
grant execute on function aias_private.bury_job(p_job bigint, p_reason text, p_error jsonb, p_is_deleted boolean) to aias_admin;
grant execute on function aias_private.bury_job(p_job bigint, p_reason text, p_error jsonb, p_is_deleted boolean) to aias_worker;

create unlogged table aias_private.cache_changes enable row level security force row level security;
    tenant_id uuid not null
    tag text not null
    xid xid8 default pg_current_xact_id() not null
    at timestamp with time zone default aias_private.now() not null
CREATE INDEX cache_changes_tag_idx ON aias_private.cache_changes USING btree (tag, tenant_id);
create policy tenant_isolation on aias_private.cache_changes as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ANY (ARRAY[( SELECT aias_private.caller_tenant() AS caller_tenant), '00000000-0000-0000-0000-000000000000'::uuid]))));
comment on table aias_private.cache_changes is 'What has changed under which tag, and in which transaction.';
grant delete, insert, select, update on table aias_private.cache_changes to aias_admin;
grant delete, insert, select, update on table aias_private.cache_changes to aias_worker;

create unlogged table aias_private.cache_counts;
    namespace text not null
    memory_hit_count bigint not null
    hit_count bigint not null
    miss_count bigint not null
    wait_count bigint not null
    failure_count bigint not null
    since timestamp with time zone default aias_private.now() not null
alter table aias_private.cache_counts add constraint cache_counts_pkey PRIMARY KEY (namespace);
comment on table aias_private.cache_counts is 'Uses of the cache, summed up per namespace.';
grant delete, insert, select, update on table aias_private.cache_counts to aias_admin;
grant delete, insert, select, update on table aias_private.cache_counts to aias_worker;

create unlogged table aias_private.cache_entries enable row level security force row level security;
    tenant_id uuid default '00000000-0000-0000-0000-000000000000'::uuid not null
    namespace text not null
    key text not null
    value jsonb
    tags text[] default '{}'::text[] not null
    snapshot pg_snapshot
    expires_at timestamp with time zone
    lease uuid
    lease_snapshot pg_snapshot
    lease_until timestamp with time zone
alter table aias_private.cache_entries add constraint cache_entries_pkey PRIMARY KEY (tenant_id, namespace, key);
alter table aias_private.cache_entries add constraint key_is_short CHECK (((octet_length(key) >= 0) AND (octet_length(key) <= 500)));
alter table aias_private.cache_entries add constraint lease_is_whole CHECK ((((lease IS NULL) = (lease_snapshot IS NULL)) AND ((lease IS NULL) = (lease_until IS NULL))));
alter table aias_private.cache_entries add constraint namespace_is_a_word CHECK ((namespace ~ '^[a-z][a-z0-9_-]{0,62}$'::text));
alter table aias_private.cache_entries add constraint value_is_whole CHECK ((((value IS NULL) = (snapshot IS NULL)) AND ((value IS NULL) = (expires_at IS NULL))));
CREATE INDEX cache_entries_expires_at_idx ON aias_private.cache_entries USING btree (expires_at);
create policy tenant_isolation on aias_private.cache_entries as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.cache_entries is 'Values that can be computed again, and who computes them just now.';
grant delete, insert, select, update on table aias_private.cache_entries to aias_admin;
grant delete, insert, select, update on table aias_private.cache_entries to aias_worker;

create unlogged table aias_private.cache_uses;
    namespace text not null
    memory_hit_count bigint default 0 not null
    hit_count bigint default 0 not null
    miss_count bigint default 0 not null
    wait_count bigint default 0 not null
    failure_count bigint default 0 not null
comment on table aias_private.cache_uses is 'Uses of the cache that are not summed up yet.';
grant delete, insert, select, update on table aias_private.cache_uses to aias_admin;
grant delete, insert, select, update on table aias_private.cache_uses to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.caller_actor()
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.caller_actor() is 'Who acts: the setting aias.actor, else the calling role.';
grant execute on function aias_private.caller_actor() to aias_admin;
grant execute on function aias_private.caller_actor() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.caller_role()
 RETURNS name
 LANGUAGE sql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.caller_role() is 'The role on whose behalf the statement runs, also inside a definer''s function.';
grant execute on function aias_private.caller_role() to aias_admin;
grant execute on function aias_private.caller_role() to aias_analyst;
grant execute on function aias_private.caller_role() to aias_app;
grant execute on function aias_private.caller_role() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.caller_sees_all()
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.caller_sees_all() is 'Whether the caller sees every tenant: administrators, workers, analysts and the owner do, unless mapped to a tenant.';
grant execute on function aias_private.caller_sees_all() to aias_admin;
grant execute on function aias_private.caller_sees_all() to aias_analyst;
grant execute on function aias_private.caller_sees_all() to aias_app;
grant execute on function aias_private.caller_sees_all() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.caller_tenant()
 RETURNS uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.caller_tenant() is 'The tenant that a confined caller is confined to: its role''s, else the setting aias.tenant_id; null means none at all.';
grant execute on function aias_private.caller_tenant() to aias_admin;
grant execute on function aias_private.caller_tenant() to aias_analyst;
grant execute on function aias_private.caller_tenant() to aias_app;
grant execute on function aias_private.caller_tenant() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.cancel_tree(p_tenant uuid, p_execution uuid, p_reason text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.cancel_tree(p_tenant uuid, p_execution uuid, p_reason text) is 'Cancels an execution and the executions that it started.';
grant execute on function aias_private.cancel_tree(p_tenant uuid, p_execution uuid, p_reason text) to aias_admin;
grant execute on function aias_private.cancel_tree(p_tenant uuid, p_execution uuid, p_reason text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.certify_erasure(p_tenant uuid, p_erasure uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.certify_erasure(p_tenant uuid, p_erasure uuid) is 'Ends an erasure with its certificate.';
grant execute on function aias_private.certify_erasure(p_tenant uuid, p_erasure uuid) to aias_admin;
grant execute on function aias_private.certify_erasure(p_tenant uuid, p_erasure uuid) to aias_worker;

create table aias_private.channels enable row level security force row level security;
    tenant_id uuid default '00000000-0000-0000-0000-000000000000'::uuid not null
    id uuid default aias_private.uuid7() not null
    name text not null
    kind text not null
    config jsonb default '{}'::jsonb not null
    integration_id uuid
    secret bytea
    key_id text
    min_severity text default 'info'::text not null
    kinds text[]
    is_enabled boolean default true not null
    failing_since timestamp with time zone
    last_error text
    created_at timestamp with time zone default aias_private.now() not null
    updated_at timestamp with time zone default aias_private.now() not null
alter table aias_private.channels add constraint channels_integration_fkey FOREIGN KEY (tenant_id, integration_id) REFERENCES aias_private.integrations(tenant_id, id) ON DELETE CASCADE;
alter table aias_private.channels add constraint channels_key_fkey FOREIGN KEY (key_id) REFERENCES aias_private.operator_keys(id) ON DELETE RESTRICT;
alter table aias_private.channels add constraint channels_name_key UNIQUE (tenant_id, name);
alter table aias_private.channels add constraint channels_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.channels add constraint config_is_an_object CHECK ((jsonb_typeof(config) = 'object'::text));
alter table aias_private.channels add constraint config_is_small CHECK ((octet_length((config)::text) <= 10000));
alter table aias_private.channels add constraint kind_is_known CHECK ((kind = ANY (ARRAY['email'::text, 'slack'::text, 'webhook'::text, 'dashboard'::text])));
alter table aias_private.channels add constraint kinds_are_few CHECK (((cardinality(kinds) >= 1) AND (cardinality(kinds) <= 50)));
alter table aias_private.channels add constraint min_severity_is_known CHECK ((min_severity = ANY (ARRAY['info'::text, 'warning'::text, 'critical'::text])));
alter table aias_private.channels add constraint name_is_a_word CHECK ((name ~ '^[a-z0-9][a-z0-9_-]{0,62}$'::text));
alter table aias_private.channels add constraint secret_is_in_one_place CHECK (
CASE
    WHEN (kind = 'dashboard'::text) THEN ((integration_id IS NULL) AND (secret IS NULL) AND (key_id IS NULL))
    WHEN (tenant_id = '00000000-0000-0000-0000-000000000000'::uuid) THEN ((integration_id IS NULL) AND (secret IS NOT NULL) AND (key_id IS NOT NULL))
    ELSE ((integration_id IS NOT NULL) AND (secret IS NULL) AND (key_id IS NULL))
END);
alter table aias_private.channels add constraint secret_is_sealed CHECK (((octet_length(secret) >= 29) AND (octet_length(secret) <= 100000)));
CREATE INDEX channels_failing_idx ON aias_private.channels USING btree (failing_since) WHERE (failing_since IS NOT NULL);
CREATE INDEX channels_integration_idx ON aias_private.channels USING btree (tenant_id, integration_id);
CREATE INDEX channels_key_idx ON aias_private.channels USING btree (key_id);
create policy tenant_isolation on aias_private.channels as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.channels is 'Where tenants and operators are told: by mail, in Slack, by a webhook, on the page.';
grant delete, insert, select, update on table aias_private.channels to aias_admin;
grant delete, insert, select, update on table aias_private.channels to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.check_audit()
 RETURNS TABLE(object text, problem text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.check_audit() is 'What is wrong with the audit log: its guards, its chain, and what was not sealed or verified in time.';
grant execute on function aias_private.check_audit() to aias_admin;
grant execute on function aias_private.check_audit() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.check_audit_chain(p_least bigint DEFAULT 100)
 RETURNS TABLE(kind text, ok boolean, checked bigint, first_bad_id uuid, reason text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.check_audit_chain(p_least bigint) is 'Verifies what was sealed since the last look, and a part of what was sealed before.';
grant execute on function aias_private.check_audit_chain(p_least bigint) to aias_admin;
grant execute on function aias_private.check_audit_chain(p_least bigint) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.check_audit_seal(p_seq bigint, OUT checked_count integer, OUT archived_count integer, OUT finding text, OUT bad_id uuid, OUT place integer)
 RETURNS record
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.check_audit_seal(p_seq bigint, OUT checked_count integer, OUT archived_count integer, OUT finding text, OUT bad_id uuid, OUT place integer) is 'Compares the rows under a seal of the audit log with what was sealed, and names the first that differs.';
grant execute on function aias_private.check_audit_seal(p_seq bigint, OUT checked_count integer, OUT archived_count integer, OUT finding text, OUT bad_id uuid, OUT place integer) to aias_admin;
grant execute on function aias_private.check_audit_seal(p_seq bigint, OUT checked_count integer, OUT archived_count integer, OUT finding text, OUT bad_id uuid, OUT place integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.check_bloat()
 RETURNS TABLE(object text, problem text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.check_bloat() is 'Tables that are mostly dead rows, and indexes that are more than twice as large as they need be.';
grant execute on function aias_private.check_bloat() to aias_admin;
grant execute on function aias_private.check_bloat() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.check_counters()
 RETURNS TABLE(object text, problem text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.check_counters() is 'Counts of metrics, usage and telemetry that do not agree with what they were counted from.';
grant execute on function aias_private.check_counters() to aias_admin;
grant execute on function aias_private.check_counters() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.check_indexes()
 RETURNS TABLE(object text, problem text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.check_indexes() is 'Indexes that a build which failed has left behind.';
grant execute on function aias_private.check_indexes() to aias_admin;
grant execute on function aias_private.check_indexes() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.check_integrations()
 RETURNS TABLE(object text, problem text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.check_integrations() is 'Connections that do not work by their last check, or were not checked in time.';
grant execute on function aias_private.check_integrations() to aias_admin;
grant execute on function aias_private.check_integrations() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.check_orphans()
 RETURNS TABLE(object text, problem text)
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.check_orphans() is 'The kinds of orphans of which there are any.';
grant execute on function aias_private.check_orphans() to aias_admin;
grant execute on function aias_private.check_orphans() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.check_partitions()
 RETURNS TABLE(object text, problem text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.check_partitions() is 'Tables without next month''s partition, or with rows outside their partitions.';
grant execute on function aias_private.check_partitions() to aias_admin;
grant execute on function aias_private.check_partitions() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.check_performance()
 RETURNS TABLE(object text, problem text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.check_performance() is 'Keeps last week''s figures, and gives what took more than twice as long as in the week before.';
grant execute on function aias_private.check_performance() to aias_admin;
grant execute on function aias_private.check_performance() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.check_plugins()
 RETURNS TABLE(object text, problem text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.check_plugins() is 'Plugins that workers had to leave out, and schemas of plugins that are not up to date.';
grant execute on function aias_private.check_plugins() to aias_admin;
grant execute on function aias_private.check_plugins() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.check_retention_unit(p_run uuid, p_item integer)
 RETURNS TABLE(verdict text, reason text, items integer[])
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.check_retention_unit(p_run uuid, p_item integer) is 'Whether a partition and what follows it may go now: retire, archive, rows or waiting.';
grant execute on function aias_private.check_retention_unit(p_run uuid, p_item integer) to aias_admin;
grant execute on function aias_private.check_retention_unit(p_run uuid, p_item integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.check_sequences()
 RETURNS TABLE(object text, problem text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.check_sequences() is 'Sequences that have used more than 80 % of their numbers.';
grant execute on function aias_private.check_sequences() to aias_admin;
grant execute on function aias_private.check_sequences() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.check_server()
 RETURNS TABLE(object text, problem text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.check_server() is 'What keeps the database from serving: a standby, too few connections, a transaction that is open for too long.';
grant execute on function aias_private.check_server() to aias_admin;
grant execute on function aias_private.check_server() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.check_slot(p_integration uuid, p_after timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.check_slot(p_integration uuid, p_after timestamp with time zone) is 'The next of a connection''s hourly times after a time.';
grant execute on function aias_private.check_slot(p_integration uuid, p_after timestamp with time zone) to aias_admin;
grant execute on function aias_private.check_slot(p_integration uuid, p_after timestamp with time zone) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.check_wraparound()
 RETURNS TABLE(object text, problem text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.check_wraparound() is 'Tables that are older than half of the transactions that PostgreSQL can tell apart.';
grant execute on function aias_private.check_wraparound() to aias_admin;
grant execute on function aias_private.check_wraparound() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.claim_answer(p_tenant uuid, p_key text, p_request_hash bytea)
 RETURNS TABLE(status integer, headers jsonb, body bytea)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.claim_answer(p_tenant uuid, p_key text, p_request_hash bytea) is 'Takes an idempotency key of an HTTP request, or gives the answer that was given under it.';
grant execute on function aias_private.claim_answer(p_tenant uuid, p_key text, p_request_hash bytea) to aias_admin;
grant execute on function aias_private.claim_answer(p_tenant uuid, p_key text, p_request_hash bytea) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.claim_backfill()
 RETURNS TABLE(tenant_id uuid, schedule_id uuid, id uuid, cron text, time_zone text, done_to timestamp with time zone, to_at timestamp with time zone)
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.claim_backfill() is 'Takes one backfill that is not done, for the caller''s transaction.';
grant execute on function aias_private.claim_backfill() to aias_admin;
grant execute on function aias_private.claim_backfill() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.claim_deliveries(p_holder text, p_limit integer, p_lease interval, p_delivery uuid)
 RETURNS TABLE(tenant_id uuid, id uuid, attempt_count integer, channel text, channel_kind text, config jsonb, sealed_id uuid, secret bytea, key_id text, wrapped_key bytea, master_key_id text, notice_id uuid, kind text, severity text, title text, body text, details jsonb, created_at timestamp with time zone, now timestamp with time zone, person jsonb)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.claim_deliveries(p_holder text, p_limit integer, p_lease interval, p_delivery uuid) is 'Takes notices that are due, under a lease, with their channels'' sealed secrets.';
grant execute on function aias_private.claim_deliveries(p_holder text, p_limit integer, p_lease interval, p_delivery uuid) to aias_admin;
grant execute on function aias_private.claim_deliveries(p_holder text, p_limit integer, p_lease interval, p_delivery uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.claim_execution(p_tenant uuid, p_execution uuid, p_job bigint, p_worker bigint)
 RETURNS TABLE(attempt integer, tenant_slug text, workflow_name text, workflow_id uuid, version integer, input jsonb, steps jsonb, depth integer, trace_parent text, correlation_id text, trace_state text, created_at timestamp with time zone, started_at timestamp with time zone)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.claim_execution(p_tenant uuid, p_execution uuid, p_job bigint, p_worker bigint) is 'Takes an execution under a new attempt, for the one job that it names.';
grant execute on function aias_private.claim_execution(p_tenant uuid, p_execution uuid, p_job bigint, p_worker bigint) to aias_admin;
grant execute on function aias_private.claim_execution(p_tenant uuid, p_execution uuid, p_job bigint, p_worker bigint) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.claim_executions(p_calls aias_private.engine_call[], p_answers jsonb[], p_now timestamp with time zone)
 RETURNS jsonb[]
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.claim_executions(p_calls aias_private.engine_call[], p_answers jsonb[], p_now timestamp with time zone) is 'Takes those executions of a group of calls that nobody held, each under a new attempt, and answers their calls.';
grant execute on function aias_private.claim_executions(p_calls aias_private.engine_call[], p_answers jsonb[], p_now timestamp with time zone) to aias_admin;
grant execute on function aias_private.claim_executions(p_calls aias_private.engine_call[], p_answers jsonb[], p_now timestamp with time zone) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.claim_jobs(p_queues text[], p_worker bigint, p_limit integer, p_is_thorough boolean)
 RETURNS TABLE(id bigint, queue_name text, task_name text, priority integer, lock text, queueing_lock text, args text, scheduled_at double precision, attempts integer, rescue_count integer, tenant_id uuid, correlation_id text, trace_parent text, trace_state text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET enable_seqscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
 SET "aias.engine_events" TO 'off';
comment on function aias_private.claim_jobs(p_queues text[], p_worker bigint, p_limit integer, p_is_thorough boolean) is 'Hands the next ready jobs of some queues (null: all) to a worker, shared out by the weights of the lanes.';
grant execute on function aias_private.claim_jobs(p_queues text[], p_worker bigint, p_limit integer, p_is_thorough boolean) to aias_admin;
grant execute on function aias_private.claim_jobs(p_queues text[], p_worker bigint, p_limit integer, p_is_thorough boolean) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.claim_reference(p_tenant uuid, p_integration uuid, p_kind text, p_reference text, p_holder text, p_lease interval)
 RETURNS TABLE(is_granted boolean, remote_id text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.claim_reference(p_tenant uuid, p_integration uuid, p_kind text, p_reference text, p_holder text, p_lease interval) is 'Grants one holder at a time the right to make the thing with this reference, and says what was made before.';
grant execute on function aias_private.claim_reference(p_tenant uuid, p_integration uuid, p_kind text, p_reference text, p_holder text, p_lease interval) to aias_admin;
grant execute on function aias_private.claim_reference(p_tenant uuid, p_integration uuid, p_kind text, p_reference text, p_holder text, p_lease interval) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.claim_refresh(p_tenant uuid, p_integration uuid, p_credential_version integer, p_holder text, p_lease interval)
 RETURNS TABLE(outcome text, kind text, name text, config jsonb, secret bytea, key_id text, wrapped_key bytea, master_key_id text, grant_type text, interrupted_at timestamp with time zone)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.claim_refresh(p_tenant uuid, p_integration uuid, p_credential_version integer, p_holder text, p_lease interval) is 'Asks for the right to refresh a connection''s tokens; gives its sealed secret to whoever gets it.';
grant execute on function aias_private.claim_refresh(p_tenant uuid, p_integration uuid, p_credential_version integer, p_holder text, p_lease interval) to aias_admin;
grant execute on function aias_private.claim_refresh(p_tenant uuid, p_integration uuid, p_credential_version integer, p_holder text, p_lease interval) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.claim_schedule()
 RETURNS TABLE(tenant_id uuid, id uuid, name text, cron text, time_zone text, catch_up text, catch_up_limit integer, starts_at timestamp with time zone, ends_at timestamp with time zone, horizon_at timestamp with time zone, now timestamp with time zone)
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.claim_schedule() is 'Takes one schedule that is due, for the caller''s transaction.';
grant execute on function aias_private.claim_schedule() to aias_admin;
grant execute on function aias_private.claim_schedule() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.close_partition(p_table text, p_partition text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.close_partition(p_table text, p_partition text) is 'Makes a new partition as closed as its table.';
grant execute on function aias_private.close_partition(p_table text, p_partition text) to aias_admin;
grant execute on function aias_private.close_partition(p_table text, p_partition text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.close_steps(p_tenant uuid, p_execution uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.close_steps(p_tenant uuid, p_execution uuid) is 'Ends the steps that are open when their execution ends.';
grant execute on function aias_private.close_steps(p_tenant uuid, p_execution uuid) to aias_admin;
grant execute on function aias_private.close_steps(p_tenant uuid, p_execution uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.closed_gate(p_tenant uuid, p_kinds text[])
 RETURNS TABLE(gate text, reason text, until timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.closed_gate(p_tenant uuid, p_kinds text[]) is 'The gate of these kinds that is closed for a tenant, the one for longest first.';
grant execute on function aias_private.closed_gate(p_tenant uuid, p_kinds text[]) to aias_admin;
grant execute on function aias_private.closed_gate(p_tenant uuid, p_kinds text[]) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.collect_telemetry_charges(p_tenants uuid[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.collect_telemetry_charges(p_tenants uuid[]) is 'Counts events that were tracked in applications'' own transactions into the rates of their tenants.';
grant execute on function aias_private.collect_telemetry_charges(p_tenants uuid[]) to aias_admin;
grant execute on function aias_private.collect_telemetry_charges(p_tenants uuid[]) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.copy_execution(p_tenant uuid, p_execution uuid, p_from_step text, p_input_patch jsonb, p_version integer, p_run_at timestamp with time zone)
 RETURNS uuid
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.copy_execution(p_tenant uuid, p_execution uuid, p_from_step text, p_input_patch jsonb, p_version integer, p_run_at timestamp with time zone) is 'Starts a new execution from another one''s input and checkpoints.';
grant execute on function aias_private.copy_execution(p_tenant uuid, p_execution uuid, p_from_step text, p_input_patch jsonb, p_version integer, p_run_at timestamp with time zone) to aias_admin;
grant execute on function aias_private.copy_execution(p_tenant uuid, p_execution uuid, p_from_step text, p_input_patch jsonb, p_version integer, p_run_at timestamp with time zone) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.count_executions()
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.count_executions() is 'Counts the executions that have ended or begun since the last time, and says whether nothing is left.';
grant execute on function aias_private.count_executions() to aias_admin;
grant execute on function aias_private.count_executions() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.count_strays()
 RETURNS TABLE(table_name text, row_count bigint)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.count_strays() is 'How many steps, events, signals, effects and gate waiters there are of executions that are gone, by table.';
grant execute on function aias_private.count_strays() to aias_admin;
grant execute on function aias_private.count_strays() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.count_upstream_calls(p_calls jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.count_upstream_calls(p_calls jsonb) is 'Adds calls to the counts of their minute and to the windows of the breakers.';
grant execute on function aias_private.count_upstream_calls(p_calls jsonb) to aias_admin;
grant execute on function aias_private.count_upstream_calls(p_calls jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.cron_field(p_field text, p_value text)
 RETURNS integer[]
 LANGUAGE plpgsql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.cron_field(p_field text, p_value text) is 'The values that a field of a cron expression stands for.';
grant execute on function aias_private.cron_field(p_field text, p_value text) to aias_admin;
grant execute on function aias_private.cron_field(p_field text, p_value text) to aias_worker;

create table aias_private.dashboard_looks enable row level security force row level security;
    tenant_id uuid not null
    session_id uuid not null
    looked_at timestamp with time zone not null
alter table aias_private.dashboard_looks add constraint dashboard_looks_pkey PRIMARY KEY (tenant_id, session_id);
CREATE INDEX dashboard_looks_looked_at_idx ON aias_private.dashboard_looks USING btree (looked_at);
CREATE INDEX dashboard_looks_session_idx ON aias_private.dashboard_looks USING btree (session_id);
create policy tenant_isolation on aias_private.dashboard_looks as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.dashboard_looks is 'When an operator''s look into a tenant was last written to the audit log, by session.';
grant delete, insert, select, update on table aias_private.dashboard_looks to aias_admin;
grant delete, insert, select, update on table aias_private.dashboard_looks to aias_worker;

create table aias_private.dashboard_sessions enable row level security force row level security;
    tenant_id uuid default '00000000-0000-0000-0000-000000000000'::uuid not null
    id uuid default aias_private.uuid7() not null
    token_hash bytea not null
    user_id uuid
    key_id text
    looks_at uuid
    created_at timestamp with time zone default aias_private.now() not null
    seen_at timestamp with time zone default aias_private.now() not null
    expires_at timestamp with time zone not null
alter table aias_private.dashboard_sessions add constraint dashboard_sessions_key_fkey FOREIGN KEY (tenant_id, key_id) REFERENCES aias_private.api_keys(tenant_id, id) ON DELETE CASCADE;
alter table aias_private.dashboard_sessions add constraint dashboard_sessions_looks_at_fkey FOREIGN KEY (looks_at) REFERENCES aias_private.tenants(id) ON DELETE SET NULL;
alter table aias_private.dashboard_sessions add constraint dashboard_sessions_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.dashboard_sessions add constraint dashboard_sessions_user_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES aias_private.users(tenant_id, id) ON DELETE CASCADE;
alter table aias_private.dashboard_sessions add constraint looks_at_is_an_operators CHECK (((looks_at IS NULL) OR (tenant_id = '00000000-0000-0000-0000-000000000000'::uuid)));
alter table aias_private.dashboard_sessions add constraint token_hash_is_sha256 CHECK ((octet_length(token_hash) = 32));
alter table aias_private.dashboard_sessions add constraint user_or_key_is_set CHECK ((num_nonnulls(user_id, key_id) = 1));
CREATE INDEX dashboard_sessions_expires_idx ON aias_private.dashboard_sessions USING btree (expires_at);
CREATE INDEX dashboard_sessions_key_idx ON aias_private.dashboard_sessions USING btree (tenant_id, key_id);
CREATE INDEX dashboard_sessions_looks_at_idx ON aias_private.dashboard_sessions USING btree (looks_at);
CREATE UNIQUE INDEX dashboard_sessions_token_idx ON aias_private.dashboard_sessions USING btree (token_hash);
CREATE INDEX dashboard_sessions_user_idx ON aias_private.dashboard_sessions USING btree (tenant_id, user_id);
create policy tenant_isolation on aias_private.dashboard_sessions as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.dashboard_sessions is 'Who is signed in to the dashboard, by the hash of the cookie.';
grant delete, insert, select, update on table aias_private.dashboard_sessions to aias_admin;
grant delete, insert, select, update on table aias_private.dashboard_sessions to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.database_figures()
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.database_figures() is 'Sizes, dead rows, reads from memory, and large indexes that nothing reads.';
grant execute on function aias_private.database_figures() to aias_admin;
grant execute on function aias_private.database_figures() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.database_statements()
 RETURNS TABLE(statement text, call_count bigint, total_ms double precision, max_ms double precision, row_count bigint, block_hit_rate numeric)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.database_statements() is 'What pg_stat_statements says of our statements; no rows where it is not installed.';
grant execute on function aias_private.database_statements() to aias_admin;
grant execute on function aias_private.database_statements() to aias_analyst;
grant execute on function aias_private.database_statements() to aias_worker;

create table aias_private.dead_letters enable row level security force row level security;
    tenant_id uuid default '00000000-0000-0000-0000-000000000000'::uuid not null
    id uuid default aias_private.uuid7() not null
    kind text not null
    execution_id uuid
    job_id bigint
    reason text not null
    error jsonb not null
    snapshot jsonb not null
    created_at timestamp with time zone default aias_private.now() not null
    resolution text
    resolved_at timestamp with time zone
    resolved_by text
    resolved_reason text
    fuse_id uuid
alter table aias_private.dead_letters add constraint dead_letters_fuse_fkey FOREIGN KEY (tenant_id, fuse_id) REFERENCES aias_private.fuses(tenant_id, id) ON DELETE SET NULL (fuse_id);
alter table aias_private.dead_letters add constraint dead_letters_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.dead_letters add constraint execution_set_for_executions CHECK (((execution_id IS NOT NULL) = (kind = 'execution'::text)));
alter table aias_private.dead_letters add constraint kind_is_known CHECK ((kind = ANY (ARRAY['execution'::text, 'job'::text])));
alter table aias_private.dead_letters add constraint resolution_is_known CHECK ((resolution = ANY (ARRAY['requeued'::text, 'discarded'::text])));
alter table aias_private.dead_letters add constraint resolved_at_set_when_resolved CHECK (((resolved_at IS NOT NULL) = (resolution IS NOT NULL)));
CREATE INDEX dead_letters_execution_idx ON aias_private.dead_letters USING btree (execution_id) WHERE (execution_id IS NOT NULL);
CREATE INDEX dead_letters_fuse_idx ON aias_private.dead_letters USING btree (tenant_id, fuse_id, id) WHERE (fuse_id IS NOT NULL);
CREATE INDEX dead_letters_id_idx ON aias_private.dead_letters USING btree (id);
CREATE UNIQUE INDEX dead_letters_open_execution_key ON aias_private.dead_letters USING btree (tenant_id, execution_id) WHERE ((execution_id IS NOT NULL) AND (resolution IS NULL));
CREATE TRIGGER aias_hear_dead_letter AFTER INSERT ON aias_private.dead_letters FOR EACH ROW WHEN ((new.execution_id IS NOT NULL)) EXECUTE FUNCTION aias_private.hear_dead_letter();
create policy tenant_isolation on aias_private.dead_letters as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.dead_letters is 'Executions and jobs that gave up. The nil tenant stands for none.';
grant delete, insert, select, update on table aias_private.dead_letters to aias_admin;
grant delete, insert, select, update on table aias_private.dead_letters to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.decide_on_error(p_error uuid, p_status text, p_action text, p_reason text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.decide_on_error(p_error uuid, p_status text, p_action text, p_reason text) is 'Gives a group of errors another status.';
grant execute on function aias_private.decide_on_error(p_error uuid, p_status text, p_action text, p_reason text) to aias_admin;
grant execute on function aias_private.decide_on_error(p_error uuid, p_status text, p_action text, p_reason text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.defer_checks(p_limit integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.defer_checks(p_limit integer) is 'Enqueues a job for every connection whose check is due, and returns how many.';
grant execute on function aias_private.defer_checks(p_limit integer) to aias_admin;
grant execute on function aias_private.defer_checks(p_limit integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.defer_step(p_step aias_private.steps, p_change jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.defer_step(p_step aias_private.steps, p_change jsonb) is 'Lets a step wait that was put off before anything was done, without counting an attempt.';
grant execute on function aias_private.defer_step(p_step aias_private.steps, p_change jsonb) to aias_admin;
grant execute on function aias_private.defer_step(p_step aias_private.steps, p_change jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.delete_expired(p_run uuid, p_item integer)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.delete_expired(p_run uuid, p_item integer) is 'Deletes or anonymizes one batch of rows that are too old; tells whether more is to be done.';
grant execute on function aias_private.delete_expired(p_run uuid, p_item integer) to aias_admin;
grant execute on function aias_private.delete_expired(p_run uuid, p_item integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.delete_waiting_job(p_job bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.delete_waiting_job(p_job bigint) is 'Deletes a job that has not started; false when it has.';
grant execute on function aias_private.delete_waiting_job(p_job bigint) to aias_admin;
grant execute on function aias_private.delete_waiting_job(p_job bigint) to aias_worker;

create view aias_private.delivery_spans as
 SELECT d.tenant_id,
    d.id AS key,
    aias_private.trace_id(d.id, d.trace_parent) AS trace_id,
    aias_private.span_id(d.id) AS span_id,
    NULLIF(split_part(d.trace_parent, '-'::text, 3), ''::text) AS parent_span_id,
    COALESCE(d.correlation_id, aias_private.trace_id(d.id, d.trace_parent)) AS correlation_id,
    'webhook_in'::text AS kind,
    (COALESCE(w.name, 'a removed webhook'::text) || COALESCE((': '::text || d.topic), ''::text)) AS name,
    d.received_at AS started_at,
    d.received_at AS finished_at,
    d.status,
    d.request_id,
    d.execution_id,
    NULL::text AS step,
    NULL::integer AS item,
    NULL::integer AS attempt,
    jsonb_strip_nulls(jsonb_build_object('delivery', d.id, 'delivery_id', d.delivery_id, 'duplicate_count', NULLIF(d.duplicate_count, 0), 'error', (d.error ->> 'message'::text))) AS detail
   FROM (aias_private.webhook_deliveries d
     LEFT JOIN aias_private.webhooks w ON (((d.tenant_id = w.tenant_id) AND (d.webhook_id = w.id))));
comment on view aias_private.delivery_spans is 'What came in by webhooks, as aias.traces has it.';
grant delete, insert, select, update on table aias_private.delivery_spans to aias_admin;
grant delete, insert, select, update on table aias_private.delivery_spans to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.divert(p_is_first boolean, p_limit integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.divert(p_is_first boolean, p_limit integer) is 'Sends what the blown fuses hold to the dead letters, and says how many.';
grant execute on function aias_private.divert(p_is_first boolean, p_limit integer) to aias_admin;
grant execute on function aias_private.divert(p_is_first boolean, p_limit integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.divert_execution(p_tenant uuid, p_execution uuid, p_job bigint, p_fuse uuid, p_reason text)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.divert_execution(p_tenant uuid, p_execution uuid, p_job bigint, p_fuse uuid, p_reason text) is 'Ends an execution that a blown fuse keeps from going on, as a dead letter that names the fuse.';
grant execute on function aias_private.divert_execution(p_tenant uuid, p_execution uuid, p_job bigint, p_fuse uuid, p_reason text) to aias_admin;
grant execute on function aias_private.divert_execution(p_tenant uuid, p_execution uuid, p_job bigint, p_fuse uuid, p_reason text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.divert_jobs(p_tenant uuid, p_fuse uuid, p_task text, p_parked_for text, p_reason text, p_is_first boolean, p_limit integer)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.divert_jobs(p_tenant uuid, p_fuse uuid, p_task text, p_parked_for text, p_reason text, p_is_first boolean, p_limit integer) is 'Puts the jobs of a blown fuse among the dead letters and says how many.';
grant execute on function aias_private.divert_jobs(p_tenant uuid, p_fuse uuid, p_task text, p_parked_for text, p_reason text, p_is_first boolean, p_limit integer) to aias_admin;
grant execute on function aias_private.divert_jobs(p_tenant uuid, p_fuse uuid, p_task text, p_parked_for text, p_reason text, p_is_first boolean, p_limit integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.doubt_effect(p_tenant uuid, p_execution uuid, p_attempt integer, p_step text, p_item integer, p_part text, p_is_final boolean)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.doubt_effect(p_tenant uuid, p_execution uuid, p_attempt integer, p_step text, p_item integer, p_part text, p_is_final boolean) is 'Notes that a call is over and its outcome not known; for good when nothing can find it out.';
grant execute on function aias_private.doubt_effect(p_tenant uuid, p_execution uuid, p_attempt integer, p_step text, p_item integer, p_part text, p_is_final boolean) to aias_admin;
grant execute on function aias_private.doubt_effect(p_tenant uuid, p_execution uuid, p_attempt integer, p_step text, p_item integer, p_part text, p_is_final boolean) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.doubt_effects(p_tenant uuid, p_execution uuid, p_step text, p_item integer)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.doubt_effects(p_tenant uuid, p_execution uuid, p_step text, p_item integer) is 'Puts in doubt what a step, or a whole execution, has begun outside and will not look for any more.';
grant execute on function aias_private.doubt_effects(p_tenant uuid, p_execution uuid, p_step text, p_item integer) to aias_admin;
grant execute on function aias_private.doubt_effects(p_tenant uuid, p_execution uuid, p_step text, p_item integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.drain_strays(p_run uuid, p_item integer)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET lock_timeout TO '100ms';
comment on function aias_private.drain_strays(p_run uuid, p_item integer) is 'Moves the rows of a default partition to the partitions of their months.';
grant execute on function aias_private.drain_strays(p_run uuid, p_item integer) to aias_admin;
grant execute on function aias_private.drain_strays(p_run uuid, p_item integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.drop_retired(p_run uuid, p_item integer)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET lock_timeout TO '100ms';
comment on function aias_private.drop_retired(p_run uuid, p_item integer) is 'Drops a partition that was taken out of its table.';
grant execute on function aias_private.drop_retired(p_run uuid, p_item integer) to aias_admin;
grant execute on function aias_private.drop_retired(p_run uuid, p_item integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.drop_tenant_keys(p_tenant uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.drop_tenant_keys(p_tenant uuid) is 'Forgets a tenant''s retired keys that nothing needs any more, and returns how many.';
grant execute on function aias_private.drop_tenant_keys(p_tenant uuid) to aias_admin;
grant execute on function aias_private.drop_tenant_keys(p_tenant uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.due_refreshes(p_ahead interval, p_limit integer)
 RETURNS TABLE(tenant_id uuid, integration_id uuid, credential_version integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.due_refreshes(p_ahead interval, p_limit integer) is 'Lists the connections whose tokens end soon and can be refreshed now.';
grant execute on function aias_private.due_refreshes(p_ahead interval, p_limit integer) to aias_admin;
grant execute on function aias_private.due_refreshes(p_ahead interval, p_limit integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.due_tellings()
 RETURNS TABLE(tenant_id uuid, alert_id uuid, audience text, recipient uuid, phase text, is_silenced boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.due_tellings() is 'The alerts that tenants or operators are to be told of just now.';
grant execute on function aias_private.due_tellings() to aias_admin;
grant execute on function aias_private.due_tellings() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.due_views()
 RETURNS TABLE(name text)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.due_views() is 'The materialized views that are to be refreshed now.';
grant execute on function aias_private.due_views() to aias_admin;
grant execute on function aias_private.due_views() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.due_workflow_jobs(p_workflow uuid, p_parked_for text, p_limit integer)
 RETURNS TABLE(job_id bigint, execution_id uuid)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.due_workflow_jobs(p_workflow uuid, p_parked_for text, p_limit integer) is 'The jobs that would advance executions of a workflow now, with their executions.';
grant execute on function aias_private.due_workflow_jobs(p_workflow uuid, p_parked_for text, p_limit integer) to aias_admin;
grant execute on function aias_private.due_workflow_jobs(p_workflow uuid, p_parked_for text, p_limit integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.due_workflows(p_until timestamp with time zone)
 RETURNS TABLE(tenant_id uuid, workflow_id uuid, name text, is_told boolean)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.due_workflows(p_until timestamp with time zone) is 'The workflows that nobody has run since a time.';
grant execute on function aias_private.due_workflows(p_until timestamp with time zone) to aias_admin;
grant execute on function aias_private.due_workflows(p_until timestamp with time zone) to aias_worker;

create table aias_private.effects partition by RANGE (execution_id) enable row level security force row level security;
    tenant_id uuid not null
    execution_id uuid not null
    step_id text not null
    item integer default '-1'::integer not null
    part text default ''::text not null
    operation text not null
    connection text
    request_hash bytea not null
    idempotency_key uuid not null
    state text default 'intended'::text not null
    response jsonb
    attempt integer not null
    send_count integer default 1 not null
    begun_at timestamp with time zone default aias_private.now() not null
    held_until timestamp with time zone
    doubted_at timestamp with time zone
    settled_at timestamp with time zone
    resolved_by text
    resolved_comment text
alter table aias_private.effects add constraint connection_is_short CHECK (((length(connection) >= 1) AND (length(connection) <= 200)));
alter table aias_private.effects add constraint doubted_at_set_when_in_doubt CHECK (((state <> 'in_doubt'::text) OR (doubted_at IS NOT NULL)));
alter table aias_private.effects add constraint effects_pkey PRIMARY KEY (tenant_id, execution_id, step_id, item, part);
alter table aias_private.effects add constraint held_until_unset_when_settled CHECK (((held_until IS NULL) OR (settled_at IS NULL)));
alter table aias_private.effects add constraint operation_is_short CHECK (((length(operation) >= 1) AND (length(operation) <= 100)));
alter table aias_private.effects add constraint part_is_a_word CHECK ((part ~ '^[a-z0-9_.-]{0,63}$'::text));
alter table aias_private.effects add constraint request_hash_is_sha256 CHECK ((octet_length(request_hash) = 32));
alter table aias_private.effects add constraint response_is_small CHECK ((octet_length((response)::text) <= 100000));
alter table aias_private.effects add constraint response_unset_when_not_done CHECK (((response IS NULL) OR (state = 'done'::text)));
alter table aias_private.effects add constraint send_count_is_positive CHECK ((send_count > 0));
alter table aias_private.effects add constraint settled_at_set_when_settled CHECK (((settled_at IS NOT NULL) = (state = ANY (ARRAY['done'::text, 'refused'::text]))));
alter table aias_private.effects add constraint state_is_known CHECK ((state = ANY (ARRAY['intended'::text, 'done'::text, 'refused'::text, 'in_doubt'::text])));
CREATE INDEX effects_in_doubt_idx ON ONLY aias_private.effects USING btree (tenant_id, doubted_at) WHERE (state = 'in_doubt'::text);
CREATE TRIGGER aias_hear_effect AFTER UPDATE OF state ON aias_private.effects FOR EACH ROW WHEN (((new.state = 'in_doubt'::text) AND (old.state <> 'in_doubt'::text))) EXECUTE FUNCTION aias_private.hear_effect();
create policy tenant_isolation on aias_private.effects as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.effects is 'The ledger of effects: one row for each call that changes something outside, written before it is made.';
grant delete, insert, select, update on table aias_private.effects to aias_admin;
grant delete, insert, select, update on table aias_private.effects to aias_worker;

create table aias_private.effects_default partition of aias_private.effects default;
grant delete, insert, select, update on table aias_private.effects_default to aias_admin;
grant delete, insert, select, update on table aias_private.effects_default to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.emit_own_event(p_tenant uuid, p_type text, p_subject text, p_payload jsonb, p_execution uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.emit_own_event(p_tenant uuid, p_type text, p_subject text, p_payload jsonb, p_execution uuid) is 'Says as an event what happened to a tenant''s connections and executions.';
grant execute on function aias_private.emit_own_event(p_tenant uuid, p_type text, p_subject text, p_payload jsonb, p_execution uuid) to aias_admin;
grant execute on function aias_private.emit_own_event(p_tenant uuid, p_type text, p_subject text, p_payload jsonb, p_execution uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.end_cached(p_tenant uuid, p_namespace text, p_key text, p_lease uuid, p_value jsonb, p_ttl interval)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.end_cached(p_tenant uuid, p_namespace text, p_key text, p_lease uuid, p_value jsonb, p_ttl interval) is 'Stores what was computed under a lease of the cache, or gives the lease back.';
grant execute on function aias_private.end_cached(p_tenant uuid, p_namespace text, p_key text, p_lease uuid, p_value jsonb, p_ttl interval) to aias_admin;
grant execute on function aias_private.end_cached(p_tenant uuid, p_namespace text, p_key text, p_lease uuid, p_value jsonb, p_ttl interval) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.end_retention(p_run uuid)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.end_retention(p_run uuid) is 'Ends a run of retention whose items are all settled; returns its status.';
grant execute on function aias_private.end_retention(p_run uuid) to aias_admin;
grant execute on function aias_private.end_retention(p_run uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.end_session(p_token_hash bytea, p_everywhere boolean)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.end_session(p_token_hash bytea, p_everywhere boolean) is 'Signs out of the dashboard: this session, or all of the same person or key; returns how many ended.';
grant execute on function aias_private.end_session(p_token_hash bytea, p_everywhere boolean) to aias_admin;
grant execute on function aias_private.end_session(p_token_hash bytea, p_everywhere boolean) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.end_task_run(p_schedule uuid, p_due_at timestamp with time zone, p_job bigint, p_error jsonb)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.end_task_run(p_schedule uuid, p_due_at timestamp with time zone, p_job bigint, p_error jsonb) is 'Notes how the run of a system schedule ended.';
grant execute on function aias_private.end_task_run(p_schedule uuid, p_due_at timestamp with time zone, p_job bigint, p_error jsonb) to aias_admin;
grant execute on function aias_private.end_task_run(p_schedule uuid, p_due_at timestamp with time zone, p_job bigint, p_error jsonb) to aias_worker;

create type aias_private.engine_call as (place integer, verb text, tenant_id uuid, execution_id uuid, attempt integer, changes jsonb, has_plain_changes boolean, call jsonb, is_busy boolean, is_current boolean, has_parent boolean);
comment on type aias_private.engine_call is 'One of the calls that an engine makes together, and what was found when its execution was locked.';

CREATE OR REPLACE FUNCTION aias_private.engine_calls(p_calls jsonb, p_is_alone boolean)
 RETURNS aias_private.engine_call[]
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.engine_calls(p_calls jsonb, p_is_alone boolean) is 'Locks the executions of a group of calls, as far as nobody else holds them, and gives the calls with what was found.';
grant execute on function aias_private.engine_calls(p_calls jsonb, p_is_alone boolean) to aias_admin;
grant execute on function aias_private.engine_calls(p_calls jsonb, p_is_alone boolean) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.enrol_trials()
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.enrol_trials() is 'Puts the people of tenants whose trial has begun into the sequences of the trial; returns how many.';
grant execute on function aias_private.enrol_trials() to aias_admin;
grant execute on function aias_private.enrol_trials() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.enrol_user(p_user uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.enrol_user(p_user uuid) is 'Puts a new person into the sequences that start with the sign-up, once; returns into how many.';
grant execute on function aias_private.enrol_user(p_user uuid) to aias_admin;
grant execute on function aias_private.enrol_user(p_user uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.ensure_partitions(p_months_ahead integer)
 RETURNS TABLE(partition_name text, problem text)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.ensure_partitions(p_months_ahead integer) is 'Makes the monthly partitions of every growing table for the months to come, and says what it made.';
grant execute on function aias_private.ensure_partitions(p_months_ahead integer) to aias_admin;
grant execute on function aias_private.ensure_partitions(p_months_ahead integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.enter_upstream(p_calls jsonb)
 RETURNS TABLE(place integer, verdict text, wait_seconds double precision, until timestamp with time zone, gate text, told text, is_probe boolean, ahead_count integer, ahead_points integer, has_place boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.enter_upstream(p_calls jsonb) is 'Says of calls whether they may be made now, and takes them from their limits; else what keeps them, and until when.';
grant execute on function aias_private.enter_upstream(p_calls jsonb) to aias_admin;
grant execute on function aias_private.enter_upstream(p_calls jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.erase_batch(p_erasure uuid, p_limit integer)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.erase_batch(p_erasure uuid, p_limit integer) is 'Goes on with an erasure by one batch; true while there is more.';
grant execute on function aias_private.erase_batch(p_erasure uuid, p_limit integer) to aias_admin;
grant execute on function aias_private.erase_batch(p_erasure uuid, p_limit integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.erase_rows(p_name text, p_tenant uuid, p_is_global boolean, p_email_pattern text, p_id_pattern text, p_pseudonym text, p_after text[], p_limit integer)
 RETURNS TABLE(last_key text[], scanned_count bigint, deleted_count bigint, anonymized_count bigint)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.erase_rows(p_name text, p_tenant uuid, p_is_global boolean, p_email_pattern text, p_id_pattern text, p_pseudonym text, p_after text[], p_limit integer) is 'Takes a person out of the next rows of a table; gives the key of the last row, null at the end.';
grant execute on function aias_private.erase_rows(p_name text, p_tenant uuid, p_is_global boolean, p_email_pattern text, p_id_pattern text, p_pseudonym text, p_after text[], p_limit integer) to aias_admin;
grant execute on function aias_private.erase_rows(p_name text, p_tenant uuid, p_is_global boolean, p_email_pattern text, p_id_pattern text, p_pseudonym text, p_after text[], p_limit integer) to aias_worker;

create table aias_private.erasure_items enable row level security force row level security;
    tenant_id uuid not null
    erasure_id uuid not null
    table_name text not null
    is_global boolean not null
    position integer not null
    last_key text[]
    is_done boolean default false not null
    scanned_count bigint default 0 not null
    deleted_count bigint default 0 not null
    anonymized_count bigint default 0 not null
alter table aias_private.erasure_items add constraint erasure_items_erasure_fkey FOREIGN KEY (tenant_id, erasure_id) REFERENCES aias_private.erasures(tenant_id, id) ON DELETE CASCADE;
alter table aias_private.erasure_items add constraint erasure_items_pkey PRIMARY KEY (tenant_id, erasure_id, table_name, is_global);
create policy tenant_isolation on aias_private.erasure_items as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.erasure_items is 'How far each erasure is in each table, and what it did there.';
grant delete, insert, select, update on table aias_private.erasure_items to aias_admin;
grant delete, insert, select, update on table aias_private.erasure_items to aias_worker;

create table aias_private.erasures enable row level security force row level security;
    tenant_id uuid not null
    id uuid default aias_private.uuid7() not null
    subject_hash bytea not null
    email_hash bytea not null
    pseudonym text not null
    subject_id uuid
    subject_email text
    status text default 'running'::text not null
    pass integer default 1 not null
    reason text not null
    requested_by text not null
    requested_at timestamp with time zone default aias_private.now() not null
    finished_at timestamp with time zone
    certificate jsonb
alter table aias_private.erasures add constraint certificate_set_when_done CHECK ((((certificate IS NOT NULL) = (status = 'done'::text)) AND ((finished_at IS NOT NULL) = (status = 'done'::text))));
alter table aias_private.erasures add constraint erasures_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.erasures add constraint erasures_subject_key UNIQUE (tenant_id, subject_hash);
alter table aias_private.erasures add constraint hashes_are_sha256 CHECK (((octet_length(subject_hash) = 32) AND (octet_length(email_hash) = 32)));
alter table aias_private.erasures add constraint pass_is_1_or_2 CHECK ((pass = ANY (ARRAY[1, 2])));
alter table aias_private.erasures add constraint reason_is_short CHECK (((length(reason) >= 1) AND (length(reason) <= 2000)));
alter table aias_private.erasures add constraint status_is_known CHECK ((status = ANY (ARRAY['running'::text, 'done'::text])));
alter table aias_private.erasures add constraint subject_is_known_while_running CHECK ((num_nulls(subject_id, subject_email) =
CASE status
    WHEN 'running'::text THEN 0
    ELSE 2
END));
CREATE INDEX erasures_email_idx ON aias_private.erasures USING btree (email_hash);
CREATE INDEX erasures_id_idx ON aias_private.erasures USING btree (id);
CREATE INDEX erasures_subject_idx ON aias_private.erasures USING btree (subject_hash);
create policy tenant_isolation on aias_private.erasures as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.erasures is 'Who was erased, by hash only, with the certificate; what is restored from an archive is erased by it again.';
grant delete, insert, select, update on table aias_private.erasures to aias_admin;
grant delete, insert, select, update on table aias_private.erasures to aias_worker;

create table aias_private.error_groups;
    id uuid default aias_private.uuid7() not null
    fingerprint text not null
    type text not null
    message text not null
    frames text[] not null
    status text default 'open'::text not null
    first_seen_at timestamp with time zone not null
    last_seen_at timestamp with time zone not null
    failure_count bigint not null
    sample jsonb not null
    executions uuid[] not null
    minute_at timestamp with time zone not null
    minute_count bigint not null
    status_at timestamp with time zone
    status_by text
    status_reason text
    reopened_at timestamp with time zone
    reopen_count integer default 0 not null
alter table aias_private.error_groups add constraint error_groups_fingerprint_key UNIQUE (fingerprint);
alter table aias_private.error_groups add constraint error_groups_pkey PRIMARY KEY (id);
alter table aias_private.error_groups add constraint status_at_set_when_decided CHECK (((status = 'open'::text) OR (status_at IS NOT NULL)));
alter table aias_private.error_groups add constraint status_is_known CHECK ((status = ANY (ARRAY['open'::text, 'resolved'::text, 'ignored'::text])));
CREATE INDEX error_groups_last_seen_idx ON aias_private.error_groups USING btree (last_seen_at, id);
comment on table aias_private.error_groups is 'Errors that are the same: type, message and place.';
grant delete, insert, select, update on table aias_private.error_groups to aias_admin;
grant delete, insert, select, update on table aias_private.error_groups to aias_worker;

create table aias_private.error_occurrences partition by RANGE (id) enable row level security force row level security;
    tenant_id uuid not null
    id uuid not null
    group_id uuid not null
    at timestamp with time zone not null
    source text not null
    name text not null
    message text not null
    execution_id uuid
    step text
    job_id bigint
    correlation_id text
    trace_id text
    request_id text
    traceback text
    process text not null
alter table aias_private.error_occurrences add constraint error_occurrences_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.error_occurrences add constraint source_is_known CHECK ((source = ANY (ARRAY['step'::text, 'job'::text, 'request'::text, 'periodic'::text, 'log'::text])));
CREATE INDEX error_occurrences_group_idx ON ONLY aias_private.error_occurrences USING btree (group_id, id);
create policy tenant_isolation on aias_private.error_occurrences as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.error_occurrences is 'Single failures: of each group the first of a minute.';
grant delete, insert, select, update on table aias_private.error_occurrences to aias_admin;
grant delete, insert, select, update on table aias_private.error_occurrences to aias_worker;

create table aias_private.error_occurrences_default partition of aias_private.error_occurrences default;
grant delete, insert, select, update on table aias_private.error_occurrences_default to aias_admin;
grant delete, insert, select, update on table aias_private.error_occurrences_default to aias_worker;

create table aias_private.error_recorders;
    id uuid not null
    batch bigint not null
    at timestamp with time zone default aias_private.now() not null
alter table aias_private.error_recorders add constraint error_recorders_pkey PRIMARY KEY (id);
comment on table aias_private.error_recorders is 'The last batch of errors that each process has written.';
grant delete, insert, select, update on table aias_private.error_recorders to aias_admin;
grant delete, insert, select, update on table aias_private.error_recorders to aias_worker;

create table aias_private.error_tenants enable row level security force row level security;
    tenant_id uuid not null
    group_id uuid not null
    first_seen_at timestamp with time zone not null
    last_seen_at timestamp with time zone not null
    failure_count bigint not null
    sample jsonb not null
    executions uuid[] not null
alter table aias_private.error_tenants add constraint error_tenants_group_fkey FOREIGN KEY (group_id) REFERENCES aias_private.error_groups(id) ON DELETE CASCADE;
alter table aias_private.error_tenants add constraint error_tenants_pkey PRIMARY KEY (tenant_id, group_id);
CREATE INDEX error_tenants_group_idx ON aias_private.error_tenants USING btree (group_id, last_seen_at);
create policy tenant_isolation on aias_private.error_tenants as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.error_tenants is 'What each tenant has of a group of errors; the nil tenant is the system itself.';
grant delete, insert, select, update on table aias_private.error_tenants to aias_admin;
grant delete, insert, select, update on table aias_private.error_tenants to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.evaluate_alerts()
 RETURNS TABLE(rule text, problem text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.evaluate_alerts() is 'Applies every alert rule and puts the notices that are due into the outbox; returns the rules that could not be applied.';
grant execute on function aias_private.evaluate_alerts() to aias_admin;
grant execute on function aias_private.evaluate_alerts() to aias_worker;

create table aias_private.event_deliveries partition by RANGE (event_id) enable row level security force row level security;
    tenant_id uuid not null
    event_id uuid not null
    subscription_id uuid not null
    status text not null
    execution_id uuid
    error jsonb
    created_at timestamp with time zone default aias_private.now() not null
    settled_at timestamp with time zone
alter table aias_private.event_deliveries add constraint event_deliveries_pkey PRIMARY KEY (tenant_id, event_id, subscription_id);
alter table aias_private.event_deliveries add constraint settled_at_set_when_settled CHECK (((settled_at IS NOT NULL) = (status <> 'pending'::text)));
alter table aias_private.event_deliveries add constraint status_is_known CHECK ((status = ANY (ARRAY['pending'::text, 'started'::text, 'filtered'::text, 'failed'::text])));
create policy tenant_isolation on aias_private.event_deliveries as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.event_deliveries is 'What an event did for each subscription that it matched, once each.';
grant delete, insert, select, update on table aias_private.event_deliveries to aias_admin;
grant delete, insert, select, update on table aias_private.event_deliveries to aias_worker;

create table aias_private.event_deliveries_default partition of aias_private.event_deliveries default;
grant delete, insert, select, update on table aias_private.event_deliveries_default to aias_admin;
grant delete, insert, select, update on table aias_private.event_deliveries_default to aias_worker;

create view aias_private.event_spans as
 SELECT tenant_id,
    id AS key,
    aias_private.trace_id(id, trace_parent) AS trace_id,
    aias_private.span_id(id) AS span_id,
    NULLIF(split_part(trace_parent, '-'::text, 3), ''::text) AS parent_span_id,
    COALESCE(correlation_id, aias_private.trace_id(id, trace_parent)) AS correlation_id,
    'event'::text AS kind,
    type AS name,
    created_at AS started_at,
    created_at AS finished_at,
    'emitted'::text AS status,
    NULL::text AS request_id,
    NULL::uuid AS execution_id,
    NULL::text AS step,
    NULL::integer AS item,
    NULL::integer AS attempt,
    jsonb_strip_nulls(jsonb_build_object('source', source, 'event_id', event_id, 'subject', subject)) AS detail
   FROM aias_private.events e;
comment on view aias_private.event_spans is 'The events, as aias.traces has them.';
grant delete, insert, select, update on table aias_private.event_spans to aias_admin;
grant delete, insert, select, update on table aias_private.event_spans to aias_worker;

create table aias_private.event_subscriptions enable row level security force row level security;
    tenant_id uuid not null
    id uuid default aias_private.uuid7() not null
    name text not null
    type_pattern text not null
    type_like text generated always as replace(replace(replace(replace(type_pattern, '\'::text, '\\'::text), '%'::text, '\%'::text), '_'::text, '\_'::text), '*'::text, '%'::text) not null
    filter jsonb default '{}'::jsonb not null
    condition text
    mapping jsonb
    workflow_id uuid not null
    is_enabled boolean default true not null
    created_at timestamp with time zone default aias_private.now() not null
    updated_at timestamp with time zone default aias_private.now() not null
alter table aias_private.event_subscriptions add constraint condition_is_short CHECK ((length(condition) <= 16000));
alter table aias_private.event_subscriptions add constraint event_subscriptions_name_key UNIQUE (tenant_id, name);
alter table aias_private.event_subscriptions add constraint event_subscriptions_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.event_subscriptions add constraint event_subscriptions_workflow_fkey FOREIGN KEY (tenant_id, workflow_id) REFERENCES aias_private.workflows(tenant_id, id) ON DELETE CASCADE;
alter table aias_private.event_subscriptions add constraint mapping_is_an_object CHECK ((jsonb_typeof(mapping) = 'object'::text));
alter table aias_private.event_subscriptions add constraint name_is_a_word CHECK ((name ~ '^[a-z0-9][a-z0-9._-]{0,62}$'::text));
alter table aias_private.event_subscriptions add constraint type_pattern_is_short CHECK (((length(type_pattern) >= 1) AND (length(type_pattern) <= 200)));
CREATE INDEX event_subscriptions_workflow_idx ON aias_private.event_subscriptions USING btree (tenant_id, workflow_id);
create policy tenant_isolation on aias_private.event_subscriptions as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.event_subscriptions is 'Which events start which workflows, and with which input.';
grant delete, insert, select, update on table aias_private.event_subscriptions to aias_admin;
grant delete, insert, select, update on table aias_private.event_subscriptions to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.event_type_lock(p_tenant uuid, p_type text)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.event_type_lock(p_tenant uuid, p_type text) is 'The advisory lock between those who emit events of a type and those who begin to wait for them.';
grant execute on function aias_private.event_type_lock(p_tenant uuid, p_type text) to aias_admin;
grant execute on function aias_private.event_type_lock(p_tenant uuid, p_type text) to aias_worker;

create table aias_private.events partition by RANGE (id) enable row level security force row level security;
    tenant_id uuid not null
    id uuid default aias_private.uuid7() not null
    source text not null
    event_id text not null
    type text not null
    subject text
    at timestamp with time zone not null
    payload jsonb not null
    depth integer default 0 not null
    emitted_by text not null
    created_at timestamp with time zone default aias_private.now() not null
    redacted_at timestamp with time zone
    correlation_id text
    trace_parent text
alter table aias_private.events add constraint event_id_is_short CHECK (((length(event_id) >= 1) AND (length(event_id) <= 255)));
alter table aias_private.events add constraint events_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.events add constraint source_is_short CHECK (((length(source) >= 1) AND (length(source) <= 500)));
alter table aias_private.events add constraint subject_is_short CHECK ((length(subject) <= 500));
alter table aias_private.events add constraint type_is_short CHECK (((length(type) >= 1) AND (length(type) <= 200)));
CREATE INDEX events_trace_idx ON ONLY aias_private.events USING btree (split_part(trace_parent, '-'::text, 2), tenant_id) WHERE (trace_parent IS NOT NULL);
CREATE INDEX events_type_idx ON ONLY aias_private.events USING btree (tenant_id, type, id);
CREATE TRIGGER aias_hear_sign_up AFTER INSERT ON aias_private.events FOR EACH ROW WHEN ((new.type = 'user.signed_up'::text)) EXECUTE FUNCTION aias_private.hear_sign_up();
create policy tenant_isolation on aias_private.events as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.events is 'What happened, as tenants and the system say it.';
grant delete, insert, select, update on table aias_private.events to aias_admin;
grant delete, insert, select, update on table aias_private.events to aias_worker;

create table aias_private.events_default partition of aias_private.events default;
grant delete, insert, select, update on table aias_private.events_default to aias_admin;
grant delete, insert, select, update on table aias_private.events_default to aias_worker;

create table aias_private.execution_days enable row level security force row level security;
    tenant_id uuid not null
    day date not null
    workflow_id uuid not null
    is_open boolean not null
    started_count bigint default 0 not null
    succeeded_count bigint default 0 not null
    failed_count bigint default 0 not null
    cancelled_count bigint default 0 not null
    step_count bigint default 0 not null
    run_time interval default '00:00:00'::interval not null
alter table aias_private.execution_days add constraint counts_are_not_negative CHECK ((LEAST(started_count, succeeded_count, failed_count, cancelled_count, step_count) >= 0));
alter table aias_private.execution_days add constraint execution_days_pkey PRIMARY KEY (tenant_id, day, workflow_id, is_open);
alter table aias_private.execution_days add constraint execution_days_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES aias_private.tenants(id) ON DELETE CASCADE;
CREATE INDEX execution_days_day_idx ON aias_private.execution_days USING btree (day);
CREATE INDEX execution_days_open_idx ON aias_private.execution_days USING btree (tenant_id) WHERE is_open;
create policy tenant_isolation on aias_private.execution_days as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.execution_days is 'Executions per tenant, day and workflow: begun, and ended by how they ended.';
grant delete, insert, select, update on table aias_private.execution_days to aias_admin;
grant delete, insert, select, update on table aias_private.execution_days to aias_worker;

create table aias_private.execution_events partition by RANGE (execution_id) enable row level security force row level security;
    tenant_id uuid not null
    execution_id uuid not null
    id uuid default aias_private.uuid7() not null
    at timestamp with time zone default aias_private.now() not null
    type text not null
    step_id text
    item integer
    attempt integer
    detail jsonb default '{}'::jsonb not null
alter table aias_private.execution_events add constraint execution_events_pkey PRIMARY KEY (tenant_id, execution_id, id);
alter table aias_private.execution_events add constraint type_is_known CHECK ((type = ANY (ARRAY['rescued'::text, 'released'::text, 'suspended'::text, 'woken'::text, 'step_retry_scheduled'::text, 'step_failed'::text, 'step_in_doubt'::text, 'cancelled'::text, 'retried'::text, 'replayed'::text, 'failed'::text, 'signalled'::text, 'approved'::text, 'rejected'::text, 'fallback_started'::text, 'fallback_used'::text, 'repaired'::text, 'effect_resolved'::text])));
CREATE TRIGGER aias_hear_fallback AFTER INSERT ON aias_private.execution_events FOR EACH ROW WHEN ((new.type = 'fallback_used'::text)) EXECUTE FUNCTION aias_private.hear_fallback();
create policy tenant_isolation on aias_private.execution_events as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.execution_events is 'What happened to an execution beside its plain course: failures, waits, rescues, interventions.';
grant delete, insert, select, update on table aias_private.execution_events to aias_admin;
grant delete, insert, select, update on table aias_private.execution_events to aias_worker;

create table aias_private.execution_events_default partition of aias_private.execution_events default;
grant delete, insert, select, update on table aias_private.execution_events_default to aias_admin;
grant delete, insert, select, update on table aias_private.execution_events_default to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.execution_fallbacks(p_tenant uuid, p_execution uuid)
 RETURNS TABLE(reason text, detail text, until timestamp with time zone)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.execution_fallbacks(p_tenant uuid, p_execution uuid) is 'What made up for failures of an execution, why, and what can be done, at most 20 rows.';
grant execute on function aias_private.execution_fallbacks(p_tenant uuid, p_execution uuid) to aias_admin;
grant execute on function aias_private.execution_fallbacks(p_tenant uuid, p_execution uuid) to aias_worker;

create view aias_private.execution_spans as
 SELECT e.tenant_id,
    e.id AS key,
    aias_private.trace_id(e.id, e.trace_parent) AS trace_id,
    aias_private.span_id(e.id) AS span_id,
        CASE
            WHEN (e.trace_parent IS NOT NULL) THEN split_part(e.trace_parent, '-'::text, 3)
            WHEN (e.origin = 'schedule'::text) THEN "left"(md5(('schedule '::text || (e.id)::text)), 16)
            ELSE NULL::text
        END AS parent_span_id,
    COALESCE(e.correlation_id, aias_private.trace_id(e.id, e.trace_parent)) AS correlation_id,
    'execution'::text AS kind,
    w.name,
    LEAST(GREATEST(e.created_at, e.run_at), e.started_at, e.finished_at) AS started_at,
    e.finished_at,
    e.status,
    NULL::text AS request_id,
    e.id AS execution_id,
    NULL::text AS step,
    NULL::integer AS item,
    NULL::integer AS attempt,
    jsonb_strip_nulls(jsonb_build_object('version', e.version, 'taken_at', e.started_at, 'wait_reason', e.wait_reason, 'replayed_from_id', e.replayed_from_id, 'error', (e.error ->> 'message'::text))) AS detail
   FROM (aias_private.executions e
     JOIN aias_private.workflows w ON (((e.tenant_id = w.tenant_id) AND (e.workflow_id = w.id))));
comment on view aias_private.execution_spans is 'The executions as aias.traces has them.';
grant delete, insert, select, update on table aias_private.execution_spans to aias_admin;
grant delete, insert, select, update on table aias_private.execution_spans to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.execution_tenant(p_execution uuid)
 RETURNS uuid
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.execution_tenant(p_execution uuid) is 'The tenant of an execution that the caller may see.';
grant execute on function aias_private.execution_tenant(p_execution uuid) to aias_admin;
grant execute on function aias_private.execution_tenant(p_execution uuid) to aias_worker;

create table aias_private.executions partition by RANGE (id) enable row level security force row level security;
    tenant_id uuid not null
    id uuid default aias_private.uuid7() not null
    workflow_id uuid not null
    version integer not null
    status text default 'queued'::text not null
    input jsonb not null
    output jsonb
    error jsonb
    lane text not null
    attempt integer default 0 not null
    crash_count integer default 0 not null
    job_id bigint
    worker_id bigint
    is_wake_requested boolean default false not null
    run_at timestamp with time zone
    wait_reason text
    wait_until timestamp with time zone
    idempotency_key text
    parent_execution_id uuid
    parent_step_id text
    parent_item integer
    depth integer default 0 not null
    replayed_from_id uuid
    trace_parent text
    cancel_reason text
    created_at timestamp with time zone default aias_private.now() not null
    started_at timestamp with time zone
    claimed_at timestamp with time zone
    finished_at timestamp with time zone
    origin text
    origin_id uuid
    correlation_id text
    trace_state text
alter table aias_private.executions add constraint error_set_when_failed CHECK (((status <> 'failed'::text) OR (error IS NOT NULL)));
alter table aias_private.executions add constraint executions_lane_fkey FOREIGN KEY (lane) REFERENCES aias_private.lanes(name) ON DELETE RESTRICT;
alter table aias_private.executions add constraint executions_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.executions add constraint executions_version_fkey FOREIGN KEY (tenant_id, workflow_id, version) REFERENCES aias_private.workflow_versions(tenant_id, workflow_id, version) ON DELETE CASCADE;
alter table aias_private.executions add constraint finished_at_set_when_final CHECK (((finished_at IS NOT NULL) = (status = ANY (ARRAY['succeeded'::text, 'failed'::text, 'cancelled'::text]))));
alter table aias_private.executions add constraint input_is_an_object CHECK ((jsonb_typeof(input) = 'object'::text));
alter table aias_private.executions add constraint job_unset_when_final CHECK (((job_id IS NULL) OR (status = ANY (ARRAY['queued'::text, 'running'::text, 'waiting'::text]))));
alter table aias_private.executions add constraint origin_is_known CHECK ((origin = ANY (ARRAY['schedule'::text, 'event'::text, 'webhook'::text])));
alter table aias_private.executions add constraint origin_is_whole CHECK (((origin IS NULL) = (origin_id IS NULL)));
alter table aias_private.executions add constraint parent_is_whole CHECK ((((parent_execution_id IS NULL) = (parent_step_id IS NULL)) AND ((parent_execution_id IS NULL) = (parent_item IS NULL))));
alter table aias_private.executions add constraint status_is_known CHECK ((status = ANY (ARRAY['queued'::text, 'running'::text, 'waiting'::text, 'succeeded'::text, 'failed'::text, 'cancelled'::text])));
alter table aias_private.executions add constraint wait_reason_set_when_waiting CHECK (((wait_reason IS NOT NULL) = (status = 'waiting'::text)));
CREATE INDEX executions_correlation_idx ON ONLY aias_private.executions USING btree (correlation_id, tenant_id) WHERE (correlation_id IS NOT NULL);
CREATE INDEX executions_ended_badly_idx ON ONLY aias_private.executions USING btree (tenant_id, status, id) WHERE (status = ANY (ARRAY['failed'::text, 'cancelled'::text]));
CREATE INDEX executions_finished_at_idx ON ONLY aias_private.executions USING btree (finished_at) WHERE (finished_at IS NOT NULL);
CREATE INDEX executions_id_idx ON ONLY aias_private.executions USING btree (id);
CREATE INDEX executions_idempotency_key_idx ON ONLY aias_private.executions USING btree (tenant_id, idempotency_key) WHERE (idempotency_key IS NOT NULL);
CREATE INDEX executions_lane_idx ON ONLY aias_private.executions USING btree (lane);
CREATE INDEX executions_live_idx ON ONLY aias_private.executions USING btree (tenant_id, status, id) WHERE (status = ANY (ARRAY['queued'::text, 'running'::text, 'waiting'::text]));
CREATE INDEX executions_parent_idx ON ONLY aias_private.executions USING btree (tenant_id, parent_execution_id) WHERE (parent_execution_id IS NOT NULL);
CREATE INDEX executions_started_at_idx ON ONLY aias_private.executions USING btree (started_at);
CREATE INDEX executions_trace_idx ON ONLY aias_private.executions USING btree (split_part(trace_parent, '-'::text, 2), tenant_id) WHERE (trace_parent IS NOT NULL);
CREATE INDEX executions_version_idx ON ONLY aias_private.executions USING btree (tenant_id, workflow_id, version);
CREATE TRIGGER aias_hear_execution AFTER UPDATE OF status ON aias_private.executions FOR EACH ROW WHEN (((old.status <> new.status) AND ((new.status = ANY (ARRAY['succeeded'::text, 'failed'::text, 'cancelled'::text])) OR ((new.status = 'running'::text) AND (old.started_at IS NULL))))) EXECUTE FUNCTION aias_private.hear_execution();
CREATE TRIGGER aias_hear_scheduled_execution AFTER UPDATE OF status ON aias_private.executions FOR EACH ROW WHEN (((new.origin = 'schedule'::text) AND (old.status <> new.status))) EXECUTE FUNCTION aias_private.hear_scheduled_execution();
create policy tenant_isolation on aias_private.executions as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.executions is 'One run of one version of a workflow each.';
grant delete, insert, select, update on table aias_private.executions to aias_admin;
grant delete, insert, select, update on table aias_private.executions to aias_worker;

create table aias_private.executions_default partition of aias_private.executions default with (autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_threshold=2000, autovacuum_vacuum_cost_delay=0);
grant delete, insert, select, update on table aias_private.executions_default to aias_admin;
grant delete, insert, select, update on table aias_private.executions_default to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.exposed_gauges()
 RETURNS TABLE(name text, help text, label text, value_of_label text, value double precision)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.exposed_gauges() is 'Queues, workers and the age of the metrics, for Prometheus.';
grant execute on function aias_private.exposed_gauges() to aias_admin;
grant execute on function aias_private.exposed_gauges() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.exposed_totals()
 RETURNS TABLE(metric text, key text, observation_count bigint, failure_count bigint, refusal_count bigint, total_seconds double precision, buckets smallint[], counts bigint[])
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.exposed_totals() is 'All observations ever, per metric and key: the counters for Prometheus.';
grant execute on function aias_private.exposed_totals() to aias_admin;
grant execute on function aias_private.exposed_totals() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.fail_execution(p_tenant uuid, p_execution uuid, p_reason text, p_error jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.fail_execution(p_tenant uuid, p_execution uuid, p_reason text, p_error jsonb) is 'Ends an execution as failed and keeps it among the dead letters.';
grant execute on function aias_private.fail_execution(p_tenant uuid, p_execution uuid, p_reason text, p_error jsonb) to aias_admin;
grant execute on function aias_private.fail_execution(p_tenant uuid, p_execution uuid, p_reason text, p_error jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.failure_advice(p_error jsonb)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.failure_advice(p_error jsonb) is 'What the tenant can do about a failure, in a sentence.';
grant execute on function aias_private.failure_advice(p_error jsonb) to aias_admin;
grant execute on function aias_private.failure_advice(p_error jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.fill_parameters(p_document jsonb, p_parameters jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.fill_parameters(p_document jsonb, p_parameters jsonb) is 'A document with the values of parameters where it says {{ parameters.name }}.';
grant execute on function aias_private.fill_parameters(p_document jsonb, p_parameters jsonb) to aias_admin;
grant execute on function aias_private.fill_parameters(p_document jsonb, p_parameters jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.find_accounts(p_email text)
 RETURNS TABLE(tenant_id uuid, tenant text, user_id uuid, email text)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.find_accounts(p_email text) is 'The accounts of an address, in whatever case it is written; 20 at most.';
grant execute on function aias_private.find_accounts(p_email text) to aias_admin;
grant execute on function aias_private.find_accounts(p_email text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.find_api_key(p_key text)
 RETURNS TABLE(tenant_id uuid, tenant text, name text, secret_hash bytea, scopes text[], plan_requests_per_minute integer, key_requests_per_minute integer, refusal text)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.find_api_key(p_key text) is 'A key of the HTTP API with its hash, its tenant and its limits, and why it is refused where it is.';
grant execute on function aias_private.find_api_key(p_key text) to aias_admin;
grant execute on function aias_private.find_api_key(p_key text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.find_cached(p_tenant uuid, p_namespace text, p_key text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.find_cached(p_tenant uuid, p_namespace text, p_key text) is 'A value of the cache that is still good, or null.';
grant execute on function aias_private.find_cached(p_tenant uuid, p_namespace text, p_key text) to aias_admin;
grant execute on function aias_private.find_cached(p_tenant uuid, p_namespace text, p_key text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.find_event(p_tenant uuid, p_execution uuid, p_type text, p_match jsonb)
 RETURNS TABLE(id uuid, payload jsonb)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.find_event(p_tenant uuid, p_execution uuid, p_type text, p_match jsonb) is 'The event that came before a step began to wait for it.';
grant execute on function aias_private.find_event(p_tenant uuid, p_execution uuid, p_type text, p_match jsonb) to aias_admin;
grant execute on function aias_private.find_event(p_tenant uuid, p_execution uuid, p_type text, p_match jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.find_integration(p_tenant uuid, p_kind text, p_name text)
 RETURNS TABLE(id uuid, name text, config jsonb, secret bytea, key_id text, connected_at timestamp with time zone, wrapped_key bytea, master_key_id text, credential_version integer, status text, status_reason text, grant_type text, token_lasts interval)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.find_integration(p_tenant uuid, p_kind text, p_name text) is 'The connection that a step names, or the tenant''s only one of the kind, with its sealed secret.';
grant execute on function aias_private.find_integration(p_tenant uuid, p_kind text, p_name text) to aias_admin;
grant execute on function aias_private.find_integration(p_tenant uuid, p_kind text, p_name text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.find_session(p_token_hash bytea, p_idle interval, p_is_used boolean)
 RETURNS TABLE(id uuid, tenant_id uuid, tenant text, looks_at uuid, looks_at_tenant text, user_id uuid, key_id text, name text, scopes text[], expires_at timestamp with time zone)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.find_session(p_token_hash bytea, p_idle interval, p_is_used boolean) is 'Who is signed in to the dashboard with a cookie, and what they may do; no row where nobody is any more.';
grant execute on function aias_private.find_session(p_token_hash bytea, p_idle interval, p_is_used boolean) to aias_admin;
grant execute on function aias_private.find_session(p_token_hash bytea, p_idle interval, p_is_used boolean) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.find_webhooks(p_token_hashes bytea[])
 RETURNS TABLE(token_hash bytea, tenant_id uuid, tenant text, id uuid, name text, style text, integration_id uuid, config jsonb, secret bytea, key_id text, wrapped_key bytea, master_key_id text, condition text, mapping jsonb, max_bytes integer, now timestamp with time zone, version text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.find_webhooks(p_token_hashes bytea[]) is 'The webhooks that tokens belong to, with their sealed secrets.';
grant execute on function aias_private.find_webhooks(p_token_hashes bytea[]) to aias_admin;
grant execute on function aias_private.find_webhooks(p_token_hashes bytea[]) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.finish_execution(p_tenant uuid, p_execution uuid, p_attempt integer, p_status text, p_output jsonb, p_error jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.finish_execution(p_tenant uuid, p_execution uuid, p_attempt integer, p_status text, p_output jsonb, p_error jsonb) is 'Ends an execution under the attempt that holds it.';
grant execute on function aias_private.finish_execution(p_tenant uuid, p_execution uuid, p_attempt integer, p_status text, p_output jsonb, p_error jsonb) to aias_admin;
grant execute on function aias_private.finish_execution(p_tenant uuid, p_execution uuid, p_attempt integer, p_status text, p_output jsonb, p_error jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.finish_job(p_job bigint, p_worker bigint, p_attempts integer, p_status text, p_is_deleted boolean, p_error jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.finish_job(p_job bigint, p_worker bigint, p_attempts integer, p_status text, p_is_deleted boolean, p_error jsonb) is 'Writes the end of a job, for the worker that still holds it.';
grant execute on function aias_private.finish_job(p_job bigint, p_worker bigint, p_attempts integer, p_status text, p_is_deleted boolean, p_error jsonb) to aias_admin;
grant execute on function aias_private.finish_job(p_job bigint, p_worker bigint, p_attempts integer, p_status text, p_is_deleted boolean, p_error jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.finish_jobs(p_worker bigint, p_jobs bigint[], p_attempts integer[])
 RETURNS bigint[]
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET enable_seqscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan';
comment on function aias_private.finish_jobs(p_worker bigint, p_jobs bigint[], p_attempts integer[]) is 'Deletes jobs that succeeded, for the worker that still holds them, and gives those that it did.';
grant execute on function aias_private.finish_jobs(p_worker bigint, p_jobs bigint[], p_attempts integer[]) to aias_admin;
grant execute on function aias_private.finish_jobs(p_worker bigint, p_jobs bigint[], p_attempts integer[]) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.finish_restore(p_archive uuid)
 RETURNS TABLE(table_name text, row_count bigint, erased_count bigint, anonymized_count bigint)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.finish_restore(p_archive uuid) is 'Checks the rows that were brought back against what was archived, and lets analysts read them.';
grant execute on function aias_private.finish_restore(p_archive uuid) to aias_admin;
grant execute on function aias_private.finish_restore(p_archive uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.flag_bucket(p_flag text, p_tenant uuid)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.flag_bucket(p_flag text, p_tenant uuid) is 'Where a tenant stands in the order in which a flag reaches tenants: 0 to 9999, always the same.';
grant execute on function aias_private.flag_bucket(p_flag text, p_tenant uuid) to aias_admin;
grant execute on function aias_private.flag_bucket(p_flag text, p_tenant uuid) to aias_worker;

create table aias_private.flag_tenants enable row level security force row level security;
    tenant_id uuid not null
    flag text not null
    is_on boolean not null
    set_by text not null
    set_at timestamp with time zone default aias_private.now() not null
alter table aias_private.flag_tenants add constraint flag_tenants_flag_fkey FOREIGN KEY (flag) REFERENCES aias_private.flags(name) ON DELETE CASCADE;
alter table aias_private.flag_tenants add constraint flag_tenants_pkey PRIMARY KEY (tenant_id, flag);
alter table aias_private.flag_tenants add constraint flag_tenants_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES aias_private.tenants(id) ON DELETE CASCADE;
CREATE INDEX flag_tenants_flag_idx ON aias_private.flag_tenants USING btree (flag);
create policy tenant_isolation on aias_private.flag_tenants as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.flag_tenants is 'Tenants for whom a flag is on or off whatever its percentage.';
grant delete, insert, select, update on table aias_private.flag_tenants to aias_admin;
grant delete, insert, select, update on table aias_private.flag_tenants to aias_worker;

create table aias_private.flags;
    name text not null
    percentage numeric(5,2) default 0 not null
    description text default ''::text not null
    set_by text not null
    set_at timestamp with time zone default aias_private.now() not null
alter table aias_private.flags add constraint description_is_short CHECK ((octet_length(description) <= 2000));
alter table aias_private.flags add constraint flags_pkey PRIMARY KEY (name);
alter table aias_private.flags add constraint name_is_a_word CHECK ((name ~ '^[a-z][a-z0-9_]{0,62}$'::text));
alter table aias_private.flags add constraint percentage_is_one CHECK (((percentage >= (0)::numeric) AND (percentage <= (100)::numeric)));
comment on table aias_private.flags is 'Changes of behaviour that are being rolled out, and for how many of the tenants.';
grant delete, insert, select, update on table aias_private.flags to aias_admin;
grant delete, insert, select, update on table aias_private.flags to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.fold_telemetry()
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.fold_telemetry() is 'Sums up the counts of events that came since the last time.';
grant execute on function aias_private.fold_telemetry() to aias_admin;
grant execute on function aias_private.fold_telemetry() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.forget_answers()
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.forget_answers() is 'Drops the answers of HTTP requests whose idempotency keys have run out.';
grant execute on function aias_private.forget_answers() to aias_admin;
grant execute on function aias_private.forget_answers() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.free_limits(p_tenants uuid[], p_workflows uuid[], p_limit_keys text[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.free_limits(p_tenants uuid[], p_workflows uuid[], p_limit_keys text[]) is 'Lets jobs go that were parked for limits under which others have ended.';
grant execute on function aias_private.free_limits(p_tenants uuid[], p_workflows uuid[], p_limit_keys text[]) to aias_admin;
grant execute on function aias_private.free_limits(p_tenants uuid[], p_workflows uuid[], p_limit_keys text[]) to aias_worker;

create materialized view aias_private.funnel_stages as
 WITH tenant AS (
         SELECT (date_trunc('month'::text, (t_1.created_at AT TIME ZONE 'UTC'::text)))::date AS cohort_month,
                CASE
                    WHEN (m.connected_at IS NULL) THEN 1
                    WHEN (m.first_workflow_at IS NULL) THEN 2
                    WHEN (m.first_success_at IS NULL) THEN 3
                    WHEN (m.last_success_at <= (aias_private.now() - '7 days'::interval)) THEN 4
                    ELSE 5
                END AS reached
           FROM (aias_private.tenants t_1
             LEFT JOIN aias_private.tenant_milestones m ON ((t_1.id = m.tenant_id)))
        )
 SELECT t.cohort_month,
    s."position",
    s.stage,
    count(*) FILTER (WHERE (t.reached >= s."position")) AS tenant_count
   FROM (tenant t
     CROSS JOIN ( VALUES (1,'signed_up'::text), (2,'connected'::text), (3,'first_workflow'::text), (4,'first_success'::text), (5,'weekly_active'::text)) s("position", stage))
  GROUP BY t.cohort_month, s."position", s.stage;
CREATE UNIQUE INDEX funnel_stages_key ON aias_private.funnel_stages USING btree (cohort_month, "position");
comment on materialized view aias_private.funnel_stages is 'How many tenants that signed up in a month have reached each stage.';
grant delete, insert, select, update on table aias_private.funnel_stages to aias_admin;
grant delete, insert, select, update on table aias_private.funnel_stages to aias_worker;

create table aias_private.fuse_failures enable row level security force row level security;
    tenant_id uuid not null
    scope text not null
    name text not null
    fingerprint text not null
    at timestamp with time zone not null
    failure_count bigint not null
alter table aias_private.fuse_failures add constraint fuse_failures_pkey PRIMARY KEY (tenant_id, scope, name, fingerprint, at);
CREATE INDEX fuse_failures_at_idx ON aias_private.fuse_failures USING btree (at);
create policy tenant_isolation on aias_private.fuse_failures as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.fuse_failures is 'How often a task or a workflow gave up for the same reason, by ten seconds.';
grant delete, insert, select, update on table aias_private.fuse_failures to aias_admin;
grant delete, insert, select, update on table aias_private.fuse_failures to aias_worker;

create table aias_private.fuse_rules;
    scope text not null
    name text not null
    failure_count integer not null
    within interval not null
    is_enabled boolean default true not null
alter table aias_private.fuse_rules add constraint failure_count_is_positive CHECK ((failure_count > 0));
alter table aias_private.fuse_rules add constraint fuse_rules_pkey PRIMARY KEY (scope, name);
alter table aias_private.fuse_rules add constraint scope_is_known CHECK ((scope = ANY (ARRAY['task'::text, 'workflow'::text])));
alter table aias_private.fuse_rules add constraint within_is_a_time CHECK (((within >= '00:00:10'::interval) AND (within <= '1 day'::interval)));
comment on table aias_private.fuse_rules is 'After how many equal failures in which time a fuse blows.';
grant delete, insert, select, update on table aias_private.fuse_rules to aias_admin;
grant delete, insert, select, update on table aias_private.fuse_rules to aias_worker;

create table aias_private.fuses enable row level security force row level security;
    tenant_id uuid not null
    id uuid default aias_private.uuid7() not null
    scope text not null
    name text not null
    workflow_id uuid
    group_id uuid
    fingerprint text not null
    key text not null
    reason text not null
    failure_count bigint not null
    within interval not null
    diverted_count bigint default 0 not null
    requeued_count bigint default 0 not null
    is_requeueing boolean default false not null
    blown_at timestamp with time zone default aias_private.now() not null
    released_at timestamp with time zone
    released_by text
    released_reason text
alter table aias_private.fuses add constraint fuses_group_fkey FOREIGN KEY (group_id) REFERENCES aias_private.error_groups(id) ON DELETE SET NULL;
alter table aias_private.fuses add constraint fuses_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.fuses add constraint released_by_set_when_released CHECK (((released_at IS NOT NULL) = (released_by IS NOT NULL)));
alter table aias_private.fuses add constraint requeueing_when_released CHECK (((NOT is_requeueing) OR (released_at IS NOT NULL)));
alter table aias_private.fuses add constraint scope_is_known CHECK ((scope = ANY (ARRAY['task'::text, 'workflow'::text])));
alter table aias_private.fuses add constraint workflow_set_for_a_workflow CHECK (((workflow_id IS NOT NULL) = (scope = 'workflow'::text)));
CREATE INDEX fuses_group_idx ON aias_private.fuses USING btree (group_id);
CREATE INDEX fuses_id_idx ON aias_private.fuses USING btree (id);
CREATE UNIQUE INDEX fuses_open_key ON aias_private.fuses USING btree (tenant_id, scope, name) WHERE (released_at IS NULL);
CREATE INDEX fuses_requeueing_idx ON aias_private.fuses USING btree (id) WHERE is_requeueing;
create policy tenant_isolation on aias_private.fuses as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.fuses is 'The fuses that blew: what follows goes to the dead letters until one is released.';
grant delete, insert, select, update on table aias_private.fuses to aias_admin;
grant delete, insert, select, update on table aias_private.fuses to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.gate_key(p_gate text)
 RETURNS TABLE(tenant_id uuid, kind text, connection text, name text, integration_id uuid)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.gate_key(p_gate text) is 'The gate that a caller names and may touch.';
grant execute on function aias_private.gate_key(p_gate text) to aias_admin;
grant execute on function aias_private.gate_key(p_gate text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.gate_name(p_tenant uuid, p_kind text, p_connection text)
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.gate_name(p_tenant uuid, p_kind text, p_connection text) is 'The name of a connection''s gate: shopify:acme/main.';
grant execute on function aias_private.gate_name(p_tenant uuid, p_kind text, p_connection text) to aias_admin;
grant execute on function aias_private.gate_name(p_tenant uuid, p_kind text, p_connection text) to aias_worker;

create table aias_private.gate_waiters enable row level security force row level security;
    tenant_id uuid not null
    execution_id uuid not null
    gate text not null
    kind text not null
    created_at timestamp with time zone default aias_private.now() not null
    until timestamp with time zone not null
alter table aias_private.gate_waiters add constraint gate_waiters_pkey PRIMARY KEY (tenant_id, execution_id, gate);
alter table aias_private.gate_waiters add constraint kind_is_known CHECK ((kind = ANY (ARRAY['gate'::text, 'place'::text])));
CREATE INDEX gate_waiters_gate_idx ON aias_private.gate_waiters USING btree (gate, kind, created_at);
CREATE INDEX gate_waiters_until_idx ON aias_private.gate_waiters USING btree (until);
create policy tenant_isolation on aias_private.gate_waiters as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.gate_waiters is 'Executions that are woken when a gate opens or a place is free.';
grant delete, insert, select, update on table aias_private.gate_waiters to aias_admin;
grant delete, insert, select, update on table aias_private.gate_waiters to aias_worker;

create table aias_private.gates enable row level security force row level security;
    tenant_id uuid default '00000000-0000-0000-0000-000000000000'::uuid not null
    kind text not null
    connection text default ''::text not null
    name text not null
    status text default 'open'::text not null
    source text
    reason text
    closed_by text
    closed_at timestamp with time zone
    closed_until timestamp with time zone
    close_count integer default 0 not null
    probe uuid
    probe_until timestamp with time zone
    returner_until timestamp with time zone
    opened_at timestamp with time zone
alter table aias_private.gates add constraint a_kind_belongs_to_nobody CHECK (((connection = ''::text) = (tenant_id = '00000000-0000-0000-0000-000000000000'::uuid)));
alter table aias_private.gates add constraint close_count_is_not_negative CHECK ((close_count >= 0));
alter table aias_private.gates add constraint closed_is_whole CHECK (((status = 'open'::text) OR ((source IS NOT NULL) AND (reason IS NOT NULL) AND (closed_by IS NOT NULL) AND (closed_at IS NOT NULL))));
alter table aias_private.gates add constraint gates_pkey PRIMARY KEY (tenant_id, kind, connection);
alter table aias_private.gates add constraint kind_is_a_word CHECK ((kind ~ '^[a-z][a-z0-9_]{0,62}$'::text));
alter table aias_private.gates add constraint probe_is_whole CHECK (((probe IS NULL) = (probe_until IS NULL)));
alter table aias_private.gates add constraint source_is_known CHECK ((source = ANY (ARRAY['operator'::text, 'upstream'::text, 'breaker'::text])));
alter table aias_private.gates add constraint status_is_known CHECK ((status = ANY (ARRAY['open'::text, 'closed'::text])));
CREATE INDEX gates_name_idx ON aias_private.gates USING btree (name);
CREATE INDEX gates_opened_at_idx ON aias_private.gates USING btree (opened_at) WHERE (status = 'open'::text);
create policy tenant_isolation on aias_private.gates as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ANY (ARRAY[( SELECT aias_private.caller_tenant() AS caller_tenant), '00000000-0000-0000-0000-000000000000'::uuid]))));
comment on table aias_private.gates is 'Gates that are closed, or were: what stands before the calls of an upstream.';
grant delete, insert, select, update on table aias_private.gates to aias_admin;
grant delete, insert, select, update on table aias_private.gates to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.give_up_refresh(p_tenant uuid, p_integration uuid, p_credential_version integer, p_holder text, p_is_refused boolean, p_is_unknown boolean, p_interrupted_at timestamp with time zone, p_reason text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.give_up_refresh(p_tenant uuid, p_integration uuid, p_credential_version integer, p_holder text, p_is_refused boolean, p_is_unknown boolean, p_interrupted_at timestamp with time zone, p_reason text) is 'Notes that a refresh was refused or failed, and when it may be tried again.';
grant execute on function aias_private.give_up_refresh(p_tenant uuid, p_integration uuid, p_credential_version integer, p_holder text, p_is_refused boolean, p_is_unknown boolean, p_interrupted_at timestamp with time zone, p_reason text) to aias_admin;
grant execute on function aias_private.give_up_refresh(p_tenant uuid, p_integration uuid, p_credential_version integer, p_holder text, p_is_refused boolean, p_is_unknown boolean, p_interrupted_at timestamp with time zone, p_reason text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.given_trace_parent(p_given text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.given_trace_parent(p_given text) is 'The W3C trace context that a caller named; null where it is not valid.';
grant execute on function aias_private.given_trace_parent(p_given text) to aias_admin;
grant execute on function aias_private.given_trace_parent(p_given text) to aias_analyst;
grant execute on function aias_private.given_trace_parent(p_given text) to aias_app;
grant execute on function aias_private.given_trace_parent(p_given text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.goal_is_met(p_tenant uuid, p_goal text)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.goal_is_met(p_tenant uuid, p_goal text) is 'Whether a tenant has reached the goal of a step of a sequence.';
grant execute on function aias_private.goal_is_met(p_tenant uuid, p_goal text) to aias_admin;
grant execute on function aias_private.goal_is_met(p_tenant uuid, p_goal text) to aias_worker;

create table aias_private.guidance_dismissals enable row level security force row level security;
    tenant_id uuid not null
    user_id uuid not null
    kind text not null
    name text not null
    dismissed_at timestamp with time zone default aias_private.now() not null
alter table aias_private.guidance_dismissals add constraint guidance_dismissals_pkey PRIMARY KEY (tenant_id, user_id, kind, name);
alter table aias_private.guidance_dismissals add constraint guidance_dismissals_user_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES aias_private.users(tenant_id, id) ON DELETE CASCADE;
alter table aias_private.guidance_dismissals add constraint kind_is_known CHECK ((kind = ANY (ARRAY['help'::text, 'action'::text])));
alter table aias_private.guidance_dismissals add constraint name_is_short CHECK (((length(name) >= 1) AND (length(name) <= 130)));
create policy tenant_isolation on aias_private.guidance_dismissals as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.guidance_dismissals is 'Which help texts and proposals a person does not want to see again.';
grant delete, insert, select, update on table aias_private.guidance_dismissals to aias_admin;
grant delete, insert, select, update on table aias_private.guidance_dismissals to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.has_live_tick(p_tenant uuid, p_schedule uuid, p_but uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.has_live_tick(p_tenant uuid, p_schedule uuid, p_but uuid) is 'Whether what a schedule started earlier still goes on.';
grant execute on function aias_private.has_live_tick(p_tenant uuid, p_schedule uuid, p_but uuid) to aias_admin;
grant execute on function aias_private.has_live_tick(p_tenant uuid, p_schedule uuid, p_but uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.has_scope(p_scopes text[], p_wanted text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.has_scope(p_scopes text[], p_wanted text) is 'Whether scopes cover one that is wanted.';
grant execute on function aias_private.has_scope(p_scopes text[], p_wanted text) to aias_admin;
grant execute on function aias_private.has_scope(p_scopes text[], p_wanted text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.has_unloadable_number(p_value jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.has_unloadable_number(p_value jsonb) is 'True when a JSON value contains a number that common JSON readers refuse or make infinite.';
grant execute on function aias_private.has_unloadable_number(p_value jsonb) to aias_admin;
grant execute on function aias_private.has_unloadable_number(p_value jsonb) to aias_worker;

create table aias_private.health_checks;
    name text not null
    cadence text not null
    runs_in text default 'sql'::text not null
    is_vital boolean not null
    severity text not null
    told_by text
    is_enabled boolean default true not null
    description text not null
    status text default 'unknown'::text not null
    since timestamp with time zone
    checked_at timestamp with time zone
    latency_ms double precision
    problem_count integer default 0 not null
    problems jsonb default '[]'::jsonb not null
alter table aias_private.health_checks add constraint cadence_is_known CHECK ((cadence = ANY (ARRAY['five_minutes'::text, 'hourly'::text, 'daily'::text, 'weekly'::text, 'quarterly'::text])));
alter table aias_private.health_checks add constraint checked_at_set_when_known CHECK (((checked_at IS NULL) = (status = 'unknown'::text)));
alter table aias_private.health_checks add constraint health_checks_pkey PRIMARY KEY (name);
alter table aias_private.health_checks add constraint name_is_a_word CHECK ((name ~ '^[a-z][a-z0-9_]{0,40}$'::text));
alter table aias_private.health_checks add constraint problems_are_an_array CHECK ((jsonb_typeof(problems) = 'array'::text));
alter table aias_private.health_checks add constraint runs_in_is_known CHECK ((runs_in = ANY (ARRAY['sql'::text, 'python'::text])));
alter table aias_private.health_checks add constraint severity_is_known CHECK ((severity = ANY (ARRAY['info'::text, 'warning'::text, 'critical'::text])));
alter table aias_private.health_checks add constraint since_set_when_known CHECK (((since IS NULL) = (status = 'unknown'::text)));
alter table aias_private.health_checks add constraint status_is_known CHECK ((status = ANY (ARRAY['unknown'::text, 'ok'::text, 'failing'::text])));
comment on table aias_private.health_checks is 'What is looked at, how often, and what was found last.';
grant delete, insert, select, update on table aias_private.health_checks to aias_admin;
grant delete, insert, select, update on table aias_private.health_checks to aias_worker;

create table aias_private.health_results partition by RANGE (id);
    id uuid default aias_private.uuid7() not null
    name text not null
    checked_at timestamp with time zone default aias_private.now() not null
    status text not null
    latency_ms double precision not null
    problem_count integer not null
    problems jsonb not null
    figures jsonb default '{}'::jsonb not null
alter table aias_private.health_results add constraint health_results_pkey PRIMARY KEY (id);
alter table aias_private.health_results add constraint latency_ms_is_not_negative CHECK ((latency_ms >= (0)::double precision));
alter table aias_private.health_results add constraint status_is_known CHECK ((status = ANY (ARRAY['ok'::text, 'failing'::text])));
CREATE INDEX health_results_name_idx ON ONLY aias_private.health_results USING btree (name, id);
comment on table aias_private.health_results is 'What each look at each check found, and how long it took.';
grant delete, insert, select, update on table aias_private.health_results to aias_admin;
grant delete, insert, select, update on table aias_private.health_results to aias_worker;

create table aias_private.health_results_default partition of aias_private.health_results default;
grant delete, insert, select, update on table aias_private.health_results_default to aias_admin;
grant delete, insert, select, update on table aias_private.health_results_default to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.hear_breaker()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.hear_breaker() is 'Says as an event that the breaker of a connection opened or closed.';
grant execute on function aias_private.hear_breaker() to aias_admin;
grant execute on function aias_private.hear_breaker() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.hear_dead_letter()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.hear_dead_letter() is 'Tells a tenant''s endpoints that an execution went to the dead letters.';
grant execute on function aias_private.hear_dead_letter() to aias_admin;
grant execute on function aias_private.hear_dead_letter() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.hear_effect()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.hear_effect() is 'Says as an event that nobody knows what came of an effect.';
grant execute on function aias_private.hear_effect() to aias_admin;
grant execute on function aias_private.hear_effect() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.hear_execution()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.hear_execution() is 'Tells a tenant''s endpoints that an execution started or ended.';
grant execute on function aias_private.hear_execution() to aias_admin;
grant execute on function aias_private.hear_execution() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.hear_fallback()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.hear_fallback() is 'Says as an event what made up for a failure, why, and what can be done.';
grant execute on function aias_private.hear_fallback() to aias_admin;
grant execute on function aias_private.hear_fallback() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.hear_integration()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.hear_integration() is 'Says as an event that a connection fails, was revoked or works again.';
grant execute on function aias_private.hear_integration() to aias_admin;
grant execute on function aias_private.hear_integration() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.hear_scheduled_execution()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.hear_scheduled_execution() is 'Tells the tick that started an execution how it ended, or that it goes on again.';
grant execute on function aias_private.hear_scheduled_execution() to aias_admin;
grant execute on function aias_private.hear_scheduled_execution() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.hear_sign_up()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.hear_sign_up() is 'Has the samples of a tenant installed, and the person written to, when somebody has signed up.';
grant execute on function aias_private.hear_sign_up() to aias_admin;
grant execute on function aias_private.hear_sign_up() to aias_worker;

create table aias_private.help_texts;
    page text not null
    state text default ''::text not null
    language text not null
    title text not null
    body text not null
alter table aias_private.help_texts add constraint body_is_short CHECK (((length(body) >= 1) AND (length(body) <= 1000)));
alter table aias_private.help_texts add constraint help_texts_pkey PRIMARY KEY (page, state, language);
alter table aias_private.help_texts add constraint language_is_known CHECK ((language = ANY (ARRAY['en'::text, 'de'::text])));
alter table aias_private.help_texts add constraint page_is_a_word CHECK ((page ~ '^[a-z][a-z0-9-]{0,62}$'::text));
alter table aias_private.help_texts add constraint state_is_a_word CHECK ((state ~ '^([a-z][a-z0-9_]{0,62})?$'::text));
alter table aias_private.help_texts add constraint title_is_short CHECK (((length(title) >= 1) AND (length(title) <= 100)));
comment on table aias_private.help_texts is 'What each page tells in each state, in English and German.';
grant delete, insert, select, update on table aias_private.help_texts to aias_admin;
grant delete, insert, select, update on table aias_private.help_texts to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.histogram_between(p_low integer, p_high integer, p_rank numeric)
 RETURNS double precision
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.histogram_between(p_low integer, p_high integer, p_rank numeric) is 'The duration in seconds at a rank between two observations of a histogram.';
grant execute on function aias_private.histogram_between(p_low integer, p_high integer, p_rank numeric) to aias_admin;
grant execute on function aias_private.histogram_between(p_low integer, p_high integer, p_rank numeric) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.histogram_bucket(p_seconds double precision)
 RETURNS smallint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.histogram_bucket(p_seconds double precision) is 'The bucket of a duration in seconds.';
grant execute on function aias_private.histogram_bucket(p_seconds double precision) to aias_admin;
grant execute on function aias_private.histogram_bucket(p_seconds double precision) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.histogram_percentiles(p_buckets smallint[], p_counts integer[])
 RETURNS TABLE(p50 double precision, p95 double precision, p99 double precision)
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.histogram_percentiles(p_buckets smallint[], p_counts integer[]) is 'The 50th, 95th and 99th percentile of a histogram, in seconds.';
grant execute on function aias_private.histogram_percentiles(p_buckets smallint[], p_counts integer[]) to aias_admin;
grant execute on function aias_private.histogram_percentiles(p_buckets smallint[], p_counts integer[]) to aias_analyst;
grant execute on function aias_private.histogram_percentiles(p_buckets smallint[], p_counts integer[]) to aias_app;
grant execute on function aias_private.histogram_percentiles(p_buckets smallint[], p_counts integer[]) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.histogram_value(p_bucket integer)
 RETURNS double precision
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.histogram_value(p_bucket integer) is 'The duration in seconds that a bucket stands for.';
grant execute on function aias_private.histogram_value(p_bucket integer) to aias_admin;
grant execute on function aias_private.histogram_value(p_bucket integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.hold_tenant_key(p_tenant uuid, p_key text, p_secret bytea)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.hold_tenant_key(p_tenant uuid, p_key text, p_secret bytea) is 'Keeps a tenant''s key in place until the transaction that seals something under it has ended.';
grant execute on function aias_private.hold_tenant_key(p_tenant uuid, p_key text, p_secret bytea) to aias_admin;
grant execute on function aias_private.hold_tenant_key(p_tenant uuid, p_key text, p_secret bytea) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.holds_customer(p_payload jsonb, p_customer text, p_orders text[])
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.holds_customer(p_payload jsonb, p_customer text, p_orders text[]) is 'Whether a payload of Shopify''s is about a customer.';
grant execute on function aias_private.holds_customer(p_payload jsonb, p_customer text, p_orders text[]) to aias_admin;
grant execute on function aias_private.holds_customer(p_payload jsonb, p_customer text, p_orders text[]) to aias_worker;

create table aias_private.http_answers enable row level security force row level security;
    tenant_id uuid default '00000000-0000-0000-0000-000000000000'::uuid not null
    key text not null
    request_hash bytea not null
    status integer
    headers jsonb default '{}'::jsonb not null
    body bytea
    created_at timestamp with time zone default aias_private.now() not null
alter table aias_private.http_answers add constraint headers_are_an_object CHECK ((jsonb_typeof(headers) = 'object'::text));
alter table aias_private.http_answers add constraint http_answers_pkey PRIMARY KEY (tenant_id, key);
alter table aias_private.http_answers add constraint key_is_short CHECK (((length(key) >= 1) AND (length(key) <= 255)));
alter table aias_private.http_answers add constraint request_hash_is_sha256 CHECK ((octet_length(request_hash) = 32));
alter table aias_private.http_answers add constraint status_is_a_success CHECK (((status >= 200) AND (status <= 299)));
CREATE INDEX http_answers_created_at_idx ON aias_private.http_answers USING btree (created_at);
create policy tenant_isolation on aias_private.http_answers as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.http_answers is 'The answers given under idempotency keys of HTTP requests, kept for a day.';
grant delete, insert, select, update on table aias_private.http_answers to aias_admin;
grant delete, insert, select, update on table aias_private.http_answers to aias_worker;

create table aias_private.idempotency_keys enable row level security force row level security;
    tenant_id uuid not null
    scope text not null
    key text not null
    target text not null
    request_hash bytea not null
    created_at timestamp with time zone default aias_private.now() not null
alter table aias_private.idempotency_keys add constraint idempotency_keys_pkey PRIMARY KEY (tenant_id, scope, key);
alter table aias_private.idempotency_keys add constraint idempotency_keys_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES aias_private.tenants(id) ON DELETE CASCADE;
alter table aias_private.idempotency_keys add constraint key_is_short CHECK (((length(key) >= 1) AND (length(key) <= 255)));
CREATE INDEX idempotency_keys_created_at_idx ON aias_private.idempotency_keys USING brin (created_at);
create policy tenant_isolation on aias_private.idempotency_keys as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.idempotency_keys is 'Which call a key stands for: the same key answers with the same target.';
grant delete, insert, select, update on table aias_private.idempotency_keys to aias_admin;
grant delete, insert, select, update on table aias_private.idempotency_keys to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.index_bloat(p_least_bytes bigint DEFAULT 10485760)
 RETURNS TABLE(index_name text, table_name text, size_bytes bigint, expected_bytes bigint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.index_bloat(p_least_bytes bigint) is 'The indexes that are more than twice as large as their entries need, with an estimate of what would do.';
grant execute on function aias_private.index_bloat(p_least_bytes bigint) to aias_admin;
grant execute on function aias_private.index_bloat(p_least_bytes bigint) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.industry_word(p_industry text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.industry_word(p_industry text) is 'An industry in small letters and dashes, as templates name it.';
grant execute on function aias_private.industry_word(p_industry text) to aias_admin;
grant execute on function aias_private.industry_word(p_industry text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.insert_execution_job(p_tenant uuid, p_execution uuid, p_workflow uuid, p_lane text, p_run_at timestamp with time zone)
 RETURNS bigint
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.insert_execution_job(p_tenant uuid, p_execution uuid, p_workflow uuid, p_lane text, p_run_at timestamp with time zone) is 'Enqueues the job that advances an execution, in its lane.';
grant execute on function aias_private.insert_execution_job(p_tenant uuid, p_execution uuid, p_workflow uuid, p_lane text, p_run_at timestamp with time zone) to aias_admin;
grant execute on function aias_private.insert_execution_job(p_tenant uuid, p_execution uuid, p_workflow uuid, p_lane text, p_run_at timestamp with time zone) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.insert_job(p_task text, p_args jsonb, p_queue text, p_priority integer, p_run_at timestamp with time zone, p_lock text, p_workflow uuid, p_limit_key text)
 RETURNS bigint
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET "aias.engine_events" TO 'off';
comment on function aias_private.insert_job(p_task text, p_args jsonb, p_queue text, p_priority integer, p_run_at timestamp with time zone, p_lock text, p_workflow uuid, p_limit_key text) is 'Enqueues a job and returns its id.';
grant execute on function aias_private.insert_job(p_task text, p_args jsonb, p_queue text, p_priority integer, p_run_at timestamp with time zone, p_lock text, p_workflow uuid, p_limit_key text) to aias_admin;
grant execute on function aias_private.insert_job(p_task text, p_args jsonb, p_queue text, p_priority integer, p_run_at timestamp with time zone, p_lock text, p_workflow uuid, p_limit_key text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.insert_tenant_job(p_tenant uuid, p_task text, p_args jsonb, p_run_at timestamp with time zone)
 RETURNS bigint
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.insert_tenant_job(p_tenant uuid, p_task text, p_args jsonb, p_run_at timestamp with time zone) is 'Enqueues a job in the lane of a tenant''s plan.';
grant execute on function aias_private.insert_tenant_job(p_tenant uuid, p_task text, p_args jsonb, p_run_at timestamp with time zone) to aias_admin;
grant execute on function aias_private.insert_tenant_job(p_tenant uuid, p_task text, p_args jsonb, p_run_at timestamp with time zone) to aias_worker;

create table aias_private.integration_checks enable row level security force row level security;
    tenant_id uuid not null
    integration_id uuid not null
    latency_ms integer
    last_checked_at timestamp with time zone
    last_ok_at timestamp with time zone
    last_error text
    consecutive_failure_count integer default 0 not null
    next_check_at timestamp with time zone not null
alter table aias_private.integration_checks add constraint consecutive_failure_count_is_not_negative CHECK ((consecutive_failure_count >= 0));
alter table aias_private.integration_checks add constraint integration_checks_integration_fkey FOREIGN KEY (tenant_id, integration_id) REFERENCES aias_private.integrations(tenant_id, id) ON DELETE CASCADE;
alter table aias_private.integration_checks add constraint integration_checks_pkey PRIMARY KEY (tenant_id, integration_id);
alter table aias_private.integration_checks add constraint last_error_is_short CHECK ((octet_length(last_error) <= 8000));
alter table aias_private.integration_checks add constraint latency_ms_is_not_negative CHECK ((latency_ms >= 0));
CREATE INDEX integration_checks_next_check_at_idx ON aias_private.integration_checks USING btree (next_check_at);
CREATE TRIGGER cached_rows_change_with_delete AFTER DELETE ON aias_private.integration_checks REFERENCING OLD TABLE AS former FOR EACH STATEMENT EXECUTE FUNCTION aias_private.invalidate_cached_rows('integrations', 'tenant_id');
CREATE TRIGGER cached_rows_change_with_insert AFTER INSERT ON aias_private.integration_checks REFERENCING NEW TABLE AS latter FOR EACH STATEMENT EXECUTE FUNCTION aias_private.invalidate_cached_rows('integrations', 'tenant_id');
CREATE TRIGGER cached_rows_change_with_update AFTER UPDATE ON aias_private.integration_checks REFERENCING NEW TABLE AS latter FOR EACH STATEMENT EXECUTE FUNCTION aias_private.invalidate_cached_rows('integrations', 'tenant_id');
create policy tenant_isolation on aias_private.integration_checks as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.integration_checks is 'What the last check of each connection found, and when the next one is due.';
grant delete, insert, select, update on table aias_private.integration_checks to aias_admin;
grant delete, insert, select, update on table aias_private.integration_checks to aias_worker;

create table aias_private.integration_days enable row level security force row level security;
    tenant_id uuid not null
    day date not null
    kind text not null
    connection text not null
    is_open boolean not null
    call_count bigint not null
    failure_count bigint not null
    total_ms double precision not null
    max_ms double precision not null
alter table aias_private.integration_days add constraint integration_days_pkey PRIMARY KEY (tenant_id, day, kind, connection, is_open);
alter table aias_private.integration_days add constraint integration_days_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES aias_private.tenants(id) ON DELETE CASCADE;
CREATE INDEX integration_days_day_idx ON aias_private.integration_days USING btree (day);
CREATE INDEX integration_days_open_idx ON aias_private.integration_days USING btree (tenant_id) WHERE is_open;
create policy tenant_isolation on aias_private.integration_days as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.integration_days is 'Calls of upstreams per tenant, day and connection.';
grant delete, insert, select, update on table aias_private.integration_days to aias_admin;
grant delete, insert, select, update on table aias_private.integration_days to aias_worker;

create table aias_private.integration_references enable row level security force row level security;
    tenant_id uuid not null
    integration_id uuid not null
    kind text not null
    reference text not null
    remote_id text
    holder text
    held_until timestamp with time zone
    created_at timestamp with time zone default aias_private.now() not null
    noted_at timestamp with time zone
alter table aias_private.integration_references add constraint held_until_set_when_held CHECK (((held_until IS NOT NULL) = (holder IS NOT NULL)));
alter table aias_private.integration_references add constraint integration_references_integration_fkey FOREIGN KEY (tenant_id, integration_id) REFERENCES aias_private.integrations(tenant_id, id) ON DELETE CASCADE;
alter table aias_private.integration_references add constraint integration_references_pkey PRIMARY KEY (tenant_id, integration_id, kind, reference);
alter table aias_private.integration_references add constraint kind_is_a_word CHECK ((kind ~ '^[a-z][a-z0-9_]{0,62}$'::text));
alter table aias_private.integration_references add constraint noted_at_set_when_known CHECK (((noted_at IS NOT NULL) = (remote_id IS NOT NULL)));
alter table aias_private.integration_references add constraint reference_is_short CHECK (((octet_length(reference) >= 1) AND (octet_length(reference) <= 500)));
alter table aias_private.integration_references add constraint remote_id_is_short CHECK (((octet_length(remote_id) >= 1) AND (octet_length(remote_id) <= 500)));
create policy tenant_isolation on aias_private.integration_references as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.integration_references is 'Our reference of each thing made at an upstream, its id there, and who is making it just now.';
grant delete, insert, select, update on table aias_private.integration_references to aias_admin;
grant delete, insert, select, update on table aias_private.integration_references to aias_worker;

create table aias_private.integrations enable row level security force row level security;
    tenant_id uuid not null
    id uuid default aias_private.uuid7() not null
    kind text not null
    name text not null
    config jsonb default '{}'::jsonb not null
    secret bytea not null
    key_id text not null
    status text default 'connected'::text not null
    status_reason text
    created_at timestamp with time zone default aias_private.now() not null
    connected_at timestamp with time zone default aias_private.now() not null
    credential_version integer default 1 not null
    connected_by text
    grant_type text
    scopes text
    token_expires_at timestamp with time zone
    refresh_token_expires_at timestamp with time zone
    refresh_began_at timestamp with time zone
    refresh_holder text
    refresh_held_until timestamp with time zone
    refresh_failure_count integer default 0 not null
    refresh_after timestamp with time zone
    is_sample boolean default false not null
alter table aias_private.integrations add constraint config_is_an_object CHECK ((jsonb_typeof(config) = 'object'::text));
alter table aias_private.integrations add constraint config_is_small CHECK ((octet_length((config)::text) <= 10000));
alter table aias_private.integrations add constraint connected_by_is_short CHECK ((octet_length(connected_by) <= 1000));
alter table aias_private.integrations add constraint credential_version_is_positive CHECK ((credential_version > 0));
alter table aias_private.integrations add constraint grant_type_is_known CHECK ((grant_type = ANY (ARRAY['authorization_code'::text, 'client_credentials'::text])));
alter table aias_private.integrations add constraint integrations_kind_name_key UNIQUE (tenant_id, kind, name);
alter table aias_private.integrations add constraint integrations_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.integrations add constraint integrations_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES aias_private.tenants(id) ON DELETE CASCADE;
alter table aias_private.integrations add constraint key_id_is_hex CHECK ((key_id ~ '^[0-9a-f]{16}$'::text));
alter table aias_private.integrations add constraint kind_is_a_word CHECK ((kind ~ '^[a-z][a-z0-9_]{0,62}$'::text));
alter table aias_private.integrations add constraint name_is_a_word CHECK ((name ~ '^[a-z0-9][a-z0-9_-]{0,62}$'::text));
alter table aias_private.integrations add constraint refresh_began_at_set_when_held CHECK (((refresh_holder IS NULL) OR (refresh_began_at IS NOT NULL)));
alter table aias_private.integrations add constraint refresh_failure_count_is_not_negative CHECK ((refresh_failure_count >= 0));
alter table aias_private.integrations add constraint refresh_held_until_set_when_held CHECK (((refresh_held_until IS NULL) = (refresh_holder IS NULL)));
alter table aias_private.integrations add constraint scopes_are_short CHECK ((octet_length(scopes) <= 10000));
alter table aias_private.integrations add constraint secret_is_sealed CHECK (((octet_length(secret) >= 29) AND (octet_length(secret) <= 100000)));
alter table aias_private.integrations add constraint status_is_known CHECK ((status = ANY (ARRAY['connected'::text, 'failing'::text, 'revoked'::text])));
alter table aias_private.integrations add constraint status_reason_set_when_not_connected CHECK (((status_reason IS NULL) = (status = 'connected'::text)));
CREATE INDEX integrations_expiry_idx ON aias_private.integrations USING btree (token_expires_at) WHERE ((grant_type IS NOT NULL) AND (status <> 'revoked'::text));
CREATE TRIGGER aias_hear_integration AFTER UPDATE OF status ON aias_private.integrations FOR EACH ROW WHEN ((old.status <> new.status)) EXECUTE FUNCTION aias_private.hear_integration();
CREATE TRIGGER cached_rows_change_with_delete AFTER DELETE ON aias_private.integrations REFERENCING OLD TABLE AS former FOR EACH STATEMENT EXECUTE FUNCTION aias_private.invalidate_cached_rows('integrations', 'tenant_id');
CREATE TRIGGER cached_rows_change_with_insert AFTER INSERT ON aias_private.integrations REFERENCING NEW TABLE AS latter FOR EACH STATEMENT EXECUTE FUNCTION aias_private.invalidate_cached_rows('integrations', 'tenant_id');
CREATE TRIGGER cached_rows_change_with_update AFTER UPDATE ON aias_private.integrations REFERENCING NEW TABLE AS latter FOR EACH STATEMENT EXECUTE FUNCTION aias_private.invalidate_cached_rows('integrations', 'tenant_id');
create policy tenant_isolation on aias_private.integrations as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.integrations is 'Connections of tenants to other services: where they are, and the sealed credentials.';
grant delete, insert, select, update on table aias_private.integrations to aias_admin;
grant delete, insert, select, update on table aias_private.integrations to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.invalidate_cached_rows()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.invalidate_cached_rows() is 'Invalidates what the cache holds of rows that change.';
grant execute on function aias_private.invalidate_cached_rows() to aias_admin;
grant execute on function aias_private.invalidate_cached_rows() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.is_archived(p_table text, p_partition text)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.is_archived(p_table text, p_partition text) is 'Whether all rows of a partition, as they are now, stand in a verified archive.';
grant execute on function aias_private.is_archived(p_table text, p_partition text) to aias_admin;
grant execute on function aias_private.is_archived(p_table text, p_partition text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.is_flag_on(p_flag text, p_tenant uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.is_flag_on(p_flag text, p_tenant uuid) is 'Whether a flag is on for a tenant: by the tenant''s own word, else by the flag''s percentage.';
grant execute on function aias_private.is_flag_on(p_flag text, p_tenant uuid) to aias_admin;
grant execute on function aias_private.is_flag_on(p_flag text, p_tenant uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.is_safe_args(p_args jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.is_safe_args(p_args jsonb) is 'True when job arguments are an object of at most 1,000,000 bytes, 64 levels and loadable numbers.';
grant execute on function aias_private.is_safe_args(p_args jsonb) to aias_admin;
grant execute on function aias_private.is_safe_args(p_args jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.is_silenced(p_tenant uuid, p_rule text, p_key text)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.is_silenced(p_tenant uuid, p_rule text, p_key text) is 'Whether somebody does not want to be told of an alert just now.';
grant execute on function aias_private.is_silenced(p_tenant uuid, p_rule text, p_key text) to aias_admin;
grant execute on function aias_private.is_silenced(p_tenant uuid, p_rule text, p_key text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.is_wrapping(p_transactions bigint, p_multixacts bigint)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.is_wrapping(p_transactions bigint, p_multixacts bigint) is 'Whether an age, in transactions and multixacts, is more than half of what PostgreSQL can tell apart.';
grant execute on function aias_private.is_wrapping(p_transactions bigint, p_multixacts bigint) to aias_admin;
grant execute on function aias_private.is_wrapping(p_transactions bigint, p_multixacts bigint) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.job_gate(p_job bigint)
 RETURNS TABLE(reason text, detail text, until timestamp with time zone)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.job_gate(p_job bigint) is 'What keeps a job that is due from being claimed; no row when nothing does.';
grant execute on function aias_private.job_gate(p_job bigint) to aias_admin;
grant execute on function aias_private.job_gate(p_job bigint) to aias_worker;

create view aias_private.job_spans as
 SELECT COALESCE(tenant_id, '00000000-0000-0000-0000-000000000000'::uuid) AS tenant_id,
    split_part(trace_parent, '-'::text, 2) AS key,
    split_part(trace_parent, '-'::text, 2) AS trace_id,
    "left"(md5(('job '::text || (id)::text)), 16) AS span_id,
    split_part(trace_parent, '-'::text, 3) AS parent_span_id,
    COALESCE(correlation_id, split_part(trace_parent, '-'::text, 2)) AS correlation_id,
    'job'::text AS kind,
    (task_name)::text AS name,
    GREATEST(created_at, scheduled_at) AS started_at,
    NULL::timestamp with time zone AS finished_at,
        CASE status
            WHEN 'doing'::public.procrastinate_job_status THEN 'running'::text
            ELSE 'waiting'::text
        END AS status,
    NULL::text AS request_id,
    NULL::uuid AS execution_id,
    NULL::text AS step,
    NULL::integer AS item,
    attempts AS attempt,
    jsonb_build_object('job', id) AS detail
   FROM public.procrastinate_jobs j
  WHERE ((status = ANY (ARRAY['todo'::public.procrastinate_job_status, 'doing'::public.procrastinate_job_status])) AND (trace_parent IS NOT NULL) AND ((task_name)::text <> 'aias.advance_execution'::text) AND (aias_private.given_trace_parent(trace_parent) IS NOT NULL));
comment on view aias_private.job_spans is 'The jobs of traces that wait or run, as aias.traces has them.';
grant delete, insert, select, update on table aias_private.job_spans to aias_admin;
grant delete, insert, select, update on table aias_private.job_spans to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.job_state(p_job bigint)
 RETURNS TABLE(status text, queue_name text, run_at timestamp with time zone, worker_id bigint, worker_heartbeat_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.job_state(p_job bigint) is 'A job''s status, queue, time and worker.';
grant execute on function aias_private.job_state(p_job bigint) to aias_admin;
grant execute on function aias_private.job_state(p_job bigint) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.job_wait(p_job bigint)
 RETURNS TABLE(reason text, detail text, until timestamp with time zone)
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.job_wait(p_job bigint) is 'What the execution waits for that a scheduled job will go on with.';
grant execute on function aias_private.job_wait(p_job bigint) to aias_admin;
grant execute on function aias_private.job_wait(p_job bigint) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.jobs_of_task(p_task text)
 RETURNS TABLE(job_id bigint, status text, args jsonb, worker_id bigint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.jobs_of_task(p_task text) is 'Waiting and running jobs of a task.';
grant execute on function aias_private.jobs_of_task(p_task text) to aias_admin;
grant execute on function aias_private.jobs_of_task(p_task text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.jobs_of_worker(p_worker bigint)
 RETURNS TABLE(job_id bigint, attempts integer, abort_requested boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.jobs_of_worker(p_worker bigint) is 'The running jobs of a worker.';
grant execute on function aias_private.jobs_of_worker(p_worker bigint) to aias_admin;
grant execute on function aias_private.jobs_of_worker(p_worker bigint) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_array_problems(p_schema jsonb, p_array jsonb)
 RETURNS jsonb[]
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_array_problems(p_schema jsonb, p_array jsonb) is 'Each keyword of a JSON Schema about an array''s length and uniqueness that it breaks.';
grant execute on function aias_private.json_array_problems(p_schema jsonb, p_array jsonb) to aias_admin;
grant execute on function aias_private.json_array_problems(p_schema jsonb, p_array jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_class_refusal(p_class text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_class_refusal(p_class text) is 'Why a bracket expression of a JSON Schema pattern is refused; null when it is accepted.';
grant execute on function aias_private.json_class_refusal(p_class text) to aias_admin;
grant execute on function aias_private.json_class_refusal(p_class text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_count_problem(p_count integer, p_minimum jsonb, p_maximum jsonb, p_what text)
 RETURNS jsonb[]
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_count_problem(p_count integer, p_minimum jsonb, p_maximum jsonb, p_what text) is 'The problem of a count that is below its minimum or above its maximum; empty when it is neither.';
grant execute on function aias_private.json_count_problem(p_count integer, p_minimum jsonb, p_maximum jsonb, p_what text) to aias_admin;
grant execute on function aias_private.json_count_problem(p_count integer, p_minimum jsonb, p_maximum jsonb, p_what text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_format_matches(p_format text, p_text text)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_format_matches(p_format text, p_text text) is 'True when a text is of one of the formats of JSON Schema that are checked.';
grant execute on function aias_private.json_format_matches(p_format text, p_text text) to aias_admin;
grant execute on function aias_private.json_format_matches(p_format text, p_text text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_input_problems(p_value jsonb, p_max_bytes integer, p_max_depth integer)
 RETURNS TABLE(path text, message text)
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_input_problems(p_value jsonb, p_max_bytes integer, p_max_depth integer) is 'Why a JSON value is unfit to be stored (size, nesting, numbers out of range); no row when it is fit.';
grant execute on function aias_private.json_input_problems(p_value jsonb, p_max_bytes integer, p_max_depth integer) to aias_admin;
grant execute on function aias_private.json_input_problems(p_value jsonb, p_max_bytes integer, p_max_depth integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_keyword_refusal(p_keyword text, p_value jsonb)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_keyword_refusal(p_keyword text, p_value jsonb) is 'Why a keyword of a JSON Schema is refused, as the end of a sentence; null when it is accepted.';
grant execute on function aias_private.json_keyword_refusal(p_keyword text, p_value jsonb) to aias_admin;
grant execute on function aias_private.json_keyword_refusal(p_keyword text, p_value jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_number_problems(p_schema jsonb, p_number numeric)
 RETURNS jsonb[]
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_number_problems(p_schema jsonb, p_number numeric) is 'Each keyword for numbers of a JSON Schema that a number breaks.';
grant execute on function aias_private.json_number_problems(p_schema jsonb, p_number numeric) to aias_admin;
grant execute on function aias_private.json_number_problems(p_schema jsonb, p_number numeric) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_object_problems(p_schema jsonb, p_object jsonb)
 RETURNS jsonb[]
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_object_problems(p_schema jsonb, p_object jsonb) is 'Each keyword of a JSON Schema about an object''s keys (required and the counts) that it breaks.';
grant execute on function aias_private.json_object_problems(p_schema jsonb, p_object jsonb) to aias_admin;
grant execute on function aias_private.json_object_problems(p_schema jsonb, p_object jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_path_step(p_key text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_path_step(p_key text) is 'The step of a JSON path that leads to a key: .name or ["any key"].';
grant execute on function aias_private.json_path_step(p_key text) to aias_admin;
grant execute on function aias_private.json_path_step(p_key text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_pattern_matches(p_pattern text, p_text text)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_pattern_matches(p_pattern text, p_text text) is 'True when a JSON Schema pattern occurs in a text, as ECMA 262 has it.';
grant execute on function aias_private.json_pattern_matches(p_pattern text, p_text text) to aias_admin;
grant execute on function aias_private.json_pattern_matches(p_pattern text, p_text text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_pattern_refusal(p_pattern text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_pattern_refusal(p_pattern text) is 'Why a JSON Schema pattern is refused, as the end of a sentence; null when it is accepted.';
grant execute on function aias_private.json_pattern_refusal(p_pattern text) to aias_admin;
grant execute on function aias_private.json_pattern_refusal(p_pattern text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_pattern_regex(p_pattern text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_pattern_regex(p_pattern text) is 'A JSON Schema pattern, written as the PostgreSQL regular expression that matches the same.';
grant execute on function aias_private.json_pattern_regex(p_pattern text) to aias_admin;
grant execute on function aias_private.json_pattern_regex(p_pattern text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_problems_at(p_step text, p_problems jsonb[])
 RETURNS jsonb[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_problems_at(p_step text, p_problems jsonb[]) is 'The same problems with a step put before each path.';
grant execute on function aias_private.json_problems_at(p_step text, p_problems jsonb[]) to aias_admin;
grant execute on function aias_private.json_problems_at(p_step text, p_problems jsonb[]) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_schema_check(p_root jsonb, p_schema jsonb, p_value jsonb, p_level integer, p_budget integer, p_limit integer, OUT problems jsonb[], OUT budget integer)
 RETURNS record
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_schema_check(p_root jsonb, p_schema jsonb, p_value jsonb, p_level integer, p_budget integer, p_limit integer, OUT problems jsonb[], OUT budget integer) is 'Checks a value against a schema within a budget; gives the problems and what is left of the budget.';
grant execute on function aias_private.json_schema_check(p_root jsonb, p_schema jsonb, p_value jsonb, p_level integer, p_budget integer, p_limit integer, OUT problems jsonb[], OUT budget integer) to aias_admin;
grant execute on function aias_private.json_schema_check(p_root jsonb, p_schema jsonb, p_value jsonb, p_level integer, p_budget integer, p_limit integer, OUT problems jsonb[], OUT budget integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_schema_problems(p_schema jsonb, p_instance jsonb)
 RETURNS TABLE(path text, message text)
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_schema_problems(p_schema jsonb, p_instance jsonb) is 'The problems of a JSON value by its JSON Schema, each with its path; no row when it is valid.';
grant execute on function aias_private.json_schema_problems(p_schema jsonb, p_instance jsonb) to aias_admin;
grant execute on function aias_private.json_schema_problems(p_schema jsonb, p_instance jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_schema_refusals(p_schema jsonb)
 RETURNS TABLE(path text, message text)
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_schema_refusals(p_schema jsonb) is 'Why a JSON Schema is refused, each problem with its path in the schema; no row when it is accepted.';
grant execute on function aias_private.json_schema_refusals(p_schema jsonb) to aias_admin;
grant execute on function aias_private.json_schema_refusals(p_schema jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.json_string_problems(p_schema jsonb, p_text text)
 RETURNS jsonb[]
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.json_string_problems(p_schema jsonb, p_text text) is 'Each keyword for strings of a JSON Schema that a text breaks.';
grant execute on function aias_private.json_string_problems(p_schema jsonb, p_text text) to aias_admin;
grant execute on function aias_private.json_string_problems(p_schema jsonb, p_text text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.judge_breaker(p_tenant uuid, p_integration uuid, p_kind text, p_connection text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.judge_breaker(p_tenant uuid, p_integration uuid, p_kind text, p_connection text) is 'Opens the breaker of a connection whose calls fail too often.';
grant execute on function aias_private.judge_breaker(p_tenant uuid, p_integration uuid, p_kind text, p_connection text) to aias_admin;
grant execute on function aias_private.judge_breaker(p_tenant uuid, p_integration uuid, p_kind text, p_connection text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.keep_answer(p_tenant uuid, p_key text, p_status integer, p_headers jsonb, p_body bytea)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.keep_answer(p_tenant uuid, p_key text, p_status integer, p_headers jsonb, p_body bytea) is 'Keeps the answer to an HTTP request under its idempotency key.';
grant execute on function aias_private.keep_answer(p_tenant uuid, p_key text, p_status integer, p_headers jsonb, p_body bytea) to aias_admin;
grant execute on function aias_private.keep_answer(p_tenant uuid, p_key text, p_status integer, p_headers jsonb, p_body bytea) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.keep_performance()
 RETURNS date
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.keep_performance() is 'Keeps the percentiles, the slowest statements and the sizes of tables of the last whole week; returns its Monday.';
grant execute on function aias_private.keep_performance() to aias_admin;
grant execute on function aias_private.keep_performance() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.kept_condition(p_table text)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.kept_condition(p_table text) is 'The condition under which a row of a table stays however old it is.';
grant execute on function aias_private.kept_condition(p_table text) to aias_admin;
grant execute on function aias_private.kept_condition(p_table text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.kept_tenants(p_table text, p_until timestamp with time zone)
 RETURNS uuid[]
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.kept_tenants(p_table text, p_until timestamp with time zone) is 'The tenants whose rows of a table, up to a time, are kept longer than the policy says.';
grant execute on function aias_private.kept_tenants(p_table text, p_until timestamp with time zone) to aias_admin;
grant execute on function aias_private.kept_tenants(p_table text, p_until timestamp with time zone) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.keys_under_other_masters(p_master_key text, p_limit integer)
 RETURNS TABLE(tenant_id uuid, key_id text, wrapped bytea, master_key_id text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.keys_under_other_masters(p_master_key text, p_limit integer) is 'Lists the keys of tenants and of the operators that are not wrapped by this master key.';
grant execute on function aias_private.keys_under_other_masters(p_master_key text, p_limit integer) to aias_admin;
grant execute on function aias_private.keys_under_other_masters(p_master_key text, p_limit integer) to aias_worker;

create table aias_private.lanes;
    name text not null
    queue_name text not null
    base_priority integer not null
    weight integer not null
    description text not null
alter table aias_private.lanes add constraint lanes_pkey PRIMARY KEY (name);
alter table aias_private.lanes add constraint lanes_queue_name_key UNIQUE (queue_name);
alter table aias_private.lanes add constraint queue_name_fits_a_channel CHECK (((length(queue_name) >= 1) AND (length(queue_name) <= 40)));
alter table aias_private.lanes add constraint weight_is_positive CHECK ((weight > 0));
CREATE TRIGGER cached_rows_change_with_delete AFTER DELETE ON aias_private.lanes REFERENCING OLD TABLE AS former FOR EACH STATEMENT EXECUTE FUNCTION aias_private.invalidate_cached_rows('lanes', '');
CREATE TRIGGER cached_rows_change_with_insert AFTER INSERT ON aias_private.lanes REFERENCING NEW TABLE AS latter FOR EACH STATEMENT EXECUTE FUNCTION aias_private.invalidate_cached_rows('lanes', '');
CREATE TRIGGER cached_rows_change_with_update AFTER UPDATE ON aias_private.lanes REFERENCING NEW TABLE AS latter FOR EACH STATEMENT EXECUTE FUNCTION aias_private.invalidate_cached_rows('lanes', '');
comment on table aias_private.lanes is 'Named classes of service: one queue, one base priority, one weight each.';
grant delete, insert, select, update on table aias_private.lanes to aias_admin;
grant delete, insert, select, update on table aias_private.lanes to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.launch_for_event(p_tenant uuid, p_event uuid, p_subscription uuid, p_input jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.launch_for_event(p_tenant uuid, p_event uuid, p_subscription uuid, p_input jsonb) is 'Starts what a subscription starts, for one event.';
grant execute on function aias_private.launch_for_event(p_tenant uuid, p_event uuid, p_subscription uuid, p_input jsonb) to aias_admin;
grant execute on function aias_private.launch_for_event(p_tenant uuid, p_event uuid, p_subscription uuid, p_input jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.launch_tick(p_tenant uuid, p_schedule uuid, p_due_at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.launch_tick(p_tenant uuid, p_schedule uuid, p_due_at timestamp with time zone) is 'Starts the execution, or the job, of a tick.';
grant execute on function aias_private.launch_tick(p_tenant uuid, p_schedule uuid, p_due_at timestamp with time zone) to aias_admin;
grant execute on function aias_private.launch_tick(p_tenant uuid, p_schedule uuid, p_due_at timestamp with time zone) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.launch_workflow(p_tenant uuid, p_workflow uuid, p_input jsonb, p_origin jsonb, p_detail jsonb)
 RETURNS uuid
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.launch_workflow(p_tenant uuid, p_workflow uuid, p_input jsonb, p_origin jsonb, p_detail jsonb) is 'Starts a workflow''s current version for a trigger.';
grant execute on function aias_private.launch_workflow(p_tenant uuid, p_workflow uuid, p_input jsonb, p_origin jsonb, p_detail jsonb) to aias_admin;
grant execute on function aias_private.launch_workflow(p_tenant uuid, p_workflow uuid, p_input jsonb, p_origin jsonb, p_detail jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.learn_limit(p_tenant uuid, p_integration uuid, p_throttle jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.learn_limit(p_tenant uuid, p_integration uuid, p_throttle jsonb) is 'Takes over what an upstream says of its own limit.';
grant execute on function aias_private.learn_limit(p_tenant uuid, p_integration uuid, p_throttle jsonb) to aias_admin;
grant execute on function aias_private.learn_limit(p_tenant uuid, p_integration uuid, p_throttle jsonb) to aias_worker;

create table aias_private.learned_limits enable row level security force row level security;
    tenant_id uuid not null
    integration_id uuid not null
    points_per_second double precision not null
    burst double precision not null
    learned_at timestamp with time zone default aias_private.now() not null
alter table aias_private.learned_limits add constraint learned_limits_integration_fkey FOREIGN KEY (tenant_id, integration_id) REFERENCES aias_private.integrations(tenant_id, id) ON DELETE CASCADE;
alter table aias_private.learned_limits add constraint learned_limits_pkey PRIMARY KEY (tenant_id, integration_id);
alter table aias_private.learned_limits add constraint limit_is_positive CHECK (((points_per_second > (0)::double precision) AND (burst > (0)::double precision)));
create policy tenant_isolation on aias_private.learned_limits as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.learned_limits is 'What an upstream says of its own limit.';
grant delete, insert, select, update on table aias_private.learned_limits to aias_admin;
grant delete, insert, select, update on table aias_private.learned_limits to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.limit_state(p_key text)
 RETURNS TABLE(max_running integer, running_count integer)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.limit_state(p_key text) is 'How many jobs may run under a key, and how many do.';
grant execute on function aias_private.limit_state(p_key text) to aias_admin;
grant execute on function aias_private.limit_state(p_key text) to aias_analyst;
grant execute on function aias_private.limit_state(p_key text) to aias_app;
grant execute on function aias_private.limit_state(p_key text) to aias_worker;

create table aias_private.limits enable row level security force row level security;
    tenant_id uuid default '00000000-0000-0000-0000-000000000000'::uuid not null
    scope text not null
    name text not null
    key text not null
    workflow_id uuid
    max_running integer
    rate_count integer
    rate_per interval
    rate_burst integer
    set_by text not null
    set_at timestamp with time zone default aias_private.now() not null
alter table aias_private.limits add constraint limits_pkey PRIMARY KEY (tenant_id, scope, name);
alter table aias_private.limits add constraint max_running_is_not_negative CHECK ((max_running >= 0));
alter table aias_private.limits add constraint rate_is_positive CHECK (((rate_count > 0) AND (rate_per > '00:00:00'::interval) AND (rate_burst > 0)));
alter table aias_private.limits add constraint rate_is_whole CHECK ((((rate_count IS NULL) = (rate_per IS NULL)) AND ((rate_count IS NULL) = (rate_burst IS NULL))));
alter table aias_private.limits add constraint scope_is_known CHECK ((scope = ANY (ARRAY['workflow'::text, 'tenant'::text, 'key'::text, 'connection'::text])));
alter table aias_private.limits add constraint something_is_limited CHECK (((max_running IS NOT NULL) OR (rate_count IS NOT NULL)));
alter table aias_private.limits add constraint workflow_set_for_a_workflow CHECK (((workflow_id IS NOT NULL) = (scope = 'workflow'::text)));
CREATE UNIQUE INDEX limits_key_idx ON aias_private.limits USING btree (key);
create policy tenant_isolation on aias_private.limits as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ANY (ARRAY[( SELECT aias_private.caller_tenant() AS caller_tenant), '00000000-0000-0000-0000-000000000000'::uuid]))));
comment on table aias_private.limits is 'How many jobs of a tenant, a workflow or a key may run at once, and how many may start in a time.';
grant delete, insert, select, update on table aias_private.limits to aias_admin;
grant delete, insert, select, update on table aias_private.limits to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.limits_of_jobs(p_ids bigint[])
 RETURNS TABLE(job_id bigint, key text, scope text, name text, has_maximum boolean, rate_count integer, rate_per interval, rate_burst integer)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'public', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan';
comment on function aias_private.limits_of_jobs(p_ids bigint[]) is 'The limits under which jobs fall.';
grant execute on function aias_private.limits_of_jobs(p_ids bigint[]) to aias_admin;
grant execute on function aias_private.limits_of_jobs(p_ids bigint[]) to aias_worker;

create table aias_private.link_keys;
    is_only boolean default true not null
    inner_key bytea not null
    outer_key bytea not null
alter table aias_private.link_keys add constraint keys_fill_a_block CHECK (((octet_length(inner_key) = 64) AND (octet_length(outer_key) = 64)));
alter table aias_private.link_keys add constraint link_keys_pkey PRIMARY KEY (is_only);
alter table aias_private.link_keys add constraint there_is_one_row CHECK (is_only);
comment on table aias_private.link_keys is 'The secret that links in mails are sealed with.';
grant delete, insert, select, update on table aias_private.link_keys to aias_admin;
grant delete, insert, select, update on table aias_private.link_keys to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.link_person(p_token text)
 RETURNS TABLE(tenant_id uuid, user_id uuid, language text, is_subscribed boolean)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.link_person(p_token text) is 'Whom a link in a mail is about; no row for a link that the system did not make.';
grant execute on function aias_private.link_person(p_token text) to aias_admin;
grant execute on function aias_private.link_person(p_token text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.link_token(p_user uuid)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.link_token(p_user uuid) is 'What stands for a person in the links of mails, and can''t be made up.';
grant execute on function aias_private.link_token(p_user uuid) to aias_admin;
grant execute on function aias_private.link_token(p_user uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.list_scope(p_tenant uuid, p_limit integer)
 RETURNS TABLE(tenant_id uuid)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.list_scope(p_tenant uuid, p_limit integer) is 'The tenant whose rows a caller''s page may hold: null for all of them, no row for none.';
grant execute on function aias_private.list_scope(p_tenant uuid, p_limit integer) to aias_admin;
grant execute on function aias_private.list_scope(p_tenant uuid, p_limit integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.local_morning(p_start timestamp with time zone, p_days integer, p_time time without time zone, p_time_zone text)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.local_morning(p_start timestamp with time zone, p_days integer, p_time time without time zone, p_time_zone text) is 'The instant of a clock time some local days after a start, in a time zone; never before the start.';
grant execute on function aias_private.local_morning(p_start timestamp with time zone, p_days integer, p_time time without time zone, p_time_zone text) to aias_admin;
grant execute on function aias_private.local_morning(p_start timestamp with time zone, p_days integer, p_time time without time zone, p_time_zone text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.lock_alert(p_alert uuid)
 RETURNS aias_private.alerts
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.lock_alert(p_alert uuid) is 'The open alert of an id, locked, where the caller may see it.';
grant execute on function aias_private.lock_alert(p_alert uuid) to aias_admin;
grant execute on function aias_private.lock_alert(p_alert uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.lock_archive(p_partition text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.lock_archive(p_partition text) is 'Takes a partition''s archiving for this session, or is refused.';
grant execute on function aias_private.lock_archive(p_partition text) to aias_admin;
grant execute on function aias_private.lock_archive(p_partition text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.lock_execution(p_tenant uuid, p_execution uuid)
 RETURNS aias_private.executions
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.lock_execution(p_tenant uuid, p_execution uuid) is 'Locks an execution''s row, its parent''s before it.';
grant execute on function aias_private.lock_execution(p_tenant uuid, p_execution uuid) to aias_admin;
grant execute on function aias_private.lock_execution(p_tenant uuid, p_execution uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.lock_limit(p_key text, p_is_waiting boolean)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.lock_limit(p_key text, p_is_waiting boolean) is 'Serializes those who let jobs run under a key; false when another is at it.';
grant execute on function aias_private.lock_limit(p_key text, p_is_waiting boolean) to aias_admin;
grant execute on function aias_private.lock_limit(p_key text, p_is_waiting boolean) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.log_levels(p_level text)
 RETURNS text[]
 LANGUAGE plpgsql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.log_levels(p_level text) is 'The levels that are at least as severe as one; null for all.';
grant execute on function aias_private.log_levels(p_level text) to aias_admin;
grant execute on function aias_private.log_levels(p_level text) to aias_worker;

create table aias_private.logs partition by LIST (class) enable row level security force row level security;
    tenant_id uuid default '00000000-0000-0000-0000-000000000000'::uuid not null
    id uuid not null
    class text not null
    at timestamp with time zone not null
    level text not null
    logger text not null
    message text not null
    execution_id uuid
    step text
    job_id bigint
    correlation_id text
    trace_id text
    request_id text
    context jsonb default '{}'::jsonb not null
    process text not null
    xid xid8 default pg_current_xact_id() not null
alter table aias_private.logs add constraint class_is_known CHECK ((class = ANY (ARRAY['info'::text, 'error'::text])));
alter table aias_private.logs add constraint level_is_known CHECK ((level = ANY (ARRAY['debug'::text, 'info'::text, 'warning'::text, 'error'::text, 'critical'::text])));
alter table aias_private.logs add constraint logs_pkey PRIMARY KEY (tenant_id, id, class);
CREATE INDEX logs_correlation_idx ON ONLY aias_private.logs USING btree (correlation_id, id) WHERE (correlation_id IS NOT NULL);
CREATE INDEX logs_execution_idx ON ONLY aias_private.logs USING btree (execution_id, id) WHERE (execution_id IS NOT NULL);
CREATE INDEX logs_id_idx ON ONLY aias_private.logs USING btree (id);
CREATE INDEX logs_text_idx ON ONLY aias_private.logs USING gin (((to_tsvector('simple'::regconfig, message) || jsonb_to_tsvector('simple'::regconfig, context, '["string", "numeric"]'::jsonb))));
CREATE INDEX logs_xid_idx ON ONLY aias_private.logs USING btree (xid);
create policy tenant_isolation on aias_private.logs as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.logs is 'What the processes logged, scrubbed of secrets and personal data.';
grant delete, insert, select, update on table aias_private.logs to aias_admin;
grant delete, insert, select, update on table aias_private.logs to aias_worker;

create table aias_private.logs_error_default partition of aias_private.logs_error default;
grant delete, insert, select, update on table aias_private.logs_error_default to aias_admin;
grant delete, insert, select, update on table aias_private.logs_error_default to aias_worker;

create table aias_private.logs_info_default partition of aias_private.logs_info default;
grant delete, insert, select, update on table aias_private.logs_info_default to aias_admin;
grant delete, insert, select, update on table aias_private.logs_info_default to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.look_at_health(p_check text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.look_at_health(p_check text) is 'Looks at one check now, keeps what it finds, and says whether that is a change.';
grant execute on function aias_private.look_at_health(p_check text) to aias_admin;
grant execute on function aias_private.look_at_health(p_check text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.look_at_schedules()
 RETURNS TABLE(seconds double precision, has_due boolean, has_retries boolean, has_queued boolean, has_backfills boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.look_at_schedules() is 'What there is to do for schedules now, and the seconds until the next of them is due.';
grant execute on function aias_private.look_at_schedules() to aias_admin;
grant execute on function aias_private.look_at_schedules() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.look_into(p_session uuid, p_tenant text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.look_into(p_session uuid, p_tenant text) is 'Lets an operator''s session of the dashboard look into one tenant, or at all of them again.';
grant execute on function aias_private.look_into(p_session uuid, p_tenant text) to aias_admin;
grant execute on function aias_private.look_into(p_session uuid, p_tenant text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.mail_channel()
 RETURNS uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.mail_channel() is 'The operators'' channel by which people are written to; null where there is none.';
grant execute on function aias_private.mail_channel() to aias_admin;
grant execute on function aias_private.mail_channel() to aias_app;
grant execute on function aias_private.mail_channel() to aias_worker;

create table aias_private.mail_preferences enable row level security force row level security;
    tenant_id uuid not null
    user_id uuid not null
    unsubscribed_at timestamp with time zone
    consented_at timestamp with time zone
alter table aias_private.mail_preferences add constraint mail_preferences_pkey PRIMARY KEY (tenant_id, user_id);
alter table aias_private.mail_preferences add constraint mail_preferences_user_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES aias_private.users(tenant_id, id) ON DELETE CASCADE;
create policy tenant_isolation on aias_private.mail_preferences as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.mail_preferences is 'What people want of our mails; no row: mails, not counted.';
grant delete, insert, select, update on table aias_private.mail_preferences to aias_admin;
grant delete, insert, select, update on table aias_private.mail_preferences to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.make_partition(p_table text, p_partition text, p_bounds text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.make_partition(p_table text, p_partition text, p_bounds text) is 'Makes one partition of a growing table, like its others.';
grant execute on function aias_private.make_partition(p_table text, p_partition text, p_bounds text) to aias_admin;
grant execute on function aias_private.make_partition(p_table text, p_partition text, p_bounds text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.mark_sample(p_tenant uuid, p_workflow uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.mark_sample(p_tenant uuid, p_workflow uuid) is 'Makes a new workflow a sample, which counts nowhere.';
grant execute on function aias_private.mark_sample(p_tenant uuid, p_workflow uuid) to aias_admin;
grant execute on function aias_private.mark_sample(p_tenant uuid, p_workflow uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.may_settle_effects(p_tenant uuid, p_execution uuid, p_attempt integer)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.may_settle_effects(p_tenant uuid, p_execution uuid, p_attempt integer) is 'Whether an attempt holds an execution, or held it last before it was cancelled.';
grant execute on function aias_private.may_settle_effects(p_tenant uuid, p_execution uuid, p_attempt integer) to aias_admin;
grant execute on function aias_private.may_settle_effects(p_tenant uuid, p_execution uuid, p_attempt integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.merge_patch(p_target jsonb, p_patch jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.merge_patch(p_target jsonb, p_patch jsonb) is 'Applies a JSON merge patch (RFC 7396).';
grant execute on function aias_private.merge_patch(p_target jsonb, p_patch jsonb) to aias_admin;
grant execute on function aias_private.merge_patch(p_target jsonb, p_patch jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.merge_telemetry(p_events aias_private.telemetry_event[])
 RETURNS TABLE(call integer, place integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan';
comment on function aias_private.merge_telemetry(p_events aias_private.telemetry_event[]) is 'Stores events, each once, and gives the places of those that had come before.';
grant execute on function aias_private.merge_telemetry(p_events aias_private.telemetry_event[]) to aias_admin;
grant execute on function aias_private.merge_telemetry(p_events aias_private.telemetry_event[]) to aias_worker;

create view aias_private.message_spans as
 SELECT m.tenant_id,
    m.id AS key,
    aias_private.trace_id(m.id, m.trace_parent) AS trace_id,
    aias_private.span_id(m.id) AS span_id,
    NULLIF(split_part(m.trace_parent, '-'::text, 3), ''::text) AS parent_span_id,
    COALESCE(m.correlation_id, aias_private.trace_id(m.id, m.trace_parent)) AS correlation_id,
    'webhook_out'::text AS kind,
    (m.type || COALESCE((' to '::text || e.name), ''::text)) AS name,
    m.created_at AS started_at,
    m.finished_at,
    m.status,
    NULL::text AS request_id,
    ((m.payload #>> '{data,execution_id}'::text[]))::uuid AS execution_id,
    NULL::text AS step,
    NULL::integer AS item,
    NULLIF(m.attempt_count, 0) AS attempt,
    jsonb_strip_nulls(jsonb_build_object('last_status', m.last_status, 'error', m.last_error)) AS detail
   FROM (aias_private.webhook_messages m
     LEFT JOIN aias_private.webhook_endpoints e ON (((m.tenant_id = e.tenant_id) AND (m.endpoint_id = e.id))));
comment on view aias_private.message_spans is 'What is told to tenants'' endpoints, as aias.traces has it.';
grant delete, insert, select, update on table aias_private.message_spans to aias_admin;
grant delete, insert, select, update on table aias_private.message_spans to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.meter_usage(p_tenants uuid[], p_since date)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.meter_usage(p_tenants uuid[], p_since date) is 'Counts what tenants have used this month, and notes who has used up a hard quota.';
grant execute on function aias_private.meter_usage(p_tenants uuid[], p_since date) to aias_admin;
grant execute on function aias_private.meter_usage(p_tenants uuid[], p_since date) to aias_worker;

create table aias_private.metric_days partition by RANGE (id) enable row level security force row level security;
    tenant_id uuid not null
    id uuid not null
    at timestamp with time zone not null
    metric text not null
    key text not null
    detail text not null
    plan text not null
    observation_count bigint not null
    failure_count bigint not null
    refusal_count bigint not null
    total_seconds double precision not null
    buckets smallint[] not null
    counts integer[] not null
alter table aias_private.metric_days add constraint counts_belong_to_buckets CHECK ((cardinality(buckets) = cardinality(counts)));
alter table aias_private.metric_days add constraint metric_days_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.metric_days add constraint parts_are_no_more_than_all CHECK (((failure_count + refusal_count) <= observation_count));
CREATE INDEX metric_days_metric_idx ON ONLY aias_private.metric_days USING btree (metric, at);
create policy tenant_isolation on aias_private.metric_days as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.metric_days is 'Observations per day, tenant, plan and what was observed, with their histogram.';
grant delete, insert, select, update on table aias_private.metric_days to aias_admin;
grant delete, insert, select, update on table aias_private.metric_days to aias_worker;

create table aias_private.metric_days_default partition of aias_private.metric_days default with (fillfactor=70);
grant delete, insert, select, update on table aias_private.metric_days_default to aias_admin;
grant delete, insert, select, update on table aias_private.metric_days_default to aias_worker;

create table aias_private.metric_deltas enable row level security force row level security;
    tenant_id uuid not null
    at timestamp with time zone not null
    metric text not null
    key text not null
    detail text not null
    plan text not null
    observation_count bigint not null
    failure_count bigint not null
    refusal_count bigint not null
    total_seconds double precision not null
    buckets smallint[] not null
    counts integer[] not null
create policy tenant_isolation on aias_private.metric_deltas as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.metric_deltas is 'Observations that are not added to the rollups yet: each row was seen by one process.';
grant delete, insert, select, update on table aias_private.metric_deltas to aias_admin;
grant delete, insert, select, update on table aias_private.metric_deltas to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.metric_dimensions()
 RETURNS TABLE(metric text, dimension text, place integer)
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.metric_dimensions() is 'The metrics, and what each is told apart by.';
grant execute on function aias_private.metric_dimensions() to aias_admin;
grant execute on function aias_private.metric_dimensions() to aias_worker;

create table aias_private.metric_hours partition by RANGE (id) enable row level security force row level security;
    tenant_id uuid not null
    id uuid not null
    at timestamp with time zone not null
    metric text not null
    key text not null
    detail text not null
    plan text not null
    observation_count bigint not null
    failure_count bigint not null
    refusal_count bigint not null
    total_seconds double precision not null
    buckets smallint[] not null
    counts integer[] not null
alter table aias_private.metric_hours add constraint counts_belong_to_buckets CHECK ((cardinality(buckets) = cardinality(counts)));
alter table aias_private.metric_hours add constraint metric_hours_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.metric_hours add constraint parts_are_no_more_than_all CHECK (((failure_count + refusal_count) <= observation_count));
CREATE INDEX metric_hours_metric_idx ON ONLY aias_private.metric_hours USING btree (metric, at);
create policy tenant_isolation on aias_private.metric_hours as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.metric_hours is 'Observations per hour, tenant, plan and what was observed, with their histogram.';
grant delete, insert, select, update on table aias_private.metric_hours to aias_admin;
grant delete, insert, select, update on table aias_private.metric_hours to aias_worker;

create table aias_private.metric_hours_default partition of aias_private.metric_hours default with (fillfactor=70);
grant delete, insert, select, update on table aias_private.metric_hours_default to aias_admin;
grant delete, insert, select, update on table aias_private.metric_hours_default to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.metric_id(p_at timestamp with time zone, p_metric text, p_key text, p_detail text, p_plan text)
 RETURNS uuid
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.metric_id(p_at timestamp with time zone, p_metric text, p_key text, p_detail text, p_plan text) is 'The id under which the observations of a period are counted.';
grant execute on function aias_private.metric_id(p_at timestamp with time zone, p_metric text, p_key text, p_detail text, p_plan text) to aias_admin;
grant execute on function aias_private.metric_id(p_at timestamp with time zone, p_metric text, p_key text, p_detail text, p_plan text) to aias_worker;

create table aias_private.metric_minutes partition by RANGE (id) enable row level security force row level security;
    tenant_id uuid not null
    id uuid not null
    at timestamp with time zone not null
    metric text not null
    key text not null
    detail text not null
    plan text not null
    observation_count bigint not null
    failure_count bigint not null
    refusal_count bigint not null
    total_seconds double precision not null
    buckets smallint[] not null
    counts integer[] not null
alter table aias_private.metric_minutes add constraint counts_belong_to_buckets CHECK ((cardinality(buckets) = cardinality(counts)));
alter table aias_private.metric_minutes add constraint metric_minutes_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.metric_minutes add constraint parts_are_no_more_than_all CHECK (((failure_count + refusal_count) <= observation_count));
CREATE INDEX metric_minutes_metric_idx ON ONLY aias_private.metric_minutes USING btree (metric, at);
create policy tenant_isolation on aias_private.metric_minutes as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.metric_minutes is 'Observations per minute, tenant, plan and what was observed, with their histogram.';
grant delete, insert, select, update on table aias_private.metric_minutes to aias_admin;
grant delete, insert, select, update on table aias_private.metric_minutes to aias_worker;

create table aias_private.metric_minutes_default partition of aias_private.metric_minutes default with (fillfactor=70);
grant delete, insert, select, update on table aias_private.metric_minutes_default to aias_admin;
grant delete, insert, select, update on table aias_private.metric_minutes_default to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.metric_rates(p_metric text, p_key text, p_detail text, p_plan text, p_tenant text)
 RETURNS TABLE(dimension text, key text)
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.metric_rates(p_metric text, p_key text, p_detail text, p_plan text, p_tenant text) is 'The keys under which the observations of a row count in error rates.';
grant execute on function aias_private.metric_rates(p_metric text, p_key text, p_detail text, p_plan text, p_tenant text) to aias_admin;
grant execute on function aias_private.metric_rates(p_metric text, p_key text, p_detail text, p_plan text, p_tenant text) to aias_analyst;
grant execute on function aias_private.metric_rates(p_metric text, p_key text, p_detail text, p_plan text, p_tenant text) to aias_app;
grant execute on function aias_private.metric_rates(p_metric text, p_key text, p_detail text, p_plan text, p_tenant text) to aias_worker;

create table aias_private.metric_sources;
    name text not null
    counted_until timestamp with time zone
    counted_at timestamp with time zone
    open_transactions jsonb default '{}'::jsonb not null
alter table aias_private.metric_sources add constraint metric_sources_pkey PRIMARY KEY (name);
CREATE TRIGGER note_dashboard_change AFTER UPDATE ON aias_private.metric_sources FOR EACH STATEMENT EXECUTE FUNCTION aias_private.note_dashboard_change();
comment on table aias_private.metric_sources is 'How far the metrics that are counted from tables have got.';
grant delete, insert, select, update on table aias_private.metric_sources to aias_admin;
grant delete, insert, select, update on table aias_private.metric_sources to aias_worker;

create table aias_private.metric_totals with (fillfactor=70);
    metric text not null
    key text not null
    observation_count bigint not null
    failure_count bigint not null
    refusal_count bigint not null
    total_seconds double precision not null
    buckets smallint[] not null
    counts bigint[] not null
alter table aias_private.metric_totals add constraint metric_totals_pkey PRIMARY KEY (metric, key);
comment on table aias_private.metric_totals is 'All observations ever, per metric and key, with their histogram.';
grant delete, insert, select, update on table aias_private.metric_totals to aias_admin;
grant delete, insert, select, update on table aias_private.metric_totals to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.metric_window(p_metric text, p_from timestamp with time zone, p_to timestamp with time zone, p_by text)
 RETURNS TABLE(key text, observation_count bigint, failure_count bigint, refusal_count bigint, total_seconds double precision, buckets smallint[], counts integer[])
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.metric_window(p_metric text, p_from timestamp with time zone, p_to timestamp with time zone, p_by text) is 'What was observed of a metric in a window, in as few rows as cover it, under the keys that it is told apart by.';
grant execute on function aias_private.metric_window(p_metric text, p_from timestamp with time zone, p_to timestamp with time zone, p_by text) to aias_admin;
grant execute on function aias_private.metric_window(p_metric text, p_from timestamp with time zone, p_to timestamp with time zone, p_by text) to aias_worker;

create table aias_private.migrations;
    kind text not null
    name text not null
    checksum text not null
    applied_at timestamp with time zone default clock_timestamp() not null
    applied_by text default SESSION_USER not null
alter table aias_private.migrations add constraint kind_is_known CHECK ((kind = ANY (ARRAY['engine'::text, 'migration'::text, 'object'::text])));
alter table aias_private.migrations add constraint migrations_pkey PRIMARY KEY (kind, name);
comment on table aias_private.migrations is 'Every file of SQL that made this schema: engine and migrations once each, objects again when they change.';

CREATE OR REPLACE FUNCTION aias_private.monthly_partitions(p_table text)
 RETURNS TABLE(partition_name text, from_at timestamp with time zone, to_at timestamp with time zone, row_estimate bigint, byte_count bigint)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.monthly_partitions(p_table text) is 'The monthly partitions of a table with their bounds, rows (estimated) and bytes.';
grant execute on function aias_private.monthly_partitions(p_table text) to aias_admin;
grant execute on function aias_private.monthly_partitions(p_table text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.move_mails(p_tenant uuid, p_user uuid, p_sequence text, p_step text)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.move_mails(p_tenant uuid, p_user uuid, p_sequence text, p_step text) is 'Moves planned mails to where they are due now that a time zone or a step has changed.';
grant execute on function aias_private.move_mails(p_tenant uuid, p_user uuid, p_sequence text, p_step text) to aias_admin;
grant execute on function aias_private.move_mails(p_tenant uuid, p_user uuid, p_sequence text, p_step text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.nil_uuid()
 RETURNS uuid
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.nil_uuid() is 'The tenant_id of rows that belong to no tenant.';
grant execute on function aias_private.nil_uuid() to aias_admin;
grant execute on function aias_private.nil_uuid() to aias_analyst;
grant execute on function aias_private.nil_uuid() to aias_app;
grant execute on function aias_private.nil_uuid() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.note_api_server(p_id uuid, p_url text, p_host_name text)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.note_api_server(p_id uuid, p_url text, p_host_name text) is 'Says that an HTTP server is there, under which address, on which machine.';
grant execute on function aias_private.note_api_server(p_id uuid, p_url text, p_host_name text) to aias_admin;
grant execute on function aias_private.note_api_server(p_id uuid, p_url text, p_host_name text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.note_breaker(p_tenant uuid, p_integration uuid, p_kind text, p_connection text, p_state text, p_call_count integer, p_failure_count integer, p_until timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.note_breaker(p_tenant uuid, p_integration uuid, p_kind text, p_connection text, p_state text, p_call_count integer, p_failure_count integer, p_until timestamp with time zone) is 'Notes that a breaker opened or closed: history, audit log, notification.';
grant execute on function aias_private.note_breaker(p_tenant uuid, p_integration uuid, p_kind text, p_connection text, p_state text, p_call_count integer, p_failure_count integer, p_until timestamp with time zone) to aias_admin;
grant execute on function aias_private.note_breaker(p_tenant uuid, p_integration uuid, p_kind text, p_connection text, p_state text, p_call_count integer, p_failure_count integer, p_until timestamp with time zone) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.note_cache_change(p_tenant uuid, p_tag text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.note_cache_change(p_tenant uuid, p_tag text) is 'Invalidates what the cache holds under a tag, when the transaction commits.';
grant execute on function aias_private.note_cache_change(p_tenant uuid, p_tag text) to aias_admin;
grant execute on function aias_private.note_cache_change(p_tenant uuid, p_tag text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.note_cache_uses(p_uses jsonb)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.note_cache_uses(p_uses jsonb) is 'Counts uses of the cache.';
grant execute on function aias_private.note_cache_uses(p_uses jsonb) to aias_admin;
grant execute on function aias_private.note_cache_uses(p_uses jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.note_dashboard_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.note_dashboard_change() is 'Tells the dashboards that are open that something has changed.';
grant execute on function aias_private.note_dashboard_change() to aias_admin;
grant execute on function aias_private.note_dashboard_change() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.note_fallback(p_tenant uuid, p_execution uuid, p_step text, p_attempt integer, p_error jsonb)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.note_fallback(p_tenant uuid, p_execution uuid, p_step text, p_attempt integer, p_error jsonb) is 'Tells in an execution''s history what makes up for a step that failed, why, and what can be done.';
grant execute on function aias_private.note_fallback(p_tenant uuid, p_execution uuid, p_step text, p_attempt integer, p_error jsonb) to aias_admin;
grant execute on function aias_private.note_fallback(p_tenant uuid, p_execution uuid, p_step text, p_attempt integer, p_error jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.note_health(p_name text, p_latency_ms double precision, p_problems jsonb, p_figures jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.note_health(p_name text, p_latency_ms double precision, p_problems jsonb, p_figures jsonb) is 'Keeps what a look at a check found, opens or ends its alert where that is a change, and says whether it is.';
grant execute on function aias_private.note_health(p_name text, p_latency_ms double precision, p_problems jsonb, p_figures jsonb) to aias_admin;
grant execute on function aias_private.note_health(p_name text, p_latency_ms double precision, p_problems jsonb, p_figures jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.note_key_uses(p_uses jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.note_key_uses(p_uses jsonb) is 'Notes when keys of the HTTP API were last used.';
grant execute on function aias_private.note_key_uses(p_uses jsonb) to aias_admin;
grant execute on function aias_private.note_key_uses(p_uses jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.note_look(p_session uuid, p_tenant uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.note_look(p_session uuid, p_tenant uuid) is 'Writes to the audit log that an operator looks into a tenant, or at all of them, once an hour and session.';
grant execute on function aias_private.note_look(p_session uuid, p_tenant uuid) to aias_admin;
grant execute on function aias_private.note_look(p_session uuid, p_tenant uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.note_mail_seen(p_mail uuid, p_is_click boolean)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.note_mail_seen(p_mail uuid, p_is_click boolean) is 'Counts that a mail was opened or a link in it followed, where the person consented to that.';
grant execute on function aias_private.note_mail_seen(p_mail uuid, p_is_click boolean) to aias_admin;
grant execute on function aias_private.note_mail_seen(p_mail uuid, p_is_click boolean) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.note_refused_plugin(p_tenant uuid, p_execution uuid, p_plugins text[])
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.note_refused_plugin(p_tenant uuid, p_execution uuid, p_plugins text[]) is 'Notes that an execution ended because its tenant may not use a plugin.';
grant execute on function aias_private.note_refused_plugin(p_tenant uuid, p_execution uuid, p_plugins text[]) to aias_admin;
grant execute on function aias_private.note_refused_plugin(p_tenant uuid, p_execution uuid, p_plugins text[]) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.note_sending(p_tenant uuid, p_message uuid, p_attempt integer, p_status integer, p_error text, p_retry_after double precision)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.note_sending(p_tenant uuid, p_message uuid, p_attempt integer, p_status integer, p_error text, p_retry_after double precision) is 'Notes how sending a message went, and decides what comes next.';
grant execute on function aias_private.note_sending(p_tenant uuid, p_message uuid, p_attempt integer, p_status integer, p_error text, p_retry_after double precision) to aias_admin;
grant execute on function aias_private.note_sending(p_tenant uuid, p_message uuid, p_attempt integer, p_status integer, p_error text, p_retry_after double precision) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.note_sent_mails()
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.note_sent_mails() is 'Keeps of the outbox how the mails of sequences went; returns of how many.';
grant execute on function aias_private.note_sent_mails() to aias_admin;
grant execute on function aias_private.note_sent_mails() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.note_spans(p_spans jsonb)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.note_spans(p_spans jsonb) is 'Stores what processes noted of requests, jobs, attempts and calls.';
grant execute on function aias_private.note_spans(p_spans jsonb) to aias_admin;
grant execute on function aias_private.note_spans(p_spans jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.note_telemetry(p_tenants uuid[], p_rejected integer[], p_limited integer[], p_shed integer[])
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.note_telemetry(p_tenants uuid[], p_rejected integer[], p_limited integer[], p_shed integer[]) is 'Counts events that were not taken: malformed, over the rate, or too many at once.';
grant execute on function aias_private.note_telemetry(p_tenants uuid[], p_rejected integer[], p_limited integer[], p_shed integer[]) to aias_admin;
grant execute on function aias_private.note_telemetry(p_tenants uuid[], p_rejected integer[], p_limited integer[], p_shed integer[]) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.note_upstream_calls(p_calls jsonb, p_events jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.note_upstream_calls(p_calls jsonb, p_events jsonb) is 'Counts calls of connections, and lets limits, breakers and gates follow from what came of them.';
grant execute on function aias_private.note_upstream_calls(p_calls jsonb, p_events jsonb) to aias_admin;
grant execute on function aias_private.note_upstream_calls(p_calls jsonb, p_events jsonb) to aias_worker;

create view aias_private.noted_spans as
 SELECT tenant_id,
    trace_id AS key,
    trace_id,
    span_id,
    parent_span_id,
    COALESCE(correlation_id, trace_id) AS correlation_id,
    kind,
    name,
    started_at,
    finished_at,
    status,
    request_id,
    execution_id,
    step_id AS step,
    item,
    attempt,
    detail
   FROM aias_private.trace_spans s
  WHERE ((kind <> 'step'::text) OR (NOT (EXISTS ( SELECT
           FROM aias_private.steps c
          WHERE ((c.tenant_id = s.tenant_id) AND (c.execution_id = s.execution_id) AND (c.id = s.step_id) AND (c.item = COALESCE(s.item, '-1'::integer)) AND (c.attempt_count = s.attempt))))));
comment on view aias_private.noted_spans is 'The spans that processes note in batches, as aias.traces has them.';
grant delete, insert, select, update on table aias_private.noted_spans to aias_admin;
grant delete, insert, select, update on table aias_private.noted_spans to aias_worker;

create table aias_private.notice_deliveries enable row level security force row level security;
    tenant_id uuid default '00000000-0000-0000-0000-000000000000'::uuid not null
    id uuid default aias_private.uuid7() not null
    notice_id uuid not null
    channel_id uuid not null
    status text default 'pending'::text not null
    attempt_count integer default 0 not null
    next_at timestamp with time zone
    lease_until timestamp with time zone
    holder text
    doubt_count integer default 0 not null
    last_error text
    finished_at timestamp with time zone
    read_at timestamp with time zone
    read_by text
alter table aias_private.notice_deliveries add constraint finished_at_set_when_final CHECK (((finished_at IS NOT NULL) = (status = ANY (ARRAY['delivered'::text, 'failed'::text, 'discarded'::text]))));
alter table aias_private.notice_deliveries add constraint lease_set_when_sending CHECK ((((lease_until IS NOT NULL) = (status = 'sending'::text)) AND ((holder IS NOT NULL) = (status = 'sending'::text))));
alter table aias_private.notice_deliveries add constraint next_at_set_when_pending CHECK (((next_at IS NOT NULL) = (status = 'pending'::text)));
alter table aias_private.notice_deliveries add constraint notice_deliveries_channel_fkey FOREIGN KEY (tenant_id, channel_id) REFERENCES aias_private.channels(tenant_id, id) ON DELETE CASCADE;
alter table aias_private.notice_deliveries add constraint notice_deliveries_notice_fkey FOREIGN KEY (tenant_id, notice_id) REFERENCES aias_private.notices(tenant_id, id) ON DELETE CASCADE;
alter table aias_private.notice_deliveries add constraint notice_deliveries_once_key UNIQUE (tenant_id, notice_id, channel_id);
alter table aias_private.notice_deliveries add constraint notice_deliveries_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.notice_deliveries add constraint read_by_set_when_read CHECK (((read_at IS NULL) = (read_by IS NULL)));
alter table aias_private.notice_deliveries add constraint status_is_known CHECK ((status = ANY (ARRAY['pending'::text, 'sending'::text, 'delivered'::text, 'failed'::text, 'discarded'::text])));
CREATE INDEX notice_deliveries_channel_idx ON aias_private.notice_deliveries USING btree (tenant_id, channel_id, id);
CREATE INDEX notice_deliveries_due_idx ON aias_private.notice_deliveries USING btree (next_at) WHERE (status = 'pending'::text);
CREATE INDEX notice_deliveries_id_idx ON aias_private.notice_deliveries USING btree (id);
CREATE INDEX notice_deliveries_lease_idx ON aias_private.notice_deliveries USING btree (lease_until) WHERE (status = 'sending'::text);
create policy tenant_isolation on aias_private.notice_deliveries as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.notice_deliveries is 'The outbox: which notice goes by which channel, and how that went.';
grant delete, insert, select, update on table aias_private.notice_deliveries to aias_admin;
grant delete, insert, select, update on table aias_private.notice_deliveries to aias_worker;

create table aias_private.notices enable row level security force row level security;
    tenant_id uuid default '00000000-0000-0000-0000-000000000000'::uuid not null
    id uuid default aias_private.uuid7() not null
    kind text not null
    severity text not null
    title text not null
    body text not null
    details jsonb default '{}'::jsonb not null
    dedup_key text not null
    created_at timestamp with time zone default aias_private.now() not null
    person_tenant_id uuid
    person_id uuid
alter table aias_private.notices add constraint body_is_bounded CHECK ((length(body) <= 20000));
alter table aias_private.notices add constraint dedup_key_is_short CHECK (((length(dedup_key) >= 1) AND (length(dedup_key) <= 500)));
alter table aias_private.notices add constraint details_are_an_object CHECK ((jsonb_typeof(details) = 'object'::text));
alter table aias_private.notices add constraint kind_is_a_word CHECK ((kind ~ '^[a-z][a-z0-9_.]{0,62}$'::text));
alter table aias_private.notices add constraint notices_dedup_key UNIQUE (tenant_id, dedup_key);
alter table aias_private.notices add constraint notices_person_fkey FOREIGN KEY (person_tenant_id, person_id) REFERENCES aias_private.users(tenant_id, id) ON DELETE CASCADE;
alter table aias_private.notices add constraint notices_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.notices add constraint person_is_whole CHECK (((person_tenant_id IS NULL) = (person_id IS NULL)));
alter table aias_private.notices add constraint severity_is_known CHECK ((severity = ANY (ARRAY['info'::text, 'warning'::text, 'critical'::text])));
alter table aias_private.notices add constraint title_is_short CHECK (((length(title) >= 1) AND (length(title) <= 500)));
CREATE INDEX notices_person_idx ON aias_private.notices USING btree (person_tenant_id, person_id) WHERE ((person_tenant_id IS NOT NULL) AND (person_id IS NOT NULL));
create policy tenant_isolation on aias_private.notices as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.notices is 'What is to be told, once per key.';
grant delete, insert, select, update on table aias_private.notices to aias_admin;
grant delete, insert, select, update on table aias_private.notices to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.notify_inserted_jobs()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.notify_inserted_jobs() is 'Wakes the workers of the queues that a statement inserted into.';
grant execute on function aias_private.notify_inserted_jobs() to aias_admin;
grant execute on function aias_private.notify_inserted_jobs() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.now()
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.now() is 'The time that every rule of AIAS goes by: the start of the transaction.';
grant execute on function aias_private.now() to aias_admin;
grant execute on function aias_private.now() to aias_analyst;
grant execute on function aias_private.now() to aias_app;
grant execute on function aias_private.now() to aias_worker;

create table aias_private.oauth_states enable row level security force row level security;
    tenant_id uuid not null
    id uuid not null
    state_hash bytea not null
    user_name text not null
    kind text not null
    name text not null
    config jsonb not null
    scopes text not null
    redirect_uri text not null
    verifier bytea
    key_id text
    created_at timestamp with time zone default aias_private.now() not null
    expires_at timestamp with time zone not null
    used_at timestamp with time zone
alter table aias_private.oauth_states add constraint config_is_an_object CHECK ((jsonb_typeof(config) = 'object'::text));
alter table aias_private.oauth_states add constraint config_is_small CHECK ((octet_length((config)::text) <= 10000));
alter table aias_private.oauth_states add constraint key_id_set_when_sealed CHECK (((key_id IS NULL) = (verifier IS NULL)));
alter table aias_private.oauth_states add constraint oauth_states_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.oauth_states add constraint oauth_states_state_hash_key UNIQUE (tenant_id, state_hash);
alter table aias_private.oauth_states add constraint oauth_states_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES aias_private.tenants(id) ON DELETE CASCADE;
alter table aias_private.oauth_states add constraint state_hash_is_a_sha256 CHECK ((octet_length(state_hash) = 32));
alter table aias_private.oauth_states add constraint user_name_is_short CHECK (((octet_length(user_name) >= 1) AND (octet_length(user_name) <= 1000)));
CREATE INDEX oauth_states_expires_at_idx ON aias_private.oauth_states USING btree (expires_at);
create policy tenant_isolation on aias_private.oauth_states as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.oauth_states is 'Consents that were asked for: who may come back with which answer, once, and until when. Holds hashes, no state.';
grant delete, insert, select, update on table aias_private.oauth_states to aias_admin;
grant delete, insert, select, update on table aias_private.oauth_states to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.oldest_partition(p_table text)
 RETURNS uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.oldest_partition(p_table text) is 'The first id that a table has a partition for; the nil UUID where it has none.';
grant execute on function aias_private.oldest_partition(p_table text) to aias_admin;
grant execute on function aias_private.oldest_partition(p_table text) to aias_worker;

create table aias_private.onboarding_mails enable row level security force row level security;
    tenant_id uuid not null
    user_id uuid not null
    sequence text not null
    step text not null
    id uuid default aias_private.uuid7() not null
    state text default 'planned'::text not null
    due_at timestamp with time zone not null
    skip_reason text
    notice_id uuid
    queued_at timestamp with time zone
    finished_at timestamp with time zone
    open_count integer default 0 not null
    opened_at timestamp with time zone
    click_count integer default 0 not null
    clicked_at timestamp with time zone
alter table aias_private.onboarding_mails add constraint finished_at_set_when_final CHECK (((finished_at IS NOT NULL) = (state = ANY (ARRAY['sent'::text, 'failed'::text, 'in_doubt'::text, 'skipped'::text]))));
alter table aias_private.onboarding_mails add constraint onboarding_mails_id_key UNIQUE (tenant_id, id);
alter table aias_private.onboarding_mails add constraint onboarding_mails_person_fkey FOREIGN KEY (tenant_id, user_id, sequence) REFERENCES aias_private.onboarding_people(tenant_id, user_id, sequence) ON DELETE CASCADE;
alter table aias_private.onboarding_mails add constraint onboarding_mails_pkey PRIMARY KEY (tenant_id, user_id, sequence, step);
alter table aias_private.onboarding_mails add constraint onboarding_mails_step_fkey FOREIGN KEY (sequence, step) REFERENCES aias_private.onboarding_steps(sequence, name) ON DELETE CASCADE;
alter table aias_private.onboarding_mails add constraint queued_at_set_when_in_the_outbox CHECK (((queued_at IS NOT NULL) = (state = ANY (ARRAY['queued'::text, 'sent'::text, 'failed'::text, 'in_doubt'::text]))));
alter table aias_private.onboarding_mails add constraint skip_reason_is_known CHECK ((skip_reason = ANY (ARRAY['goal_met'::text, 'unsubscribed'::text, 'trial_ended'::text, 'switched_off'::text, 'too_late'::text])));
alter table aias_private.onboarding_mails add constraint skip_reason_set_when_skipped CHECK (((skip_reason IS NOT NULL) = (state = 'skipped'::text)));
alter table aias_private.onboarding_mails add constraint state_is_known CHECK ((state = ANY (ARRAY['planned'::text, 'queued'::text, 'sent'::text, 'failed'::text, 'in_doubt'::text, 'skipped'::text])));
CREATE INDEX onboarding_mails_due_idx ON aias_private.onboarding_mails USING btree (due_at) WHERE (state = 'planned'::text);
CREATE INDEX onboarding_mails_id_idx ON aias_private.onboarding_mails USING btree (id);
CREATE INDEX onboarding_mails_outbox_idx ON aias_private.onboarding_mails USING btree (notice_id) WHERE (state = ANY (ARRAY['queued'::text, 'failed'::text, 'in_doubt'::text]));
CREATE INDEX onboarding_mails_step_idx ON aias_private.onboarding_mails USING btree (sequence, step);
create policy tenant_isolation on aias_private.onboarding_mails as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.onboarding_mails is 'Each mail of each person: planned, in the outbox, sent, or skipped and why. Once ever.';
grant delete, insert, select, update on table aias_private.onboarding_mails to aias_admin;
grant delete, insert, select, update on table aias_private.onboarding_mails to aias_worker;

create table aias_private.onboarding_people enable row level security force row level security;
    tenant_id uuid not null
    user_id uuid not null
    sequence text not null
    started_at timestamp with time zone not null
alter table aias_private.onboarding_people add constraint onboarding_people_pkey PRIMARY KEY (tenant_id, user_id, sequence);
alter table aias_private.onboarding_people add constraint onboarding_people_sequence_fkey FOREIGN KEY (sequence) REFERENCES aias_private.onboarding_sequences(name) ON DELETE CASCADE;
alter table aias_private.onboarding_people add constraint onboarding_people_user_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES aias_private.users(tenant_id, id) ON DELETE CASCADE;
CREATE INDEX onboarding_people_sequence_idx ON aias_private.onboarding_people USING btree (sequence);
create policy tenant_isolation on aias_private.onboarding_people as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.onboarding_people is 'Who is in which sequence, and since when.';
grant delete, insert, select, update on table aias_private.onboarding_people to aias_admin;
grant delete, insert, select, update on table aias_private.onboarding_people to aias_worker;

create table aias_private.onboarding_sequences;
    name text not null
    description text not null
    starts_at text not null
    roles text[] not null
    is_enabled boolean default true not null
alter table aias_private.onboarding_sequences add constraint name_is_a_word CHECK ((name ~ '^[a-z][a-z0-9_]{0,62}$'::text));
alter table aias_private.onboarding_sequences add constraint onboarding_sequences_pkey PRIMARY KEY (name);
alter table aias_private.onboarding_sequences add constraint roles_are_known CHECK (((cardinality(roles) >= 1) AND (cardinality(roles) <= 3) AND (roles <@ ARRAY['owner'::text, 'member'::text, 'viewer'::text])));
alter table aias_private.onboarding_sequences add constraint starts_at_is_known CHECK ((starts_at = ANY (ARRAY['sign_up'::text, 'trial'::text])));
comment on table aias_private.onboarding_sequences is 'Sequences of mails to new people.';
grant delete, insert, select, update on table aias_private.onboarding_sequences to aias_admin;
grant delete, insert, select, update on table aias_private.onboarding_sequences to aias_worker;

create table aias_private.onboarding_steps;
    sequence text not null
    name text not null
    delay_days integer not null
    send_at time without time zone default '09:00:00'::time without time zone not null
    goal text
    template text not null
    channel text default 'email'::text not null
    is_enabled boolean default true not null
alter table aias_private.onboarding_steps add constraint channel_is_known CHECK ((channel = 'email'::text));
alter table aias_private.onboarding_steps add constraint delay_is_within_a_year CHECK (((delay_days >= 0) AND (delay_days <= 365)));
alter table aias_private.onboarding_steps add constraint goal_is_known CHECK ((goal = ANY (ARRAY['connected'::text, 'first_workflow'::text, 'first_success'::text, 'automated'::text, 'plan_chosen'::text])));
alter table aias_private.onboarding_steps add constraint morning_is_before_evening CHECK (((send_at >= '05:00:00'::time without time zone) AND (send_at <= '20:00:00'::time without time zone)));
alter table aias_private.onboarding_steps add constraint name_is_a_word CHECK ((name ~ '^[a-z][a-z0-9_]{0,62}$'::text));
alter table aias_private.onboarding_steps add constraint onboarding_steps_pkey PRIMARY KEY (sequence, name);
alter table aias_private.onboarding_steps add constraint onboarding_steps_sequence_fkey FOREIGN KEY (sequence) REFERENCES aias_private.onboarding_sequences(name) ON DELETE CASCADE;
alter table aias_private.onboarding_steps add constraint template_is_a_word CHECK ((template ~ '^[a-z][a-z0-9_]{0,62}$'::text));
comment on table aias_private.onboarding_steps is 'The mails of each sequence: when, unless which goal is met, and what they say.';
grant delete, insert, select, update on table aias_private.onboarding_steps to aias_admin;
grant delete, insert, select, update on table aias_private.onboarding_steps to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.open_archive(p_archive uuid)
 RETURNS TABLE(row_count bigint, checksum numeric)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.open_archive(p_archive uuid) is 'Opens the cursor archive_rows on what is to be archived, and says what all of it adds up to.';
grant execute on function aias_private.open_archive(p_archive uuid) to aias_admin;
grant execute on function aias_private.open_archive(p_archive uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.open_retention_items(p_run uuid)
 RETURNS TABLE(run_id uuid, item integer, table_name text, object text, kind text, state text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.open_retention_items(p_run uuid) is 'What of a run of retention is still to be done, in order.';
grant execute on function aias_private.open_retention_items(p_run uuid) to aias_admin;
grant execute on function aias_private.open_retention_items(p_run uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.open_transactions()
 RETURNS text[]
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.open_transactions() is 'The transactions of this database that are open now, by their virtual ids.';
grant execute on function aias_private.open_transactions() to aias_admin;
grant execute on function aias_private.open_transactions() to aias_worker;

create table aias_private.operator_keys;
    id text not null
    wrapped bytea not null
    master_key_id text not null
    created_at timestamp with time zone default aias_private.now() not null
alter table aias_private.operator_keys add constraint id_is_hex CHECK ((id ~ '^[0-9a-f]{16}$'::text));
alter table aias_private.operator_keys add constraint master_key_id_is_hex CHECK ((master_key_id ~ '^[0-9a-f]{16}$'::text));
alter table aias_private.operator_keys add constraint operator_keys_pkey PRIMARY KEY (id);
alter table aias_private.operator_keys add constraint wrapped_is_a_wrapped_key CHECK ((octet_length(wrapped) = 61));
comment on table aias_private.operator_keys is 'The key that seals the secrets of the operators'' channels, wrapped by the master key.';
grant delete, insert, select, update on table aias_private.operator_keys to aias_admin;
grant delete, insert, select, update on table aias_private.operator_keys to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.operator_mail()
 RETURNS TABLE(id uuid, name text, config jsonb, secret bytea, key_id text, wrapped_key bytea, master_key_id text)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.operator_mail() is 'The mail server of the operators'' first channel of the kind email, with its sealed secret.';
grant execute on function aias_private.operator_mail() to aias_admin;
grant execute on function aias_private.operator_mail() to aias_worker;

create table aias_private.orphan_kinds;
    name text not null
    policy text not null
    child_table text
    child_column text
    parent_table text
    parent_column text
    description text not null
alter table aias_private.orphan_kinds add constraint name_is_a_word CHECK ((name ~ '^[a-z][a-z0-9_]{0,62}$'::text));
alter table aias_private.orphan_kinds add constraint orphan_kinds_pkey PRIMARY KEY (name);
alter table aias_private.orphan_kinds add constraint policy_is_known CHECK ((policy = ANY (ARRAY['report'::text, 'repair'::text])));
alter table aias_private.orphan_kinds add constraint tables_and_columns_come_together CHECK ((num_nulls(child_table, child_column, parent_table, parent_column) = ANY (ARRAY[0, 4])));
comment on table aias_private.orphan_kinds is 'What can be left over where no key holds it, and what is done about it.';
grant delete, insert, select, update on table aias_private.orphan_kinds to aias_admin;
grant delete, insert, select, update on table aias_private.orphan_kinds to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.outgoing_message(p_tenant uuid, p_message uuid)
 RETURNS TABLE(endpoint text, integration_id uuid, config jsonb, secret bytea, key_id text, wrapped_key bytea, master_key_id text, payload jsonb, attempt_count integer, now timestamp with time zone, trace_parent text, correlation_id text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.outgoing_message(p_tenant uuid, p_message uuid) is 'A message that is to be sent, with its endpoint''s sealed address and secret.';
grant execute on function aias_private.outgoing_message(p_tenant uuid, p_message uuid) to aias_admin;
grant execute on function aias_private.outgoing_message(p_tenant uuid, p_message uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.park_jobs(p_ids bigint[])
 RETURNS bigint[]
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.park_jobs(p_ids bigint[]) is 'Parks the jobs that a pause keeps from running, and gives the others.';
grant execute on function aias_private.park_jobs(p_ids bigint[]) to aias_admin;
grant execute on function aias_private.park_jobs(p_ids bigint[]) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.partition_key(p_table text)
 RETURNS name
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.partition_key(p_table text) is 'The column whose ranges are the partitions of a table.';
grant execute on function aias_private.partition_key(p_table text) to aias_admin;
grant execute on function aias_private.partition_key(p_table text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.partitions_to_archive(p_run uuid, p_item integer)
 RETURNS TABLE(table_name text, partition_name text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.partitions_to_archive(p_run uuid, p_item integer) is 'The partitions of a month that have to be in the archive before it goes.';
grant execute on function aias_private.partitions_to_archive(p_run uuid, p_item integer) to aias_admin;
grant execute on function aias_private.partitions_to_archive(p_run uuid, p_item integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.pass_gates(p_call jsonb, OUT is_probe boolean, OUT gate text, OUT told text, OUT until timestamp with time zone)
 RETURNS SETOF record
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.pass_gates(p_call jsonb, OUT is_probe boolean, OUT gate text, OUT told text, OUT until timestamp with time zone) is 'Whether the gates before a connection let a call through, or who keeps it.';
grant execute on function aias_private.pass_gates(p_call jsonb, OUT is_probe boolean, OUT gate text, OUT told text, OUT until timestamp with time zone) to aias_admin;
grant execute on function aias_private.pass_gates(p_call jsonb, OUT is_probe boolean, OUT gate text, OUT told text, OUT until timestamp with time zone) to aias_worker;

create table aias_private.pauses enable row level security force row level security;
    tenant_id uuid default '00000000-0000-0000-0000-000000000000'::uuid not null
    scope text not null
    name text not null
    key text not null
    workflow_id uuid
    reason text
    paused_by text not null
    paused_at timestamp with time zone default aias_private.now() not null
alter table aias_private.pauses add constraint pauses_pkey PRIMARY KEY (tenant_id, scope, name);
alter table aias_private.pauses add constraint scope_is_known CHECK ((scope = ANY (ARRAY['lane'::text, 'workflow'::text, 'tenant'::text, 'task'::text, 'fuse'::text])));
alter table aias_private.pauses add constraint workflow_set_for_a_workflow CHECK (((workflow_id IS NOT NULL) = (scope = 'workflow'::text)));
CREATE UNIQUE INDEX pauses_key_idx ON aias_private.pauses USING btree (key);
create policy tenant_isolation on aias_private.pauses as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ANY (ARRAY[( SELECT aias_private.caller_tenant() AS caller_tenant), '00000000-0000-0000-0000-000000000000'::uuid]))));
comment on table aias_private.pauses is 'Lanes, workflows, tenants and tasks whose jobs are not started.';
grant delete, insert, select, update on table aias_private.pauses to aias_admin;
grant delete, insert, select, update on table aias_private.pauses to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.pauses_of_jobs(p_ids bigint[])
 RETURNS TABLE(job_id bigint, key text, scope text, name text, reason text, paused_by text, paused_at timestamp with time zone)
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.pauses_of_jobs(p_ids bigint[]) is 'The pauses under which jobs fall.';
grant execute on function aias_private.pauses_of_jobs(p_ids bigint[]) to aias_admin;
grant execute on function aias_private.pauses_of_jobs(p_ids bigint[]) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.pending_event(p_tenant uuid, p_event uuid, p_subscription uuid)
 RETURNS TABLE(condition text, mapping jsonb, event jsonb, payload jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.pending_event(p_tenant uuid, p_event uuid, p_subscription uuid) is 'The event and the templates that a worker decides on for a subscription.';
grant execute on function aias_private.pending_event(p_tenant uuid, p_event uuid, p_subscription uuid) to aias_admin;
grant execute on function aias_private.pending_event(p_tenant uuid, p_event uuid, p_subscription uuid) to aias_worker;

create table aias_private.performance_weeks;
    week date not null
    kind text not null
    name text not null
    observation_count bigint
    p50_seconds double precision
    p95_seconds double precision
    p99_seconds double precision
    size_bytes bigint
alter table aias_private.performance_weeks add constraint kind_is_known CHECK ((kind = ANY (ARRAY['metric'::text, 'statement'::text, 'table'::text])));
alter table aias_private.performance_weeks add constraint performance_weeks_pkey PRIMARY KEY (week, kind, name);
alter table aias_private.performance_weeks add constraint week_begins_on_monday CHECK ((EXTRACT(isodow FROM week) = (1)::numeric));
comment on table aias_private.performance_weeks is 'Percentiles, the slowest statements and the sizes of tables, week by week.';
grant delete, insert, select, update on table aias_private.performance_weeks to aias_admin;
grant delete, insert, select, update on table aias_private.performance_weeks to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.person_asked(p_user uuid)
 RETURNS uuid
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.person_asked(p_user uuid) is 'The tenant of a person whom the caller may see.';
grant execute on function aias_private.person_asked(p_user uuid) to aias_admin;
grant execute on function aias_private.person_asked(p_user uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.person_of_notice(p_tenant uuid, p_user uuid)
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.person_of_notice(p_tenant uuid, p_user uuid) is 'Whom a mail to a person goes to: address, name, language, the links'' token.';
grant execute on function aias_private.person_of_notice(p_tenant uuid, p_user uuid) to aias_admin;
grant execute on function aias_private.person_of_notice(p_tenant uuid, p_user uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.person_pattern(p_value text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.person_pattern(p_value text) is 'The regular expression that finds an address or an id of a person.';
grant execute on function aias_private.person_pattern(p_value text) to aias_admin;
grant execute on function aias_private.person_pattern(p_value text) to aias_worker;

create table aias_private.personal_data;
    table_name text not null
    column_name text not null
    path text[] default '{}'::text[] not null
    kind text not null
    action text not null
    reason text not null
alter table aias_private.personal_data add constraint action_is_known CHECK ((action = ANY (ARRAY['delete'::text, 'anonymize'::text, 'keep'::text, 'none'::text])));
alter table aias_private.personal_data add constraint kind_is_known CHECK ((kind = ANY (ARRAY['user'::text, 'customer'::text, 'none'::text])));
alter table aias_private.personal_data add constraint personal_data_pkey PRIMARY KEY (table_name, column_name, kind, path);
alter table aias_private.personal_data add constraint reason_is_short CHECK (((length(reason) >= 1) AND (length(reason) <= 500)));
alter table aias_private.personal_data add constraint what_holds_none_is_of_nobody CHECK (((kind = 'none'::text) = (action = 'none'::text)));
comment on table aias_private.personal_data is 'Where personal data lies and what an erasure does with it; and the columns that hold none.';
grant delete, insert, select, update on table aias_private.personal_data to aias_admin;
grant delete, insert, select, update on table aias_private.personal_data to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.personal_expressions(p_table regclass, p_name text, p_email_pattern text, p_id_pattern text, p_pseudonym text, OUT goes text, OUT changes text, OUT assignments text, OUT found text)
 RETURNS record
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.personal_expressions(p_table regclass, p_name text, p_email_pattern text, p_id_pattern text, p_pseudonym text, OUT goes text, OUT changes text, OUT assignments text, OUT found text) is 'SQL that finds a person in the rows of a table, and takes the person out.';
grant execute on function aias_private.personal_expressions(p_table regclass, p_name text, p_email_pattern text, p_id_pattern text, p_pseudonym text, OUT goes text, OUT changes text, OUT assignments text, OUT found text) to aias_admin;
grant execute on function aias_private.personal_expressions(p_table regclass, p_name text, p_email_pattern text, p_id_pattern text, p_pseudonym text, OUT goes text, OUT changes text, OUT assignments text, OUT found text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.personal_scope(p_table regclass, p_tenant uuid, p_is_global boolean)
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.personal_scope(p_table regclass, p_tenant uuid, p_is_global boolean) is 'The SQL condition on a row that it belongs to a tenant, or to none.';
grant execute on function aias_private.personal_scope(p_table regclass, p_tenant uuid, p_is_global boolean) to aias_admin;
grant execute on function aias_private.personal_scope(p_table regclass, p_tenant uuid, p_is_global boolean) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.personal_table(p_name text)
 RETURNS regclass
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.personal_table(p_name text) is 'The table that a declaration of personal data names.';
grant execute on function aias_private.personal_table(p_name text) to aias_admin;
grant execute on function aias_private.personal_table(p_name text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.pick_jobs(p_queue text, p_limit integer, p_is_thorough boolean)
 RETURNS bigint[]
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.pick_jobs(p_queue text, p_limit integer, p_is_thorough boolean) is 'Locks the next ready jobs of one queue, in its order.';
grant execute on function aias_private.pick_jobs(p_queue text, p_limit integer, p_is_thorough boolean) to aias_admin;
grant execute on function aias_private.pick_jobs(p_queue text, p_limit integer, p_is_thorough boolean) to aias_worker;

create table aias_private.plan_changes enable row level security force row level security;
    tenant_id uuid not null
    audit_id uuid not null
    at timestamp with time zone not null
    from_plan text not null
    to_plan text not null
    actor text not null
alter table aias_private.plan_changes add constraint plan_changes_pkey PRIMARY KEY (tenant_id, audit_id);
alter table aias_private.plan_changes add constraint plan_changes_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES aias_private.tenants(id) ON DELETE CASCADE;
create policy tenant_isolation on aias_private.plan_changes as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.plan_changes is 'The moves of tenants between plans, from the audit log.';
grant delete, insert, select, update on table aias_private.plan_changes to aias_admin;
grant delete, insert, select, update on table aias_private.plan_changes to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.plan_mails(p_users uuid[], p_sequence text)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.plan_mails(p_users uuid[], p_sequence text) is 'Gives people the mails of a sequence that they have no row for yet; returns how many.';
grant execute on function aias_private.plan_mails(p_users uuid[], p_sequence text) to aias_admin;
grant execute on function aias_private.plan_mails(p_users uuid[], p_sequence text) to aias_worker;

create view aias_private.plan_quotas as
 SELECT p.name AS plan,
    q.measure,
    q.quota,
    (p.is_quota_hard AND (q.quota IS NOT NULL) AND (q.measure <> 'telemetry_events'::text)) AS is_hard
   FROM (aias_private.plans p
     CROSS JOIN LATERAL ( VALUES ('executions'::text,p.executions_per_month), ('steps'::text,p.steps_per_month), ('upstream_calls'::text,p.upstream_calls_per_month), ('telemetry_events'::text,p.telemetry_events_per_month)) q(measure, quota));
comment on view aias_private.plan_quotas is 'What each plan includes per month, by measure; null is unlimited.';
grant delete, insert, select, update on table aias_private.plan_quotas to aias_admin;
grant delete, insert, select, update on table aias_private.plan_quotas to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.plan_retention(p_is_scheduled boolean)
 RETURNS TABLE(table_name text, object text, kind text, unit text, owner_tenant_id uuid, action text, cutoff_at timestamp with time zone, row_estimate bigint, byte_count bigint)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.plan_retention(p_is_scheduled boolean) is 'What goes by the policies now; changes nothing.';
grant execute on function aias_private.plan_retention(p_is_scheduled boolean) to aias_admin;
grant execute on function aias_private.plan_retention(p_is_scheduled boolean) to aias_worker;

create table aias_private.plans;
    name text not null
    lane text not null
    executions_per_month bigint
    concurrent_executions integer not null
    requests_per_minute integer not null
    workflow_count integer
    telemetry_events_per_minute integer default 1000 not null
    steps_per_month bigint
    upstream_calls_per_month bigint
    telemetry_events_per_month bigint
    is_quota_hard boolean default false not null
alter table aias_private.plans add constraint limits_are_positive CHECK (((COALESCE(executions_per_month, (1)::bigint) > 0) AND (concurrent_executions > 0) AND (requests_per_minute > 0) AND (COALESCE(workflow_count, 1) > 0)));
alter table aias_private.plans add constraint plans_lane_fkey FOREIGN KEY (lane) REFERENCES aias_private.lanes(name) ON DELETE RESTRICT;
alter table aias_private.plans add constraint plans_pkey PRIMARY KEY (name);
alter table aias_private.plans add constraint quotas_are_positive CHECK (((COALESCE(steps_per_month, (1)::bigint) > 0) AND (COALESCE(upstream_calls_per_month, (1)::bigint) > 0) AND (COALESCE(telemetry_events_per_month, (1)::bigint) > 0)));
alter table aias_private.plans add constraint telemetry_events_per_minute_is_positive CHECK ((telemetry_events_per_minute > 0));
CREATE INDEX plans_lane_idx ON aias_private.plans USING btree (lane);
CREATE TRIGGER cached_rows_change_with_delete AFTER DELETE ON aias_private.plans REFERENCING OLD TABLE AS former FOR EACH STATEMENT EXECUTE FUNCTION aias_private.invalidate_cached_rows('plans', '');
CREATE TRIGGER cached_rows_change_with_insert AFTER INSERT ON aias_private.plans REFERENCING NEW TABLE AS latter FOR EACH STATEMENT EXECUTE FUNCTION aias_private.invalidate_cached_rows('plans', '');
CREATE TRIGGER cached_rows_change_with_update AFTER UPDATE ON aias_private.plans REFERENCING NEW TABLE AS latter FOR EACH STATEMENT EXECUTE FUNCTION aias_private.invalidate_cached_rows('plans', '');
comment on table aias_private.plans is 'What a tenant pays for: its lane, quotas and limits. A null quota is unlimited.';
grant delete, insert, select, update on table aias_private.plans to aias_admin;
grant delete, insert, select, update on table aias_private.plans to aias_worker;

create table aias_private.plugin_defaults;
    plugin text not null
    is_allowed boolean not null
    reason text
    set_by text not null
    set_at timestamp with time zone default aias_private.now() not null
alter table aias_private.plugin_defaults add constraint plugin_defaults_pkey PRIMARY KEY (plugin);
alter table aias_private.plugin_defaults add constraint plugin_is_a_distribution CHECK ((plugin ~ '^[a-z0-9][a-z0-9-]{0,99}$'::text));
alter table aias_private.plugin_defaults add constraint reason_is_short CHECK ((octet_length(reason) <= 1000));
comment on table aias_private.plugin_defaults is 'Whether tenants without a rule of their own may use a plugin; without a row they may.';
grant delete, insert, select, update on table aias_private.plugin_defaults to aias_admin;
grant delete, insert, select, update on table aias_private.plugin_defaults to aias_worker;

create table aias_private.plugin_files;
    schema text not null
    kind text not null
    name text not null
    checksum text not null
    applied_at timestamp with time zone default aias_private.now() not null
alter table aias_private.plugin_files add constraint kind_is_known CHECK ((kind = ANY (ARRAY['migration'::text, 'view'::text])));
alter table aias_private.plugin_files add constraint plugin_files_pkey PRIMARY KEY (schema, kind, name);
alter table aias_private.plugin_files add constraint plugin_files_schema_fkey FOREIGN KEY (schema) REFERENCES aias_private.plugin_schemas(schema) ON DELETE CASCADE;
comment on table aias_private.plugin_files is 'The files of SQL that made a plugin''s schema: migrations once each, views again when they change.';
grant delete, insert, select, update on table aias_private.plugin_files to aias_admin;
grant delete, insert, select, update on table aias_private.plugin_files to aias_worker;

create table aias_private.plugin_rules enable row level security force row level security;
    tenant_id uuid not null
    plugin text not null
    is_allowed boolean not null
    reason text
    set_by text not null
    set_at timestamp with time zone default aias_private.now() not null
alter table aias_private.plugin_rules add constraint plugin_is_a_distribution CHECK ((plugin ~ '^[a-z0-9][a-z0-9-]{0,99}$'::text));
alter table aias_private.plugin_rules add constraint plugin_rules_pkey PRIMARY KEY (tenant_id, plugin);
alter table aias_private.plugin_rules add constraint plugin_rules_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES aias_private.tenants(id) ON DELETE CASCADE;
alter table aias_private.plugin_rules add constraint reason_is_short CHECK ((octet_length(reason) <= 1000));
create policy tenant_isolation on aias_private.plugin_rules as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.plugin_rules is 'Which tenant was given, or refused, which plugin.';
grant delete, insert, select, update on table aias_private.plugin_rules to aias_admin;
grant delete, insert, select, update on table aias_private.plugin_rules to aias_worker;

create table aias_private.plugin_schemas;
    schema text not null
    plugin text not null
    problem text
    migrated_at timestamp with time zone default aias_private.now() not null
alter table aias_private.plugin_schemas add constraint plugin_schemas_pkey PRIMARY KEY (schema);
alter table aias_private.plugin_schemas add constraint schema_is_a_plugins CHECK ((schema ~ '^plugin_[a-z0-9_]{1,50}$'::text));
comment on table aias_private.plugin_schemas is 'The schemas of plugins'' analytics, and why one could not be brought up to date.';
grant delete, insert, select, update on table aias_private.plugin_schemas to aias_admin;
grant delete, insert, select, update on table aias_private.plugin_schemas to aias_worker;

create table aias_private.plugins;
    name text not null
    reported_by text not null
    version text
    api_version text
    state text not null
    problem text
    brings jsonb default '{}'::jsonb not null
    reported_at timestamp with time zone default aias_private.now() not null
alter table aias_private.plugins add constraint brings_is_an_object CHECK ((jsonb_typeof(brings) = 'object'::text));
alter table aias_private.plugins add constraint plugins_pkey PRIMARY KEY (name, reported_by);
alter table aias_private.plugins add constraint problem_set_when_left_out CHECK (((problem IS NOT NULL) = (state = 'left_out'::text)));
alter table aias_private.plugins add constraint state_is_known CHECK ((state = ANY (ARRAY['loaded'::text, 'left_out'::text])));
comment on table aias_private.plugins is 'The plugins that workers found installed, and what came of loading them.';
grant delete, insert, select, update on table aias_private.plugins to aias_admin;
grant delete, insert, select, update on table aias_private.plugins to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.post_notice(p_tenant uuid, p_kind text, p_severity text, p_title text, p_body text, p_details jsonb, p_dedup_key text)
 RETURNS uuid
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.post_notice(p_tenant uuid, p_kind text, p_severity text, p_title text, p_body text, p_details jsonb, p_dedup_key text) is 'Tells a tenant, or the operators, something by all their channels, once per key; returns the notice''s id.';
grant execute on function aias_private.post_notice(p_tenant uuid, p_kind text, p_severity text, p_title text, p_body text, p_details jsonb, p_dedup_key text) to aias_admin;
grant execute on function aias_private.post_notice(p_tenant uuid, p_kind text, p_severity text, p_title text, p_body text, p_details jsonb, p_dedup_key text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.post_usage_reports(p_limit integer DEFAULT 50)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.post_usage_reports(p_limit integer) is 'Tells tenants and operators the figures of the last month, once each; returns how many were told.';
grant execute on function aias_private.post_usage_reports(p_limit integer) to aias_admin;
grant execute on function aias_private.post_usage_reports(p_limit integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.postpone_job(p_job bigint, p_worker bigint, p_attempts integer, p_delay interval, p_priority integer, p_queue text, p_lock text, p_error jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.postpone_job(p_job bigint, p_worker bigint, p_attempts integer, p_delay interval, p_priority integer, p_queue text, p_lock text, p_error jsonb) is 'Schedules the next attempt of a job, for the worker that still holds it.';
grant execute on function aias_private.postpone_job(p_job bigint, p_worker bigint, p_attempts integer, p_delay interval, p_priority integer, p_queue text, p_lock text, p_error jsonb) to aias_admin;
grant execute on function aias_private.postpone_job(p_job bigint, p_worker bigint, p_attempts integer, p_delay interval, p_priority integer, p_queue text, p_lock text, p_error jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.postpone_schedule(p_tenant uuid, p_schedule uuid, p_problem text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.postpone_schedule(p_tenant uuid, p_schedule uuid, p_problem text) is 'Puts a schedule that can''t be advanced off for a minute, with its problem.';
grant execute on function aias_private.postpone_schedule(p_tenant uuid, p_schedule uuid, p_problem text) to aias_admin;
grant execute on function aias_private.postpone_schedule(p_tenant uuid, p_schedule uuid, p_problem text) to aias_worker;

create table aias_private.privacy_requests enable row level security force row level security;
    tenant_id uuid not null
    id uuid default aias_private.uuid7() not null
    kind text not null
    account text not null
    customer_id text
    order_ids text[] default '{}'::text[] not null
    delivery_id uuid not null
    status text default 'open'::text not null
    due_at timestamp with time zone not null
    found jsonb default '{}'::jsonb not null
    note text
    created_at timestamp with time zone default aias_private.now() not null
    searched_at timestamp with time zone
    settled_at timestamp with time zone
    settled_by text
alter table aias_private.privacy_requests add constraint kind_is_known CHECK ((kind = ANY (ARRAY['customers/data_request'::text, 'customers/redact'::text, 'shop/redact'::text])));
alter table aias_private.privacy_requests add constraint privacy_requests_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.privacy_requests add constraint settled_at_set_when_settled CHECK (((settled_at IS NOT NULL) = (status = 'settled'::text)));
alter table aias_private.privacy_requests add constraint status_is_known CHECK ((status = ANY (ARRAY['open'::text, 'settled'::text])));
create policy tenant_isolation on aias_private.privacy_requests as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.privacy_requests is 'What customers and shops have asked of their data, with the day by which it is due.';
grant delete, insert, select, update on table aias_private.privacy_requests to aias_admin;
grant delete, insert, select, update on table aias_private.privacy_requests to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.promote_due_jobs(p_limit integer)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
 SET plan_cache_mode TO 'auto';
comment on function aias_private.promote_due_jobs(p_limit integer) is 'Lets scheduled jobs whose time has come stand among the ready ones, and says how many.';
grant execute on function aias_private.promote_due_jobs(p_limit integer) to aias_admin;
grant execute on function aias_private.promote_due_jobs(p_limit integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.put_back_job(p_job bigint, p_is_attempt boolean, p_is_rescue boolean, p_delay interval, p_priority integer, p_queue text, p_lock text, p_error jsonb)
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.put_back_job(p_job bigint, p_is_attempt boolean, p_is_rescue boolean, p_delay interval, p_priority integer, p_queue text, p_lock text, p_error jsonb) is 'Lets a running job wait again, or ends it aborted when its stop was asked for.';
grant execute on function aias_private.put_back_job(p_job bigint, p_is_attempt boolean, p_is_rescue boolean, p_delay interval, p_priority integer, p_queue text, p_lock text, p_error jsonb) to aias_admin;
grant execute on function aias_private.put_back_job(p_job bigint, p_is_attempt boolean, p_is_rescue boolean, p_delay interval, p_priority integer, p_queue text, p_lock text, p_error jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.put_notice(p_tenant uuid, p_kind text, p_severity text, p_title text, p_body text, p_details jsonb, p_dedup_key text, p_channels text[])
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.put_notice(p_tenant uuid, p_kind text, p_severity text, p_title text, p_body text, p_details jsonb, p_dedup_key text, p_channels text[]) is 'Puts a notice into the outbox of the channels that take it, once per key; returns its id, null when it was there.';
grant execute on function aias_private.put_notice(p_tenant uuid, p_kind text, p_severity text, p_title text, p_body text, p_details jsonb, p_dedup_key text, p_channels text[]) to aias_admin;
grant execute on function aias_private.put_notice(p_tenant uuid, p_kind text, p_severity text, p_title text, p_body text, p_details jsonb, p_dedup_key text, p_channels text[]) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.quarantine_job(p_job bigint, p_message text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.quarantine_job(p_job bigint, p_message text) is 'Moves a job that no worker can load into the dead letters.';
grant execute on function aias_private.quarantine_job(p_job bigint, p_message text) to aias_admin;
grant execute on function aias_private.quarantine_job(p_job bigint, p_message text) to aias_worker;

create table aias_private.queue_clocks with (fillfactor=10, autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=200);
    queue_name text not null
    priority integer not null
    virtual_time double precision default 0 not null
alter table aias_private.queue_clocks add constraint queue_clocks_pkey PRIMARY KEY (queue_name, priority);
comment on table aias_private.queue_clocks is 'How far each queue and priority has come in virtual time; new jobs are stamped no earlier.';
grant delete, insert, select, update on table aias_private.queue_clocks to aias_admin;
grant delete, insert, select, update on table aias_private.queue_clocks to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.queue_mails(p_mails uuid[], p_channel uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.queue_mails(p_mails uuid[], p_channel uuid) is 'Puts planned mails of sequences into the outbox; returns how many.';
grant execute on function aias_private.queue_mails(p_mails uuid[], p_channel uuid) to aias_admin;
grant execute on function aias_private.queue_mails(p_mails uuid[], p_channel uuid) to aias_worker;

create table aias_private.quota_stops enable row level security force row level security;
    tenant_id uuid not null
    measure text not null
    month date not null
    used_count bigint not null
alter table aias_private.quota_stops add constraint quota_stops_pkey PRIMARY KEY (tenant_id, measure);
alter table aias_private.quota_stops add constraint quota_stops_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES aias_private.tenants(id) ON DELETE CASCADE;
create policy tenant_isolation on aias_private.quota_stops as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.quota_stops is 'Which tenants have used up a hard quota, as of the last count.';
grant delete, insert, select, update on table aias_private.quota_stops to aias_admin;
grant delete, insert, select, update on table aias_private.quota_stops to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.raise_alert(p_rule text, p_tenant uuid, p_key text, p_severity text, p_title text, p_details jsonb)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.raise_alert(p_rule text, p_tenant uuid, p_key text, p_severity text, p_title text, p_details jsonb) is 'Opens an alert, or counts onto the open one; returns its id, null when its rule is switched off.';
grant execute on function aias_private.raise_alert(p_rule text, p_tenant uuid, p_key text, p_severity text, p_title text, p_details jsonb) to aias_admin;
grant execute on function aias_private.raise_alert(p_rule text, p_tenant uuid, p_key text, p_severity text, p_title text, p_details jsonb) to aias_worker;

create table aias_private.rate_states with (fillfactor=10, autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=200);
    key text not null
    theoretical_arrival_at timestamp with time zone not null
    promised_until timestamp with time zone
alter table aias_private.rate_states add constraint rate_states_pkey PRIMARY KEY (key);
comment on table aias_private.rate_states is 'How far the starts under each rate have come.';
grant delete, insert, select, update on table aias_private.rate_states to aias_admin;
grant delete, insert, select, update on table aias_private.rate_states to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.read_alert_source(p_source text, p_window interval)
 RETURNS TABLE(tenant_id uuid, key text, value double precision, details jsonb)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.read_alert_source(p_source text, p_window interval) is 'What a source of alerts gives just now, one row per tenant and key.';
grant execute on function aias_private.read_alert_source(p_source text, p_window interval) to aias_admin;
grant execute on function aias_private.read_alert_source(p_source text, p_window interval) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.read_telemetry(p_events jsonb, p_now timestamp with time zone)
 RETURNS TABLE(place integer, event_id text, name text, user_id text, session_id text, occurred_at timestamp with time zone, properties jsonb, correlation_id text, trace_id text, problem text)
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.read_telemetry(p_events jsonb, p_now timestamp with time zone) is 'Reads events from a JSON array, and says of each that can''t be taken why.';
grant execute on function aias_private.read_telemetry(p_events jsonb, p_now timestamp with time zone) to aias_admin;
grant execute on function aias_private.read_telemetry(p_events jsonb, p_now timestamp with time zone) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.ready_queues(p_queues text[], p_is_thorough boolean)
 RETURNS TABLE(name text, weight double precision)
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.ready_queues(p_queues text[], p_is_thorough boolean) is 'The queues that a worker may claim from, with their weights.';
grant execute on function aias_private.ready_queues(p_queues text[], p_is_thorough boolean) to aias_admin;
grant execute on function aias_private.ready_queues(p_queues text[], p_is_thorough boolean) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.recent_runs(p_tenant uuid)
 RETURNS TABLE(run_at timestamp with time zone, success_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.recent_runs(p_tenant uuid) is 'When the first execution of a tenant''s last ten minutes began, and when one first succeeded; samples left out.';
grant execute on function aias_private.recent_runs(p_tenant uuid) to aias_admin;
grant execute on function aias_private.recent_runs(p_tenant uuid) to aias_analyst;
grant execute on function aias_private.recent_runs(p_tenant uuid) to aias_app;
grant execute on function aias_private.recent_runs(p_tenant uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.recipient(p_slug text)
 RETURNS uuid
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.recipient(p_slug text) is 'The tenant that a slug names; the nil UUID, for the operators, where there is none.';
grant execute on function aias_private.recipient(p_slug text) to aias_admin;
grant execute on function aias_private.recipient(p_slug text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.record_archive_verified(p_archive uuid, p_row_count bigint, p_sha256 text, p_checksum numeric)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.record_archive_verified(p_archive uuid, p_row_count bigint, p_sha256 text, p_checksum numeric) is 'Notes that an archive was read back and holds what was archived, or refuses it.';
grant execute on function aias_private.record_archive_verified(p_archive uuid, p_row_count bigint, p_sha256 text, p_checksum numeric) to aias_admin;
grant execute on function aias_private.record_archive_verified(p_archive uuid, p_row_count bigint, p_sha256 text, p_checksum numeric) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.record_archive_written(p_archive uuid, p_row_count bigint, p_byte_count bigint, p_sha256 text, p_checksum numeric)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.record_archive_written(p_archive uuid, p_row_count bigint, p_byte_count bigint, p_sha256 text, p_checksum numeric) is 'Notes that an archive''s file is complete, and what it holds.';
grant execute on function aias_private.record_archive_written(p_archive uuid, p_row_count bigint, p_byte_count bigint, p_sha256 text, p_checksum numeric) to aias_admin;
grant execute on function aias_private.record_archive_written(p_archive uuid, p_row_count bigint, p_byte_count bigint, p_sha256 text, p_checksum numeric) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.record_audit(p_tenant uuid, p_action text, p_object_kind text, p_object_id text, p_detail jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.record_audit(p_tenant uuid, p_action text, p_object_kind text, p_object_id text, p_detail jsonb) is 'Adds a row to the audit log, in the caller''s transaction.';
grant execute on function aias_private.record_audit(p_tenant uuid, p_action text, p_object_kind text, p_object_id text, p_detail jsonb) to aias_admin;
grant execute on function aias_private.record_audit(p_tenant uuid, p_action text, p_object_kind text, p_object_id text, p_detail jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.record_check(p_tenant uuid, p_integration uuid, p_credential_version integer, p_is_working boolean, p_is_refused boolean, p_latency_ms integer, p_error text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.record_check(p_tenant uuid, p_integration uuid, p_credential_version integer, p_is_working boolean, p_is_refused boolean, p_latency_ms integer, p_error text) is 'Notes what trying a connection came to, and moves its status.';
grant execute on function aias_private.record_check(p_tenant uuid, p_integration uuid, p_credential_version integer, p_is_working boolean, p_is_refused boolean, p_latency_ms integer, p_error text) to aias_admin;
grant execute on function aias_private.record_check(p_tenant uuid, p_integration uuid, p_credential_version integer, p_is_working boolean, p_is_refused boolean, p_latency_ms integer, p_error text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.record_errors(p_recorder uuid, p_batch bigint, p_failures jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.record_errors(p_recorder uuid, p_batch bigint, p_failures jsonb) is 'Counts failures into their groups, each batch once, and says whether a fuse blew.';
grant execute on function aias_private.record_errors(p_recorder uuid, p_batch bigint, p_failures jsonb) to aias_admin;
grant execute on function aias_private.record_errors(p_recorder uuid, p_batch bigint, p_failures jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.record_heartbeat(p_worker bigint, p_status text, p_running_count integer)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.record_heartbeat(p_worker bigint, p_status text, p_running_count integer) is 'Renews a worker''s lease; false when it has lost it.';
grant execute on function aias_private.record_heartbeat(p_worker bigint, p_status text, p_running_count integer) to aias_admin;
grant execute on function aias_private.record_heartbeat(p_worker bigint, p_status text, p_running_count integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.record_plain_steps(p_calls aias_private.engine_call[], p_answers jsonb[], p_now timestamp with time zone)
 RETURNS jsonb[]
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.record_plain_steps(p_calls aias_private.engine_call[], p_answers jsonb[], p_now timestamp with time zone) is 'Writes the plain checkpoints of a group of calls and answers those that only record.';
grant execute on function aias_private.record_plain_steps(p_calls aias_private.engine_call[], p_answers jsonb[], p_now timestamp with time zone) to aias_admin;
grant execute on function aias_private.record_plain_steps(p_calls aias_private.engine_call[], p_answers jsonb[], p_now timestamp with time zone) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.record_steps(p_tenant uuid, p_execution uuid, p_attempt integer, p_changes jsonb)
 RETURNS TABLE(id text, item integer, status text, attempt_count integer, output jsonb, error jsonb, wait_kind text, wait_until timestamp with time zone)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.record_steps(p_tenant uuid, p_execution uuid, p_attempt integer, p_changes jsonb) is 'Writes checkpoints under an attempt, decides on retries, and returns the steps as they are now.';
grant execute on function aias_private.record_steps(p_tenant uuid, p_execution uuid, p_attempt integer, p_changes jsonb) to aias_admin;
grant execute on function aias_private.record_steps(p_tenant uuid, p_execution uuid, p_attempt integer, p_changes jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.recount_executions(p_from timestamp with time zone, p_to timestamp with time zone)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.recount_executions(p_from timestamp with time zone, p_to timestamp with time zone) is 'Counts executions, their steps and their waits of a time again, and corrects the rollups by the difference.';
grant execute on function aias_private.recount_executions(p_from timestamp with time zone, p_to timestamp with time zone) to aias_admin;
grant execute on function aias_private.recount_executions(p_from timestamp with time zone, p_to timestamp with time zone) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.refresh_view(p_name text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET lock_timeout TO '5s';
comment on function aias_private.refresh_view(p_name text) is 'Refreshes a materialized view without holding up its readers, and notes when, how long and how many rows.';
grant execute on function aias_private.refresh_view(p_name text) to aias_admin;
grant execute on function aias_private.refresh_view(p_name text) to aias_worker;

create table aias_private.refreshes;
    name text not null
    kind text not null
    cadence interval not null
    settled_until timestamp with time zone
    as_of timestamp with time zone
    refreshed_at timestamp with time zone
    duration interval
    row_count bigint
    error text
alter table aias_private.refreshes add constraint cadence_is_positive CHECK ((cadence > '00:00:00'::interval));
alter table aias_private.refreshes add constraint kind_is_known CHECK ((kind = ANY (ARRAY['rollup'::text, 'materialized'::text])));
alter table aias_private.refreshes add constraint name_is_a_word CHECK ((name ~ '^[a-z][a-z0-9_]{0,62}$'::text));
alter table aias_private.refreshes add constraint refreshes_pkey PRIMARY KEY (name);
alter table aias_private.refreshes add constraint settled_until_set_for_a_rollup CHECK (((settled_until IS NOT NULL) = (kind = 'rollup'::text)));
comment on table aias_private.refreshes is 'Every rollup and materialized view: how often it is refreshed, and how the last time went.';
grant delete, insert, select, update on table aias_private.refreshes to aias_admin;
grant delete, insert, select, update on table aias_private.refreshes to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.refuse_audit_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.refuse_audit_change() is 'Refuses every change of the audit log but an insert.';
grant execute on function aias_private.refuse_audit_change() to aias_admin;
grant execute on function aias_private.refuse_audit_change() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.refuse_over_quota(p_tenant uuid)
 RETURNS void
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.refuse_over_quota(p_tenant uuid) is 'Refuses with JR429 to start more where the tenant has used up a hard quota of its plan.';
grant execute on function aias_private.refuse_over_quota(p_tenant uuid) to aias_admin;
grant execute on function aias_private.refuse_over_quota(p_tenant uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.refuse_version_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.refuse_version_change() is 'Refuses every change of a stored workflow version, but that a person in it is erased.';
grant execute on function aias_private.refuse_version_change() to aias_admin;
grant execute on function aias_private.refuse_version_change() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.register_task_schedules(p_schedules jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.register_task_schedules(p_schedules jsonb) is 'Stores the schedules of the system''s own tasks, but for what an administrator changed.';
grant execute on function aias_private.register_task_schedules(p_schedules jsonb) to aias_admin;
grant execute on function aias_private.register_task_schedules(p_schedules jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.register_worker(p_name text, p_host text, p_pid integer, p_queues text[], p_concurrency integer, p_version text, p_stalled_after interval)
 RETURNS bigint
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.register_worker(p_name text, p_host text, p_pid integer, p_queues text[], p_concurrency integer, p_version text, p_stalled_after interval) is 'Registers a worker and returns its id.';
grant execute on function aias_private.register_worker(p_name text, p_host text, p_pid integer, p_queues text[], p_concurrency integer, p_version text, p_stalled_after interval) to aias_admin;
grant execute on function aias_private.register_worker(p_name text, p_host text, p_pid integer, p_queues text[], p_concurrency integer, p_version text, p_stalled_after interval) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.release_effects(p_tenant uuid, p_execution uuid, p_step text, p_item integer, p_by text, p_comment text)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.release_effects(p_tenant uuid, p_execution uuid, p_step text, p_item integer, p_by text, p_comment text) is 'Lets the effects that a step has in doubt be sent again, on a person''s word.';
grant execute on function aias_private.release_effects(p_tenant uuid, p_execution uuid, p_step text, p_item integer, p_by text, p_comment text) to aias_admin;
grant execute on function aias_private.release_effects(p_tenant uuid, p_execution uuid, p_step text, p_item integer, p_by text, p_comment text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.release_execution(p_tenant uuid, p_execution uuid, p_attempt integer)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.release_execution(p_tenant uuid, p_execution uuid, p_attempt integer) is 'Gives an execution back to the queue unfinished, when its worker shuts down.';
grant execute on function aias_private.release_execution(p_tenant uuid, p_execution uuid, p_attempt integer) to aias_admin;
grant execute on function aias_private.release_execution(p_tenant uuid, p_execution uuid, p_attempt integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.release_job(p_job bigint, p_worker bigint, p_attempts integer)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.release_job(p_job bigint, p_worker bigint, p_attempts integer) is 'Gives a claimed job back to its queue, uncounted.';
grant execute on function aias_private.release_job(p_job bigint, p_worker bigint, p_attempts integer) to aias_admin;
grant execute on function aias_private.release_job(p_job bigint, p_worker bigint, p_attempts integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.release_jobs(p_worker bigint, p_jobs bigint[], p_attempts integer[])
 RETURNS integer
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.release_jobs(p_worker bigint, p_jobs bigint[], p_attempts integer[]) is 'Gives back jobs that were claimed and not started, and says how many.';
grant execute on function aias_private.release_jobs(p_worker bigint, p_jobs bigint[], p_attempts integer[]) to aias_admin;
grant execute on function aias_private.release_jobs(p_worker bigint, p_jobs bigint[], p_attempts integer[]) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.release_limit(p_key text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.release_limit(p_key text) is 'Lets go what a limit held that has changed.';
grant execute on function aias_private.release_limit(p_key text) to aias_admin;
grant execute on function aias_private.release_limit(p_key text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.reload_execution(p_tenant uuid, p_execution uuid, p_attempt integer)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.reload_execution(p_tenant uuid, p_execution uuid, p_attempt integer) is 'The checkpoints of an execution, for the attempt that holds it.';
grant execute on function aias_private.reload_execution(p_tenant uuid, p_execution uuid, p_attempt integer) to aias_admin;
grant execute on function aias_private.reload_execution(p_tenant uuid, p_execution uuid, p_attempt integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.reopen_gate(p_tenant uuid, p_kind text, p_connection text, p_wake integer)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.reopen_gate(p_tenant uuid, p_kind text, p_connection text, p_wake integer) is 'Opens a closed gate and lets those go on that wait for it; false when it was open.';
grant execute on function aias_private.reopen_gate(p_tenant uuid, p_kind text, p_connection text, p_wake integer) to aias_admin;
grant execute on function aias_private.reopen_gate(p_tenant uuid, p_kind text, p_connection text, p_wake integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.repair_jobs()
 RETURNS TABLE(execution_id uuid, job_id bigint, action text)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.repair_jobs() is 'Makes the engine''s jobs again from the ledger of executions, and says which.';
grant execute on function aias_private.repair_jobs() to aias_admin;
grant execute on function aias_private.repair_jobs() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.report_plugins(p_reporter text, p_plugins jsonb)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.report_plugins(p_reporter text, p_plugins jsonb) is 'Takes what a worker found installed, and what came of loading it.';
grant execute on function aias_private.report_plugins(p_reporter text, p_plugins jsonb) to aias_admin;
grant execute on function aias_private.report_plugins(p_reporter text, p_plugins jsonb) to aias_worker;

create unlogged table aias_private.request_rates with (fillfactor=10, autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=200) enable row level security force row level security;
    tenant_id uuid not null
    key_id text not null
    theoretical_arrival_at timestamp with time zone not null
alter table aias_private.request_rates add constraint request_rates_pkey PRIMARY KEY (tenant_id, key_id);
create policy tenant_isolation on aias_private.request_rates as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.request_rates is 'How far the HTTP requests under each limit have come.';
grant delete, insert, select, update on table aias_private.request_rates to aias_admin;
grant delete, insert, select, update on table aias_private.request_rates to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.request_samples(p_tenant uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.request_samples(p_tenant uuid) is 'Enqueues the job that installs a tenant''s samples; false where it has or had them.';
grant execute on function aias_private.request_samples(p_tenant uuid) to aias_admin;
grant execute on function aias_private.request_samples(p_tenant uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.requeue_dead_job(p_tenant uuid, p_dead_letter uuid)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.requeue_dead_job(p_tenant uuid, p_dead_letter uuid) is 'Enqueues a dead job again and returns the new job''s id.';
grant execute on function aias_private.requeue_dead_job(p_tenant uuid, p_dead_letter uuid) to aias_admin;
grant execute on function aias_private.requeue_dead_job(p_tenant uuid, p_dead_letter uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.requeue_diverted(p_tenant uuid, p_fuse uuid, p_limit integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.requeue_diverted(p_tenant uuid, p_fuse uuid, p_limit integer) is 'Starts again what a released fuse had diverted, and says how many.';
grant execute on function aias_private.requeue_diverted(p_tenant uuid, p_fuse uuid, p_limit integer) to aias_admin;
grant execute on function aias_private.requeue_diverted(p_tenant uuid, p_fuse uuid, p_limit integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.reseal_integration(p_tenant uuid, p_integration uuid, p_from bytea, p_secret bytea, p_key_id text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.reseal_integration(p_tenant uuid, p_integration uuid, p_from bytea, p_secret bytea, p_key_id text) is 'Stores a connection''s secret sealed under another key, unless it was changed meanwhile.';
grant execute on function aias_private.reseal_integration(p_tenant uuid, p_integration uuid, p_from bytea, p_secret bytea, p_key_id text) to aias_admin;
grant execute on function aias_private.reseal_integration(p_tenant uuid, p_integration uuid, p_from bytea, p_secret bytea, p_key_id text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.resolve_alert(p_rule text, p_tenant uuid, p_key text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.resolve_alert(p_rule text, p_tenant uuid, p_key text) is 'Ends the open alert of a rule, tenant and key; false when there is none.';
grant execute on function aias_private.resolve_alert(p_rule text, p_tenant uuid, p_key text) to aias_admin;
grant execute on function aias_private.resolve_alert(p_rule text, p_tenant uuid, p_key text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.restored_name(p_partition text, p_part integer)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.restored_name(p_partition text, p_part integer) is 'Names the table that an archive is brought back into.';
grant execute on function aias_private.restored_name(p_partition text, p_part integer) to aias_admin;
grant execute on function aias_private.restored_name(p_partition text, p_part integer) to aias_analyst;
grant execute on function aias_private.restored_name(p_partition text, p_part integer) to aias_worker;

create materialized view aias_private.retention_cohorts as
 SELECT cohort_day,
    count(*) AS signed_up_count,
    count(*) FILTER (WHERE ((EXISTS ( SELECT
           FROM aias_private.execution_days d
          WHERE ((d.tenant_id = c.tenant_id) AND (d.day = (c.cohort_day + 7)) AND (d.started_count > 0)))) OR (EXISTS ( SELECT
           FROM aias_private.user_days u
          WHERE ((u.tenant_id = c.tenant_id) AND (u.day = (c.cohort_day + 7))))))) AS retained_count
   FROM ( SELECT t.id AS tenant_id,
            ((t.created_at AT TIME ZONE 'UTC'::text))::date AS cohort_day
           FROM aias_private.tenants t) c
  WHERE ((cohort_day + 7) < ((aias_private.now() AT TIME ZONE 'UTC'::text))::date)
  GROUP BY cohort_day;
CREATE UNIQUE INDEX retention_cohorts_key ON aias_private.retention_cohorts USING btree (cohort_day);
comment on materialized view aias_private.retention_cohorts is 'Of the tenants that signed up on a day: how many were active on the seventh day after it.';
grant delete, insert, select, update on table aias_private.retention_cohorts to aias_admin;
grant delete, insert, select, update on table aias_private.retention_cohorts to aias_worker;

create table aias_private.retention_items;
    run_id uuid not null
    position integer not null
    table_name text not null
    object text not null
    kind text not null
    unit text not null
    owner_tenant_id uuid
    action text not null
    cutoff_at timestamp with time zone
    row_estimate bigint not null
    byte_count bigint not null
    state text default 'planned'::text not null
    detail text
    gone_count bigint default 0 not null
    kept_count bigint default 0 not null
    next_block bigint default 0 not null
    attempt_count integer default 0 not null
    changed_at timestamp with time zone default aias_private.now() not null
alter table aias_private.retention_items add constraint kind_is_known CHECK ((kind = ANY (ARRAY['partition'::text, 'rows'::text, 'tenant'::text, 'strays'::text, 'workflows'::text])));
alter table aias_private.retention_items add constraint retention_items_pkey PRIMARY KEY (run_id, "position");
alter table aias_private.retention_items add constraint retention_items_run_id_fkey FOREIGN KEY (run_id) REFERENCES aias_private.retention_runs(id) ON DELETE CASCADE;
alter table aias_private.retention_items add constraint retention_items_table_name_fkey FOREIGN KEY (table_name) REFERENCES aias_private.retention_policies(table_name) ON DELETE CASCADE;
alter table aias_private.retention_items add constraint state_is_known CHECK ((state = ANY (ARRAY['planned'::text, 'archiving'::text, 'archived'::text, 'detached'::text, 'dropped'::text, 'done'::text, 'waiting'::text, 'failed'::text])));
CREATE INDEX retention_items_detached_idx ON aias_private.retention_items USING btree (object) WHERE (state = 'detached'::text);
CREATE INDEX retention_items_table_idx ON aias_private.retention_items USING btree (table_name);
comment on table aias_private.retention_items is 'What a run of retention has to do, and how far it is.';
grant delete, insert, select, update on table aias_private.retention_items to aias_admin;
grant delete, insert, select, update on table aias_private.retention_items to aias_worker;

create table aias_private.retention_overrides enable row level security force row level security;
    tenant_id uuid not null
    table_name text default '*'::text not null
    age interval
    reason text not null
    set_by text not null
    set_at timestamp with time zone default aias_private.now() not null
alter table aias_private.retention_overrides add constraint age_is_a_day_or_more CHECK ((age >= '1 day'::interval));
alter table aias_private.retention_overrides add constraint reason_is_short CHECK (((length(reason) >= 1) AND (length(reason) <= 1000)));
alter table aias_private.retention_overrides add constraint retention_overrides_pkey PRIMARY KEY (tenant_id, table_name);
alter table aias_private.retention_overrides add constraint retention_overrides_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES aias_private.tenants(id) ON DELETE CASCADE;
create policy tenant_isolation on aias_private.retention_overrides as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.retention_overrides is 'Tenants whose rows are kept longer (a legal hold, a contract) or shorter (a contract).';
grant delete, insert, select, update on table aias_private.retention_overrides to aias_admin;
grant delete, insert, select, update on table aias_private.retention_overrides to aias_worker;

create table aias_private.retention_policies;
    table_name text not null
    action text not null
    age interval
    cadence text default 'daily'::text not null
    is_enabled boolean default true not null
    follows text
    time_column text
    keep_where text
    prepare text
    guard text
    anonymized_columns text[]
    note text
    last_run_at timestamp with time zone
alter table aias_private.retention_policies add constraint action_is_known CHECK ((action = ANY (ARRAY['drop'::text, 'archive'::text, 'aggregate'::text, 'soft_delete'::text, 'anonymize'::text, 'delete'::text, 'keep'::text])));
alter table aias_private.retention_policies add constraint age_is_a_day_or_more CHECK ((age >= '1 day'::interval));
alter table aias_private.retention_policies add constraint age_set_unless_it_stays_or_follows CHECK (((age IS NULL) = ((action = 'keep'::text) OR (follows IS NOT NULL))));
alter table aias_private.retention_policies add constraint anonymized_columns_set_to_anonymize CHECK (((anonymized_columns IS NOT NULL) = (action = 'anonymize'::text)));
alter table aias_private.retention_policies add constraint cadence_is_known CHECK ((cadence = ANY (ARRAY['daily'::text, 'weekly'::text, 'monthly'::text, 'quarterly'::text])));
alter table aias_private.retention_policies add constraint retention_policies_follows_fkey FOREIGN KEY (follows) REFERENCES aias_private.retention_policies(table_name) ON DELETE CASCADE;
alter table aias_private.retention_policies add constraint retention_policies_pkey PRIMARY KEY (table_name);
alter table aias_private.retention_policies add constraint time_column_set_for_rows CHECK (((time_column IS NOT NULL) = (action = ANY (ARRAY['delete'::text, 'anonymize'::text, 'soft_delete'::text]))));
alter table aias_private.retention_policies add constraint what_stays_has_a_reason CHECK (((action <> 'keep'::text) OR (note IS NOT NULL)));
CREATE INDEX retention_policies_follows_idx ON aias_private.retention_policies USING btree (follows);
comment on table aias_private.retention_policies is 'How long the rows of each growing table are kept, and what happens then.';
grant delete, insert, select, update on table aias_private.retention_policies to aias_admin;
grant delete, insert, select, update on table aias_private.retention_policies to aias_worker;

create table aias_private.retention_runs;
    id uuid default aias_private.uuid7() not null
    requested_by text not null
    status text default 'running'::text not null
    started_at timestamp with time zone default aias_private.now() not null
    finished_at timestamp with time zone
alter table aias_private.retention_runs add constraint finished_at_set_when_final CHECK (((finished_at IS NOT NULL) = (status = ANY (ARRAY['done'::text, 'failed'::text]))));
alter table aias_private.retention_runs add constraint retention_runs_pkey PRIMARY KEY (id);
alter table aias_private.retention_runs add constraint status_is_known CHECK ((status = ANY (ARRAY['running'::text, 'done'::text, 'failed'::text])));
CREATE UNIQUE INDEX retention_runs_open_key ON aias_private.retention_runs USING btree (status) WHERE (status = 'running'::text);
comment on table aias_private.retention_runs is 'The runs of retention; at most one goes on at a time.';
grant delete, insert, select, update on table aias_private.retention_runs to aias_admin;
grant delete, insert, select, update on table aias_private.retention_runs to aias_worker;

create table aias_private.retention_warnings enable row level security force row level security;
    tenant_id uuid not null
    workflow_id uuid not null
    told_at timestamp with time zone default aias_private.now() not null
alter table aias_private.retention_warnings add constraint retention_warnings_pkey PRIMARY KEY (tenant_id, workflow_id);
alter table aias_private.retention_warnings add constraint retention_warnings_workflow_fkey FOREIGN KEY (tenant_id, workflow_id) REFERENCES aias_private.workflows(tenant_id, id) ON DELETE CASCADE;
create policy tenant_isolation on aias_private.retention_warnings as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.retention_warnings is 'Workflows whose owners were told that they go unless they run.';
grant delete, insert, select, update on table aias_private.retention_warnings to aias_admin;
grant delete, insert, select, update on table aias_private.retention_warnings to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.retire_partitions(p_run uuid, p_item integer)
 RETURNS integer[]
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET lock_timeout TO '100ms';
comment on function aias_private.retire_partitions(p_run uuid, p_item integer) is 'Detaches a month of a table and of what follows it; rows that stay lie in a new partition. Returns the items that wait for being dropped.';
grant execute on function aias_private.retire_partitions(p_run uuid, p_item integer) to aias_admin;
grant execute on function aias_private.retire_partitions(p_run uuid, p_item integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.retire_workflows(p_run uuid, p_item integer)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.retire_workflows(p_run uuid, p_item integer) is 'Tells the owners of workflows that nobody runs, and takes those out of use whose owners were told a fortnight ago.';
grant execute on function aias_private.retire_workflows(p_run uuid, p_item integer) to aias_admin;
grant execute on function aias_private.retire_workflows(p_run uuid, p_item integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.retry_delay(p_action text, p_override jsonb, p_attempt_count integer, p_retry_after interval)
 RETURNS interval
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.retry_delay(p_action text, p_override jsonb, p_attempt_count integer, p_retry_after interval) is 'How long the next attempt of an action waits: backoff with full jitter, or what the upstream asked for.';
grant execute on function aias_private.retry_delay(p_action text, p_override jsonb, p_attempt_count integer, p_retry_after interval) to aias_admin;
grant execute on function aias_private.retry_delay(p_action text, p_override jsonb, p_attempt_count integer, p_retry_after interval) to aias_worker;

create table aias_private.retry_policies;
    action_pattern text not null
    max_attempts integer not null
    initial interval not null
    factor numeric not null
    max_delay interval not null
alter table aias_private.retry_policies add constraint delays_are_positive CHECK (((initial > '00:00:00'::interval) AND (max_delay >= initial)));
alter table aias_private.retry_policies add constraint factor_does_not_shrink CHECK ((factor >= (1)::numeric));
alter table aias_private.retry_policies add constraint max_attempts_is_bounded CHECK (((max_attempts >= 1) AND (max_attempts <= 100)));
alter table aias_private.retry_policies add constraint pattern_is_a_name_or_a_prefix CHECK ((action_pattern ~ '^(\*|[a-z0-9_.-]+(\.\*)?)$'::text));
alter table aias_private.retry_policies add constraint retry_policies_pkey PRIMARY KEY (action_pattern);
comment on table aias_private.retry_policies is 'How often and how late a failed attempt is repeated: exponential backoff with full jitter, per action.';
grant delete, insert, select, update on table aias_private.retry_policies to aias_admin;
grant delete, insert, select, update on table aias_private.retry_policies to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.retry_tick()
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.retry_tick() is 'Tries one failed tick again whose time has come; whether there was one.';
grant execute on function aias_private.retry_tick() to aias_admin;
grant execute on function aias_private.retry_tick() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.rewrap_tenant_key(p_tenant uuid, p_key text, p_from bytea, p_wrapped bytea, p_master_key text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.rewrap_tenant_key(p_tenant uuid, p_key text, p_from bytea, p_wrapped bytea, p_master_key text) is 'Puts a tenant''s key, or the operators'', under another master key.';
grant execute on function aias_private.rewrap_tenant_key(p_tenant uuid, p_key text, p_from bytea, p_wrapped bytea, p_master_key text) to aias_admin;
grant execute on function aias_private.rewrap_tenant_key(p_tenant uuid, p_key text, p_from bytea, p_wrapped bytea, p_master_key text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.role_scopes(p_role text)
 RETURNS text[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.role_scopes(p_role text) is 'The scopes that a person''s role gives in the dashboard.';
grant execute on function aias_private.role_scopes(p_role text) to aias_admin;
grant execute on function aias_private.role_scopes(p_role text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.roll_up_activity()
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET lock_timeout TO '10s';
comment on function aias_private.roll_up_activity() is 'Adds what happened since the last run to the daily figures; true while there is more to add.';
grant execute on function aias_private.roll_up_activity() to aias_admin;
grant execute on function aias_private.roll_up_activity() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.roll_up_audit(p_from timestamp with time zone, p_until timestamp with time zone)
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.roll_up_audit(p_from timestamp with time zone, p_until timestamp with time zone) is 'Takes over active people, moves between plans and first steps of tenants from the audit log of a span of time.';
grant execute on function aias_private.roll_up_audit(p_from timestamp with time zone, p_until timestamp with time zone) to aias_admin;
grant execute on function aias_private.roll_up_audit(p_from timestamp with time zone, p_until timestamp with time zone) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.roll_up_calls(p_from timestamp with time zone, p_settled timestamp with time zone, p_until timestamp with time zone)
 RETURNS TABLE(row_count bigint, tenants uuid[])
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.roll_up_calls(p_from timestamp with time zone, p_settled timestamp with time zone, p_until timestamp with time zone) is 'Adds the calls of upstreams in a span of time to their days.';
grant execute on function aias_private.roll_up_calls(p_from timestamp with time zone, p_settled timestamp with time zone, p_until timestamp with time zone) to aias_admin;
grant execute on function aias_private.roll_up_calls(p_from timestamp with time zone, p_settled timestamp with time zone, p_until timestamp with time zone) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.roll_up_executions(p_from timestamp with time zone, p_settled timestamp with time zone, p_until timestamp with time zone)
 RETURNS TABLE(row_count bigint, tenants uuid[])
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.roll_up_executions(p_from timestamp with time zone, p_settled timestamp with time zone, p_until timestamp with time zone) is 'Adds the executions that were started or ended in a span of time to their days.';
grant execute on function aias_private.roll_up_executions(p_from timestamp with time zone, p_settled timestamp with time zone, p_until timestamp with time zone) to aias_admin;
grant execute on function aias_private.roll_up_executions(p_from timestamp with time zone, p_settled timestamp with time zone, p_until timestamp with time zone) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.roll_up_observations(p_limit integer DEFAULT 20000)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.roll_up_observations(p_limit integer) is 'Adds what processes saw to the rollups, and says how many rows of it there were.';
grant execute on function aias_private.roll_up_observations(p_limit integer) to aias_admin;
grant execute on function aias_private.roll_up_observations(p_limit integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.rows_checksum(p_relation regclass)
 RETURNS TABLE(row_count bigint, checksum numeric)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET "IntervalStyle" TO 'postgres'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1';
comment on function aias_private.rows_checksum(p_relation regclass) is 'How many rows a table has, and a sum that any difference in any row changes.';
grant execute on function aias_private.rows_checksum(p_relation regclass) to aias_admin;
grant execute on function aias_private.rows_checksum(p_relation regclass) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.sample_success(p_tenant uuid)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.sample_success(p_tenant uuid) is 'When a sample of a tenant first succeeded.';
grant execute on function aias_private.sample_success(p_tenant uuid) to aias_admin;
grant execute on function aias_private.sample_success(p_tenant uuid) to aias_analyst;
grant execute on function aias_private.sample_success(p_tenant uuid) to aias_app;
grant execute on function aias_private.sample_success(p_tenant uuid) to aias_worker;

create table aias_private.schedule_backfills enable row level security force row level security;
    tenant_id uuid not null
    schedule_id uuid not null
    id uuid default aias_private.uuid7() not null
    from_at timestamp with time zone not null
    to_at timestamp with time zone not null
    done_to timestamp with time zone not null
    started_count integer default 0 not null
    requested_by text not null
    created_at timestamp with time zone default aias_private.now() not null
    finished_at timestamp with time zone
alter table aias_private.schedule_backfills add constraint it_goes_forward CHECK (((from_at < to_at) AND (done_to <= to_at)));
alter table aias_private.schedule_backfills add constraint schedule_backfills_pkey PRIMARY KEY (tenant_id, schedule_id, id);
alter table aias_private.schedule_backfills add constraint schedule_backfills_schedule_fkey FOREIGN KEY (tenant_id, schedule_id) REFERENCES aias_private.schedules(tenant_id, id) ON DELETE CASCADE;
CREATE INDEX schedule_backfills_open_idx ON aias_private.schedule_backfills USING btree (id) WHERE (finished_at IS NULL);
create policy tenant_isolation on aias_private.schedule_backfills as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.schedule_backfills is 'Spans of time whose ticks are to run after the fact.';
grant delete, insert, select, update on table aias_private.schedule_backfills to aias_admin;
grant delete, insert, select, update on table aias_private.schedule_backfills to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.schedule_by_id(p_schedule uuid)
 RETURNS aias_private.schedules
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.schedule_by_id(p_schedule uuid) is 'The schedule that the caller names and may see, locked.';
grant execute on function aias_private.schedule_by_id(p_schedule uuid) to aias_admin;
grant execute on function aias_private.schedule_by_id(p_schedule uuid) to aias_worker;

create view aias_private.schedule_spans as
 SELECT e.tenant_id,
    e.id AS key,
    aias_private.trace_id(e.id, e.trace_parent) AS trace_id,
    "left"(md5(('schedule '::text || (e.id)::text)), 16) AS span_id,
    NULL::text AS parent_span_id,
    COALESCE(e.correlation_id, aias_private.trace_id(e.id, e.trace_parent)) AS correlation_id,
    'schedule'::text AS kind,
    COALESCE(s.name, 'a removed schedule'::text) AS name,
    e.created_at AS started_at,
    e.created_at AS finished_at,
    'started'::text AS status,
    NULL::text AS request_id,
    e.id AS execution_id,
    NULL::text AS step,
    NULL::integer AS item,
    NULL::integer AS attempt,
    '{}'::jsonb AS detail
   FROM (aias_private.executions e
     LEFT JOIN aias_private.schedules s ON (((e.tenant_id = s.tenant_id) AND (e.origin_id = s.id))))
  WHERE ((e.origin = 'schedule'::text) AND (e.trace_parent IS NULL));
comment on view aias_private.schedule_spans is 'The due times that started executions, as aias.traces has them.';
grant delete, insert, select, update on table aias_private.schedule_spans to aias_admin;
grant delete, insert, select, update on table aias_private.schedule_spans to aias_worker;

create table aias_private.schedule_ticks partition by RANGE (id) enable row level security force row level security;
    tenant_id uuid not null
    schedule_id uuid not null
    id uuid not null
    due_at timestamp with time zone not null
    status text not null
    is_backfill boolean default false not null
    execution_id uuid
    job_id bigint
    attempt_count integer default 0 not null
    retry_at timestamp with time zone
    reason text
    error jsonb
    created_at timestamp with time zone default aias_private.now() not null
    started_at timestamp with time zone
    finished_at timestamp with time zone
alter table aias_private.schedule_ticks add constraint finished_at_set_when_final CHECK (((finished_at IS NOT NULL) = (status = ANY (ARRAY['succeeded'::text, 'failed'::text, 'cancelled'::text, 'skipped'::text]))));
alter table aias_private.schedule_ticks add constraint id_is_the_due_time CHECK ((id = aias_private.uuid7_floor(due_at)));
alter table aias_private.schedule_ticks add constraint retry_at_set_when_retrying CHECK (((retry_at IS NOT NULL) = (status = 'retrying'::text)));
alter table aias_private.schedule_ticks add constraint schedule_ticks_pkey PRIMARY KEY (tenant_id, schedule_id, id);
alter table aias_private.schedule_ticks add constraint schedule_ticks_schedule_fkey FOREIGN KEY (tenant_id, schedule_id) REFERENCES aias_private.schedules(tenant_id, id) ON DELETE CASCADE;
alter table aias_private.schedule_ticks add constraint status_is_known CHECK ((status = ANY (ARRAY['queued'::text, 'started'::text, 'retrying'::text, 'succeeded'::text, 'failed'::text, 'cancelled'::text, 'skipped'::text])));
CREATE INDEX schedule_ticks_execution_idx ON ONLY aias_private.schedule_ticks USING btree (tenant_id, execution_id) WHERE (execution_id IS NOT NULL);
CREATE INDEX schedule_ticks_open_idx ON ONLY aias_private.schedule_ticks USING btree (tenant_id, schedule_id, status) WHERE (status = ANY (ARRAY['queued'::text, 'started'::text, 'retrying'::text]));
CREATE INDEX schedule_ticks_queued_idx ON ONLY aias_private.schedule_ticks USING btree (id) WHERE (status = 'queued'::text);
CREATE INDEX schedule_ticks_retry_idx ON ONLY aias_private.schedule_ticks USING btree (retry_at) WHERE (status = 'retrying'::text);
create policy tenant_isolation on aias_private.schedule_ticks as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.schedule_ticks is 'The due times of schedules that were dealt with, once each, and what came of them.';
grant delete, insert, select, update on table aias_private.schedule_ticks to aias_admin;
grant delete, insert, select, update on table aias_private.schedule_ticks to aias_worker;

create table aias_private.schedule_ticks_default partition of aias_private.schedule_ticks default;
grant delete, insert, select, update on table aias_private.schedule_ticks_default to aias_admin;
grant delete, insert, select, update on table aias_private.schedule_ticks_default to aias_worker;

create table aias_private.schedules enable row level security force row level security;
    tenant_id uuid not null
    id uuid default aias_private.uuid7() not null
    name text not null
    kind text not null
    workflow_id uuid
    task text
    cron text not null
    time_zone text not null
    input jsonb default '{}'::jsonb not null
    overlap text not null
    catch_up text not null
    catch_up_limit integer not null
    jitter interval not null
    max_attempts integer not null
    retry_delay interval not null
    starts_at timestamp with time zone
    ends_at timestamp with time zone
    is_paused boolean default false not null
    pause_reason text
    is_customized boolean default false not null
    horizon_at timestamp with time zone default aias_private.now() not null
    next_at timestamp with time zone
    wake_at timestamp with time zone default '-infinity'::timestamp with time zone not null
    problem text
    created_at timestamp with time zone default aias_private.now() not null
    updated_at timestamp with time zone default aias_private.now() not null
alter table aias_private.schedules add constraint catch_up_is_known CHECK ((catch_up = ANY (ARRAY['none'::text, 'last'::text, 'all'::text])));
alter table aias_private.schedules add constraint catch_up_limit_is_bounded CHECK (((catch_up_limit >= 1) AND (catch_up_limit <= 1000)));
alter table aias_private.schedules add constraint cron_is_short CHECK (((length(cron) >= 1) AND (length(cron) <= 200)));
alter table aias_private.schedules add constraint ends_after_it_starts CHECK ((ends_at > starts_at));
alter table aias_private.schedules add constraint input_is_an_object CHECK ((jsonb_typeof(input) = 'object'::text));
alter table aias_private.schedules add constraint jitter_is_bounded CHECK (((jitter >= '00:00:00'::interval) AND (jitter <= '1 day'::interval)));
alter table aias_private.schedules add constraint kind_is_known CHECK ((kind = ANY (ARRAY['workflow'::text, 'task'::text])));
alter table aias_private.schedules add constraint kind_says_what_runs CHECK ((((kind = 'workflow'::text) = (workflow_id IS NOT NULL)) AND ((kind = 'task'::text) = (task IS NOT NULL))));
alter table aias_private.schedules add constraint max_attempts_is_bounded CHECK (((max_attempts >= 1) AND (max_attempts <= 20)));
alter table aias_private.schedules add constraint name_is_a_word CHECK ((name ~ '^[a-z0-9][a-z0-9._-]{0,62}$'::text));
alter table aias_private.schedules add constraint overlap_is_known CHECK ((overlap = ANY (ARRAY['skip'::text, 'queue'::text, 'allow'::text])));
alter table aias_private.schedules add constraint retry_delay_is_bounded CHECK (((retry_delay >= '00:00:00'::interval) AND (retry_delay <= '1 day'::interval)));
alter table aias_private.schedules add constraint schedules_name_key UNIQUE (tenant_id, name);
alter table aias_private.schedules add constraint schedules_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.schedules add constraint schedules_workflow_fkey FOREIGN KEY (tenant_id, workflow_id) REFERENCES aias_private.workflows(tenant_id, id) ON DELETE CASCADE;
alter table aias_private.schedules add constraint tasks_are_the_systems CHECK (((kind = 'task'::text) = (tenant_id = '00000000-0000-0000-0000-000000000000'::uuid)));
CREATE INDEX schedules_horizon_idx ON aias_private.schedules USING btree (horizon_at);
CREATE INDEX schedules_wake_idx ON aias_private.schedules USING btree (wake_at);
CREATE INDEX schedules_workflow_idx ON aias_private.schedules USING btree (tenant_id, workflow_id);
create policy tenant_isolation on aias_private.schedules as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.schedules is 'What starts executions and the system''s own tasks by the clock.';
grant delete, insert, select, update on table aias_private.schedules to aias_admin;
grant delete, insert, select, update on table aias_private.schedules to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.scope_key(p_scope text, p_name text, p_scopes text[])
 RETURNS TABLE(tenant_id uuid, workflow_id uuid, name text, key text)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.scope_key(p_scope text, p_name text, p_scopes text[]) is 'What a caller names for a pause or a limit.';
grant execute on function aias_private.scope_key(p_scope text, p_name text, p_scopes text[]) to aias_admin;
grant execute on function aias_private.scope_key(p_scope text, p_name text, p_scopes text[]) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.scrub_person(p_text text, p_email_pattern text, p_id_pattern text, p_pseudonym text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.scrub_person(p_text text, p_email_pattern text, p_id_pattern text, p_pseudonym text) is 'A text with a person''s address and id replaced by a pseudonym.';
grant execute on function aias_private.scrub_person(p_text text, p_email_pattern text, p_id_pattern text, p_pseudonym text) to aias_admin;
grant execute on function aias_private.scrub_person(p_text text, p_email_pattern text, p_id_pattern text, p_pseudonym text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.seal_hash(p_seq bigint, p_form smallint, p_from_id uuid, p_to_id uuid, p_row_ids uuid[], p_row_marks bytea, p_rows_digest bytea, p_previous_hash bytea, p_sealed_at timestamp with time zone)
 RETURNS bytea
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.seal_hash(p_seq bigint, p_form smallint, p_from_id uuid, p_to_id uuid, p_row_ids uuid[], p_row_marks bytea, p_rows_digest bytea, p_previous_hash bytea, p_sealed_at timestamp with time zone) is 'The SHA-256 of a seal of the audit log, with the hash of the seal before in it.';
grant execute on function aias_private.seal_hash(p_seq bigint, p_form smallint, p_from_id uuid, p_to_id uuid, p_row_ids uuid[], p_row_marks bytea, p_rows_digest bytea, p_previous_hash bytea, p_sealed_at timestamp with time zone) to aias_admin;
grant execute on function aias_private.seal_hash(p_seq bigint, p_form smallint, p_from_id uuid, p_to_id uuid, p_row_ids uuid[], p_row_marks bytea, p_rows_digest bytea, p_previous_hash bytea, p_sealed_at timestamp with time zone) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.search_private_data(p_tenant uuid, p_request uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.search_private_data(p_tenant uuid, p_request uuid) is 'Redacts, or counts, what deliveries and events hold of a customer or a shop.';
grant execute on function aias_private.search_private_data(p_tenant uuid, p_request uuid) to aias_admin;
grant execute on function aias_private.search_private_data(p_tenant uuid, p_request uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.seconds_to_next_job()
 RETURNS double precision
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.seconds_to_next_job() is 'Seconds until the next scheduled job falls due.';
grant execute on function aias_private.seconds_to_next_job() to aias_admin;
grant execute on function aias_private.seconds_to_next_job() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.send_due_mails(p_limit integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.send_due_mails(p_limit integer) is 'Puts the mails whose morning has come into the outbox and skips those that nobody needs; returns how many it decided on.';
grant execute on function aias_private.send_due_mails(p_limit integer) to aias_admin;
grant execute on function aias_private.send_due_mails(p_limit integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.set_integration_status(p_tenant uuid, p_integration uuid, p_credential_version integer, p_status text, p_reason text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.set_integration_status(p_tenant uuid, p_integration uuid, p_credential_version integer, p_status text, p_reason text) is 'Notes a connection''s status; a change is audited and announced.';
grant execute on function aias_private.set_integration_status(p_tenant uuid, p_integration uuid, p_credential_version integer, p_status text, p_reason text) to aias_admin;
grant execute on function aias_private.set_integration_status(p_tenant uuid, p_integration uuid, p_credential_version integer, p_status text, p_reason text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.set_plugin_rule(p_plugin text, p_tenant text, p_is_allowed boolean, p_reason text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.set_plugin_rule(p_plugin text, p_tenant text, p_is_allowed boolean, p_reason text) is 'Says whether a tenant, or every tenant without a rule of its own, may use a plugin.';
grant execute on function aias_private.set_plugin_rule(p_plugin text, p_tenant text, p_is_allowed boolean, p_reason text) to aias_admin;
grant execute on function aias_private.set_plugin_rule(p_plugin text, p_tenant text, p_is_allowed boolean, p_reason text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.set_task_schema(p_task text, p_schema jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.set_task_schema(p_task text, p_schema jsonb) is 'Sets the JSON Schema that a task''s arguments are checked against.';
grant execute on function aias_private.set_task_schema(p_task text, p_schema jsonb) to aias_admin;
grant execute on function aias_private.set_task_schema(p_task text, p_schema jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.set_template_triggers(p_tenant text, p_workflow text, p_triggers jsonb, p_former jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.set_template_triggers(p_tenant text, p_workflow text, p_triggers jsonb, p_former jsonb) is 'Sets up the schedules and subscriptions of a workflow that was made from a template.';
grant execute on function aias_private.set_template_triggers(p_tenant text, p_workflow text, p_triggers jsonb, p_former jsonb) to aias_admin;
grant execute on function aias_private.set_template_triggers(p_tenant text, p_workflow text, p_triggers jsonb, p_former jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.settle_delivery(p_tenant uuid, p_delivery uuid, p_attempt integer, p_error text, p_note text, p_retry_after double precision, p_is_doubtful boolean)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.settle_delivery(p_tenant uuid, p_delivery uuid, p_attempt integer, p_error text, p_note text, p_retry_after double precision, p_is_doubtful boolean) is 'Notes how sending a notice went, and decides what comes next.';
grant execute on function aias_private.settle_delivery(p_tenant uuid, p_delivery uuid, p_attempt integer, p_error text, p_note text, p_retry_after double precision, p_is_doubtful boolean) to aias_admin;
grant execute on function aias_private.settle_delivery(p_tenant uuid, p_delivery uuid, p_attempt integer, p_error text, p_note text, p_retry_after double precision, p_is_doubtful boolean) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.settle_effect(p_tenant uuid, p_execution uuid, p_attempt integer, p_step text, p_item integer, p_part text, p_state text, p_response jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.settle_effect(p_tenant uuid, p_execution uuid, p_attempt integer, p_step text, p_item integer, p_part text, p_state text, p_response jsonb) is 'Notes what came of an effect, under the attempt that holds its execution; false when that attempt was superseded.';
grant execute on function aias_private.settle_effect(p_tenant uuid, p_execution uuid, p_attempt integer, p_step text, p_item integer, p_part text, p_state text, p_response jsonb) to aias_admin;
grant execute on function aias_private.settle_effect(p_tenant uuid, p_execution uuid, p_attempt integer, p_step text, p_item integer, p_part text, p_state text, p_response jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.settle_event(p_tenant uuid, p_event uuid, p_subscription uuid, p_outcome text, p_input jsonb, p_error jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.settle_event(p_tenant uuid, p_event uuid, p_subscription uuid, p_outcome text, p_input jsonb, p_error jsonb) is 'Notes what a worker decided on an event for a subscription.';
grant execute on function aias_private.settle_event(p_tenant uuid, p_event uuid, p_subscription uuid, p_outcome text, p_input jsonb, p_error jsonb) to aias_admin;
grant execute on function aias_private.settle_event(p_tenant uuid, p_event uuid, p_subscription uuid, p_outcome text, p_input jsonb, p_error jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.settle_probe(p_tenant uuid, p_kind text, p_connection text, p_holder uuid, p_verdict text, p_reason text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.settle_probe(p_tenant uuid, p_kind text, p_connection text, p_holder uuid, p_verdict text, p_reason text) is 'Opens or closes the gates that a probe was let through, as it came back.';
grant execute on function aias_private.settle_probe(p_tenant uuid, p_kind text, p_connection text, p_holder uuid, p_verdict text, p_reason text) to aias_admin;
grant execute on function aias_private.settle_probe(p_tenant uuid, p_kind text, p_connection text, p_holder uuid, p_verdict text, p_reason text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.settle_reference(p_tenant uuid, p_integration uuid, p_kind text, p_reference text, p_holder text, p_remote_id text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.settle_reference(p_tenant uuid, p_integration uuid, p_kind text, p_reference text, p_holder text, p_remote_id text) is 'Gives a claim back and notes the id of what was made.';
grant execute on function aias_private.settle_reference(p_tenant uuid, p_integration uuid, p_kind text, p_reference text, p_holder text, p_remote_id text) to aias_admin;
grant execute on function aias_private.settle_reference(p_tenant uuid, p_integration uuid, p_kind text, p_reference text, p_holder text, p_remote_id text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.settle_refresh(p_tenant uuid, p_integration uuid, p_credential_version integer, p_secret bytea, p_key_id text, p_scopes text, p_token_lasts interval, p_refresh_token_lasts interval)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.settle_refresh(p_tenant uuid, p_integration uuid, p_credential_version integer, p_secret bytea, p_key_id text, p_scopes text, p_token_lasts interval, p_refresh_token_lasts interval) is 'Stores refreshed tokens, unless the connection was made anew meanwhile.';
grant execute on function aias_private.settle_refresh(p_tenant uuid, p_integration uuid, p_credential_version integer, p_secret bytea, p_key_id text, p_scopes text, p_token_lasts interval, p_refresh_token_lasts interval) to aias_admin;
grant execute on function aias_private.settle_refresh(p_tenant uuid, p_integration uuid, p_credential_version integer, p_secret bytea, p_key_id text, p_scopes text, p_token_lasts interval, p_refresh_token_lasts interval) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.settle_retention_item(p_run uuid, p_item integer, p_state text, p_detail text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.settle_retention_item(p_run uuid, p_item integer, p_state text, p_detail text) is 'Notes that an item of a run can''t go on in it, and why.';
grant execute on function aias_private.settle_retention_item(p_run uuid, p_item integer, p_state text, p_detail text) to aias_admin;
grant execute on function aias_private.settle_retention_item(p_run uuid, p_item integer, p_state text, p_detail text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.settle_samples(p_tenant uuid, p_missing text[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.settle_samples(p_tenant uuid, p_missing text[]) is 'Notes that a tenant''s samples are installed.';
grant execute on function aias_private.settle_samples(p_tenant uuid, p_missing text[]) to aias_admin;
grant execute on function aias_private.settle_samples(p_tenant uuid, p_missing text[]) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.settle_tick(p_tenant uuid, p_schedule uuid, p_tick uuid, p_status text, p_error jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.settle_tick(p_tenant uuid, p_schedule uuid, p_tick uuid, p_status text, p_error jsonb) is 'Notes how the run of a tick ended.';
grant execute on function aias_private.settle_tick(p_tenant uuid, p_schedule uuid, p_tick uuid, p_status text, p_error jsonb) to aias_admin;
grant execute on function aias_private.settle_tick(p_tenant uuid, p_schedule uuid, p_tick uuid, p_status text, p_error jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.severity_rank(p_severity text)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.severity_rank(p_severity text) is 'How grave a severity is: info 1, warning 2, critical 3.';
grant execute on function aias_private.severity_rank(p_severity text) to aias_admin;
grant execute on function aias_private.severity_rank(p_severity text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.shut_gate(p_tenant uuid, p_kind text, p_connection text, p_source text, p_reason text, p_pause interval, p_shortest interval, p_longest interval)
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.shut_gate(p_tenant uuid, p_kind text, p_connection text, p_source text, p_reason text, p_pause interval, p_shortest interval, p_longest interval) is 'Closes a connection''s gate for a while because of what its upstream did.';
grant execute on function aias_private.shut_gate(p_tenant uuid, p_kind text, p_connection text, p_source text, p_reason text, p_pause interval, p_shortest interval, p_longest interval) to aias_admin;
grant execute on function aias_private.shut_gate(p_tenant uuid, p_kind text, p_connection text, p_source text, p_reason text, p_pause interval, p_shortest interval, p_longest interval) to aias_worker;

create table aias_private.sign_in_links enable row level security force row level security;
    tenant_id uuid not null
    id uuid default aias_private.uuid7() not null
    user_id uuid not null
    token_hash bytea not null
    expires_at timestamp with time zone not null
alter table aias_private.sign_in_links add constraint sign_in_links_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.sign_in_links add constraint sign_in_links_user_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES aias_private.users(tenant_id, id) ON DELETE CASCADE;
alter table aias_private.sign_in_links add constraint token_hash_is_sha256 CHECK ((octet_length(token_hash) = 32));
CREATE INDEX sign_in_links_expires_idx ON aias_private.sign_in_links USING btree (expires_at);
CREATE UNIQUE INDEX sign_in_links_token_idx ON aias_private.sign_in_links USING btree (token_hash);
CREATE INDEX sign_in_links_user_idx ON aias_private.sign_in_links USING btree (tenant_id, user_id);
create policy tenant_isolation on aias_private.sign_in_links as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.sign_in_links is 'Links that sign a person in once; a used one is gone.';
grant delete, insert, select, update on table aias_private.sign_in_links to aias_admin;
grant delete, insert, select, update on table aias_private.sign_in_links to aias_worker;

create table aias_private.signals enable row level security force row level security;
    tenant_id uuid not null
    execution_id uuid not null
    id uuid default aias_private.uuid7() not null
    name text not null
    payload jsonb not null
    created_at timestamp with time zone default aias_private.now() not null
    consumed_at timestamp with time zone
alter table aias_private.signals add constraint name_is_not_empty CHECK (((length(name) >= 1) AND (length(name) <= 200)));
alter table aias_private.signals add constraint signals_pkey PRIMARY KEY (tenant_id, execution_id, id);
create policy tenant_isolation on aias_private.signals as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.signals is 'Signals sent to an execution; one that comes before its step waits for it is kept.';
grant delete, insert, select, update on table aias_private.signals to aias_admin;
grant delete, insert, select, update on table aias_private.signals to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.span_id(p_id uuid)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.span_id(p_id uuid) is 'The id of the span that something is.';
grant execute on function aias_private.span_id(p_id uuid) to aias_admin;
grant execute on function aias_private.span_id(p_id uuid) to aias_analyst;
grant execute on function aias_private.span_id(p_id uuid) to aias_app;
grant execute on function aias_private.span_id(p_id uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.spoken_language(p_user uuid, p_language text)
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.spoken_language(p_user uuid, p_language text) is 'In which language a person is talked to: en or de.';
grant execute on function aias_private.spoken_language(p_user uuid, p_language text) to aias_admin;
grant execute on function aias_private.spoken_language(p_user uuid, p_language text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.stale_secrets(p_tenant uuid, p_after_tenant uuid, p_after uuid, p_limit integer)
 RETURNS TABLE(tenant_id uuid, tenant text, integration_id uuid, name text, secret bytea, key_id text, wrapped bytea, master_key_id text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.stale_secrets(p_tenant uuid, p_after_tenant uuid, p_after uuid, p_limit integer) is 'Lists sealed secrets that are due to be sealed under their tenant''s current key.';
grant execute on function aias_private.stale_secrets(p_tenant uuid, p_after_tenant uuid, p_after uuid, p_limit integer) to aias_admin;
grant execute on function aias_private.stale_secrets(p_tenant uuid, p_after_tenant uuid, p_after uuid, p_limit integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.stamp_job()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off';
comment on function aias_private.stamp_job() is 'Gives a job its turn among the tenants of its queue.';
grant execute on function aias_private.stamp_job() to aias_admin;
grant execute on function aias_private.stamp_job() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.start_child(p_tenant uuid, p_parent uuid, p_step text, p_item integer, p_detail jsonb)
 RETURNS uuid
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.start_child(p_tenant uuid, p_parent uuid, p_step text, p_item integer, p_detail jsonb) is 'Starts the execution that a step waits for, once.';
grant execute on function aias_private.start_child(p_tenant uuid, p_parent uuid, p_step text, p_item integer, p_detail jsonb) to aias_admin;
grant execute on function aias_private.start_child(p_tenant uuid, p_parent uuid, p_step text, p_item integer, p_detail jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.start_execution(p_tenant uuid, p_workflow uuid, p_version integer, p_input jsonb, p_run_at timestamp with time zone, p_lane text, p_id uuid, p_origin jsonb)
 RETURNS uuid
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.start_execution(p_tenant uuid, p_workflow uuid, p_version integer, p_input jsonb, p_run_at timestamp with time zone, p_lane text, p_id uuid, p_origin jsonb) is 'Makes an execution of one version and enqueues its job.';
grant execute on function aias_private.start_execution(p_tenant uuid, p_workflow uuid, p_version integer, p_input jsonb, p_run_at timestamp with time zone, p_lane text, p_id uuid, p_origin jsonb) to aias_admin;
grant execute on function aias_private.start_execution(p_tenant uuid, p_workflow uuid, p_version integer, p_input jsonb, p_run_at timestamp with time zone, p_lane text, p_id uuid, p_origin jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.start_fallback(p_tenant uuid, p_execution uuid, p_error jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.start_fallback(p_tenant uuid, p_execution uuid, p_error jsonb) is 'Starts the workflow that a definition names for its failure, once.';
grant execute on function aias_private.start_fallback(p_tenant uuid, p_execution uuid, p_error jsonb) to aias_admin;
grant execute on function aias_private.start_fallback(p_tenant uuid, p_execution uuid, p_error jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.start_queued_tick()
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.start_queued_tick() is 'Starts one tick that waited for the former run of its schedule; whether there was one that could.';
grant execute on function aias_private.start_queued_tick() to aias_admin;
grant execute on function aias_private.start_queued_tick() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.start_tick(p_tenant uuid, p_schedule uuid, p_due_at timestamp with time zone, p_is_backfill boolean)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.start_tick(p_tenant uuid, p_schedule uuid, p_due_at timestamp with time zone, p_is_backfill boolean) is 'Deals with one due time of a schedule, once.';
grant execute on function aias_private.start_tick(p_tenant uuid, p_schedule uuid, p_due_at timestamp with time zone, p_is_backfill boolean) to aias_admin;
grant execute on function aias_private.start_tick(p_tenant uuid, p_schedule uuid, p_due_at timestamp with time zone, p_is_backfill boolean) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.step_rows(p_tenant uuid, p_execution uuid)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.step_rows(p_tenant uuid, p_execution uuid) is 'The checkpoints of an execution as a JSON array.';
grant execute on function aias_private.step_rows(p_tenant uuid, p_execution uuid) to aias_admin;
grant execute on function aias_private.step_rows(p_tenant uuid, p_execution uuid) to aias_worker;

create view aias_private.step_spans as
 SELECT s.tenant_id,
    s.execution_id AS key,
    aias_private.trace_id(e.id, e.trace_parent) AS trace_id,
    aias_private.attempt_span(s.execution_id, s.id, s.item, s.attempt_count) AS span_id,
    aias_private.span_id(e.id) AS parent_span_id,
    COALESCE(e.correlation_id, aias_private.trace_id(e.id, e.trace_parent)) AS correlation_id,
    'step'::text AS kind,
    (s.id ||
        CASE
            WHEN (s.item >= 0) THEN (('['::text || s.item) || ']'::text)
            ELSE ''::text
        END) AS name,
    s.started_at,
    s.finished_at,
    s.status,
    NULL::text AS request_id,
    s.execution_id,
    s.id AS step,
    NULLIF(s.item, '-1'::integer) AS item,
    s.attempt_count AS attempt,
    jsonb_strip_nulls(jsonb_build_object('action', s.action, 'wait_kind', s.wait_kind, 'wait_until', s.wait_until, 'error',
        CASE
            WHEN (s.status = ANY (ARRAY['failed'::text, 'waiting'::text, 'in_doubt'::text])) THEN (s.error ->> 'message'::text)
            ELSE NULL::text
        END)) AS detail
   FROM (aias_private.steps s
     JOIN aias_private.executions e ON (((s.tenant_id = e.tenant_id) AND (s.execution_id = e.id))))
  WHERE (s.execution_attempt > 0);
comment on view aias_private.step_spans is 'The last attempts of steps, as aias.traces has them.';
grant delete, insert, select, update on table aias_private.step_spans to aias_admin;
grant delete, insert, select, update on table aias_private.step_spans to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.step_waits(p_tenant uuid, p_execution uuid)
 RETURNS TABLE(reason text, detail text, until timestamp with time zone)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.step_waits(p_tenant uuid, p_execution uuid) is 'What the steps of a waiting execution wait for, and until when.';
grant execute on function aias_private.step_waits(p_tenant uuid, p_execution uuid) to aias_admin;
grant execute on function aias_private.step_waits(p_tenant uuid, p_execution uuid) to aias_worker;

create table aias_private.steps partition by RANGE (execution_id) enable row level security force row level security;
    tenant_id uuid not null
    execution_id uuid not null
    id text not null
    item integer default '-1'::integer not null
    action text not null
    effect text default 'idempotent'::text not null
    status text not null
    attempt_count integer default 0 not null
    execution_attempt integer not null
    output jsonb
    error jsonb
    wait_kind text
    wait_until timestamp with time zone
    wait_detail jsonb
    child_execution_id uuid
    started_at timestamp with time zone
    finished_at timestamp with time zone
    deferral_count integer default 0 not null
alter table aias_private.steps add constraint deferral_count_is_not_negative CHECK ((deferral_count >= 0));
alter table aias_private.steps add constraint effect_is_known CHECK ((effect = ANY (ARRAY['none'::text, 'idempotent'::text, 'at_most_once'::text])));
alter table aias_private.steps add constraint error_set_when_failed CHECK (((status <> 'failed'::text) OR (error IS NOT NULL)));
alter table aias_private.steps add constraint finished_at_set_when_done CHECK (((finished_at IS NOT NULL) = (status = ANY (ARRAY['succeeded'::text, 'failed'::text, 'skipped'::text, 'cancelled'::text, 'in_doubt'::text]))));
alter table aias_private.steps add constraint status_is_known CHECK ((status = ANY (ARRAY['running'::text, 'waiting'::text, 'succeeded'::text, 'failed'::text, 'skipped'::text, 'cancelled'::text, 'in_doubt'::text])));
alter table aias_private.steps add constraint steps_pkey PRIMARY KEY (tenant_id, execution_id, id, item);
alter table aias_private.steps add constraint wait_kind_is_known CHECK ((wait_kind = ANY (ARRAY['retry'::text, 'sleep'::text, 'event'::text, 'approval'::text, 'execution'::text, 'gate'::text, 'limit'::text, 'effect'::text])));
alter table aias_private.steps add constraint wait_kind_set_when_waiting CHECK (((wait_kind IS NOT NULL) = (status = 'waiting'::text)));
CREATE INDEX steps_event_wait_idx ON ONLY aias_private.steps USING btree (tenant_id, ((wait_detail ->> 'name'::text))) WHERE ((status = 'waiting'::text) AND (wait_kind = 'event'::text));
create policy tenant_isolation on aias_private.steps as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.steps is 'The checkpoints: one row per step (item -1) and per item of a fan-out; no row means not started.';
grant delete, insert, select, update on table aias_private.steps to aias_admin;
grant delete, insert, select, update on table aias_private.steps to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.steps_after(p_definition jsonb, p_step text)
 RETURNS SETOF text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.steps_after(p_definition jsonb, p_step text) is 'A step of a definition and all that comes after it.';
grant execute on function aias_private.steps_after(p_definition jsonb, p_step text) to aias_admin;
grant execute on function aias_private.steps_after(p_definition jsonb, p_step text) to aias_worker;

create table aias_private.steps_default partition of aias_private.steps default with (autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_threshold=2000, autovacuum_vacuum_cost_delay=0);
grant delete, insert, select, update on table aias_private.steps_default to aias_admin;
grant delete, insert, select, update on table aias_private.steps_default to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.stop_mails(p_tenant uuid, p_user uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.stop_mails(p_tenant uuid, p_user uuid) is 'Stops all mails of sequences to a person who unsubscribed.';
grant execute on function aias_private.stop_mails(p_tenant uuid, p_user uuid) to aias_admin;
grant execute on function aias_private.stop_mails(p_tenant uuid, p_user uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.store_templates(p_documents jsonb)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.store_templates(p_documents jsonb) is 'Adds the versions of templates that are not known yet, and gives their number.';
grant execute on function aias_private.store_templates(p_documents jsonb) to aias_admin;
grant execute on function aias_private.store_templates(p_documents jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.stored_delivery(p_tenant uuid, p_delivery uuid)
 RETURNS TABLE(webhook_id uuid, condition text, mapping jsonb, source_event_id text, topic text, account text, headers jsonb, payload jsonb, body_hash bytea)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.stored_delivery(p_tenant uuid, p_delivery uuid) is 'A delivery and its webhook''s templates, to be decided on again.';
grant execute on function aias_private.stored_delivery(p_tenant uuid, p_delivery uuid) to aias_admin;
grant execute on function aias_private.stored_delivery(p_tenant uuid, p_delivery uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.succeed_executions(p_calls aias_private.engine_call[], p_answers jsonb[], p_now timestamp with time zone)
 RETURNS jsonb[]
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.succeed_executions(p_calls aias_private.engine_call[], p_answers jsonb[], p_now timestamp with time zone) is 'Ends those executions of a group of calls that succeeded, and answers their calls.';
grant execute on function aias_private.succeed_executions(p_calls aias_private.engine_call[], p_answers jsonb[], p_now timestamp with time zone) to aias_admin;
grant execute on function aias_private.succeed_executions(p_calls aias_private.engine_call[], p_answers jsonb[], p_now timestamp with time zone) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.suspend_execution(p_tenant uuid, p_execution uuid, p_attempt integer)
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.suspend_execution(p_tenant uuid, p_execution uuid, p_attempt integer) is 'Lets an execution wait without a worker, with the job that goes on when its earliest wait ends.';
grant execute on function aias_private.suspend_execution(p_tenant uuid, p_execution uuid, p_attempt integer) to aias_admin;
grant execute on function aias_private.suspend_execution(p_tenant uuid, p_execution uuid, p_attempt integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.sweep_dead_workers(p_stalled_after interval)
 RETURNS TABLE(job_id bigint, outcome text, dead_worker_id bigint)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.sweep_dead_workers(p_stalled_after interval) is 'Puts the jobs of dead workers back to waiting, and says which.';
grant execute on function aias_private.sweep_dead_workers(p_stalled_after interval) to aias_admin;
grant execute on function aias_private.sweep_dead_workers(p_stalled_after interval) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.take_calls(p_call jsonb, OUT verdict text, OUT wait_seconds double precision, OUT told text, OUT ahead_count integer, OUT ahead_points integer, OUT has_place boolean)
 RETURNS record
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.take_calls(p_call jsonb, OUT verdict text, OUT wait_seconds double precision, OUT told text, OUT ahead_count integer, OUT ahead_points integer, OUT has_place boolean) is 'Lets a call of a connection go under its limits, or says when to come back.';
grant execute on function aias_private.take_calls(p_call jsonb, OUT verdict text, OUT wait_seconds double precision, OUT told text, OUT ahead_count integer, OUT ahead_points integer, OUT has_place boolean) to aias_admin;
grant execute on function aias_private.take_calls(p_call jsonb, OUT verdict text, OUT wait_seconds double precision, OUT told text, OUT ahead_count integer, OUT ahead_points integer, OUT has_place boolean) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.take_deliveries(p_deliveries jsonb)
 RETURNS TABLE(place bigint, id uuid, status text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET lock_timeout TO '200ms';
comment on function aias_private.take_deliveries(p_deliveries jsonb) is 'Stores what came in by webhooks at a time and starts what it starts, in one transaction.';
grant execute on function aias_private.take_deliveries(p_deliveries jsonb) to aias_admin;
grant execute on function aias_private.take_deliveries(p_deliveries jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.take_delivery(p_tenant uuid, p_webhook uuid, p_delivery jsonb, p_payload jsonb, p_body_hash bytea, p_outcome text, p_input jsonb, p_error jsonb, p_version text, p_until timestamp with time zone)
 RETURNS TABLE(id uuid, status text, execution_id uuid, is_duplicate boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.take_delivery(p_tenant uuid, p_webhook uuid, p_delivery jsonb, p_payload jsonb, p_body_hash bytea, p_outcome text, p_input jsonb, p_error jsonb, p_version text, p_until timestamp with time zone) is 'Stores what came in by a webhook and starts what it starts, in one transaction.';
grant execute on function aias_private.take_delivery(p_tenant uuid, p_webhook uuid, p_delivery jsonb, p_payload jsonb, p_body_hash bytea, p_outcome text, p_input jsonb, p_error jsonb, p_version text, p_until timestamp with time zone) to aias_admin;
grant execute on function aias_private.take_delivery(p_tenant uuid, p_webhook uuid, p_delivery jsonb, p_payload jsonb, p_body_hash bytea, p_outcome text, p_input jsonb, p_error jsonb, p_version text, p_until timestamp with time zone) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.take_rate(p_key text, p_ids bigint[], p_count integer, p_per interval, p_burst integer)
 RETURNS bigint[]
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.take_rate(p_key text, p_ids bigint[], p_count integer, p_per interval, p_burst integer) is 'Gives those of some jobs that may start now under a rate, and parks the others until they may.';
grant execute on function aias_private.take_rate(p_key text, p_ids bigint[], p_count integer, p_per interval, p_burst integer) to aias_admin;
grant execute on function aias_private.take_rate(p_key text, p_ids bigint[], p_count integer, p_per interval, p_burst integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.take_request(p_tenant uuid, p_key text, p_plan_rate integer, p_key_rate integer)
 RETURNS TABLE(policy text, is_allowed boolean, quota integer, remaining integer, reset_after double precision, retry_after double precision)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.take_request(p_tenant uuid, p_key text, p_plan_rate integer, p_key_rate integer) is 'Counts an HTTP request under its tenant''s plan and its key, and says whether it may go on.';
grant execute on function aias_private.take_request(p_tenant uuid, p_key text, p_plan_rate integer, p_key_rate integer) to aias_admin;
grant execute on function aias_private.take_request(p_tenant uuid, p_key text, p_plan_rate integer, p_key_rate integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.take_telemetry(p_tenants uuid[], p_counts integer[])
 RETURNS TABLE(quota integer, retry_after double precision)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.take_telemetry(p_tenants uuid[], p_counts integer[]) is 'Counts events of calls under their tenants'' plans, and says of each call after how many seconds it may come: 0 is now.';
grant execute on function aias_private.take_telemetry(p_tenants uuid[], p_counts integer[]) to aias_admin;
grant execute on function aias_private.take_telemetry(p_tenants uuid[], p_counts integer[]) to aias_worker;

create table aias_private.task_schemas;
    task_name text not null
    schema jsonb not null
    updated_at timestamp with time zone default aias_private.now() not null
alter table aias_private.task_schemas add constraint schema_is_an_object CHECK ((jsonb_typeof(schema) = 'object'::text));
alter table aias_private.task_schemas add constraint task_name_is_short CHECK (((length(task_name) >= 1) AND (length(task_name) <= 128)));
alter table aias_private.task_schemas add constraint task_schemas_pkey PRIMARY KEY (task_name);
comment on table aias_private.task_schemas is 'The JSON Schema of a task''s arguments; a task without a row takes any object.';
grant delete, insert, select, update on table aias_private.task_schemas to aias_admin;
grant delete, insert, select, update on table aias_private.task_schemas to aias_worker;

create unlogged table aias_private.telemetry_charges enable row level security force row level security;
    tenant_id uuid not null
    at timestamp with time zone not null
    event_count integer not null
CREATE INDEX telemetry_charges_tenant_id_idx ON aias_private.telemetry_charges USING btree (tenant_id);
create policy tenant_isolation on aias_private.telemetry_charges as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.telemetry_charges is 'Events that are not yet counted into telemetry_rates.';
grant delete, insert, select, update on table aias_private.telemetry_charges to aias_admin;
grant delete, insert, select, update on table aias_private.telemetry_charges to aias_worker;

create table aias_private.telemetry_days enable row level security force row level security;
    tenant_id uuid not null
    day date not null
    name text not null
    event_count bigint not null
    first_at timestamp with time zone not null
    last_at timestamp with time zone not null
alter table aias_private.telemetry_days add constraint telemetry_days_pkey PRIMARY KEY (tenant_id, day, name);
alter table aias_private.telemetry_days add constraint telemetry_days_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES aias_private.tenants(id) ON DELETE CASCADE;
create policy tenant_isolation on aias_private.telemetry_days as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.telemetry_days is 'Counts of events per tenant, day and name; kept when the events themselves are dropped.';
grant delete, insert, select, update on table aias_private.telemetry_days to aias_admin;
grant delete, insert, select, update on table aias_private.telemetry_days to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.telemetry_debt(p_tenant uuid, p_count integer)
 RETURNS TABLE(quota integer, ahead double precision, step double precision, retry_after double precision)
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.telemetry_debt(p_tenant uuid, p_count integer) is 'How far a tenant''s events are ahead of its rate, in seconds, and after how many seconds so many more may come.';
grant execute on function aias_private.telemetry_debt(p_tenant uuid, p_count integer) to aias_admin;
grant execute on function aias_private.telemetry_debt(p_tenant uuid, p_count integer) to aias_worker;

create type aias_private.telemetry_event as (call integer, place integer, tenant_id uuid, event_id text, name text, user_id text, session_id text, occurred_at timestamp with time zone, properties jsonb, correlation_id text, trace_id text);
comment on type aias_private.telemetry_event is 'An event that has been checked: of which call, at which place in it (from 0), and what it says.';

create table aias_private.telemetry_events partition by RANGE (id) enable row level security force row level security;
    tenant_id uuid not null
    id uuid not null
    event_id text not null
    name text not null
    user_id text
    session_id text
    occurred_at timestamp with time zone not null
    received_at timestamp with time zone not null
    properties jsonb not null
    correlation_id text
    trace_id text
alter table aias_private.telemetry_events add constraint correlation_id_is_short CHECK (((length(correlation_id) >= 1) AND (length(correlation_id) <= 255)));
alter table aias_private.telemetry_events add constraint event_id_is_short CHECK (((length(event_id) >= 1) AND (length(event_id) <= 255)));
alter table aias_private.telemetry_events add constraint name_is_short CHECK (((length(name) >= 1) AND (length(name) <= 200)));
alter table aias_private.telemetry_events add constraint properties_are_an_object CHECK ((jsonb_typeof(properties) = 'object'::text));
alter table aias_private.telemetry_events add constraint session_id_is_short CHECK (((length(session_id) >= 1) AND (length(session_id) <= 255)));
alter table aias_private.telemetry_events add constraint telemetry_events_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.telemetry_events add constraint trace_id_has_32_digits CHECK ((length(trace_id) = 32));
alter table aias_private.telemetry_events add constraint user_id_is_short CHECK (((length(user_id) >= 1) AND (length(user_id) <= 255)));
CREATE INDEX telemetry_events_received_at_idx ON ONLY aias_private.telemetry_events USING brin (received_at);
create policy tenant_isolation on aias_private.telemetry_events as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.telemetry_events is 'What applications say that their users did, once each.';
grant delete, insert, select, update on table aias_private.telemetry_events to aias_admin;
grant delete, insert, select, update on table aias_private.telemetry_events to aias_worker;

create table aias_private.telemetry_events_default partition of aias_private.telemetry_events default;
grant delete, insert, select, update on table aias_private.telemetry_events_default to aias_admin;
grant delete, insert, select, update on table aias_private.telemetry_events_default to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.telemetry_ids(p_count integer)
 RETURNS uuid[]
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.telemetry_ids(p_count integer) is 'Ascending UUIDv7s of this moment.';
grant execute on function aias_private.telemetry_ids(p_count integer) to aias_admin;
grant execute on function aias_private.telemetry_ids(p_count integer) to aias_worker;

create table aias_private.telemetry_keys partition by LIST (side);
    key bigint not null
    id uuid not null
    side smallint not null
comment on table aias_private.telemetry_keys is 'Which events have come in the last days: what finds duplicates.';
grant delete, insert, select, update on table aias_private.telemetry_keys to aias_admin;
grant delete, insert, select, update on table aias_private.telemetry_keys to aias_worker;

create table aias_private.telemetry_outcome_days enable row level security force row level security;
    tenant_id uuid not null
    day date not null
    accepted_count bigint not null
    duplicate_count bigint not null
    rejected_count bigint not null
    limited_count bigint not null
    shed_count bigint not null
alter table aias_private.telemetry_outcome_days add constraint telemetry_outcome_days_pkey PRIMARY KEY (tenant_id, day);
alter table aias_private.telemetry_outcome_days add constraint telemetry_outcome_days_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES aias_private.tenants(id) ON DELETE CASCADE;
CREATE INDEX telemetry_outcome_days_day_idx ON aias_private.telemetry_outcome_days USING btree (day);
create policy tenant_isolation on aias_private.telemetry_outcome_days as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.telemetry_outcome_days is 'What came of the events that were sent, per tenant and day.';
grant delete, insert, select, update on table aias_private.telemetry_outcome_days to aias_admin;
grant delete, insert, select, update on table aias_private.telemetry_outcome_days to aias_worker;

create table aias_private.telemetry_outcomes enable row level security force row level security;
    tenant_id uuid not null
    day date not null
    accepted_count bigint default 0 not null
    duplicate_count bigint default 0 not null
    rejected_count bigint default 0 not null
    limited_count bigint default 0 not null
    shed_count bigint default 0 not null
CREATE INDEX telemetry_outcomes_tenant_id_idx ON aias_private.telemetry_outcomes USING btree (tenant_id, day);
create policy tenant_isolation on aias_private.telemetry_outcomes as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.telemetry_outcomes is 'What came of events, not yet summed up into telemetry_outcome_days.';
grant delete, insert, select, update on table aias_private.telemetry_outcomes to aias_admin;
grant delete, insert, select, update on table aias_private.telemetry_outcomes to aias_worker;

create unlogged table aias_private.telemetry_rates with (fillfactor=10, autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=200) enable row level security force row level security;
    tenant_id uuid not null
    theoretical_arrival_at timestamp with time zone not null
alter table aias_private.telemetry_rates add constraint telemetry_rates_pkey PRIMARY KEY (tenant_id);
create policy tenant_isolation on aias_private.telemetry_rates as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.telemetry_rates is 'How far the events of each tenant have come under its plan''s rate.';
grant delete, insert, select, update on table aias_private.telemetry_rates to aias_admin;
grant delete, insert, select, update on table aias_private.telemetry_rates to aias_worker;

create table aias_private.telemetry_sides;
    is_only boolean default true not null
    side smallint default 0 not null
    opened_at timestamp with time zone default aias_private.now() not null
    has_other boolean default false not null
alter table aias_private.telemetry_sides add constraint side_is_0_or_1 CHECK ((side = ANY (ARRAY[0, 1])));
alter table aias_private.telemetry_sides add constraint telemetry_sides_pkey PRIMARY KEY (is_only);
alter table aias_private.telemetry_sides add constraint there_is_one_row CHECK (is_only);
comment on table aias_private.telemetry_sides is 'Which side of telemetry_keys is filled, since when, and whether the other one holds any.';
grant delete, insert, select, update on table aias_private.telemetry_sides to aias_admin;
grant delete, insert, select, update on table aias_private.telemetry_sides to aias_worker;

create table aias_private.telemetry_tallies enable row level security force row level security;
    tenant_id uuid not null
    day date not null
    name text not null
    event_count bigint not null
    first_at timestamp with time zone not null
    last_at timestamp with time zone not null
CREATE INDEX telemetry_tallies_tenant_id_idx ON aias_private.telemetry_tallies USING btree (tenant_id, day);
create policy tenant_isolation on aias_private.telemetry_tallies as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.telemetry_tallies is 'Counts of events that are not yet summed up into telemetry_days.';
grant delete, insert, select, update on table aias_private.telemetry_tallies to aias_admin;
grant delete, insert, select, update on table aias_private.telemetry_tallies to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.tell_alerts()
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.tell_alerts() is 'Puts into the outbox what tenants and operators are to be told of alerts; returns how many notices it were.';
grant execute on function aias_private.tell_alerts() to aias_admin;
grant execute on function aias_private.tell_alerts() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.tell_endpoints(p_tenant uuid, p_type text, p_execution aias_private.executions)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.tell_endpoints(p_tenant uuid, p_type text, p_execution aias_private.executions) is 'Puts what happened to an execution into the outbox of those who want to hear of it.';
grant execute on function aias_private.tell_endpoints(p_tenant uuid, p_type text, p_execution aias_private.executions) to aias_admin;
grant execute on function aias_private.tell_endpoints(p_tenant uuid, p_type text, p_execution aias_private.executions) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.template_parameters(p_schema jsonb, p_parameters jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.template_parameters(p_schema jsonb, p_parameters jsonb) is 'The parameters of a template with defaults filled in, after a check against its schema.';
grant execute on function aias_private.template_parameters(p_schema jsonb, p_parameters jsonb) to aias_admin;
grant execute on function aias_private.template_parameters(p_schema jsonb, p_parameters jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.template_reasons(p_tenant uuid)
 RETURNS TABLE(template text, reason text, what text, share numeric, points numeric)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.template_reasons(p_tenant uuid) is 'What speaks for each template and against it at a tenant, in points.';
grant execute on function aias_private.template_reasons(p_tenant uuid) to aias_admin;
grant execute on function aias_private.template_reasons(p_tenant uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.template_shares(p_tenant uuid)
 RETURNS TABLE(template text, reason text, with_template text, share numeric)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.template_shares(p_tenant uuid) is 'Which templates other tenants run, as rounded shares of at least five tenants.';
grant execute on function aias_private.template_shares(p_tenant uuid) to aias_admin;
grant execute on function aias_private.template_shares(p_tenant uuid) to aias_worker;

create table aias_private.template_uses enable row level security force row level security;
    tenant_id uuid not null
    workflow_id uuid not null
    workflow_version integer not null
    template text not null
    template_version integer not null
    parameters jsonb not null
    triggers jsonb not null
    used_by text not null
    used_at timestamp with time zone default aias_private.now() not null
alter table aias_private.template_uses add constraint parameters_is_an_object CHECK ((jsonb_typeof(parameters) = 'object'::text));
alter table aias_private.template_uses add constraint template_uses_pkey PRIMARY KEY (tenant_id, workflow_id, workflow_version);
alter table aias_private.template_uses add constraint template_uses_template_fkey FOREIGN KEY (template, template_version) REFERENCES aias_private.templates(name, version) ON DELETE RESTRICT;
alter table aias_private.template_uses add constraint template_uses_workflow_fkey FOREIGN KEY (tenant_id, workflow_id, workflow_version) REFERENCES aias_private.workflow_versions(tenant_id, workflow_id, version) ON DELETE CASCADE;
alter table aias_private.template_uses add constraint triggers_is_an_array CHECK ((jsonb_typeof(triggers) = 'array'::text));
CREATE INDEX template_uses_template_idx ON aias_private.template_uses USING btree (template, template_version);
create policy tenant_isolation on aias_private.template_uses as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.template_uses is 'Which version of which workflow was made from which template.';
grant delete, insert, select, update on table aias_private.template_uses to aias_admin;
grant delete, insert, select, update on table aias_private.template_uses to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.template_version(p_template text, p_version integer)
 RETURNS aias_private.templates
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.template_version(p_template text, p_version integer) is 'A template by its name: the newest version, or the given one.';
grant execute on function aias_private.template_version(p_template text, p_version integer) to aias_admin;
grant execute on function aias_private.template_version(p_template text, p_version integer) to aias_worker;

create table aias_private.templates;
    name text not null
    version integer not null
    document jsonb not null
    loaded_at timestamp with time zone default aias_private.now() not null
alter table aias_private.templates add constraint document_is_an_object CHECK ((jsonb_typeof(document) = 'object'::text));
alter table aias_private.templates add constraint name_is_a_workflow_name CHECK ((name ~ '^[a-z][a-z0-9-]{0,62}$'::text));
alter table aias_private.templates add constraint templates_pkey PRIMARY KEY (name, version);
alter table aias_private.templates add constraint version_is_positive CHECK ((version > 0));
comment on table aias_private.templates is 'Every version of every template of a workflow, as its file says it.';
grant delete, insert, select, update on table aias_private.templates to aias_admin;
grant delete, insert, select, update on table aias_private.templates to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.tenant_by_slug(p_slug text)
 RETURNS uuid
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.tenant_by_slug(p_slug text) is 'The id of the tenant that the caller names and may see.';
grant execute on function aias_private.tenant_by_slug(p_slug text) to aias_admin;
grant execute on function aias_private.tenant_by_slug(p_slug text) to aias_worker;

create table aias_private.tenant_keys enable row level security force row level security;
    tenant_id uuid not null
    id text not null
    status text default 'current'::text not null
    wrapped bytea
    master_key_id text not null
    created_at timestamp with time zone default aias_private.now() not null
    retired_at timestamp with time zone
    erased_at timestamp with time zone
alter table aias_private.tenant_keys add constraint erased_at_set_when_erased CHECK (((erased_at IS NULL) = (status <> 'erased'::text)));
alter table aias_private.tenant_keys add constraint id_is_hex CHECK ((id ~ '^[0-9a-f]{16}$'::text));
alter table aias_private.tenant_keys add constraint master_key_id_is_hex CHECK ((master_key_id ~ '^[0-9a-f]{16}$'::text));
alter table aias_private.tenant_keys add constraint retired_at_set_when_not_current CHECK (((retired_at IS NULL) = (status = 'current'::text)));
alter table aias_private.tenant_keys add constraint status_is_known CHECK ((status = ANY (ARRAY['current'::text, 'retired'::text, 'erased'::text])));
alter table aias_private.tenant_keys add constraint tenant_keys_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.tenant_keys add constraint tenant_keys_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES aias_private.tenants(id) ON DELETE CASCADE;
alter table aias_private.tenant_keys add constraint wrapped_is_a_wrapped_key CHECK ((octet_length(wrapped) = 61));
alter table aias_private.tenant_keys add constraint wrapped_unless_erased CHECK (((wrapped IS NULL) = (status = 'erased'::text)));
CREATE UNIQUE INDEX tenant_keys_current_key ON aias_private.tenant_keys USING btree (tenant_id) WHERE (status = 'current'::text);
CREATE INDEX tenant_keys_master_key_idx ON aias_private.tenant_keys USING btree (master_key_id) WHERE (wrapped IS NOT NULL);
create policy tenant_isolation on aias_private.tenant_keys as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.tenant_keys is 'The keys that seal the secrets of each tenant, wrapped by the master key: the current one, and those that it replaced.';
grant delete, insert, select, update on table aias_private.tenant_keys to aias_admin;
grant delete, insert, select, update on table aias_private.tenant_keys to aias_worker;

create table aias_private.tenant_milestones enable row level security force row level security;
    tenant_id uuid not null
    connected_at timestamp with time zone
    first_workflow_at timestamp with time zone
    first_success_at timestamp with time zone
    last_success_at timestamp with time zone
alter table aias_private.tenant_milestones add constraint successes_are_in_order CHECK ((last_success_at >= first_success_at));
alter table aias_private.tenant_milestones add constraint tenant_milestones_pkey PRIMARY KEY (tenant_id);
alter table aias_private.tenant_milestones add constraint tenant_milestones_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES aias_private.tenants(id) ON DELETE CASCADE;
create policy tenant_isolation on aias_private.tenant_milestones as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.tenant_milestones is 'When a tenant first did what makes it a customer that stays.';
grant delete, insert, select, update on table aias_private.tenant_milestones to aias_admin;
grant delete, insert, select, update on table aias_private.tenant_milestones to aias_worker;

create table aias_private.tenant_roles;
    role_name text not null
    tenant_id uuid not null
    created_at timestamp with time zone default aias_private.now() not null
alter table aias_private.tenant_roles add constraint tenant_roles_pkey PRIMARY KEY (role_name);
alter table aias_private.tenant_roles add constraint tenant_roles_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES aias_private.tenants(id) ON DELETE CASCADE;
CREATE INDEX tenant_roles_tenant_id_idx ON aias_private.tenant_roles USING btree (tenant_id);
comment on table aias_private.tenant_roles is 'Database roles that belong to one tenant: whatever such a role sets, it sees that tenant only.';
grant delete, insert, select, update on table aias_private.tenant_roles to aias_admin;
grant delete, insert, select, update on table aias_private.tenant_roles to aias_worker;

create table aias_private.tenant_samples enable row level security force row level security;
    tenant_id uuid not null
    status text default 'due'::text not null
    missing_kinds text[] default '{}'::text[] not null
    requested_at timestamp with time zone default aias_private.now() not null
    installed_at timestamp with time zone
    removed_at timestamp with time zone
    first_success_at timestamp with time zone
alter table aias_private.tenant_samples add constraint installed_at_set_when_installed CHECK (((status <> 'installed'::text) OR (installed_at IS NOT NULL)));
alter table aias_private.tenant_samples add constraint removed_at_set_when_removed CHECK (((removed_at IS NOT NULL) = (status = 'removed'::text)));
alter table aias_private.tenant_samples add constraint status_is_known CHECK ((status = ANY (ARRAY['due'::text, 'installed'::text, 'removed'::text])));
alter table aias_private.tenant_samples add constraint tenant_samples_pkey PRIMARY KEY (tenant_id);
alter table aias_private.tenant_samples add constraint tenant_samples_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES aias_private.tenants(id) ON DELETE CASCADE;
create policy tenant_isolation on aias_private.tenant_samples as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.tenant_samples is 'How far the samples of each tenant are: one row, so that they come once.';
grant delete, insert, select, update on table aias_private.tenant_samples to aias_admin;
grant delete, insert, select, update on table aias_private.tenant_samples to aias_worker;

create table aias_private.tenants enable row level security force row level security;
    id uuid default aias_private.uuid7() not null
    slug text not null
    name text not null
    plan text not null
    industry text
    created_at timestamp with time zone default aias_private.now() not null
    time_zone text
    language text
    trial_started_at timestamp with time zone
    trial_ends_at timestamp with time zone
    converted_at timestamp with time zone
alter table aias_private.tenants add constraint language_is_a_code CHECK ((language ~ '^[a-z]{2}$'::text));
alter table aias_private.tenants add constraint name_is_not_empty CHECK (((length(name) >= 1) AND (length(name) <= 200)));
alter table aias_private.tenants add constraint slug_is_a_name CHECK ((slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text));
alter table aias_private.tenants add constraint tenants_pkey PRIMARY KEY (id);
alter table aias_private.tenants add constraint tenants_plan_fkey FOREIGN KEY (plan) REFERENCES aias_private.plans(name) ON DELETE RESTRICT;
alter table aias_private.tenants add constraint tenants_slug_key UNIQUE (slug);
alter table aias_private.tenants add constraint trial_ends_after_its_start CHECK ((trial_ends_at >= trial_started_at));
alter table aias_private.tenants add constraint trial_ends_where_it_started CHECK (((trial_started_at IS NULL) = (trial_ends_at IS NULL)));
CREATE INDEX tenants_plan_idx ON aias_private.tenants USING btree (plan);
CREATE INDEX tenants_trial_started_idx ON aias_private.tenants USING btree (trial_started_at) WHERE (trial_started_at IS NOT NULL);
CREATE TRIGGER cached_rows_change_with_delete AFTER DELETE ON aias_private.tenants REFERENCING OLD TABLE AS former FOR EACH STATEMENT EXECUTE FUNCTION aias_private.invalidate_cached_rows('tenants', 'id');
CREATE TRIGGER cached_rows_change_with_insert AFTER INSERT ON aias_private.tenants REFERENCING NEW TABLE AS latter FOR EACH STATEMENT EXECUTE FUNCTION aias_private.invalidate_cached_rows('tenants', 'id');
CREATE TRIGGER cached_rows_change_with_update AFTER UPDATE ON aias_private.tenants REFERENCING NEW TABLE AS latter FOR EACH STATEMENT EXECUTE FUNCTION aias_private.invalidate_cached_rows('tenants', 'id');
create policy tenant_isolation on aias_private.tenants as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.tenants is 'Customer accounts.';
grant delete, insert, select, update on table aias_private.tenants to aias_admin;
grant delete, insert, select, update on table aias_private.tenants to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.tend_cache()
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.tend_cache() is 'Sums up the uses of the cache and drops what is not good any more; returns how many values.';
grant execute on function aias_private.tend_cache() to aias_admin;
grant execute on function aias_private.tend_cache() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.tend_fuses()
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.tend_fuses() is 'Diverts what the blown fuses hold, starts again what released ones had diverted, and says whether there may be more.';
grant execute on function aias_private.tend_fuses() to aias_admin;
grant execute on function aias_private.tend_fuses() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.tend_gates()
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.tend_gates() is 'Wakes those who still wait for gates that have opened, and says how many.';
grant execute on function aias_private.tend_gates() to aias_admin;
grant execute on function aias_private.tend_gates() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.trace_id(p_id uuid, p_trace_parent text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.trace_id(p_id uuid, p_trace_parent text) is 'The trace that something belongs to: that of its trace context, or its own.';
grant execute on function aias_private.trace_id(p_id uuid, p_trace_parent text) to aias_admin;
grant execute on function aias_private.trace_id(p_id uuid, p_trace_parent text) to aias_analyst;
grant execute on function aias_private.trace_id(p_id uuid, p_trace_parent text) to aias_app;
grant execute on function aias_private.trace_id(p_id uuid, p_trace_parent text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.trace_parent(p_id uuid, p_trace_parent text, p_span text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.trace_parent(p_id uuid, p_trace_parent text, p_span text) is 'The trace context that something hands on to what it starts.';
grant execute on function aias_private.trace_parent(p_id uuid, p_trace_parent text, p_span text) to aias_admin;
grant execute on function aias_private.trace_parent(p_id uuid, p_trace_parent text, p_span text) to aias_worker;

create table aias_private.trace_spans partition by RANGE (id) enable row level security force row level security;
    tenant_id uuid default '00000000-0000-0000-0000-000000000000'::uuid not null
    id uuid default aias_private.uuid7() not null
    trace_id text not null
    span_id text not null
    parent_span_id text
    correlation_id text
    kind text not null
    name text not null
    started_at timestamp with time zone not null
    finished_at timestamp with time zone not null
    status text not null
    request_id text
    execution_id uuid
    step_id text
    item integer
    attempt integer
    detail jsonb default '{}'::jsonb not null
alter table aias_private.trace_spans add constraint detail_is_an_object CHECK ((jsonb_typeof(detail) = 'object'::text));
alter table aias_private.trace_spans add constraint finished_at_is_not_before CHECK ((finished_at >= started_at));
alter table aias_private.trace_spans add constraint kind_is_known CHECK ((kind = ANY (ARRAY['request'::text, 'job'::text, 'step'::text, 'call'::text])));
alter table aias_private.trace_spans add constraint name_is_short CHECK (((length(name) >= 1) AND (length(name) <= 200)));
alter table aias_private.trace_spans add constraint span_ids_are_some CHECK (((span_id ~ '^[0-9a-f]{16}$'::text) AND (parent_span_id ~ '^[0-9a-f]{16}$'::text)));
alter table aias_private.trace_spans add constraint status_is_known CHECK ((status = ANY (ARRAY['succeeded'::text, 'failed'::text, 'deferred'::text, 'cancelled'::text])));
alter table aias_private.trace_spans add constraint trace_id_is_one CHECK ((trace_id ~ '^[0-9a-f]{32}$'::text));
alter table aias_private.trace_spans add constraint trace_spans_pkey PRIMARY KEY (tenant_id, id);
CREATE INDEX trace_spans_correlation_idx ON ONLY aias_private.trace_spans USING btree (correlation_id, tenant_id) WHERE (correlation_id IS NOT NULL);
CREATE INDEX trace_spans_request_idx ON ONLY aias_private.trace_spans USING btree (request_id, tenant_id) WHERE (request_id IS NOT NULL);
CREATE INDEX trace_spans_trace_idx ON ONLY aias_private.trace_spans USING btree (trace_id, tenant_id);
create policy tenant_isolation on aias_private.trace_spans as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.trace_spans is 'Spans that no other table records: requests, jobs with a trace, failed attempts, calls of upstreams. Written in batches.';
grant delete, insert, select, update on table aias_private.trace_spans to aias_admin;
grant delete, insert, select, update on table aias_private.trace_spans to aias_worker;

create table aias_private.trace_spans_default partition of aias_private.trace_spans default;
grant delete, insert, select, update on table aias_private.trace_spans_default to aias_admin;
grant delete, insert, select, update on table aias_private.trace_spans_default to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.turn_telemetry_keys(p_patience interval DEFAULT '00:00:02'::interval)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.turn_telemetry_keys(p_patience interval) is 'Empties the keys of events that are too old to be repeated, once in 7 days, and says whether it was time.';
grant execute on function aias_private.turn_telemetry_keys(p_patience interval) to aias_admin;
grant execute on function aias_private.turn_telemetry_keys(p_patience interval) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.unloadable_number_path(p_value jsonb)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.unloadable_number_path(p_value jsonb) is 'The JSON path of the first number that common JSON readers refuse or make infinite.';
grant execute on function aias_private.unloadable_number_path(p_value jsonb) to aias_admin;
grant execute on function aias_private.unloadable_number_path(p_value jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.unlock_archive(p_partition text)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.unlock_archive(p_partition text) is 'Lets others archive the partition again.';
grant execute on function aias_private.unlock_archive(p_partition text) to aias_admin;
grant execute on function aias_private.unlock_archive(p_partition text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.unmatched_jobs(p_kind text)
 RETURNS TABLE(sample jsonb, place bigint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.unmatched_jobs(p_kind text) is 'Executions whose job is gone, or waiting jobs whose execution is gone or goes on by another.';
grant execute on function aias_private.unmatched_jobs(p_kind text) to aias_admin;
grant execute on function aias_private.unmatched_jobs(p_kind text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.unpark_free_jobs()
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.unpark_free_jobs() is 'Lets go what is parked for something that does not keep it any more, and says how many.';
grant execute on function aias_private.unpark_free_jobs() to aias_admin;
grant execute on function aias_private.unpark_free_jobs() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.unpark_jobs(p_parked_for text, p_limit integer)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.unpark_jobs(p_parked_for text, p_limit integer) is 'Lets jobs that were parked for a reason stand among the ready ones again, and says how many.';
grant execute on function aias_private.unpark_jobs(p_parked_for text, p_limit integer) to aias_admin;
grant execute on function aias_private.unpark_jobs(p_parked_for text, p_limit integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.unready_connection(p_tenant uuid, p_definition jsonb)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.unready_connection(p_tenant uuid, p_definition jsonb) is 'Says which connection of a definition''s steps is missing or not connected; null for none.';
grant execute on function aias_private.unready_connection(p_tenant uuid, p_definition jsonb) to aias_admin;
grant execute on function aias_private.unready_connection(p_tenant uuid, p_definition jsonb) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.unregister_worker(p_worker bigint)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.unregister_worker(p_worker bigint) is 'Removes a worker that ends.';
grant execute on function aias_private.unregister_worker(p_worker bigint) to aias_admin;
grant execute on function aias_private.unregister_worker(p_worker bigint) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.unsealed_reason(p_partition text)
 RETURNS text
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.unsealed_reason(p_partition text) is 'Why a partition of the audit log may not be dropped yet; null when all its rows are sealed.';
grant execute on function aias_private.unsealed_reason(p_partition text) to aias_admin;
grant execute on function aias_private.unsealed_reason(p_partition text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.upstream_call_id(p_minute timestamp with time zone, p_integration uuid, p_operation text, p_status_class text)
 RETURNS uuid
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.upstream_call_id(p_minute timestamp with time zone, p_integration uuid, p_operation text, p_status_class text) is 'The id under which the calls of a minute are counted.';
grant execute on function aias_private.upstream_call_id(p_minute timestamp with time zone, p_integration uuid, p_operation text, p_status_class text) to aias_admin;
grant execute on function aias_private.upstream_call_id(p_minute timestamp with time zone, p_integration uuid, p_operation text, p_status_class text) to aias_worker;

create table aias_private.upstream_calls partition by RANGE (id) enable row level security force row level security;
    tenant_id uuid not null
    id uuid not null
    integration_id uuid not null
    kind text not null
    connection text not null
    operation text not null
    status_class text not null
    call_count bigint not null
    failure_count bigint not null
    total_ms double precision not null
    max_ms double precision not null
alter table aias_private.upstream_calls add constraint status_class_is_known CHECK ((status_class = ANY (ARRAY['2xx'::text, '3xx'::text, '4xx'::text, '5xx'::text, 'throttled'::text, 'unreadable'::text, 'no_answer'::text])));
alter table aias_private.upstream_calls add constraint upstream_calls_pkey PRIMARY KEY (tenant_id, id);
CREATE INDEX upstream_calls_id_idx ON ONLY aias_private.upstream_calls USING btree (id);
create policy tenant_isolation on aias_private.upstream_calls as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.upstream_calls is 'Calls of upstreams, counted and timed per minute.';
grant delete, insert, select, update on table aias_private.upstream_calls to aias_admin;
grant delete, insert, select, update on table aias_private.upstream_calls to aias_worker;

create table aias_private.upstream_calls_default partition of aias_private.upstream_calls default;
grant delete, insert, select, update on table aias_private.upstream_calls_default to aias_admin;
grant delete, insert, select, update on table aias_private.upstream_calls_default to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.upstream_limits(p_tenant uuid, p_integration uuid)
 RETURNS TABLE(key text, unit text, step double precision, burst double precision, max_running integer, told text)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.upstream_limits(p_tenant uuid, p_integration uuid) is 'The limits under which the calls of a connection fall.';
grant execute on function aias_private.upstream_limits(p_tenant uuid, p_integration uuid) to aias_admin;
grant execute on function aias_private.upstream_limits(p_tenant uuid, p_integration uuid) to aias_worker;

create table aias_private.upstream_places enable row level security force row level security;
    tenant_id uuid not null
    integration_id uuid not null
    holder uuid not null
    held_until timestamp with time zone not null
alter table aias_private.upstream_places add constraint upstream_places_integration_fkey FOREIGN KEY (tenant_id, integration_id) REFERENCES aias_private.integrations(tenant_id, id) ON DELETE CASCADE;
alter table aias_private.upstream_places add constraint upstream_places_pkey PRIMARY KEY (tenant_id, integration_id, holder);
create policy tenant_isolation on aias_private.upstream_places as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.upstream_places is 'The calls under way of connections that may have only so many at once.';
grant delete, insert, select, update on table aias_private.upstream_places to aias_admin;
grant delete, insert, select, update on table aias_private.upstream_places to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.upstream_rule(p_kind text)
 RETURNS aias_private.upstream_rules
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.upstream_rule(p_kind text) is 'The rule of a kind of connection, else that of any.';
grant execute on function aias_private.upstream_rule(p_kind text) to aias_admin;
grant execute on function aias_private.upstream_rule(p_kind text) to aias_worker;

create table aias_private.upstream_rules;
    kind text not null
    error_percent integer default 50 not null
    min_calls integer default 20 not null
    open_for interval default '00:00:30'::interval not null
    longest_open interval default '00:10:00'::interval not null
    hosts text
    max_running integer
    rate_count integer
    rate_per interval
    rate_burst integer
alter table aias_private.upstream_rules add constraint error_percent_is_a_percentage CHECK (((error_percent >= 1) AND (error_percent <= 100)));
alter table aias_private.upstream_rules add constraint max_running_is_positive CHECK ((max_running > 0));
alter table aias_private.upstream_rules add constraint min_calls_is_positive CHECK ((min_calls > 0));
alter table aias_private.upstream_rules add constraint open_for_is_positive CHECK (((open_for > '00:00:00'::interval) AND (longest_open >= open_for)));
alter table aias_private.upstream_rules add constraint rate_is_positive CHECK (((rate_count > 0) AND (rate_per > '00:00:00'::interval) AND (rate_burst > 0)));
alter table aias_private.upstream_rules add constraint rate_is_whole CHECK ((((rate_count IS NULL) = (rate_per IS NULL)) AND ((rate_count IS NULL) = (rate_burst IS NULL))));
alter table aias_private.upstream_rules add constraint upstream_rules_pkey PRIMARY KEY (kind);
comment on table aias_private.upstream_rules is 'When the breakers of a kind of connection open and for how long, and the limit that it has of its own.';
grant delete, insert, select, update on table aias_private.upstream_rules to aias_admin;
grant delete, insert, select, update on table aias_private.upstream_rules to aias_worker;

create table aias_private.usage_months enable row level security force row level security;
    tenant_id uuid not null
    month date not null
    measure text not null
    used_count bigint not null
    quota bigint
alter table aias_private.usage_months add constraint measure_is_known CHECK ((measure = ANY (ARRAY['executions'::text, 'steps'::text, 'upstream_calls'::text, 'telemetry_events'::text])));
alter table aias_private.usage_months add constraint month_is_its_first_day CHECK ((EXTRACT(day FROM month) = (1)::numeric));
alter table aias_private.usage_months add constraint usage_months_pkey PRIMARY KEY (tenant_id, month, measure);
alter table aias_private.usage_months add constraint usage_months_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES aias_private.tenants(id) ON DELETE CASCADE;
alter table aias_private.usage_months add constraint used_count_is_not_negative CHECK ((used_count >= 0));
CREATE INDEX usage_months_month_idx ON aias_private.usage_months USING btree (month, measure);
create policy tenant_isolation on aias_private.usage_months as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.usage_months is 'What each tenant has used in each month, by measure.';
grant delete, insert, select, update on table aias_private.usage_months to aias_admin;
grant delete, insert, select, update on table aias_private.usage_months to aias_worker;

create table aias_private.user_days enable row level security force row level security;
    tenant_id uuid not null
    day date not null
    actor text not null
alter table aias_private.user_days add constraint user_days_pkey PRIMARY KEY (tenant_id, day, actor);
alter table aias_private.user_days add constraint user_days_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES aias_private.tenants(id) ON DELETE CASCADE;
create policy tenant_isolation on aias_private.user_days as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.user_days is 'Which people of a tenant did something on a day.';
grant delete, insert, select, update on table aias_private.user_days to aias_admin;
grant delete, insert, select, update on table aias_private.user_days to aias_worker;

create table aias_private.users enable row level security force row level security;
    tenant_id uuid not null
    id uuid default aias_private.uuid7() not null
    email text not null
    name text not null
    role text not null
    created_at timestamp with time zone default aias_private.now() not null
    time_zone text
    language text
alter table aias_private.users add constraint email_has_an_at CHECK (((email ~ '^[^@[:space:]]+@[^@[:space:]]+$'::text) AND (length(email) <= 320)));
alter table aias_private.users add constraint language_is_a_code CHECK ((language ~ '^[a-z]{2}$'::text));
alter table aias_private.users add constraint role_is_known CHECK ((role = ANY (ARRAY['owner'::text, 'member'::text, 'viewer'::text])));
alter table aias_private.users add constraint users_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.users add constraint users_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES aias_private.tenants(id) ON DELETE CASCADE;
CREATE UNIQUE INDEX users_email_key ON aias_private.users USING btree (tenant_id, lower(email));
CREATE INDEX users_lower_email_idx ON aias_private.users USING btree (lower(email));
create policy tenant_isolation on aias_private.users as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.users is 'People of a tenant.';
grant delete, insert, select, update on table aias_private.users to aias_admin;
grant delete, insert, select, update on table aias_private.users to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.uuid7()
 RETURNS uuid
 LANGUAGE sql
 PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.uuid7() is 'A new UUIDv7: ids sort by the millisecond in which they were made.';
grant execute on function aias_private.uuid7() to aias_admin;
grant execute on function aias_private.uuid7() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.uuid7_floor(p_at timestamp with time zone)
 RETURNS uuid
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.uuid7_floor(p_at timestamp with time zone) is 'The smallest UUID of a millisecond: the bound of a partition and of a search by time over ids.';
grant execute on function aias_private.uuid7_floor(p_at timestamp with time zone) to aias_admin;
grant execute on function aias_private.uuid7_floor(p_at timestamp with time zone) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.uuid7_time(p_id uuid)
 RETURNS timestamp with time zone
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.uuid7_time(p_id uuid) is 'The millisecond in which a UUIDv7 was made.';
grant execute on function aias_private.uuid7_time(p_id uuid) to aias_admin;
grant execute on function aias_private.uuid7_time(p_id uuid) to aias_analyst;
grant execute on function aias_private.uuid7_time(p_id uuid) to aias_app;
grant execute on function aias_private.uuid7_time(p_id uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.visible_person(p_user uuid)
 RETURNS aias_private.users
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.visible_person(p_user uuid) is 'The person that a caller names and may see.';
grant execute on function aias_private.visible_person(p_user uuid) to aias_admin;
grant execute on function aias_private.visible_person(p_user uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.visible_until()
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.visible_until() is 'The time before which every row has been committed or rolled back.';
grant execute on function aias_private.visible_until() to aias_admin;
grant execute on function aias_private.visible_until() to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.wake_execution(p_tenant uuid, p_execution uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.wake_execution(p_tenant uuid, p_execution uuid) is 'Lets a waiting execution go on now.';
grant execute on function aias_private.wake_execution(p_tenant uuid, p_execution uuid) to aias_admin;
grant execute on function aias_private.wake_execution(p_tenant uuid, p_execution uuid) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.wake_for_event(p_tenant uuid, p_event uuid, p_is_late boolean)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.wake_for_event(p_tenant uuid, p_event uuid, p_is_late boolean) is 'Lets the steps go on that wait for an event.';
grant execute on function aias_private.wake_for_event(p_tenant uuid, p_event uuid, p_is_late boolean) to aias_admin;
grant execute on function aias_private.wake_for_event(p_tenant uuid, p_event uuid, p_is_late boolean) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.wake_gate_waiters(p_gate text, p_kind text, p_limit integer)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.wake_gate_waiters(p_gate text, p_kind text, p_limit integer) is 'Lets executions go on that wait for a gate or a place, the longest waiting first, and says how many.';
grant execute on function aias_private.wake_gate_waiters(p_gate text, p_kind text, p_limit integer) to aias_admin;
grant execute on function aias_private.wake_gate_waiters(p_gate text, p_kind text, p_limit integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.wake_limited_executions(p_tenant uuid, p_gate text, p_limit integer)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.wake_limited_executions(p_tenant uuid, p_gate text, p_limit integer) is 'Lets executions go on that wait for the limit of a connection, and says how many.';
grant execute on function aias_private.wake_limited_executions(p_tenant uuid, p_gate text, p_limit integer) to aias_admin;
grant execute on function aias_private.wake_limited_executions(p_tenant uuid, p_gate text, p_limit integer) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.wake_lock_waiters(p_lock text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.wake_lock_waiters(p_lock text) is 'Wakes the workers of the next ready job of a lock.';
grant execute on function aias_private.wake_lock_waiters(p_lock text) to aias_admin;
grant execute on function aias_private.wake_lock_waiters(p_lock text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.wake_workers(p_queue text, p_job bigint)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.wake_workers(p_queue text, p_job bigint) is 'Wakes the idle workers of a queue, when the transaction commits.';
grant execute on function aias_private.wake_workers(p_queue text, p_job bigint) to aias_admin;
grant execute on function aias_private.wake_workers(p_queue text, p_job bigint) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.watch_audit_broken(p_window interval)
 RETURNS TABLE(tenant_id uuid, key text, value double precision, details jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.watch_audit_broken(p_window interval) is 'The tables of the audit log that lack a guard, and the seals under which something was found wrong.';
grant execute on function aias_private.watch_audit_broken(p_window interval) to aias_admin;
grant execute on function aias_private.watch_audit_broken(p_window interval) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.watch_breaker_open(p_window interval)
 RETURNS TABLE(tenant_id uuid, key text, value double precision, details jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.watch_breaker_open(p_window interval) is 'The connections whose breaker is open, with for how many minutes it has been.';
grant execute on function aias_private.watch_breaker_open(p_window interval) to aias_admin;
grant execute on function aias_private.watch_breaker_open(p_window interval) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.watch_channel_failing(p_window interval)
 RETURNS TABLE(tenant_id uuid, key text, value double precision, details jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.watch_channel_failing(p_window interval) is 'The channels that fail, with for how many minutes.';
grant execute on function aias_private.watch_channel_failing(p_window interval) to aias_admin;
grant execute on function aias_private.watch_channel_failing(p_window interval) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.watch_database_size(p_window interval)
 RETURNS TABLE(tenant_id uuid, key text, value double precision, details jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.watch_database_size(p_window interval) is 'The size of the database in GiB.';
grant execute on function aias_private.watch_database_size(p_window interval) to aias_admin;
grant execute on function aias_private.watch_database_size(p_window interval) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.watch_endpoint_errors(p_window interval)
 RETURNS TABLE(tenant_id uuid, key text, value double precision, details jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.watch_endpoint_errors(p_window interval) is 'The percentage of each endpoint''s requests that failed on our side within the window.';
grant execute on function aias_private.watch_endpoint_errors(p_window interval) to aias_admin;
grant execute on function aias_private.watch_endpoint_errors(p_window interval) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.watch_error_rate(p_window interval)
 RETURNS TABLE(tenant_id uuid, key text, value double precision, details jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.watch_error_rate(p_window interval) is 'The percentage of failures among the executions of each tenant within the window.';
grant execute on function aias_private.watch_error_rate(p_window interval) to aias_admin;
grant execute on function aias_private.watch_error_rate(p_window interval) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.watch_error_spike(p_window interval)
 RETURNS TABLE(tenant_id uuid, key text, value double precision, details jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.watch_error_spike(p_window interval) is 'The failures for good of each tenant, as a multiple of what is usual at this time of the day.';
grant execute on function aias_private.watch_error_spike(p_window interval) to aias_admin;
grant execute on function aias_private.watch_error_spike(p_window interval) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.watch_failed_for_good(p_window interval)
 RETURNS TABLE(tenant_id uuid, key text, value double precision, details jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.watch_failed_for_good(p_window interval) is 'The dead letters of the window that nobody has dealt with, by workflow or task.';
grant execute on function aias_private.watch_failed_for_good(p_window interval) to aias_admin;
grant execute on function aias_private.watch_failed_for_good(p_window interval) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.watch_integration_failing(p_window interval)
 RETURNS TABLE(tenant_id uuid, key text, value double precision, details jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.watch_integration_failing(p_window interval) is 'The connections that were found broken, with how many checks in a row found that.';
grant execute on function aias_private.watch_integration_failing(p_window interval) to aias_admin;
grant execute on function aias_private.watch_integration_failing(p_window interval) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.watch_lane_without_worker(p_window interval)
 RETURNS TABLE(tenant_id uuid, key text, value double precision, details jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.watch_lane_without_worker(p_window interval) is 'The lanes in which jobs wait and nobody works, with how many.';
grant execute on function aias_private.watch_lane_without_worker(p_window interval) to aias_admin;
grant execute on function aias_private.watch_lane_without_worker(p_window interval) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.watch_latency(p_window interval)
 RETURNS TABLE(tenant_id uuid, key text, value double precision, details jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.watch_latency(p_window interval) is 'The calls of each connection, as a multiple of the time that they took on the day before.';
grant execute on function aias_private.watch_latency(p_window interval) to aias_admin;
grant execute on function aias_private.watch_latency(p_window interval) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.watch_partitions(p_window interval)
 RETURNS TABLE(tenant_id uuid, key text, value double precision, details jsonb)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.watch_partitions(p_window interval) is 'The partitioned tables that lack next month''s partition or have rows outside their partitions.';
grant execute on function aias_private.watch_partitions(p_window interval) to aias_admin;
grant execute on function aias_private.watch_partitions(p_window interval) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.watch_queue_wait(p_window interval)
 RETURNS TABLE(tenant_id uuid, key text, value double precision, details jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.watch_queue_wait(p_window interval) is 'The lanes in which jobs wait, with for how many seconds.';
grant execute on function aias_private.watch_queue_wait(p_window interval) to aias_admin;
grant execute on function aias_private.watch_queue_wait(p_window interval) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.watch_schedule_failed(p_window interval)
 RETURNS TABLE(tenant_id uuid, key text, value double precision, details jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.watch_schedule_failed(p_window interval) is 'The schedules whose runs have failed since the last good one, with how often.';
grant execute on function aias_private.watch_schedule_failed(p_window interval) to aias_admin;
grant execute on function aias_private.watch_schedule_failed(p_window interval) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.watch_schedule_late(p_window interval)
 RETURNS TABLE(tenant_id uuid, key text, value double precision, details jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.watch_schedule_late(p_window interval) is 'The schedules whose due time has passed, with how many minutes ago.';
grant execute on function aias_private.watch_schedule_late(p_window interval) to aias_admin;
grant execute on function aias_private.watch_schedule_late(p_window interval) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.watch_usage(p_window interval)
 RETURNS TABLE(tenant_id uuid, key text, value double precision, details jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.watch_usage(p_window interval) is 'The percentage of each quota of its plan that each tenant has used this month.';
grant execute on function aias_private.watch_usage(p_window interval) to aias_admin;
grant execute on function aias_private.watch_usage(p_window interval) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.webhook_by_id(p_webhook uuid)
 RETURNS aias_private.webhooks
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.webhook_by_id(p_webhook uuid) is 'The webhook that the caller names and may see, locked.';
grant execute on function aias_private.webhook_by_id(p_webhook uuid) to aias_admin;
grant execute on function aias_private.webhook_by_id(p_webhook uuid) to aias_worker;

create table aias_private.webhook_deliveries partition by RANGE (id) enable row level security force row level security;
    tenant_id uuid not null
    id uuid default aias_private.uuid7() not null
    webhook_id uuid not null
    delivery_id text not null
    source_event_id text
    topic text
    account text
    headers jsonb not null
    payload jsonb not null
    body_hash bytea not null
    status text not null
    execution_id uuid
    event_id uuid
    error jsonb
    duplicate_count integer default 0 not null
    replayed_from_id uuid
    received_at timestamp with time zone default aias_private.now() not null
    redacted_at timestamp with time zone
    correlation_id text
    trace_parent text
    request_id text
alter table aias_private.webhook_deliveries add constraint body_hash_is_sha256 CHECK ((octet_length(body_hash) = 32));
alter table aias_private.webhook_deliveries add constraint delivery_id_is_short CHECK (((length(delivery_id) >= 1) AND (length(delivery_id) <= 255)));
alter table aias_private.webhook_deliveries add constraint status_is_known CHECK ((status = ANY (ARRAY['pending'::text, 'started'::text, 'emitted'::text, 'filtered'::text, 'failed'::text, 'conflict'::text, 'duplicate'::text, 'recorded'::text])));
alter table aias_private.webhook_deliveries add constraint webhook_deliveries_pkey PRIMARY KEY (tenant_id, id);
CREATE INDEX webhook_deliveries_account_idx ON ONLY aias_private.webhook_deliveries USING btree (tenant_id, account) WHERE (account IS NOT NULL);
CREATE INDEX webhook_deliveries_request_idx ON ONLY aias_private.webhook_deliveries USING btree (request_id, tenant_id) WHERE (request_id IS NOT NULL);
CREATE INDEX webhook_deliveries_trace_idx ON ONLY aias_private.webhook_deliveries USING btree (split_part(trace_parent, '-'::text, 2), tenant_id) WHERE (trace_parent IS NOT NULL);
CREATE INDEX webhook_deliveries_webhook_idx ON ONLY aias_private.webhook_deliveries USING btree (tenant_id, webhook_id, id);
create policy tenant_isolation on aias_private.webhook_deliveries as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.webhook_deliveries is 'What came in by webhooks, and what became of it.';
grant delete, insert, select, update on table aias_private.webhook_deliveries to aias_admin;
grant delete, insert, select, update on table aias_private.webhook_deliveries to aias_worker;

create table aias_private.webhook_deliveries_default partition of aias_private.webhook_deliveries default;
grant delete, insert, select, update on table aias_private.webhook_deliveries_default to aias_admin;
grant delete, insert, select, update on table aias_private.webhook_deliveries_default to aias_worker;

create table aias_private.webhook_endpoints enable row level security force row level security;
    tenant_id uuid not null
    id uuid default aias_private.uuid7() not null
    name text not null
    integration_id uuid not null
    types text[] not null
    is_enabled boolean default true not null
    disabled_reason text
    failing_since timestamp with time zone
    created_at timestamp with time zone default aias_private.now() not null
    updated_at timestamp with time zone default aias_private.now() not null
alter table aias_private.webhook_endpoints add constraint disabled_reason_set_when_disabled CHECK (((disabled_reason IS NULL) = is_enabled));
alter table aias_private.webhook_endpoints add constraint name_is_a_word CHECK ((name ~ '^[a-z0-9][a-z0-9_-]{0,62}$'::text));
alter table aias_private.webhook_endpoints add constraint types_are_some CHECK (((cardinality(types) >= 1) AND (cardinality(types) <= 20)));
alter table aias_private.webhook_endpoints add constraint webhook_endpoints_integration_fkey FOREIGN KEY (tenant_id, integration_id) REFERENCES aias_private.integrations(tenant_id, id) ON DELETE CASCADE;
alter table aias_private.webhook_endpoints add constraint webhook_endpoints_name_key UNIQUE (tenant_id, name);
alter table aias_private.webhook_endpoints add constraint webhook_endpoints_pkey PRIMARY KEY (tenant_id, id);
CREATE INDEX webhook_endpoints_integration_idx ON aias_private.webhook_endpoints USING btree (tenant_id, integration_id);
create policy tenant_isolation on aias_private.webhook_endpoints as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.webhook_endpoints is 'Where tenants want to hear of their executions.';
grant delete, insert, select, update on table aias_private.webhook_endpoints to aias_admin;
grant delete, insert, select, update on table aias_private.webhook_endpoints to aias_worker;

create table aias_private.webhook_messages partition by RANGE (id) enable row level security force row level security;
    tenant_id uuid not null
    id uuid default aias_private.uuid7() not null
    endpoint_id uuid not null
    type text not null
    payload jsonb not null
    status text default 'pending'::text not null
    attempt_count integer default 0 not null
    next_at timestamp with time zone
    last_status integer
    last_error text
    created_at timestamp with time zone default aias_private.now() not null
    finished_at timestamp with time zone
    correlation_id text
    trace_parent text
alter table aias_private.webhook_messages add constraint finished_at_set_when_final CHECK (((finished_at IS NOT NULL) = (status <> 'pending'::text)));
alter table aias_private.webhook_messages add constraint status_is_known CHECK ((status = ANY (ARRAY['pending'::text, 'delivered'::text, 'failed'::text, 'discarded'::text])));
alter table aias_private.webhook_messages add constraint webhook_messages_pkey PRIMARY KEY (tenant_id, id);
CREATE INDEX webhook_messages_endpoint_idx ON ONLY aias_private.webhook_messages USING btree (tenant_id, endpoint_id, id);
CREATE INDEX webhook_messages_trace_idx ON ONLY aias_private.webhook_messages USING btree (split_part(trace_parent, '-'::text, 2), tenant_id) WHERE (trace_parent IS NOT NULL);
create policy tenant_isolation on aias_private.webhook_messages as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.webhook_messages is 'The outbox: what is to be told to whom, and how that went.';
grant delete, insert, select, update on table aias_private.webhook_messages to aias_admin;
grant delete, insert, select, update on table aias_private.webhook_messages to aias_worker;

create table aias_private.webhook_messages_default partition of aias_private.webhook_messages default;
grant delete, insert, select, update on table aias_private.webhook_messages_default to aias_admin;
grant delete, insert, select, update on table aias_private.webhook_messages_default to aias_worker;

create table aias_private.webhooks enable row level security force row level security;
    tenant_id uuid not null
    id uuid default aias_private.uuid7() not null
    name text not null
    style text not null
    integration_id uuid not null
    token_hash bytea not null
    workflow_id uuid
    condition text
    mapping jsonb
    max_bytes integer not null
    is_enabled boolean default true not null
    replay_window interval default '00:00:00'::interval not null
    version integer default 1 not null
    created_at timestamp with time zone default aias_private.now() not null
    rotated_at timestamp with time zone
alter table aias_private.webhooks add constraint condition_is_short CHECK ((length(condition) <= 16000));
alter table aias_private.webhooks add constraint mapping_is_an_object CHECK ((jsonb_typeof(mapping) = 'object'::text));
alter table aias_private.webhooks add constraint max_bytes_is_bounded CHECK (((max_bytes >= 1) AND (max_bytes <= 1000000)));
alter table aias_private.webhooks add constraint name_is_a_word CHECK ((name ~ '^[a-z0-9][a-z0-9_-]{0,62}$'::text));
alter table aias_private.webhooks add constraint replay_window_is_bounded CHECK (((replay_window >= '00:00:00'::interval) AND (replay_window <= '7 days'::interval)));
alter table aias_private.webhooks add constraint style_is_known CHECK ((style = ANY (ARRAY['shopify'::text, 'standard'::text, 'github'::text, 'stripe'::text, 'wave'::text, 'shared'::text])));
alter table aias_private.webhooks add constraint token_hash_is_sha256 CHECK ((octet_length(token_hash) = 32));
alter table aias_private.webhooks add constraint webhooks_integration_fkey FOREIGN KEY (tenant_id, integration_id) REFERENCES aias_private.integrations(tenant_id, id) ON DELETE CASCADE;
alter table aias_private.webhooks add constraint webhooks_name_key UNIQUE (tenant_id, name);
alter table aias_private.webhooks add constraint webhooks_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.webhooks add constraint webhooks_workflow_fkey FOREIGN KEY (tenant_id, workflow_id) REFERENCES aias_private.workflows(tenant_id, id) ON DELETE CASCADE;
CREATE INDEX webhooks_integration_idx ON aias_private.webhooks USING btree (tenant_id, integration_id);
CREATE UNIQUE INDEX webhooks_token_key ON aias_private.webhooks USING btree (token_hash);
CREATE INDEX webhooks_workflow_idx ON aias_private.webhooks USING btree (tenant_id, workflow_id);
create policy tenant_isolation on aias_private.webhooks as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.webhooks is 'Where others send webhooks, and what those start.';
grant delete, insert, select, update on table aias_private.webhooks to aias_admin;
grant delete, insert, select, update on table aias_private.webhooks to aias_worker;

create table aias_private.workers;
    id bigint not null
    name text
    host text not null
    pid integer not null
    queues text[]
    concurrency integer not null
    version text not null
    status text default 'running'::text not null
    running_count integer default 0 not null
    stalled_after interval not null
    started_at timestamp with time zone default now() not null
alter table aias_private.workers add constraint concurrency_is_positive CHECK ((concurrency > 0));
alter table aias_private.workers add constraint running_count_is_not_negative CHECK ((running_count >= 0));
alter table aias_private.workers add constraint stalled_after_is_positive CHECK ((stalled_after > '00:00:00'::interval));
alter table aias_private.workers add constraint status_is_known CHECK ((status = ANY (ARRAY['running'::text, 'draining'::text])));
alter table aias_private.workers add constraint workers_id_fkey FOREIGN KEY (id) REFERENCES public.procrastinate_workers(id) ON DELETE CASCADE;
alter table aias_private.workers add constraint workers_pkey PRIMARY KEY (id);
comment on table aias_private.workers is 'The workers that are alive or not yet known to be dead; a row goes when its worker ends or is swept.';
grant delete, insert, select, update on table aias_private.workers to aias_admin;
grant delete, insert, select, update on table aias_private.workers to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.workflow_by_name(p_tenant uuid, p_workflow text)
 RETURNS aias_private.workflows
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.workflow_by_name(p_tenant uuid, p_workflow text) is 'A tenant''s workflow by its name.';
grant execute on function aias_private.workflow_by_name(p_tenant uuid, p_workflow text) to aias_admin;
grant execute on function aias_private.workflow_by_name(p_tenant uuid, p_workflow text) to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.workflow_definition(p_tenant uuid, p_workflow uuid, p_version integer)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp';
comment on function aias_private.workflow_definition(p_tenant uuid, p_workflow uuid, p_version integer) is 'The definition of one version of a workflow.';
grant execute on function aias_private.workflow_definition(p_tenant uuid, p_workflow uuid, p_version integer) to aias_admin;
grant execute on function aias_private.workflow_definition(p_tenant uuid, p_workflow uuid, p_version integer) to aias_worker;

create table aias_private.workflow_versions enable row level security force row level security;
    tenant_id uuid not null
    workflow_id uuid not null
    version integer not null
    definition jsonb not null
    checksum bytea not null
    created_by text not null
    created_at timestamp with time zone default aias_private.now() not null
alter table aias_private.workflow_versions add constraint definition_is_an_object CHECK ((jsonb_typeof(definition) = 'object'::text));
alter table aias_private.workflow_versions add constraint version_is_positive CHECK ((version > 0));
alter table aias_private.workflow_versions add constraint workflow_versions_pkey PRIMARY KEY (tenant_id, workflow_id, version);
alter table aias_private.workflow_versions add constraint workflow_versions_workflow_id_fkey FOREIGN KEY (tenant_id, workflow_id) REFERENCES aias_private.workflows(tenant_id, id) ON DELETE CASCADE;
CREATE TRIGGER workflow_versions_are_immutable BEFORE UPDATE ON aias_private.workflow_versions FOR EACH ROW EXECUTE FUNCTION aias_private.refuse_version_change();
create policy tenant_isolation on aias_private.workflow_versions as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.workflow_versions is 'The immutable versions of a workflow''s definition.';
grant delete, insert, select, update on table aias_private.workflow_versions to aias_admin;
grant delete, insert, select, update on table aias_private.workflow_versions to aias_worker;

create table aias_private.workflows enable row level security force row level security;
    tenant_id uuid not null
    id uuid default aias_private.uuid7() not null
    name text not null
    current_version integer not null
    is_enabled boolean default true not null
    created_at timestamp with time zone default aias_private.now() not null
    deleted_at timestamp with time zone
    is_sample boolean default false not null
alter table aias_private.workflows add constraint current_version_is_positive CHECK ((current_version > 0));
alter table aias_private.workflows add constraint name_is_a_workflow_name CHECK ((name ~ '^[a-z][a-z0-9-]{0,62}$'::text));
alter table aias_private.workflows add constraint workflows_pkey PRIMARY KEY (tenant_id, id);
alter table aias_private.workflows add constraint workflows_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES aias_private.tenants(id) ON DELETE CASCADE;
CREATE UNIQUE INDEX workflows_name_key ON aias_private.workflows USING btree (tenant_id, name) WHERE (deleted_at IS NULL);
CREATE INDEX workflows_sample_idx ON aias_private.workflows USING btree (tenant_id, id) WHERE is_sample;
CREATE TRIGGER cached_rows_change_with_delete AFTER DELETE ON aias_private.workflows REFERENCING OLD TABLE AS former FOR EACH STATEMENT EXECUTE FUNCTION aias_private.invalidate_cached_rows('workflows', 'tenant_id');
CREATE TRIGGER cached_rows_change_with_insert AFTER INSERT ON aias_private.workflows REFERENCING NEW TABLE AS latter FOR EACH STATEMENT EXECUTE FUNCTION aias_private.invalidate_cached_rows('workflows', 'tenant_id');
CREATE TRIGGER cached_rows_change_with_update AFTER UPDATE ON aias_private.workflows REFERENCING NEW TABLE AS latter FOR EACH STATEMENT EXECUTE FUNCTION aias_private.invalidate_cached_rows('workflows', 'tenant_id');
create policy tenant_isolation on aias_private.workflows as permissive for all to public using ((( SELECT aias_private.caller_sees_all() AS caller_sees_all) OR (tenant_id = ( SELECT aias_private.caller_tenant() AS caller_tenant))));
comment on table aias_private.workflows is 'Named definitions of a tenant; a deleted one keeps its row for its executions.';
grant delete, insert, select, update on table aias_private.workflows to aias_admin;
grant delete, insert, select, update on table aias_private.workflows to aias_worker;

CREATE OR REPLACE FUNCTION aias_private.yield_queueing_lock()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp';
comment on function aias_private.yield_queueing_lock() is 'Drops the queueing lock of a job that goes back to waiting while another waits under the same one.';
grant execute on function aias_private.yield_queueing_lock() to aias_admin;
grant execute on function aias_private.yield_queueing_lock() to aias_worker;

grant delete, insert, select, update on table public.procrastinate_events to aias_worker;

grant usage on sequence public.procrastinate_events_id_seq to aias_worker;

create table public.procrastinate_jobs with (autovacuum_vacuum_scale_factor=0.01, autovacuum_vacuum_threshold=2000, autovacuum_vacuum_insert_scale_factor=0.2, autovacuum_analyze_scale_factor=0.05, autovacuum_vacuum_cost_delay=0);
    tenant_id uuid
    rescue_count integer default 0 not null
    created_at timestamp with time zone default aias_private.now() not null
    last_error jsonb
    virtual_time double precision default 0 not null
    parked_for text collate C
    due_at timestamp with time zone
    workflow_id uuid
    limit_key text
    correlation_id text default NULLIF(current_setting('aias.correlation_id'::text, true), ''::text)
    trace_parent text default NULLIF(current_setting('aias.traceparent'::text, true), ''::text)
    trace_state text default NULLIF(current_setting('aias.tracestate'::text, true), ''::text)
alter table public.procrastinate_jobs add constraint args_are_an_object CHECK ((jsonb_typeof(args) = 'object'::text));
alter table public.procrastinate_jobs add constraint args_can_be_loaded CHECK (aias_private.is_safe_args(args));
alter table public.procrastinate_jobs add constraint limit_key_has_1_to_255_bytes CHECK (((octet_length(limit_key) >= 1) AND (octet_length(limit_key) <= 255)));
alter table public.procrastinate_jobs add constraint lock_has_at_most_1024_bytes CHECK ((octet_length(lock) <= 1024));
alter table public.procrastinate_jobs add constraint queue_name_has_1_to_40_bytes CHECK (((octet_length((queue_name)::text) >= 1) AND (octet_length((queue_name)::text) <= 40)));
alter table public.procrastinate_jobs add constraint queueing_lock_has_at_most_1024_bytes CHECK ((octet_length(queueing_lock) <= 1024));
alter table public.procrastinate_jobs add constraint rescue_count_is_not_negative CHECK ((rescue_count >= 0));
alter table public.procrastinate_jobs add constraint scheduled_at_can_be_read CHECK (((scheduled_at >= '0001-01-03 00:00:00+00'::timestamp with time zone) AND (scheduled_at <= '9999-12-31 23:59:59.999999+00'::timestamp with time zone)));
CREATE INDEX aias_jobs_due_idx ON public.procrastinate_jobs USING btree (scheduled_at) WHERE ((status = 'todo'::public.procrastinate_job_status) AND (scheduled_at IS NOT NULL));
CREATE INDEX aias_jobs_lock_idx ON public.procrastinate_jobs USING btree (lock, priority DESC, id) WHERE ((lock IS NOT NULL) AND (status = ANY (ARRAY['todo'::public.procrastinate_job_status, 'doing'::public.procrastinate_job_status])));
CREATE INDEX aias_jobs_orphan_idx ON public.procrastinate_jobs USING btree (id) WHERE ((status = 'doing'::public.procrastinate_job_status) AND (worker_id IS NULL));
CREATE INDEX aias_jobs_parked_idx ON public.procrastinate_jobs USING btree (parked_for, priority DESC, virtual_time, id) WHERE ((status = 'todo'::public.procrastinate_job_status) AND (parked_for IS NOT NULL));
CREATE INDEX aias_jobs_ready_idx ON public.procrastinate_jobs USING btree (queue_name, priority, virtual_time, id) WHERE ((status = 'todo'::public.procrastinate_job_status) AND (scheduled_at IS NULL) AND (parked_for IS NULL));
CREATE INDEX aias_jobs_running_idx ON public.procrastinate_jobs USING btree (tenant_id, workflow_id) WHERE ((status = 'doing'::public.procrastinate_job_status) AND (tenant_id IS NOT NULL));
CREATE INDEX aias_jobs_running_key_idx ON public.procrastinate_jobs USING btree (limit_key) WHERE ((status = 'doing'::public.procrastinate_job_status) AND (limit_key IS NOT NULL));
CREATE INDEX aias_jobs_trace_idx ON public.procrastinate_jobs USING btree (split_part(trace_parent, '-'::text, 2)) WHERE (trace_parent IS NOT NULL);
CREATE INDEX aias_jobs_turn_idx ON public.procrastinate_jobs USING btree (queue_name, priority, COALESCE(tenant_id, '00000000-0000-0000-0000-000000000000'::uuid), virtual_time) WHERE ((status = 'todo'::public.procrastinate_job_status) AND (scheduled_at IS NULL) AND (parked_for IS NULL));
CREATE INDEX aias_jobs_worker_idx ON public.procrastinate_jobs USING btree (worker_id) WHERE (worker_id IS NOT NULL);
CREATE TRIGGER aias_notify_inserted_jobs AFTER INSERT ON public.procrastinate_jobs REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION aias_private.notify_inserted_jobs();
CREATE TRIGGER aias_stamp_new_job BEFORE INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN (((new.status = 'todo'::public.procrastinate_job_status) AND (new.virtual_time = (0)::double precision))) EXECUTE FUNCTION aias_private.stamp_job();
CREATE TRIGGER aias_stamp_waiting_job BEFORE UPDATE ON public.procrastinate_jobs FOR EACH ROW WHEN (((new.status = 'todo'::public.procrastinate_job_status) AND ((old.status <> 'todo'::public.procrastinate_job_status) OR ((old.queue_name)::text <> (new.queue_name)::text) OR (old.priority <> new.priority) OR ((old.scheduled_at IS NOT NULL) AND (new.scheduled_at IS NULL)) OR ((old.parked_for IS NOT NULL) AND (new.parked_for IS NULL))))) EXECUTE FUNCTION aias_private.stamp_job();
CREATE TRIGGER aias_yield_queueing_lock BEFORE UPDATE OF status ON public.procrastinate_jobs FOR EACH ROW WHEN (((old.status <> 'todo'::public.procrastinate_job_status) AND (new.status = 'todo'::public.procrastinate_job_status) AND (new.queueing_lock IS NOT NULL))) EXECUTE FUNCTION aias_private.yield_queueing_lock();
CREATE TRIGGER procrastinate_trigger_status_events_insert_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN (((new.status = 'todo'::public.procrastinate_job_status) AND (COALESCE(current_setting('aias.engine_events'::text, true), ''::text) <> 'off'::text))) EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1();
CREATE TRIGGER procrastinate_trigger_status_events_update_v1 AFTER UPDATE OF status ON public.procrastinate_jobs FOR EACH ROW WHEN ((COALESCE(current_setting('aias.engine_events'::text, true), ''::text) <> 'off'::text)) EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_update_v1();
comment on column public.procrastinate_jobs.tenant_id is 'AIAS: the tenant for whom the job runs; null for none.';
comment on column public.procrastinate_jobs.rescue_count is 'AIAS: how often a worker died with the job; after five times it goes to the dead letters.';
comment on column public.procrastinate_jobs.created_at is 'AIAS: when the job was enqueued.';
comment on column public.procrastinate_jobs.last_error is 'AIAS: why the last attempt failed.';
comment on column public.procrastinate_jobs.virtual_time is 'AIAS: the job''s place among the waiting ones of its queue and priority; lower goes first.';
comment on column public.procrastinate_jobs.parked_for is 'AIAS: what keeps the job from running (pause:..., limit:..., rate:...); null when nothing does.';
comment on column public.procrastinate_jobs.due_at is 'AIAS: when a job that was scheduled for a time fell due.';
comment on column public.procrastinate_jobs.workflow_id is 'AIAS: the workflow whose execution the job advances; null for other jobs.';
comment on column public.procrastinate_jobs.limit_key is 'AIAS: the key of a limit that the job falls under.';
comment on column public.procrastinate_jobs.correlation_id is 'AIAS: the correlation id of whoever enqueued it.';
comment on column public.procrastinate_jobs.trace_parent is 'AIAS: the W3C trace context of whoever enqueued it.';
comment on column public.procrastinate_jobs.trace_state is 'AIAS: the W3C tracestate of whoever enqueued it.';
grant delete, insert, select, update on table public.procrastinate_jobs to aias_worker;

grant usage on sequence public.procrastinate_jobs_id_seq to aias_worker;

CREATE INDEX aias_periodic_defers_job_idx ON public.procrastinate_periodic_defers USING btree (job_id) WHERE (job_id IS NOT NULL);
grant delete, insert, select, update on table public.procrastinate_periodic_defers to aias_worker;

grant usage on sequence public.procrastinate_periodic_defers_id_seq to aias_worker;

grant delete, insert, select, update on table public.procrastinate_workers to aias_worker;

grant usage on sequence public.procrastinate_workers_id_seq to aias_worker;
