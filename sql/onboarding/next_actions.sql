-- aias.next_actions: what each person best does next, ranked, and why.
--
-- Why       what is broken comes before what is missing, and what is missing in the order of the wizard's steps. A viewer is told of
--           nothing that a viewer may not do; what a person has dismissed is left out, but for what is broken.
-- Cost      per tenant what aias.onboarding_steps costs; ask for one tenant's or one person's.
-- requires: aias.onboarding_steps
-- requires: aias.usage
create or replace view aias.next_actions
with (security_barrier)
as
with tenant_state as (
    select
        s.tenant_id,
        s.tenant,
        bool_or(s.is_done) filter (where s.step = 'sample_succeeded') as has_tried,
        bool_or(s.is_done) filter (where s.step = 'integration_connected') as has_connected,
        bool_or(s.is_done) filter (where s.step = 'first_workflow') as has_workflow,
        bool_or(s.is_done) filter (where s.step = 'first_run') as has_run,
        bool_or(s.is_done) filter (where s.step = 'first_success') as has_success,
        bool_or(s.is_done) filter (where s.step = 'automated') as has_automated,
        bool_or(s.is_done) filter (where s.step = 'colleague_invited') as has_colleague
    from aias.onboarding_steps as s
    group by s.tenant_id, s.tenant
)

select
    t.tenant_id,
    t.tenant,
    u.id as user_id,
    row_number() over (partition by t.tenant_id, u.id order by c.score desc, c.action asc) as rank,
    c.action,
    c.detail,
    c.path,
    c.score,
    c.is_urgent
from tenant_state as t
inner join aias_private.users as u on t.tenant_id = u.tenant_id
cross join
    lateral (
        select
            'reconnect_integration' as action,
            i.kind || ':' || i.name as detail,
            '/v1/integrations' as path,
            100 as score,
            true as is_urgent,
            array['owner', 'member'] as roles
        from (
            select
                b.kind,
                b.name
            from aias_private.integrations as b
            where b.tenant_id = t.tenant_id and b.status <> 'connected' and not b.is_sample
            order by b.status desc, b.kind asc, b.name asc
            limit 1
        ) as i
        union all
        select
            'settle_dead_letters' as action,
            d.open_count::text as detail,
            '/v1/dead-letters' as path,
            90 as score,
            true as is_urgent,
            array['owner', 'member'] as roles
        from (
            select count(*) as open_count
            from aias_private.dead_letters as l
            left join aias_private.executions as e on l.tenant_id = e.tenant_id and l.execution_id = e.id
            left join aias_private.workflows as w on e.tenant_id = w.tenant_id and e.workflow_id = w.id
            where l.tenant_id = t.tenant_id and l.resolution is null and w.is_sample is not true
        ) as d
        where d.open_count > 0
        union all
        select
            'change_plan' as action,
            q.measure as detail,
            '/v1/usage' as path,
            85 as score,
            true as is_urgent,
            array['owner'] as roles
        from (
            select g.measure
            from aias.usage as g
            where g.tenant_id = t.tenant_id and g.is_current and g.state <> 'within' and g.quota is not null
            order by g.used_ratio desc
            limit 1
        ) as q
        union all
        select
            'run_sample' as action,
            x.name as detail,
            '/v1/executions' as path,
            80 as score,
            false as is_urgent,
            array['owner', 'member'] as roles
        from (
            select w.name
            from aias_private.workflows as w
            where w.tenant_id = t.tenant_id and w.is_sample and w.deleted_at is null
            order by w.name desc
            limit 1
        ) as x
        where not t.has_tried and not t.has_success
        union all
        select
            f.action,
            '' as detail,
            f.path,
            f.score,
            false as is_urgent,
            f.roles
        from (
            values
            ('connect_integration', '/v1/integrations', 70, array['owner', 'member'], not t.has_connected),
            ('apply_workflow', '/v1/workflows', 60, array['owner', 'member'], t.has_connected and not t.has_workflow),
            ('run_workflow', '/v1/executions', 50, array['owner', 'member'], t.has_workflow and not t.has_run),
            ('look_at_failures', '/v1/executions', 55, array['owner', 'member'], t.has_run and not t.has_success),
            ('automate', '/v1/schedules', 40, array['owner', 'member'], t.has_success and not t.has_automated),
            ('invite_colleague', '/v1/tenants', 30, array['owner'], t.has_success and not t.has_colleague),
            ('look_at_executions', '/v1/executions', 10, array['owner', 'member', 'viewer'], true)
        ) as f (action, path, score, roles, is_due)
        where f.is_due
        union all
        select
            'remove_samples' as action,
            '' as detail,
            '/v1/onboarding/samples' as path,
            20 as score,
            false as is_urgent,
            array['owner', 'member'] as roles
        where
            t.has_success
            and exists (
                select from aias_private.workflows as w
                where w.tenant_id = t.tenant_id and w.is_sample and w.deleted_at is null
            )
    ) as c
where
    u.role = any(c.roles)
    and (
        c.is_urgent
        or not exists (
            select from aias_private.guidance_dismissals as d
            where d.tenant_id = t.tenant_id and d.user_id = u.id and d.kind = 'action' and d.name = c.action
        )
    );
grant select on aias.next_actions to aias_app, aias_worker, aias_analyst, aias_admin;
comment on view aias.next_actions is
'What each person best does next, ranked: rank 1 is the next best action. aias.next_action says it in words. Fresh; what follows from executions: a minute.';
comment on column aias.next_actions.tenant_id is 'The tenant.';
comment on column aias.next_actions.tenant is 'The tenant''s slug.';
comment on column aias.next_actions.user_id is 'The person.';
comment on column aias.next_actions.rank is 'The place among the person''s actions, from 1: the best.';
comment on column aias.next_actions.action is
'reconnect_integration, settle_dead_letters, change_plan, run_sample, connect_integration, look_at_failures, apply_workflow, run_workflow, automate, invite_colleague, remove_samples or look_at_executions.';
comment on column aias.next_actions.detail is 'What it is about: a connection, a workflow, a measure, a number; else empty.';
comment on column aias.next_actions.path is 'Where in the HTTP API it is done.';
comment on column aias.next_actions.score is 'What it is ranked by, from 1 to 100: more is better.';
comment on column aias.next_actions.is_urgent is 'Whether something is broken or about to be: it can''t be dismissed.';
