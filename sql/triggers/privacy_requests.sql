-- aias.privacy_requests: what customers and shops have asked of their data.
create or replace view aias.privacy_requests
with (security_barrier)
as
select
    r.tenant_id,
    t.slug as tenant,
    r.id,
    r.kind,
    r.account,
    r.customer_id,
    r.order_ids,
    r.delivery_id,
    r.status,
    r.due_at,
    r.found,
    r.note,
    r.created_at,
    r.searched_at,
    r.settled_at,
    r.settled_by
from aias_private.privacy_requests as r
inner join aias_private.tenants as t on r.tenant_id = t.id
where
    (select aias_private.caller_sees_all())
    or r.tenant_id = (select aias_private.caller_tenant());
grant select on aias.privacy_requests to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.privacy_requests is
'What customers and shops have asked of their data, with the day by which it is due. Fresh.';
comment on column aias.privacy_requests.tenant_id is 'The tenant.';
comment on column aias.privacy_requests.tenant is 'The tenant''s slug.';
comment on column aias.privacy_requests.id is 'The request''s id (UUIDv7).';
comment on column aias.privacy_requests.kind is 'customers/data_request, customers/redact or shop/redact.';
comment on column aias.privacy_requests.account is 'The shop.';
comment on column aias.privacy_requests.customer_id is 'The customer''s id at the shop; null for the whole shop.';
comment on column aias.privacy_requests.order_ids is 'The orders that it speaks of.';
comment on column aias.privacy_requests.delivery_id is 'The delivery that it came with.';
comment on column aias.privacy_requests.status is 'open, or settled by a person.';
comment on column aias.privacy_requests.due_at is 'The day by which it is to be settled.';
comment on column aias.privacy_requests.found is 'How many deliveries and events held the data: redacted where that was asked, else counted.';
comment on column aias.privacy_requests.note is 'What was done, as the person who settled it says.';
comment on column aias.privacy_requests.created_at is 'When it came.';
comment on column aias.privacy_requests.searched_at is 'When deliveries and events were searched.';
comment on column aias.privacy_requests.settled_at is 'When it was settled.';
comment on column aias.privacy_requests.settled_by is 'Who settled it.';
