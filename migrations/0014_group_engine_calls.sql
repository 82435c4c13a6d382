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
