-- Days that have ended: executions are dropped after a while, these stay.
create table kept_days (
    tenant_id uuid not null,
    day date not null,
    parcel_count bigint not null,
    constraint kept_days_pkey primary key (tenant_id, day)
);
comment on table kept_days is 'Parcels handed over per tenant and day (UTC), as parcel.keep_days found them.';
