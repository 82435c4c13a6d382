-- Functions that are made again with other arguments: what is followed comes in pages, so that nobody holds more of it than
-- one; dead letters are found by the fuse that diverted them.
-- Only the release that brings this one calls them, and the files in sql/ make them again in the same run.
-- squawk-ignore-file ban-drop-function

drop function if exists aias.follow_logs(pg_snapshot, uuid, text, uuid, text, text, text);
drop function if exists aias.find_dead_letters(uuid, boolean, text, uuid, integer);
