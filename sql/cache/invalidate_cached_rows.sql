-- aias_private.invalidate_cached_rows: what is cached of a table's rows goes with a change of them.
--
-- Caller    the triggers below, on the tables that feed the cache; the argument is the tag.
-- Promise   one change per statement and tenant that it touches.
-- requires: aias_private.note_cache_change
create or replace function aias_private.invalidate_cached_rows()
returns trigger
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_rows jsonb;
begin
    if tg_op = 'DELETE' then
        v_rows := (select jsonb_agg(distinct to_jsonb(r) -> tg_argv[1]) from former as r);
    else
        v_rows := (select jsonb_agg(distinct to_jsonb(r) -> tg_argv[1]) from latter as r);
    end if;
    perform aias_private.note_cache_change(t.tenant_id::uuid, tg_argv[0])
    from jsonb_array_elements_text(v_rows) as t(tenant_id);
    return null;
end;
$$;
revoke execute on function aias_private.invalidate_cached_rows() from public;
comment on function aias_private.invalidate_cached_rows() is 'Invalidates what the cache holds of rows that change.';

-- tables of tenants name the column that holds the tenant; plans are everybody's: there the column does not exist
do $$
declare
    v_feed record;
    v_event record;
begin
    for v_feed in
        select f.relation, f.tag, f.tenant_column
        from (
            values
            ('plans', 'plans', ''),
            ('lanes', 'lanes', ''),
            ('tenants', 'tenants', 'id'),
            ('workflows', 'workflows', 'tenant_id'),
            ('integrations', 'integrations', 'tenant_id'),
            ('integration_checks', 'integrations', 'tenant_id')
        ) as f(relation, tag, tenant_column)
    loop
        for v_event in
            select e.name, e.rows
            from (
                values
                ('insert', 'new table as latter'),
                ('update', 'new table as latter'),
                ('delete', 'old table as former')
            ) as e(name, rows)
        loop
            execute format(
                'create or replace trigger %I after %s on aias_private.%I referencing %s for each statement'
                ' execute function aias_private.invalidate_cached_rows(%L, %L)',
                'cached_rows_change_with_' || v_event.name,
                v_event.name,
                v_feed.relation,
                v_event.rows,
                v_feed.tag,
                v_feed.tenant_column
            );
        end loop;
    end loop;
end;
$$;
