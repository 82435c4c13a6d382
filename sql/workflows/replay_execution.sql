-- aias.replay_execution: run a final execution again, from a step on, as a new one.
--
-- Promise   the original stays as it is. Checkpoints before p_from_step are reused, p_input_patch is a JSON merge patch (RFC 7396)
--           on the input, p_version another version of the workflow (default: the same).
-- Errors    JR404 no such execution or version; JR409 it is not final; JR422 no such step, or the input does not fit.
-- requires: aias_private.execution_tenant
-- requires: aias_private.copy_execution
-- requires: aias_private.record_audit
create or replace function aias.replay_execution(
    p_execution uuid,
    p_from_step text default null,
    p_input_patch jsonb default null,
    p_version integer default null
)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := aias_private.execution_tenant(p_execution);
    v_id uuid;
begin
    v_id := aias_private.copy_execution(v_tenant, p_execution, p_from_step, p_input_patch, p_version, null);
    perform aias_private.record_audit(
        v_tenant,
        'execution.replayed',
        'execution',
        v_id::text,
        jsonb_strip_nulls(
            jsonb_build_object('from', p_execution, 'from_step', p_from_step, 'version', p_version)
        )
    );
    return v_id;
end;
$$;
revoke execute on function aias.replay_execution(uuid, text, jsonb, integer) from public;
grant execute on function aias.replay_execution(uuid, text, jsonb, integer) to aias_app, aias_admin;
comment on function aias.replay_execution(uuid, text, jsonb, integer) is
'Runs a final execution again from a step on, as a new execution, and returns its id.';
