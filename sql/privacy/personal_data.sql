-- aias_private.personal_data: where personal data lies. A new text or jsonb column of a table with tenant data gets its line here.
--
-- kind    user: the id and the address of a tenant's user are looked for; customer: what a shop's customers left, which the requests of
--         Shopify reach (aias_private.search_private_data).
-- action  delete: a row in which the column names the person goes; anonymize: id and address are replaced; keep: stays, for the
--         reason given; none: nothing about a person can stand in it.
-- A row that is not listed here (a path that an installation declares) is left alone.
insert into aias_private.personal_data as d (table_name, column_name, kind, action, reason)
select
    l.table_name,
    c.name,
    l.kind,
    l.action,
    l.reason
from (
    values
    ('users', 'id', 'user', 'delete', 'the account'),
    ('users', 'email name', 'user', 'anonymize', 'goes with the account; another''s may mention it'),
    ('telemetry_events', 'user_id', 'user', 'delete', 'what the person did; the daily counts stay'),
    ('telemetry_events', 'properties session_id event_id correlation_id', 'user', 'anonymize', 'what applications say'),
    ('user_days', 'actor', 'user', 'delete', 'on which days the person was there'),
    ('onboarding_people', 'user_id', 'user', 'delete', 'who is written to'),
    ('onboarding_mails', 'user_id', 'user', 'delete', 'what the person was written'),
    ('mail_preferences', 'user_id', 'user', 'delete', 'what the person wants of mails'),
    ('oauth_states', 'user_name', 'user', 'delete', 'a consent under way'),
    ('http_answers', 'key body headers', 'user', 'delete', 'an answer kept for a day'),
    ('idempotency_keys', 'key target', 'user', 'delete', 'a key may be an address'),
    ('cache_entries', 'key value', 'user', 'delete', 'can be computed again'),
    ('plan_changes', 'actor', 'user', 'anonymize', 'who changed it'),
    ('logs', 'message context correlation_id request_id', 'user', 'anonymize', 'a line may quote its input'),
    ('error_occurrences', 'message traceback correlation_id request_id', 'user', 'anonymize', 'a message may quote its input'),
    ('error_tenants', 'sample', 'user', 'anonymize', 'a message may quote its input'),
    ('error_groups', 'message sample status_by status_reason', 'user', 'anonymize', 'a message may quote its input'),
    (
        'executions', 'input output error idempotency_key cancel_reason correlation_id', 'user', 'anonymize',
        'what workflows work on'
    ),
    ('steps', 'output error wait_detail', 'user', 'anonymize', 'what workflows work on'),
    ('execution_events', 'detail', 'user', 'anonymize', 'who intervened, and why'),
    ('signals', 'payload', 'user', 'anonymize', 'what workflows work on'),
    ('effects', 'response resolved_by resolved_comment', 'user', 'anonymize', 'what upstreams answered; who decided'),
    ('dead_letters', 'reason error snapshot resolved_by resolved_reason', 'user', 'anonymize', 'what workflows worked on'),
    ('events', 'payload subject event_id emitted_by correlation_id', 'user', 'anonymize', 'what applications say'),
    ('event_deliveries', 'error', 'user', 'anonymize', 'a message may quote its input'),
    (
        'webhook_deliveries', 'payload headers error delivery_id source_event_id correlation_id request_id', 'user',
        'anonymize', 'what came in'
    ),
    ('webhook_messages', 'payload last_error correlation_id', 'user', 'anonymize', 'what goes out'),
    ('webhook_endpoints', 'disabled_reason', 'user', 'anonymize', 'written by people'),
    ('event_subscriptions', 'filter condition mapping', 'user', 'anonymize', 'may name an address'),
    ('webhooks', 'condition mapping', 'user', 'anonymize', 'may name an address'),
    ('schedules', 'input pause_reason problem', 'user', 'anonymize', 'what workflows work on'),
    ('schedule_ticks', 'reason error', 'user', 'anonymize', 'a message may quote its input'),
    ('schedule_backfills', 'requested_by', 'user', 'anonymize', 'who asked'),
    ('notices', 'title body details dedup_key', 'user', 'anonymize', 'what people were told'),
    ('notice_deliveries', 'read_by last_error', 'user', 'anonymize', 'who read it'),
    ('channels', 'config last_error', 'user', 'anonymize', 'addresses that are told; nobody is told there any more'),
    ('alerts', 'title details acknowledged_by acknowledged_note resolved_by', 'user', 'anonymize', 'who saw to it'),
    ('alert_silences', 'reason created_by ended_by', 'user', 'anonymize', 'who asked, and why'),
    ('alert_rules', 'description', 'user', 'anonymize', 'written by people'),
    ('api_keys', 'name created_by revoked_by', 'user', 'anonymize', 'who made it'),
    ('fuses', 'reason released_by released_reason', 'user', 'anonymize', 'who released it, and why'),
    ('gates', 'reason closed_by', 'user', 'anonymize', 'who closed it, and why'),
    ('limits', 'set_by', 'user', 'anonymize', 'who set it'),
    ('pauses', 'reason paused_by', 'user', 'anonymize', 'who paused it, and why'),
    ('integrations', 'connected_by status_reason', 'user', 'anonymize', 'who connected it'),
    ('integration_checks', 'last_error', 'user', 'anonymize', 'a message may quote its input'),
    ('privacy_requests', 'note settled_by', 'user', 'anonymize', 'who settled it'),
    ('trace_spans', 'detail correlation_id request_id', 'user', 'anonymize', 'what calls carried'),
    ('workflow_versions', 'created_by', 'user', 'anonymize', 'who applied it'),
    ('template_uses', 'used_by parameters', 'user', 'anonymize', 'who used it; a parameter may be an address'),
    ('retention_overrides', 'reason set_by', 'user', 'anonymize', 'who set it, and why'),
    (
        'audit_log', 'actor object_id detail request_id address correlation_id', 'user', 'keep',
        'proof of who did what (GDPR article 17, 3 b and e): its chain is never changed; an entry user.erased stands beside it'
    ),
    ('workflow_versions', 'definition', 'user', 'keep', 'what a workflow does: its author changes it by a new version'),
    ('integrations', 'config', 'user', 'keep', 'the connection does not work without it; whoever owns it changes it'),
    ('webhook_deliveries', 'payload', 'customer', 'anonymize', 'redacted whole when the shop asks for it'),
    ('events', 'payload', 'customer', 'anonymize', 'redacted whole when the shop asks for it'),
    ('privacy_requests', 'customer_id order_ids', 'customer', 'keep', 'what was asked for; goes a year after it was settled'),
    ('alert_breaches', 'rule key', 'none', 'none', 'names of things'),
    ('alert_paces', 'rule', 'none', 'none', 'names of things'),
    (
        'alert_rules', 'name source comparison severity scope scope_name tells channels inhibited_by', 'none', 'none',
        'names of things'
    ),
    ('alert_silences', 'rule key', 'none', 'none', 'names of things'),
    ('alert_tellings', 'audience', 'none', 'none', 'tenant or operators'),
    ('alerts', 'rule key severity status', 'none', 'none', 'names of things'),
    ('api_keys', 'id scopes', 'none', 'none', 'made by the system'),
    ('audit_log', 'actor_kind action object_kind trace_id', 'none', 'none', 'words of the system'),
    ('breaker_transitions', 'state', 'none', 'none', 'words of the system'),
    ('cache_changes', 'tag', 'none', 'none', 'names of things'),
    ('cache_entries', 'namespace tags', 'none', 'none', 'names of things'),
    ('channels', 'name kind key_id min_severity kinds', 'none', 'none', 'names of things'),
    ('dead_letters', 'kind resolution', 'none', 'none', 'words of the system'),
    ('effects', 'step_id part operation connection state', 'none', 'none', 'names of things'),
    ('erasure_items', 'table_name last_key', 'none', 'none', 'the place in a table, forgotten at its end'),
    (
        'erasures', 'pseudonym subject_email status reason requested_by certificate', 'none', 'none',
        'hashes; the address itself is forgotten when the erasure is done'
    ),
    ('error_occurrences', 'source name step trace_id process', 'none', 'none', 'names of things'),
    ('event_deliveries', 'status', 'none', 'none', 'words of the system'),
    ('event_subscriptions', 'name type_pattern type_like', 'none', 'none', 'names of things'),
    ('template_uses', 'template triggers', 'none', 'none', 'names of things'),
    ('events', 'source type trace_parent', 'none', 'none', 'names of things'),
    ('execution_events', 'type step_id', 'none', 'none', 'names of things'),
    (
        'executions', 'status lane wait_reason parent_step_id trace_parent origin trace_state', 'none', 'none',
        'words of the system'
    ),
    ('fuse_failures', 'scope name fingerprint', 'none', 'none', 'names of things'),
    ('fuses', 'scope name fingerprint key', 'none', 'none', 'names of things'),
    ('gate_waiters', 'gate kind', 'none', 'none', 'names of things'),
    ('gates', 'kind connection name status source', 'none', 'none', 'names of things'),
    ('idempotency_keys', 'scope', 'none', 'none', 'words of the system'),
    ('integration_days', 'kind connection', 'none', 'none', 'names of things'),
    ('integration_references', 'kind reference remote_id holder', 'none', 'none', 'ids of the system and of upstreams'),
    (
        'integrations', 'kind name key_id status grant_type scopes refresh_holder', 'none', 'none', 'names of things'
    ),
    ('limits', 'scope name key', 'none', 'none', 'names of things'),
    ('logs', 'class level logger step trace_id process', 'none', 'none', 'names of things'),
    ('metric_days', 'metric key detail plan', 'none', 'none', 'names of things'),
    ('metric_deltas', 'metric key detail plan', 'none', 'none', 'names of things'),
    ('metric_hours', 'metric key detail plan', 'none', 'none', 'names of things'),
    ('metric_minutes', 'metric key detail plan', 'none', 'none', 'names of things'),
    ('notice_deliveries', 'status holder', 'none', 'none', 'words of the system'),
    ('notices', 'kind severity', 'none', 'none', 'words of the system'),
    ('oauth_states', 'kind name config scopes redirect_uri key_id', 'none', 'none', 'names of things'),
    ('onboarding_mails', 'sequence step state skip_reason', 'none', 'none', 'names of things'),
    ('onboarding_people', 'sequence', 'none', 'none', 'names of things'),
    ('pauses', 'scope name key', 'none', 'none', 'names of things'),
    ('plan_changes', 'from_plan to_plan', 'none', 'none', 'names of things'),
    ('privacy_requests', 'kind account status found', 'none', 'none', 'names of things'),
    ('quota_stops', 'measure', 'none', 'none', 'words of the system'),
    ('request_rates', 'key_id', 'none', 'none', 'made by the system'),
    ('retention_overrides', 'table_name', 'none', 'none', 'names of things'),
    ('schedule_ticks', 'status', 'none', 'none', 'words of the system'),
    ('schedules', 'name kind task cron time_zone overlap catch_up', 'none', 'none', 'names of things'),
    ('signals', 'name', 'none', 'none', 'names of things'),
    ('steps', 'id action effect status wait_kind', 'none', 'none', 'names of things'),
    ('telemetry_days', 'name', 'none', 'none', 'names of things'),
    ('telemetry_events', 'name trace_id', 'none', 'none', 'names of things'),
    ('telemetry_tallies', 'name', 'none', 'none', 'names of things'),
    ('tenant_keys', 'id status master_key_id', 'none', 'none', 'made by the system'),
    ('tenant_roles', 'role_name', 'none', 'none', 'names of things'),
    (
        'trace_spans', 'trace_id span_id parent_span_id kind name status step_id', 'none', 'none', 'names of things'
    ),
    ('upstream_calls', 'kind connection operation status_class', 'none', 'none', 'names of things'),
    ('usage_months', 'measure', 'none', 'none', 'words of the system'),
    ('users', 'role time_zone language', 'none', 'none', 'words of the system'),
    ('webhook_deliveries', 'topic account status trace_parent', 'none', 'none', 'names of things'),
    ('webhook_endpoints', 'name types', 'none', 'none', 'names of things'),
    ('webhook_messages', 'type status trace_parent', 'none', 'none', 'names of things'),
    ('webhooks', 'name style', 'none', 'none', 'names of things'),
    ('workflow_versions', 'checksum', 'none', 'none', 'made by the system'),
    ('workflows', 'name', 'none', 'none', 'names of things')
) as l (table_name, columns, kind, action, reason)
cross join lateral string_to_table(l.columns, ' ') as c (name)
on conflict (table_name, column_name, kind, path) do update
    set action = excluded.action, reason = excluded.reason;
