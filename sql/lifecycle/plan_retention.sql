-- aias_private.plan_retention: what goes by the policies now.
--
-- Caller    aias.run_retention and aias_private.begin_retention; p_is_scheduled leaves out policies whose cadence is not up yet.
-- Promise   a partition is due when all of its month is older than the policy's age and not every row of it is kept; what follows it
--           comes after it, with its unit. Rows are estimates (aias_private.monthly_partitions), those of unpartitioned tables and
--           of tenants are counted up to 100,000. Nothing is changed.
-- requires: aias_private.due_workflows
-- requires: aias_private.kept_condition
-- requires: aias_private.kept_tenants
-- requires: aias_private.monthly_partitions
create or replace function aias_private.plan_retention(p_is_scheduled boolean)
returns table (
    table_name text,
    object text,
    kind text,
    unit text,
    owner_tenant_id uuid,
    action text,
    cutoff_at timestamptz,
    row_estimate bigint,
    byte_count bigint
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_now constant timestamptz := aias_private.now();
    v_policy aias_private.retention_policies;
    v_partition record;
    v_override record;
    v_follower record;
    v_is_kept boolean;
begin
    for v_policy in
        select p.*
        from aias_private.retention_policies as p
        where
            p.is_enabled
            and p.age is not null
            and (
                not p_is_scheduled
                or p.last_run_at is null
                -- an hour of grace: a daily run does not begin at the same second each day
                or p.last_run_at + interval '1 month' * case p.cadence when 'monthly' then 1 when 'quarterly' then 3 else 0 end
                + interval '1 day' * case p.cadence when 'daily' then 1 when 'weekly' then 7 else 0 end
                <= v_now + interval '1 hour'
            )
        order by p.table_name
    loop
        table_name := v_policy.table_name;
        action := v_policy.action;
        cutoff_at := v_now - v_policy.age;
        owner_tenant_id := null;
        if v_policy.action = 'soft_delete' then
            object := table_name;
            kind := 'workflows';
            unit := object;
            byte_count := 0;
            select count(*) into row_estimate from aias_private.due_workflows(cutoff_at) as d where d.is_told;
            if row_estimate > 0 or exists (select from aias_private.due_workflows(cutoff_at)) then
                return next;
            end if;
            continue;
        end if;
        if v_policy.time_column is not null then
            object := table_name;
            kind := 'rows';
            unit := object;
            execute format(
                'select count(*) from (select from aias_private.%I as r where r.%I < $2 and not %s%s limit 100000) as c',
                table_name,
                v_policy.time_column,
                aias_private.kept_condition(table_name),
                (
                    select ' and (' || string_agg(format('r.%I is not null', c.name), ' or ') || ')'
                    from unnest(v_policy.anonymized_columns) as c(name)
                )
            )
            into row_estimate
            using aias_private.kept_tenants(table_name, cutoff_at), cutoff_at;
            if row_estimate > 0 then
                byte_count := pg_total_relation_size(format('aias_private.%I', object)::regclass);
                return next;
            end if;
        else
            kind := 'strays';
            object := table_name || '_default';
            unit := object;
            byte_count := pg_relation_size(format('aias_private.%I', object)::regclass);
            if byte_count > 0 then
                execute format('select count(*) from (select from aias_private.%I limit 100000) as c', object)
                into row_estimate;
                action := 'drain';
                if row_estimate > 0 then
                    return next;
                end if;
                action := v_policy.action;
            end if;
            kind := 'partition';
            for v_partition in
                select p.* from aias_private.monthly_partitions(v_policy.table_name) as p where p.to_at <= v_now - v_policy.age
            loop
                object := v_partition.partition_name;
                unit := object;
                row_estimate := v_partition.row_estimate;
                byte_count := v_partition.byte_count;
                cutoff_at := v_partition.to_at;
                execute format(
                    'select exists (select from aias_private.%1$I) and not exists (select from aias_private.%1$I as r where not %2$s)',
                    object,
                    aias_private.kept_condition(v_policy.table_name)
                )
                into v_is_kept
                using aias_private.kept_tenants(v_policy.table_name, v_partition.to_at);
                if v_is_kept then
                    continue;
                end if;
                return next;
                for v_follower in
                    select p.table_name, p.action, m.partition_name, m.row_estimate, m.byte_count
                    from aias_private.retention_policies as p
                    cross join lateral aias_private.monthly_partitions(p.table_name) as m
                    where p.follows = v_policy.table_name and p.is_enabled and m.to_at = v_partition.to_at
                    order by p.table_name
                loop
                    table_name := v_follower.table_name;
                    object := v_follower.partition_name;
                    action := v_follower.action;
                    row_estimate := v_follower.row_estimate;
                    byte_count := v_follower.byte_count;
                    return next;
                end loop;
                table_name := v_policy.table_name;
                action := v_policy.action;
            end loop;
        end if;
        -- the audit log is append-only: no contract shortens it; what belongs to no tenant has none
        if
            v_policy.action in ('archive', 'anonymize')
            or not exists (
                select
                from pg_catalog.pg_attribute as a
                where a.attrelid = format('aias_private.%I', v_policy.table_name)::regclass and a.attname = 'tenant_id'
            )
        then
            continue;
        end if;
        kind := 'tenant';
        byte_count := 0;
        for v_override in
            select o.tenant_id, p.table_name, v_now - min(o.age) as cutoff_at
            from aias_private.retention_overrides as o
            inner join aias_private.retention_policies as p
                on (p.table_name = v_policy.table_name or p.follows = v_policy.table_name) and p.is_enabled
            where
                o.table_name in ('*', v_policy.table_name)
                -- longer ones too where rows go one by one: kept by the table's own item, they go by this one
                and (o.age < v_policy.age or v_policy.time_column is not null)
            group by o.tenant_id, p.table_name, p.follows
            -- what follows goes first: it is kept by what it follows
            order by o.tenant_id, p.follows nulls last, p.table_name
        loop
            owner_tenant_id := v_override.tenant_id;
            table_name := v_override.table_name;
            object := table_name;
            unit := object;
            cutoff_at := v_override.cutoff_at;
            execute format(
                'select count(*) from (select from aias_private.%I as r where r.tenant_id = $2 and r.%I < $3%s and not %s limit 100000) as c',
                table_name,
                coalesce(v_policy.time_column, aias_private.partition_key(table_name)),
                case when v_policy.time_column is null then '::uuid' else '::timestamptz' end,
                aias_private.kept_condition(table_name)
            )
            into row_estimate
            using
                aias_private.kept_tenants(v_policy.table_name, cutoff_at),
                owner_tenant_id,
                case
                    when v_policy.time_column is null then aias_private.uuid7_floor(cutoff_at)::text
                    else cutoff_at::text
                end;
            if row_estimate > 0 then
                return next;
            end if;
        end loop;
    end loop;
end;
$$;
revoke execute on function aias_private.plan_retention(boolean) from public;
comment on function aias_private.plan_retention(boolean) is 'What goes by the policies now; changes nothing.';
