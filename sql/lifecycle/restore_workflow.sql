-- aias.restore_workflow: bring a deleted workflow back, the last one of that name.
--
-- Promise   it is there with all its versions, and disabled: aias.set_workflow_enabled lets it start again.
-- Errors    JR404 no such tenant, or no deleted workflow of that name; JR409 a workflow of that name is in use.
-- requires: aias_private.record_audit
-- requires: aias_private.tenant_by_slug
create or replace function aias.restore_workflow(
    p_tenant text,
    p_workflow text
)
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant constant uuid := aias_private.tenant_by_slug(p_tenant);
    v_id uuid;
    v_deleted_at timestamptz;
begin
    select
        w.id,
        w.deleted_at
    into v_id, v_deleted_at
    from aias_private.workflows as w
    where w.tenant_id = v_tenant and w.name = p_workflow and w.deleted_at is not null
    order by w.deleted_at desc, w.id desc
    limit 1
    for update;
    if not found then
        raise exception 'there is no deleted workflow %', coalesce(quote_literal(p_workflow), 'null')
            using errcode = 'JR404', column = 'p_workflow';
    end if;
    if exists (
        select
        from aias_private.workflows as w
        where w.tenant_id = v_tenant and w.name = p_workflow and w.deleted_at is null
    ) then
        raise exception 'a workflow % is in use', quote_literal(p_workflow) using errcode = 'JR409', column = 'p_workflow';
    end if;
    update aias_private.workflows as w
    set deleted_at = null
    where w.tenant_id = v_tenant and w.id = v_id;
    perform aias_private.record_audit(
        v_tenant,
        'workflow.restored',
        'workflow',
        v_id::text,
        jsonb_build_object('name', p_workflow, 'before', jsonb_build_object('deleted_at', v_deleted_at))
    );
    return v_id;
end;
$$;
revoke execute on function aias.restore_workflow(text, text) from public;
grant execute on function aias.restore_workflow(text, text) to aias_app, aias_admin;
comment on function aias.restore_workflow(text, text) is
'Brings back the last deleted workflow of a name, disabled; its versions and history are there.';
