-- aias.remove_fuse_rule: let the rule for all others hold for a task or a workflow again.
--
-- Errors    JR403 the caller is confined to a tenant; JR404 there is no such rule; JR409 it is the one for all others.
-- requires: aias_private.record_audit
create or replace function aias.remove_fuse_rule(
    p_scope text,
    p_name text
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not aias_private.caller_sees_all() then
        raise exception 'rules of fuses are a matter for administrators' using errcode = 'JR403';
    end if;
    if p_name = '*' then
        raise exception 'the rule for all others stays; it can be disabled' using errcode = 'JR409', column = 'p_name';
    end if;
    delete from aias_private.fuse_rules as r where r.scope = p_scope and r.name = p_name;
    if not found then
        raise exception 'there is no rule for the % %', p_scope, quote_literal(p_name)
            using errcode = 'JR404', column = 'p_name';
    end if;
    perform aias_private.record_audit(null, 'fuse_rule.removed', 'fuse_rule', p_scope || ':' || p_name, null);
end;
$$;
revoke execute on function aias.remove_fuse_rule(text, text) from public;
grant execute on function aias.remove_fuse_rule(text, text) to aias_app, aias_admin;
comment on function aias.remove_fuse_rule(text, text) is
'Removes the rule of a task''s or a workflow''s fuse; the one for all others holds again.';
