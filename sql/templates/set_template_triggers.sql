-- aias_private.set_template_triggers: what starts a workflow that was made from a template, as the template declares it.
--
-- Caller    aias.use_template, in its transaction.
-- Promise   afterwards schedules and subscriptions are those of p_triggers; those of p_former that are not among them are
--           gone. A webhook has an address and a secret, which Python makes: it is left to the caller.
-- Returns   kind, name and what it listens to, of each of p_triggers.
-- requires: aias.remove_schedule
-- requires: aias.remove_subscription
-- requires: aias.set_schedule
-- requires: aias.set_subscription
create or replace function aias_private.set_template_triggers(
    p_tenant text,
    p_workflow text,
    p_triggers jsonb,
    p_former jsonb
)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_trigger jsonb;
    v_schedule uuid;
    v_set jsonb := '[]';
begin
    for v_trigger in
        select f.trigger
        from jsonb_array_elements(coalesce(p_former, '[]')) as f (trigger)
        where not exists (
            select
            from jsonb_array_elements(p_triggers) as t (trigger)
            where t.trigger ->> 'kind' = f.trigger ->> 'kind' and t.trigger ->> 'name' = f.trigger ->> 'name'
        )
    loop
        if v_trigger ->> 'kind' = 'schedule' then
            for v_schedule in
                select s.id from aias.schedules as s where s.tenant = p_tenant and s.name = v_trigger ->> 'name'
            loop
                perform aias.remove_schedule(v_schedule);
            end loop;
        elsif v_trigger ->> 'kind' = 'event' then
            perform aias.remove_subscription(p_tenant, s.name)
            from aias.subscriptions as s
            where s.tenant = p_tenant and s.name = v_trigger ->> 'name';
        end if;
    end loop;
    for v_trigger in
        select t.trigger from jsonb_array_elements(p_triggers) with ordinality as t (trigger, place) order by t.place
    loop
        if v_trigger ->> 'kind' = 'schedule' then
            perform aias.set_schedule(
                p_tenant => p_tenant,
                p_name => v_trigger ->> 'name',
                p_workflow => p_workflow,
                p_cron => v_trigger ->> 'cron',
                p_time_zone => coalesce(v_trigger ->> 'time_zone', 'UTC'),
                p_input => coalesce(v_trigger -> 'input', '{}')
            );
        elsif v_trigger ->> 'kind' = 'event' then
            perform aias.set_subscription(
                p_tenant => p_tenant,
                p_name => v_trigger ->> 'name',
                p_type => v_trigger ->> 'type',
                p_workflow => p_workflow,
                p_filter => coalesce(v_trigger -> 'filter', '{}'),
                p_condition => v_trigger ->> 'condition',
                p_mapping => v_trigger -> 'mapping'
            );
        end if;
        v_set := v_set || jsonb_strip_nulls(
            jsonb_build_object(
                'kind', v_trigger -> 'kind',
                'name', v_trigger -> 'name',
                'cron', v_trigger -> 'cron',
                'time_zone', v_trigger -> 'time_zone',
                'type', v_trigger -> 'type',
                'style', v_trigger -> 'style'
            )
        );
    end loop;
    return v_set;
end;
$$;
revoke execute on function aias_private.set_template_triggers(text, text, jsonb, jsonb) from public;
comment on function aias_private.set_template_triggers(text, text, jsonb, jsonb) is
'Sets up the schedules and subscriptions of a workflow that was made from a template.';
