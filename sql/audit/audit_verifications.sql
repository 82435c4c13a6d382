-- aias.audit_verifications: what the looks at the audit log's chain have found.
create or replace view aias.audit_verifications
with (security_barrier)
as
select
    v.id,
    v.kind,
    v.from_seal,
    v.to_seal,
    v.is_ok,
    v.checked_count,
    v.archived_count,
    v.unsealed_count,
    v.finding,
    v.first_bad_id,
    v.bad_seal,
    v.reason,
    encode(v.head_hash, 'hex') as head_hash,
    v.verified_at,
    v.verified_by
from aias_private.audit_verifications as v
where (select aias_private.caller_sees_all());
grant select on aias.audit_verifications to aias_worker, aias_analyst, aias_admin;
comment on view aias.audit_verifications is 'Every look at the chain of the audit log, and what it found. Fresh.';
comment on column aias.audit_verifications.id is 'Its number: ordering by it is ordering by time.';
comment on column aias.audit_verifications.kind is 'asked by someone, new (the daily look at what was sealed since) or rolling (at a part of the old).';
comment on column aias.audit_verifications.from_seal is 'The number of the first seal that was looked at.';
comment on column aias.audit_verifications.to_seal is 'The number of the last; 0 when nothing was sealed yet.';
comment on column aias.audit_verifications.is_ok is 'Whether all of it is what was sealed, and the guards are on.';
comment on column aias.audit_verifications.checked_count is 'How many rows were read.';
comment on column aias.audit_verifications.archived_count is 'How many rows of these seals are in the archive alone.';
comment on column aias.audit_verifications.unsealed_count is 'How many rows came after the last seal.';
comment on column aias.audit_verifications.finding is 'altered, missing, inserted, seal_altered, seal_missing or guard_off; null when all is well.';
comment on column aias.audit_verifications.first_bad_id is 'The first row that is not what was sealed; null when it is not a row that is wrong.';
comment on column aias.audit_verifications.bad_seal is 'The number of the seal that it was found under.';
comment on column aias.audit_verifications.reason is 'The same in words.';
comment on column aias.audit_verifications.head_hash is 'The hash of the last seal then, in hexadecimal.';
comment on column aias.audit_verifications.verified_at is 'When it was looked at.';
comment on column aias.audit_verifications.verified_by is 'Who looked.';
