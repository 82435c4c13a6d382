create view shipments_daily as
select
    s.tenant_id,
    (s.finished_at at time zone 'UTC')::date as day,
    count(*) as parcel_count
from aias.execution_steps as s
where s.action = 'parcel.ship' and s.status = 'succeeded' and s.finished_at is not null
group by s.tenant_id, (s.finished_at at time zone 'UTC')::date;
comment on view shipments_daily is 'Parcels handed over per tenant and day (UTC), of the executions that are there. Fresh.';
