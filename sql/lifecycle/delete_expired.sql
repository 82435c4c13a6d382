-- aias_private.delete_expired: delete, or anonymize, one batch of rows that are too old.
--
-- Caller    the run, one transaction each until it answers that no more is to be done.
-- Promise   of a table: the rows of its next 500 blocks, so that all batches together read it once. Of a tenant: at most 5,000 rows
--           by the key. How far it came is noted in the same transaction: after a crash it goes on there, and counts nothing twice.
-- Returns   whether more is to be done.
-- requires: aias_private.kept_condition
-- requires: aias_private.kept_tenants
-- requires: aias_private.partition_key
create or replace function aias_private.delete_expired(
    p_run uuid,
    p_item integer
)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_item aias_private.retention_items;
    v_policy aias_private.retention_policies;
    v_leader text;
    v_key text;
    v_kept text;
    v_holders uuid[];
    v_age text := 'true';
    v_blocks bigint;
    v_count bigint;
    v_is_over boolean;
begin
    select i.* into v_item
    from aias_private.retention_items as i
    where i.run_id = p_run and i.position = p_item and i.state = 'planned'
    for update;
    if not found then
        return false;
    end if;
    select p.* into strict v_policy from aias_private.retention_policies as p where p.table_name = v_item.table_name;
    v_leader := coalesce(v_policy.follows, v_item.table_name);
    v_key := coalesce(v_policy.time_column, aias_private.partition_key(v_item.table_name));
    v_kept := aias_private.kept_condition(v_item.table_name);
    v_holders := aias_private.kept_tenants(v_leader, v_item.cutoff_at);
    if v_policy.time_column is not null then
        v_age := format('r.%I < $2', v_key);
    elsif v_item.kind = 'tenant' then
        v_age := format('r.%I < aias_private.uuid7_floor($2)', v_key);
    end if;
    if v_item.kind = 'tenant' then
        execute format(
            'with old as (select r.tenant_id, r.%2$I, r.tableoid as part, r.ctid as place from aias_private.%1$I as r'
            ' where r.tenant_id = $3 and %3$s and not %4$s limit 5000)'
            ' delete from aias_private.%1$I as r using old as o'
            ' where r.tenant_id = o.tenant_id and r.%2$I = o.%2$I and r.tableoid = o.part and r.ctid = o.place',
            v_item.object,
            v_key,
            v_age,
            v_kept
        )
        using v_holders, v_item.cutoff_at, v_item.owner_tenant_id;
        get diagnostics v_count = row_count;
        v_is_over := v_count < 5000;
    else
        v_blocks := pg_relation_size(format('aias_private.%I', v_item.object)::regclass)
            / current_setting('block_size')::bigint;
        execute format(
            case
                when v_item.action = 'anonymize'
                    then 'update aias_private.%1$I as r set ' || (
                        select string_agg(format('%I = null', c.name), ', ') from unnest(v_policy.anonymized_columns) as c(name)
                    )
                else 'delete from aias_private.%1$I as r'
            end
            || ' where r.ctid >= %2$L::tid and r.ctid < %3$L::tid and %4$s and not %5$s'
            || coalesce(
                (
                    select ' and (' || string_agg(format('r.%I is not null', c.name), ' or ') || ')'
                    from unnest(v_policy.anonymized_columns) as c(name)
                ),
                ''
            ),
            v_item.object,
            format('(%s,0)', v_item.next_block),
            format('(%s,0)', v_item.next_block + 500),
            v_age,
            v_kept
        )
        using v_holders, v_item.cutoff_at;
        get diagnostics v_count = row_count;
        v_is_over := v_item.next_block + 500 >= v_blocks;
    end if;
    update aias_private.retention_items as i
    set
        gone_count = i.gone_count + v_count,
        next_block = i.next_block + 500,
        state = case when v_is_over then 'done' else 'planned' end,
        changed_at = aias_private.now()
    where i.run_id = p_run and i.position = p_item;
    return not v_is_over;
end;
$$;
revoke execute on function aias_private.delete_expired(uuid, integer) from public;
grant execute on function aias_private.delete_expired(uuid, integer) to aias_worker, aias_admin;
comment on function aias_private.delete_expired(uuid, integer) is
'Deletes or anonymizes one batch of rows that are too old; tells whether more is to be done.';
