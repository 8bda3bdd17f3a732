-- The log behind the same walls as every other table of accounts: a person reads none of it, the system reads all.
ALTER TABLE stream_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE stream_log FORCE ROW LEVEL SECURITY;
ALTER TABLE stream_heads ENABLE ROW LEVEL SECURITY;
ALTER TABLE stream_heads FORCE ROW LEVEL SECURITY;
ALTER TABLE facts ENABLE ROW LEVEL SECURITY;
ALTER TABLE facts FORCE ROW LEVEL SECURITY;

CREATE POLICY system_read ON stream_log FOR SELECT USING (app_is_system());
CREATE POLICY system_read ON stream_heads FOR SELECT USING (app_is_system());
CREATE POLICY system_read ON facts FOR SELECT USING (app_is_system());

-- The functions that append and remove run as the owner, on behalf of whoever writes what a fact tells of.
CREATE POLICY owner_all ON stream_log TO accounts_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON stream_heads TO accounts_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON facts TO accounts_owner USING (true) WITH CHECK (true);

-- Roles belong to the whole server, and a shadow database replays this file: create only what is missing.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'accounts_log_reader') THEN
    CREATE ROLE accounts_log_reader NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
  END IF;
END
$$;

-- What a feed of another subgraph reads, and no column more: neither who acted nor in which request. All streams,
-- because a feed keeps its place in the whole log; facts that it could not see would look to it like facts it missed.
GRANT USAGE ON SCHEMA public TO accounts_log_reader;
GRANT SELECT (epoch, removed_tx_id, removed_id) ON stream_log TO accounts_log_reader;
GRANT SELECT (stream, epoch) ON stream_heads TO accounts_log_reader;
GRANT SELECT (stream, seq, type, payload, occurred_at, recorded_at, media_time_ms, tx_id, id)
  ON facts TO accounts_log_reader;
CREATE POLICY log_reader_read ON stream_log FOR SELECT TO accounts_log_reader USING (true);
CREATE POLICY log_reader_read ON stream_heads FOR SELECT TO accounts_log_reader USING (true);
CREATE POLICY log_reader_read ON facts FOR SELECT TO accounts_log_reader USING (true);

-- These run as the owner and believe what a session says of itself: for the application alone.
REVOKE EXECUTE ON FUNCTION user_id_of(citext), is_block_between_caller_and(uuid), verify_audit_log() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION user_id_of(citext), is_block_between_caller_and(uuid), verify_audit_log() TO accounts_app;
