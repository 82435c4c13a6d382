-- aias_private.close_steps: end the steps that an execution's end leaves open.
--
-- Promise   a call with effects that was under way and must not be repeated is `in_doubt`, every other open step `cancelled`.
--           An effect whose outcome is not known yet is in doubt as well: nobody will look for it any more. A call that is
--           still under way settles it when it ends.
-- requires: aias_private.add_execution_event
-- requires: aias_private.doubt_effects
create or replace function aias_private.close_steps(
    p_tenant uuid,
    p_execution uuid
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_step record;
begin
    for v_step in
        update aias_private.steps as s
        set
            status = case
                when s.status = 'running' and s.effect = 'at_most_once' then 'in_doubt'
                else 'cancelled'
            end,
            wait_kind = null,
            wait_until = null,
            finished_at = aias_private.now()
        where s.tenant_id = p_tenant and s.execution_id = p_execution and s.status in ('running', 'waiting')
        returning s.id, s.item, s.status, s.attempt_count
    loop
        if v_step.status = 'in_doubt' then
            perform aias_private.add_execution_event(
                p_tenant, p_execution, 'step_in_doubt', v_step.id, v_step.item, v_step.attempt_count, null
            );
        end if;
    end loop;
    perform aias_private.doubt_effects(p_tenant, p_execution, null, null);
end;
$$;
revoke execute on function aias_private.close_steps(uuid, uuid) from public;
comment on function aias_private.close_steps(uuid, uuid) is 'Ends the steps that are open when their execution ends.';
