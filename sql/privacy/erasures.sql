-- aias.erasures: the people who asked to be erased, and the certificates.
create or replace view aias.erasures
with (security_barrier)
as
select
    e.tenant_id,
    e.id,
    e.status,
    encode(e.subject_hash, 'hex') as subject_sha256,
    e.pseudonym,
    e.reason,
    e.requested_by,
    e.requested_at,
    e.finished_at,
    e.certificate
from aias_private.erasures as e
where
    (select aias_private.caller_sees_all())
    or e.tenant_id = (select aias_private.caller_tenant());
grant select on aias.erasures to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.erasures is 'Erasures of people, with their certificates; nothing here names a person. Fresh.';
comment on column aias.erasures.tenant_id is 'The tenant that the person belonged to.';
comment on column aias.erasures.id is 'The erasure''s id (UUIDv7).';
comment on column aias.erasures.status is 'running, or done: then there is a certificate.';
comment on column aias.erasures.subject_sha256 is 'SHA-256 of the person''s id, in hexadecimal.';
comment on column aias.erasures.pseudonym is 'What stands in other rows where the person''s id and address stood.';
comment on column aias.erasures.reason is 'Why; without the person''s address and id.';
comment on column aias.erasures.requested_by is 'Who asked; without the person''s address and id.';
comment on column aias.erasures.requested_at is 'When it was asked for.';
comment on column aias.erasures.finished_at is 'When it was done.';
comment on column aias.erasures.certificate is
'What was done in each table, what is kept and why, and `sha256`: of the document''s text without it.';
