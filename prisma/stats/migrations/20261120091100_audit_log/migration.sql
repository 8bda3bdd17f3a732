-- Each entry is numbered without gaps and its hash covers the entry before: changing or removing one shows.

ALTER TABLE audit_log
  -- The things, and what happened to one of them: `games.change-status`, `api-keys.create`.
  ADD CONSTRAINT audit_log_action_spelling CHECK (action ~ '^[a-z]+(-[a-z]+)*s\.[a-z]+(-[a-z]+)*$'),
  ADD CONSTRAINT audit_log_actor_kind_known CHECK (actor_kind IN ('anonymous', 'partner', 'service', 'user'));

CREATE FUNCTION audit_log_hash(previous bytea, entry audit_log) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT sha256(previous || convert_to(jsonb_build_array(
    entry.id, entry.action, entry.entity_type, entry.entity_id, entry.actor_kind, entry.actor_user_id,
    entry.actor_api_key_id, entry.actor_service, entry.request_id, entry.before, entry.after,
    extract(epoch FROM entry.recorded_at)
  )::text, 'UTF8'))
$$;

-- Runs as the owner: the writer may append without being allowed to read what others did.
CREATE FUNCTION chain_audit_log() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  last audit_log;
BEGIN
  -- One writer at a time until it commits, or two would follow the same entry.
  PERFORM pg_advisory_xact_lock(hashtext('audit_log'));
  SELECT * INTO last FROM audit_log ORDER BY id DESC LIMIT 1;
  NEW.id := coalesce(last.id, 0) + 1;
  NEW.recorded_at := date_trunc('milliseconds', clock_timestamp());
  NEW.hash := audit_log_hash(coalesce(last.hash, ''::bytea), NEW);
  RETURN NEW;
END
$$;
CREATE TRIGGER audit_log_chain BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION chain_audit_log();

-- The first entry that is not as it was written, or follows a gap; null when all is well.
CREATE FUNCTION verify_audit_log() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT min(checked.id) FROM (
    SELECT
      entry.id,
      entry.id = row_number() OVER (ORDER BY entry.id)
        AND entry.hash = audit_log_hash(coalesce(lag(entry.hash) OVER (ORDER BY entry.id), ''::bytea), entry) AS intact
    FROM audit_log AS entry
  ) AS checked
  WHERE NOT checked.intact
$$;

REVOKE UPDATE, DELETE, TRUNCATE ON audit_log FROM stats_app;
