-- The engine's calls in groups, and what each job costs.
--
-- The function that is dropped is called by functions of the same release only.
-- squawk-ignore-file require-concurrent-index-creation, ban-drop-function

-- What the functions of one group of the engine's calls hand to each other.
create type aias_private.engine_call as (
    place integer,
    verb text,
    tenant_id uuid,
    execution_id uuid,
    attempt integer,
    -- null where the call has none
    changes jsonb,
    -- running, succeeded or skipped, each step once: nothing that SQL has to decide on
    has_plain_changes boolean,
    call jsonb,
    -- locked by another transaction: not to be made now
    is_busy boolean,
    -- the only call of the group for its execution, which is as the call's attempt left it
    is_current boolean,
    has_parent boolean
);
comment on type aias_private.engine_call is
'One of the calls that an engine makes together, and what was found when its execution was locked.';

-- It no longer gives the definition, which its callers know by workflow and version.
drop function if exists aias_private.claim_execution(uuid, uuid, bigint, bigint);

-- The same rule, with a short way for what nearly all arguments are: in 130 characters nothing is nested 65 levels deep,
-- and jsonb writes numbers out, so none there has 300 digits.
create or replace function aias_private.is_safe_args(
    p_args jsonb
)
returns boolean
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_args is null or jsonb_typeof(p_args) <> 'object' then
        return false;
    end if;
    if pg_column_size(p_args) < 200 and octet_length(p_args::text) <= 130 then
        return true;
    end if;
    if pg_column_size(p_args #> '{}') > 5001000 or jsonb_path_exists(p_args, 'strict $.**{65}') then
        return false;
    end if;
    if exists (
        select
        from jsonb_array_elements(
            jsonb_path_query_array(p_args, 'strict $.** ? (@.type() == "number")')
        ) as number (value)
        where abs(number.value::numeric) >= 1e308 or scale(number.value::numeric) > 400
    ) then
        return false;
    end if;
    return octet_length(p_args::text) <= 1000000;
end;
$$;

-- The engine's foreign key from its periodic jobs is checked for every job that is deleted: without an index by a scan.
-- The table holds a row per periodic task and tick, so it is indexed while it is locked.
create index aias_periodic_defers_job_idx on public.procrastinate_periodic_defers (job_id)
where job_id is not null;
