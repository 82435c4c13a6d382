-- aias.lanes: the classes of service.
create or replace view aias.lanes as
select
    l.name,
    l.queue_name,
    l.base_priority,
    l.weight,
    l.description
from aias_private.lanes as l;
grant select on aias.lanes to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.lanes is 'The lanes: named classes of service, highest priority first when ordered so. Fresh.';
comment on column aias.lanes.name is 'The lane''s name.';
comment on column aias.lanes.queue_name is 'The queue that a worker names to work on the lane (procrastinate worker --queues).';
comment on column aias.lanes.base_priority is 'The priority of the lane''s jobs; higher goes first.';
comment on column aias.lanes.weight is 'The lane''s share when all lanes have work, in proportion to the others'' weights.';
comment on column aias.lanes.description is 'What the lane is for.';
