-- What is followed comes in pages, so that nobody holds more of it than one page; the function is made again with them.
drop function if exists aias.follow_logs(pg_snapshot, uuid, text, uuid, text, text, text);
