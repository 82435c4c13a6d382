-- aias.set_flag: roll a change of behaviour out: to a percentage of the tenants, or to one of them.
--
-- Promise   in force from the commit on in SQL, within seconds in processes that keep what they read. A percentage that grows
--           keeps those who have it. With p_tenant the flag is on or off for this one whatever its percentage; p_is_on null: the
--           percentage counts again. A description that is null stays as it is.
-- Errors    JR403 not an administrator; JR404 no such tenant, or a tenant's word on a flag that is not set;
--           JR422 an argument is not valid.
-- requires: aias_private.caller_actor
-- requires: aias_private.record_audit
-- requires: aias_private.tenant_by_slug
create or replace function aias.set_flag(
    p_flag text,
    p_percentage numeric default null,
    p_tenant text default null,
    p_is_on boolean default null,
    p_description text default null
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid;
    v_flag aias_private.flags;
    v_before jsonb;
begin
    if not aias_private.caller_sees_all() then
        raise exception 'flags are a matter for administrators' using errcode = 'JR403', column = 'p_flag';
    end if;
    if p_flag is null or p_flag !~ '^[a-z][a-z0-9_]{0,62}$' then
        raise exception 'a flag is a word of small letters, digits and underscores, not %',
            coalesce(quote_literal(p_flag), 'null')
            using errcode = 'JR422', column = 'p_flag';
    end if;
    if not p_percentage between 0 and 100 then
        raise exception 'a percentage lies between 0 and 100, not at %', p_percentage
            using errcode = 'JR422', column = 'p_percentage';
    end if;
    if octet_length(p_description) > 2000 then
        raise exception 'a description has at most 2000 bytes' using errcode = 'JR422', column = 'p_description';
    end if;
    if p_tenant is null and p_is_on is not null then
        raise exception 'on or off is said of a tenant: of all tenants 100 or 0 percent'
            using errcode = 'JR422', column = 'p_tenant';
    end if;
    if p_tenant is not null and (p_percentage is not null or p_description is not null) then
        raise exception 'either a tenant, or the percentage and the description of all'
            using errcode = 'JR422', column = 'p_tenant';
    end if;
    select f.* into v_flag from aias_private.flags as f where f.name = p_flag for update;
    if p_tenant is null then
        if found then
            v_before := jsonb_build_object('percentage', v_flag.percentage);
        end if;
        insert into aias_private.flags as f (name, percentage, description, set_by)
        values (p_flag, coalesce(p_percentage, 0), coalesce(p_description, ''), aias_private.caller_actor())
        on conflict (name) do update
        set
            percentage = coalesce(p_percentage, f.percentage),
            description = coalesce(p_description, f.description),
            set_by = excluded.set_by,
            set_at = excluded.set_at
        returning f.* into v_flag;
        perform aias_private.record_audit(
            null,
            'flag.set',
            'flag',
            p_flag,
            jsonb_strip_nulls(jsonb_build_object('percentage', v_flag.percentage, 'before', v_before))
        );
        return;
    end if;
    if not found then
        raise exception 'there is no flag %', quote_literal(p_flag) using errcode = 'JR404', column = 'p_flag';
    end if;
    v_tenant := aias_private.tenant_by_slug(p_tenant);
    select jsonb_build_object('is_on', o.is_on) into v_before
    from aias_private.flag_tenants as o
    where o.tenant_id = v_tenant and o.flag = p_flag;
    if p_is_on is null then
        delete from aias_private.flag_tenants as o where o.tenant_id = v_tenant and o.flag = p_flag;
    else
        insert into aias_private.flag_tenants (tenant_id, flag, is_on, set_by)
        values (v_tenant, p_flag, p_is_on, aias_private.caller_actor())
        on conflict (tenant_id, flag) do update
        set is_on = excluded.is_on, set_by = excluded.set_by, set_at = excluded.set_at;
    end if;
    perform aias_private.record_audit(
        v_tenant, 'flag.set', 'flag', p_flag, jsonb_build_object('is_on', p_is_on, 'before', v_before)
    );
end;
$$;
revoke execute on function aias.set_flag(text, numeric, text, boolean, text) from public;
grant execute on function aias.set_flag(text, numeric, text, boolean, text) to aias_admin;
comment on function aias.set_flag(text, numeric, text, boolean, text) is
'Rolls a change of behaviour out to a percentage of the tenants, or turns it on or off for one of them.';
