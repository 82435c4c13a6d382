-- aias.find_orphans: find what is left over where no key holds it, and repair it where that is the policy.
--
-- Caller    the daily check, `aias orphans`, operators.
-- Promise   one row per kind of aias_private.orphan_kinds, with up to 5 samples. What belongs to no tenant is no orphan. A child of a
--           partitioned table whose parent would lie before the parent's oldest partition was left by retention, and is its matter.
--           With p_repair the kinds whose policy is repair are repaired, in the caller's transaction, and audited: what is left over is
--           deleted; jobs are made again or removed by the ledger of executions. Kinds to report are never touched.
-- Locks     with p_repair the rows that go, and executions one by one; a second repair at the same time waits.
-- Plan      each table is read as a whole, beside its parent's key.
-- Errors    JR403 the caller is confined to a tenant.
-- requires: aias_private.nil_uuid
-- requires: aias_private.job_state
-- requires: aias_private.jobs_of_task
-- requires: aias_private.repair_jobs
-- requires: aias_private.record_audit
-- requires: aias_private.oldest_partition
-- requires: aias_private.unmatched_jobs
create or replace function aias.find_orphans(p_repair boolean default false)
returns table (
    kind text,
    policy text,
    row_count bigint,
    repaired_count bigint,
    samples jsonb,
    description text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_kind aias_private.orphan_kinds;
    v_from text;
    v_jobs_are_repaired boolean := false;
begin
    if not aias_private.caller_sees_all() then
        raise exception 'orphans are a matter for administrators' using errcode = 'JR403';
    end if;
    if p_repair then
        perform pg_advisory_xact_lock(hashtext('aias.find_orphans'));
    end if;
    for v_kind in select k.* from aias_private.orphan_kinds as k order by k.name loop
        kind := v_kind.name;
        policy := v_kind.policy;
        description := v_kind.description;
        repaired_count := 0;
        if v_kind.child_table is null then
            select count(*), coalesce(jsonb_agg(u.sample) filter (where u.place <= 5), '[]')
            into row_count, samples
            from aias_private.unmatched_jobs(v_kind.name) as u;
            if p_repair and policy = 'repair' and row_count > 0 then
                if not v_jobs_are_repaired then
                    perform r.job_id from aias_private.repair_jobs() as r;
                    v_jobs_are_repaired := true;
                end if;
                -- what the repair of the other kind has made good already, and what it could not
                select row_count - count(*) into repaired_count from aias_private.unmatched_jobs(v_kind.name) as u;
            end if;
        else
            v_from := format(
                'from aias_private.%I as c where c.tenant_id <> aias_private.nil_uuid() and c.%I is not null'
                ' and not exists (select from aias_private.%I as p where p.%I = c.%I%s)%s',
                v_kind.child_table,
                v_kind.child_column,
                v_kind.parent_table,
                v_kind.parent_column,
                v_kind.child_column,
                case when v_kind.parent_table <> 'tenants' then ' and p.tenant_id = c.tenant_id' end,
                ' and c.' || quote_ident(v_kind.child_column) || ' >= '
                || quote_literal(aias_private.oldest_partition(v_kind.parent_table)) || '::uuid'
            );
            execute format(
                'select count(*), coalesce(jsonb_agg(jsonb_build_object(''tenant_id'', o.tenant_id, %L, o.key))'
                ' filter (where o.place <= 5), ''[]'')'
                ' from (select c.tenant_id, c.%I as key, row_number() over () as place %s) as o',
                v_kind.child_column, v_kind.child_column, v_from
            ) into row_count, samples;
            if p_repair and policy = 'repair' and row_count > 0 then
                execute 'delete ' || v_from;
                get diagnostics repaired_count = row_count;
            end if;
        end if;
        if repaired_count > 0 then
            perform aias_private.record_audit(
                null, 'orphans.repaired', 'orphans', kind, jsonb_build_object('count', repaired_count, 'samples', samples)
            );
        end if;
        return next;
    end loop;
end;
$$;
revoke execute on function aias.find_orphans(boolean) from public;
grant execute on function aias.find_orphans(boolean) to aias_worker, aias_admin;
comment on function aias.find_orphans(boolean) is
'Finds rows whose parents are gone, executions without jobs and the reverse, per kind with samples; with p_repair it repairs the kinds that may be.';
