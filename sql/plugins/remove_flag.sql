-- aias.remove_flag: forget a flag with what was said of single tenants; it is off for everybody from then on.
--
-- Errors    JR403 not an administrator; JR404 no such flag.
-- requires: aias_private.record_audit
create or replace function aias.remove_flag(p_flag text)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_before jsonb;
begin
    if not aias_private.caller_sees_all() then
        raise exception 'flags are a matter for administrators' using errcode = 'JR403', column = 'p_flag';
    end if;
    delete from aias_private.flags as f
    where f.name = p_flag
    returning jsonb_build_object('percentage', f.percentage, 'description', f.description) into v_before;
    if not found then
        raise exception 'there is no flag %', coalesce(quote_literal(p_flag), 'null')
            using errcode = 'JR404', column = 'p_flag';
    end if;
    perform aias_private.record_audit(null, 'flag.removed', 'flag', p_flag, jsonb_build_object('before', v_before));
end;
$$;
revoke execute on function aias.remove_flag(text) from public;
grant execute on function aias.remove_flag(text) to aias_admin;
comment on function aias.remove_flag(text) is 'Forgets a flag: it is off for every tenant from then on.';
