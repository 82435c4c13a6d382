-- aias.freshness: as of when the summed up figures are.
create or replace view aias.freshness as
select
    r.name,
    r.kind,
    r.cadence,
    r.as_of,
    aias_private.now() - r.as_of as age,
    -- three missed turns: a pause of a minute is no news
    coalesce(aias_private.now() - r.as_of > 3 * r.cadence, true) as is_late,
    r.refreshed_at,
    r.duration,
    r.row_count,
    r.error
from aias_private.refreshes as r;
grant select on aias.freshness to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.freshness is
'How fresh the summed up figures are: one row per rollup and materialized view that other views stand on. Fresh.';
comment on column aias.freshness.name is 'The rollup''s or materialized view''s name, which the comments of views refer to.';
comment on column aias.freshness.kind is 'rollup: what is new is added; materialized: made anew, while readers go on.';
comment on column aias.freshness.cadence is 'How often it is brought up to date (interval).';
comment on column aias.freshness.as_of is 'Everything that was committed before is in the figures; null until the first time.';
comment on column aias.freshness.age is 'How old the figures are now (interval).';
comment on column aias.freshness.is_late is 'Whether that is more than three times the cadence, or it has never been brought up to date.';
comment on column aias.freshness.refreshed_at is 'When it was last brought up to date.';
comment on column aias.freshness.duration is 'How long that took (interval).';
comment on column aias.freshness.row_count is 'Rows: those that a rollup added or changed the last time, or those of the materialized view.';
comment on column aias.freshness.error is 'Why the last refresh could not be made; null after one that was.';
