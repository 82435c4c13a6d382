-- aias.set_fuse_rule: say after how many equal failures the fuse of a task or a workflow blows.
--
-- Promise   holds from the next failure on; a fuse that blew stays blown. p_name * is for all that have no rule of their own.
-- Errors    JR403 the caller is confined to a tenant; JR422 the scope, the name, the count or the time is out of range.
-- requires: aias_private.record_audit
create or replace function aias.set_fuse_rule(
    p_scope text,
    p_name text,
    p_failure_count integer,
    p_within interval,
    p_is_enabled boolean default true
)
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
        raise exception 'rules of fuses are a matter for administrators' using errcode = 'JR403';
    end if;
    if p_scope is null or p_scope not in ('task', 'workflow') then
        raise exception 'a scope is task or workflow, not %', coalesce(quote_literal(p_scope), 'null')
            using errcode = 'JR422', column = 'p_scope';
    end if;
    if p_name is null or octet_length(p_name) not between 1 and 255 then
        raise exception 'a name has 1 to 255 bytes' using errcode = 'JR422', column = 'p_name';
    end if;
    if p_failure_count is null or p_failure_count < 1 then
        raise exception 'a fuse blows after one failure or more, not %', coalesce(p_failure_count::text, 'null')
            using errcode = 'JR422', column = 'p_failure_count';
    end if;
    if p_within is null or p_within not between interval '10 seconds' and interval '1 day' then
        raise exception 'the time lies between 10 seconds and a day, not at %', coalesce(p_within::text, 'null')
            using errcode = 'JR422', column = 'p_within';
    end if;
    select jsonb_build_object('failure_count', r.failure_count, 'within', r.within, 'is_enabled', r.is_enabled)
    into v_before
    from aias_private.fuse_rules as r
    where r.scope = p_scope and r.name = p_name;
    insert into aias_private.fuse_rules (scope, name, failure_count, within, is_enabled)
    values (p_scope, p_name, p_failure_count, p_within, coalesce(p_is_enabled, true))
    on conflict (scope, name) do update
    set failure_count = excluded.failure_count, within = excluded.within, is_enabled = excluded.is_enabled;
    perform aias_private.record_audit(
        null,
        'fuse_rule.set',
        'fuse_rule',
        p_scope || ':' || p_name,
        jsonb_strip_nulls(
            jsonb_build_object(
                'failure_count', p_failure_count, 'within', p_within, 'is_enabled', p_is_enabled, 'before', v_before
            )
        )
    );
end;
$$;
revoke execute on function aias.set_fuse_rule(text, text, integer, interval, boolean) from public;
grant execute on function aias.set_fuse_rule(text, text, integer, interval, boolean) to aias_app, aias_admin;
comment on function aias.set_fuse_rule(text, text, integer, interval, boolean) is
'Says after how many equal failures in which time the fuse of a task or a workflow blows.';
