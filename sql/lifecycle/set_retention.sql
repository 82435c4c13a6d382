-- aias.set_retention: change how long a table's rows are kept, how often that is looked after, and whether at all.
--
-- Promise   holds from the next run on. What is null stays as it is. What happens to the rows is the release's to say.
-- Errors    JR403 the caller is confined to a tenant; JR404 no such policy; JR409 its rows go with another table's, or stay;
--           JR422 the age is below a day or the cadence unknown.
-- requires: aias_private.record_audit
create or replace function aias.set_retention(
    p_policy text,
    p_age interval default null,
    p_cadence text default null,
    p_is_enabled boolean default null
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_former aias_private.retention_policies;
begin
    if not aias_private.caller_sees_all() then
        raise exception 'retention is a matter for administrators' using errcode = 'JR403';
    end if;
    if p_age < interval '1 day' then
        raise exception 'rows are kept for a day or longer, not for %', p_age using errcode = 'JR422', column = 'p_age';
    end if;
    if p_cadence not in ('daily', 'weekly', 'monthly', 'quarterly') then
        raise exception 'a cadence is daily, weekly, monthly or quarterly, not %', quote_literal(p_cadence)
            using errcode = 'JR422', column = 'p_cadence';
    end if;
    select p.* into v_former from aias_private.retention_policies as p where p.table_name = p_policy for update;
    if not found then
        raise exception 'there is no retention policy %', coalesce(quote_literal(p_policy), 'null')
            using errcode = 'JR404', column = 'p_policy';
    end if;
    if v_former.age is null then
        raise exception 'the rows of % %', p_policy, coalesce('go with those of ' || v_former.follows, 'stay')
            using errcode = 'JR409', column = 'p_policy';
    end if;
    update aias_private.retention_policies as p
    set
        age = coalesce(p_age, p.age),
        cadence = coalesce(p_cadence, p.cadence),
        is_enabled = coalesce(p_is_enabled, p.is_enabled)
    where p.table_name = p_policy;
    perform aias_private.record_audit(
        null,
        'retention.changed',
        'retention_policy',
        p_policy,
        jsonb_strip_nulls(
            jsonb_build_object(
                'age', p_age,
                'cadence', p_cadence,
                'is_enabled', p_is_enabled,
                'before', jsonb_build_object(
                    'age', v_former.age, 'cadence', v_former.cadence, 'is_enabled', v_former.is_enabled
                )
            )
        )
    );
end;
$$;
revoke execute on function aias.set_retention(text, interval, text, boolean) from public;
grant execute on function aias.set_retention(text, interval, text, boolean) to aias_app, aias_admin;
comment on function aias.set_retention(text, interval, text, boolean) is
'Changes how long a table''s rows are kept, how often old ones are removed, and whether at all; administrators only.';
