-- aias_private.refresh_view: refresh one materialized view of aias_private, and note how it went.
--
-- Caller    the periodic task, and whoever wants it now. A view is made known by a row of refreshes of kind materialized.
-- Promise   readers go on reading (CONCURRENTLY). A refresh that can't have its lock within five seconds is noted as error
--           and tried again when it is due; one that is under way elsewhere is not queued up behind.
-- Returns   whether this call refreshed it.
-- Locks     the row of refreshes, skip locked; the view, against other refreshes.
-- Errors    JR404 no such view.
create or replace function aias_private.refresh_view(p_name text)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '5s'
as $$
declare
    v_began constant timestamptz := clock_timestamp();
    v_count bigint;
    v_error text;
begin
    if not exists (
        select from aias_private.refreshes as r where r.name = p_name and r.kind = 'materialized'
    ) then
        raise exception 'there is no materialized view %', coalesce(quote_literal(p_name), 'null')
            using errcode = 'JR404', column = 'p_name';
    end if;
    perform from aias_private.refreshes as r where r.name = p_name for update skip locked;
    if not found then
        return false;
    end if;
    begin
        execute format('refresh materialized view concurrently aias_private.%I', p_name);
        execute format('select count(*) from aias_private.%I', p_name) into v_count;
    exception
        when lock_not_available then
            v_error := sqlerrm;
    end;
    update aias_private.refreshes as r
    set
        -- what it shows is as old as the daily figures that it was made from
        as_of = case
            when v_error is null then
                coalesce(
                    (select a.as_of from aias_private.refreshes as a where a.name = 'activity'), aias_private.now()
                )
            else r.as_of
        end,
        refreshed_at = case when v_error is null then aias_private.now() else r.refreshed_at end,
        duration = case when v_error is null then clock_timestamp() - v_began else r.duration end,
        row_count = coalesce(v_count, r.row_count),
        error = v_error
    where r.name = p_name;
    return v_error is null;
end;
$$;
revoke execute on function aias_private.refresh_view(text) from public;
grant execute on function aias_private.refresh_view(text) to aias_worker, aias_admin;
comment on function aias_private.refresh_view(text) is
'Refreshes a materialized view without holding up its readers, and notes when, how long and how many rows.';
