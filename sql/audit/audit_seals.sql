-- aias.audit_seals: the chain over the audit log.
create or replace view aias.audit_seals
with (security_barrier)
as
select
    s.seq,
    s.row_count,
    s.row_ids[1] as first_id,
    s.row_ids[s.row_count] as last_id,
    s.sealed_at,
    encode(s.hash, 'hex') as hash,
    encode(s.previous_hash, 'hex') as previous_hash
from aias_private.audit_seals as s
where (select aias_private.caller_sees_all());
grant select on aias.audit_seals to aias_worker, aias_analyst, aias_admin;
comment on view aias.audit_seals is
'The seals of the audit log, each over a batch of its rows and the seal before. Fresh; a row is sealed within about a minute.';
comment on column aias.audit_seals.seq is 'Its number, from 1, without gaps.';
comment on column aias.audit_seals.row_count is 'How many rows it covers.';
comment on column aias.audit_seals.first_id is 'The first of them.';
comment on column aias.audit_seals.last_id is 'The last of them.';
comment on column aias.audit_seals.sealed_at is 'When they were sealed.';
comment on column aias.audit_seals.hash is 'Its SHA-256, in hexadecimal; the next seal holds it.';
comment on column aias.audit_seals.previous_hash is 'The hash of the seal before; zeros for the first.';
