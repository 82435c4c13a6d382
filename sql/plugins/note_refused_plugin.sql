-- aias_private.note_refused_plugin: note in the audit log that an execution ended because its tenant may not use a plugin.
--
-- Caller    the engine, before it fails the execution.
-- requires: aias_private.record_audit
create or replace function aias_private.note_refused_plugin(
    p_tenant uuid,
    p_execution uuid,
    p_plugins text[]
)
returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    select aias_private.record_audit(
        p_tenant, 'execution.refused', 'execution', p_execution::text, jsonb_build_object('plugins', p_plugins)
    )
$$;
revoke execute on function aias_private.note_refused_plugin(uuid, uuid, text[]) from public;
comment on function aias_private.note_refused_plugin(uuid, uuid, text[]) is
'Notes that an execution ended because its tenant may not use a plugin.';
