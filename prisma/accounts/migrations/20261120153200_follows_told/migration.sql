-- Tells the other subgraphs who follows which teams: the stream `follows:<user id>`, in the transaction of the change
-- and whatever made it, a cascade or a script too. Each fact holds all that the person follows from then on, so the
-- newest one is enough, and older ones can be removed without anybody missing them. What people follow beside teams
-- stays here until somebody needs it.

CREATE FUNCTION append_follows(followers uuid[]) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT FROM append_facts((
    SELECT coalesce(jsonb_agg(jsonb_build_object(
      'stream', 'follows:' || follower,
      'key', gen_random_uuid(),
      'type', 'teams-followed',
      'payloadVersion', 1,
      'occurredAt', clock_timestamp(),
      'payload', jsonb_build_object(
        'v', 1,
        'userId', follower,
        -- Some 20 KB at most: every change by somebody who follows thousands would be a fact of thousands.
        'teamIds', ARRAY(
          SELECT team_id FROM follows
          WHERE follower_id = follower AND team_id IS NOT NULL
          ORDER BY created_at DESC, id DESC
          LIMIT 500
        )
      )
    )), '[]')
    FROM unnest(followers) AS follower
  ))
$$;

CREATE FUNCTION tell_follows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  followers uuid[] := ARRAY(SELECT DISTINCT follower_id FROM changed WHERE team_id IS NOT NULL ORDER BY 1);
BEGIN
  IF followers = '{}' THEN
    RETURN NULL;
  END IF;
  -- Of two changes at once the second looks only when the first has been committed, or its fact would not hold both.
  PERFORM pg_advisory_xact_lock(hashtextextended('follows ' || follower, 0)) FROM unnest(followers) AS follower;
  PERFORM append_follows(followers);
  RETURN NULL;
END
$$;

REVOKE ALL ON FUNCTION append_follows(uuid[]), tell_follows() FROM PUBLIC;

-- Nobody changes whom a row is about: a follow is added and removed.
CREATE TRIGGER follows_added AFTER INSERT ON follows REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION tell_follows();
CREATE TRIGGER follows_removed AFTER DELETE ON follows REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION tell_follows();

-- What people followed before there was a log. Creating the triggers has locked out other writers until this ends.
DO $$
DECLARE
  known uuid[];
  last uuid := '00000000-0000-0000-0000-000000000000';
BEGIN
  LOOP
    known := ARRAY(
      SELECT DISTINCT follower_id FROM follows WHERE team_id IS NOT NULL AND follower_id > last ORDER BY 1 LIMIT 500
    );
    EXIT WHEN known = '{}';
    PERFORM append_follows(known);
    last := known[cardinality(known)];
  END LOOP;
END
$$;
