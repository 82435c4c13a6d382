-- aias_private.note_dashboard_change: tell the dashboards that are open that something has changed.
--
-- Caller    triggers on tables that change seldom, once a statement: alerts, and what the metrics were counted up to.
-- Promise   the notification says nothing of what changed: who hears it looks anew, confined as ever.
create or replace function aias_private.note_dashboard_change()
returns trigger
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform pg_notify('aias_dashboard', '');
    return null;
end;
$$;
revoke execute on function aias_private.note_dashboard_change() from public;
comment on function aias_private.note_dashboard_change() is
'Tells the dashboards that are open that something has changed.';

create or replace trigger note_dashboard_change
after insert or update on aias_private.alerts
for each statement execute function aias_private.note_dashboard_change();

create or replace trigger note_dashboard_change
after update on aias_private.metric_sources
for each statement execute function aias_private.note_dashboard_change();
