-- aias_private.post_usage_reports: tell tenants and operators how the last month went, once each.
--
-- Caller    the task aias.send_usage_reports, again and again until it gives 0.
-- Promise   each tenant that there was in the month, and the operators, get one notice with the month's figures, by all their channels that
--           take the kind usage_report; its key makes that once, however often and by however many this is called. At most p_limit
--           tenants a call: each call is a transaction of its own.
-- Returns   how many were told.
-- Errors    JR409 the month's figures are not whole yet; JR422 the limit is out of range.
-- requires: aias.usage_report
-- requires: aias_private.nil_uuid
-- requires: aias_private.post_notice
create or replace function aias_private.post_usage_reports(p_limit integer default 50)
returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_end constant date := date_trunc('month', aias_private.now() at time zone 'UTC')::date;
    v_month constant date := (v_end - interval '1 month')::date;
    v_key constant text := 'usage_report:' || to_char(v_month, 'YYYY-MM');
    v_due record;
    v_report jsonb;
    v_count integer := 0;
begin
    if p_limit is null or p_limit not between 1 and 1000 then
        raise exception 'between 1 and 1000 are told at a time, not %', p_limit using errcode = 'JR422', column = 'p_limit';
    end if;
    if not exists (
        select from aias.freshness as f where f.name = 'activity' and f.as_of >= v_end::timestamp at time zone 'UTC'
    ) then
        raise exception 'the figures of % are not whole yet', to_char(v_month, 'YYYY-MM') using errcode = 'JR409';
    end if;
    for v_due in
        select d.tenant_id, d.slug
        from (
            select null::uuid as tenant_id, null::text as slug
            union all
            select t.id, t.slug
            from aias_private.tenants as t
            where t.created_at < v_end::timestamp at time zone 'UTC'
        ) as d
        where not exists (
            select from aias_private.notices as n
            where n.tenant_id = coalesce(d.tenant_id, aias_private.nil_uuid()) and n.dedup_key = v_key
        )
        order by d.tenant_id nulls first
        limit p_limit
    loop
        v_report := aias.usage_report(v_due.slug, v_month);
        perform aias_private.post_notice(
            v_due.tenant_id,
            'usage_report',
            'info',
            format('Usage report of %s', to_char(v_month, 'YYYY-MM')),
            format(
                '%s executions were started, %s succeeded, %s failed; %s calls of upstreams.',
                v_report #>> '{totals,started_count}',
                v_report #>> '{totals,succeeded_count}',
                v_report #>> '{totals,failed_count}',
                v_report #>> '{totals,call_count}'
            ),
            v_report,
            v_key
        );
        v_count := v_count + 1;
    end loop;
    return v_count;
end;
$$;
revoke execute on function aias_private.post_usage_reports(integer) from public;
grant execute on function aias_private.post_usage_reports(integer) to aias_worker;
comment on function aias_private.post_usage_reports(integer) is
'Tells tenants and operators the figures of the last month, once each; returns how many were told.';
