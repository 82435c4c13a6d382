-- aias_private.list_scope: whose rows a caller's page may hold.
--
-- Caller    the functions that list (aias.find_executions, find_jobs, find_dead_letters, find_audit).
-- Promise   no row: none at all, as a confined caller asks for another tenant's. A row with null: every tenant's. Else one tenant's:
--           a confined caller's own, or the one that was named.
-- Errors    JR422 p_limit is out of range.
create or replace function aias_private.list_scope(
    p_tenant uuid,
    p_limit integer
)
returns table (tenant_id uuid)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    if p_limit is null or p_limit not between 1 and 10000 then
        raise exception 'a limit lies between 1 and 10000, not at %', p_limit
            using errcode = 'JR422', column = 'p_limit';
    end if;
    tenant_id := p_tenant;
    if not aias_private.caller_sees_all() then
        tenant_id := aias_private.caller_tenant();
        if tenant_id is null or tenant_id is distinct from coalesce(p_tenant, tenant_id) then
            return;
        end if;
    end if;
    return next;
end;
$$;
revoke execute on function aias_private.list_scope(uuid, integer) from public;
comment on function aias_private.list_scope(uuid, integer) is
'The tenant whose rows a caller''s page may hold: null for all of them, no row for none.';
