-- aias.change_webhook: change what a webhook takes and starts.
--
-- Promise   p_changes is an object of what changes: "workflow" (null: emit events), "condition", "mapping", "max_bytes",
--           "is_enabled", "replay_window" (seconds); what it does not name stays. The next delivery is decided on as it
--           then is. The audit row holds what was before and after.
-- Errors    JR404 no such webhook or workflow; JR422 a change is not known or not valid.
-- requires: aias_private.assert_json_input
-- requires: aias_private.record_audit
-- requires: aias_private.webhook_by_id
-- requires: aias_private.workflow_by_name
create or replace function aias.change_webhook(
    p_webhook uuid,
    p_changes jsonb
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_former constant aias_private.webhooks := aias_private.webhook_by_id(p_webhook);
    v_workflow uuid := v_former.workflow_id;
begin
    perform aias_private.assert_json_input(
        'p_changes',
        coalesce(p_changes, 'null'),
        '{
            "type": "object",
            "properties": {
                "workflow": {"type": ["string", "null"]},
                "condition": {"type": ["string", "null"], "maxLength": 16000},
                "mapping": {"type": ["object", "null"]},
                "max_bytes": {"type": "integer", "minimum": 1, "maximum": 1000000},
                "is_enabled": {"type": "boolean"},
                "replay_window": {"type": "number", "minimum": 0, "maximum": 604800}
            },
            "additionalProperties": false
        }',
        200000
    );
    if p_changes ? 'workflow' then
        v_workflow := case when p_changes ->> 'workflow' is not null then
            (aias_private.workflow_by_name(v_former.tenant_id, p_changes ->> 'workflow')).id
        end;
    end if;
    update aias_private.webhooks as w
    set
        workflow_id = v_workflow,
        condition = case when p_changes ? 'condition' then p_changes ->> 'condition' else w.condition end,
        mapping = case when p_changes ? 'mapping' then nullif(p_changes -> 'mapping', 'null') else w.mapping end,
        max_bytes = coalesce((p_changes ->> 'max_bytes')::numeric::integer, w.max_bytes),
        is_enabled = coalesce((p_changes ->> 'is_enabled')::boolean, w.is_enabled),
        replay_window = coalesce(
            make_interval(secs => (p_changes ->> 'replay_window')::double precision), w.replay_window
        ),
        version = w.version + 1
    where w.tenant_id = v_former.tenant_id and w.id = p_webhook;
    perform aias_private.record_audit(
        v_former.tenant_id,
        'webhook.changed',
        'webhook',
        p_webhook::text,
        jsonb_build_object(
            'name', v_former.name,
            'before', (
                select coalesce(jsonb_object_agg(b.key, b.value), '{}')
                from jsonb_each(
                    jsonb_build_object(
                        'workflow', (
                            select f.name
                            from aias_private.workflows as f
                            where f.tenant_id = v_former.tenant_id and f.id = v_former.workflow_id
                        ),
                        'condition', v_former.condition,
                        'mapping', v_former.mapping,
                        'max_bytes', v_former.max_bytes,
                        'is_enabled', v_former.is_enabled,
                        'replay_window', extract(epoch from v_former.replay_window)
                    )
                ) as b
                where p_changes ? b.key
            ),
            'after', p_changes
        )
    );
end;
$$;
revoke execute on function aias.change_webhook(uuid, jsonb) from public;
grant execute on function aias.change_webhook(uuid, jsonb) to aias_app, aias_admin;
comment on function aias.change_webhook(uuid, jsonb) is
'Changes what a webhook takes and starts: workflow, condition, mapping, max_bytes, is_enabled, replay_window (seconds).';
