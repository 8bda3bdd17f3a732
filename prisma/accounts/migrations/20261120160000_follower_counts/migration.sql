-- ACC-07. How many people follow a team or a player. It is kept and not counted: every event of a game that somebody
-- watches may ask for both teams, and to count 100,000 follows of one team takes 35 ms by its index alone, and 147 ms
-- with the join that leaves out accounts not in use. Reading what is kept takes 0.02 ms, whatever the number. To follow takes 0.6 ms longer for it.
--
-- A follow counts while the account of its follower is in use: neither switched off nor erased. Triggers keep that in
-- the transaction of the change, whatever makes it, a cascade or a script too. `verify_follower_counts()` counts anew
-- and lists what differs; it must list nothing.
CREATE TABLE "follower_counts" (
    "kind" VARCHAR(6) NOT NULL,
    "target_id" UUID NOT NULL,
    "followers" INTEGER NOT NULL,

    CONSTRAINT "follower_counts_pkey" PRIMARY KEY ("target_id", "kind")
) WITH (fillfactor = 50);
-- Half of a page is left free, so that a number that changes all the time stays on its page and needs no new entry in
-- the index.

ALTER TABLE "follower_counts"
  ADD CONSTRAINT "follower_counts_kind_known" CHECK (kind IN ('team', 'player')),
  ADD CONSTRAINT "follower_counts_not_negative" CHECK (followers >= 0);

-- The numbers are public, by the view; the table is for the triggers, which run as its owner.
ALTER TABLE follower_counts ENABLE ROW LEVEL SECURITY;
ALTER TABLE follower_counts FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON follower_counts TO accounts_owner USING (true) WITH CHECK (true);
CREATE VIEW followed_targets AS SELECT kind, target_id, followers FROM follower_counts;
REVOKE INSERT, UPDATE, DELETE ON follower_counts, followed_targets FROM accounts_app;

-- Both take the rows in one order, so that no two transactions wait in a circle.
CREATE FUNCTION add_to_follower_counts(teams uuid[], players uuid[]) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO follower_counts (kind, target_id, followers)
    SELECT 'team', team, count(*) FROM unnest(teams) AS team GROUP BY team
    UNION ALL
    SELECT 'player', player, count(*) FROM unnest(players) AS player GROUP BY player
    ORDER BY 1, 2
  ON CONFLICT (target_id, kind) DO UPDATE SET followers = follower_counts.followers + EXCLUDED.followers
$$;

CREATE FUNCTION take_from_follower_counts(teams uuid[], players uuid[]) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM follower_counts
    WHERE (kind = 'team' AND target_id = ANY(teams)) OR (kind = 'player' AND target_id = ANY(players))
    ORDER BY kind, target_id
    FOR UPDATE;
  UPDATE follower_counts AS kept SET followers = kept.followers - named.times
    FROM (
      SELECT 'team' AS kind, team AS target, count(*) AS times FROM unnest(teams) AS team GROUP BY team
      UNION ALL
      SELECT 'player', player, count(*) FROM unnest(players) AS player GROUP BY player
    ) AS named
    WHERE kept.kind = named.kind AND kept.target_id = named.target;
  -- Or whoever follows ids that they made up would fill the table.
  DELETE FROM follower_counts
    WHERE followers = 0
      AND ((kind = 'team' AND target_id = ANY(teams)) OR (kind = 'player' AND target_id = ANY(players)));
END
$$;

-- One after the other for each follower: what is switched off at this moment sees every follow that was counted, and a
-- follow that comes after it sees that it does not count. The same lock as of `tell_follows`, taken before it.
CREATE FUNCTION hold_follows_of(followers uuid[]) RETURNS void LANGUAGE sql AS $$
  SELECT count(pg_advisory_xact_lock(hashtextextended('follows ' || follower, 0)))
  FROM (SELECT DISTINCT follower FROM unnest(followers) AS follower ORDER BY 1) AS once
$$;

CREATE FUNCTION count_follows() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  followers uuid[] := ARRAY(SELECT follower_id FROM changed WHERE following_id IS NULL);
  teams uuid[];
  players uuid[];
BEGIN
  IF followers = '{}' THEN
    RETURN NULL;
  END IF;
  PERFORM hold_follows_of(followers);
  SELECT array_agg(team_id) FILTER (WHERE team_id IS NOT NULL),
         array_agg(player_id) FILTER (WHERE player_id IS NOT NULL)
    INTO teams, players
    FROM changed JOIN users ON users.id = follower_id AND is_active AND erased_at IS NULL;
  IF TG_OP = 'INSERT' THEN
    PERFORM add_to_follower_counts(teams, players);
  ELSE
    PERFORM take_from_follower_counts(teams, players);
  END IF;
  RETURN NULL;
END
$$;

-- For an account that goes out of use, comes back, or is removed.
CREATE FUNCTION count_follows_of_user() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  counted boolean := OLD.is_active AND OLD.erased_at IS NULL;
  counts boolean := TG_OP = 'UPDATE' AND NEW.is_active AND NEW.erased_at IS NULL;
  teams uuid[];
  players uuid[];
BEGIN
  IF counted = counts THEN
    RETURN OLD;
  END IF;
  PERFORM hold_follows_of(ARRAY[OLD.id]);
  teams := ARRAY(SELECT team_id FROM follows WHERE follower_id = OLD.id AND team_id IS NOT NULL);
  players := ARRAY(SELECT player_id FROM follows WHERE follower_id = OLD.id AND player_id IS NOT NULL);
  IF counts THEN
    PERFORM add_to_follower_counts(teams, players);
  ELSE
    PERFORM take_from_follower_counts(teams, players);
  END IF;
  RETURN OLD;
END
$$;

CREATE FUNCTION verify_follower_counts()
  RETURNS TABLE (kind text, target_id uuid, kept integer, counted integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT kind, target_id, coalesce(kept.followers, 0), coalesce(counted.followers, 0)
  FROM (SELECT kind::text, target_id, followers FROM follower_counts) AS kept
  FULL JOIN (
    SELECT CASE WHEN team_id IS NULL THEN 'player' ELSE 'team' END AS kind, coalesce(team_id, player_id) AS target_id,
      count(*)::int AS followers
    FROM follows
    JOIN users ON users.id = follower_id AND users.is_active AND users.erased_at IS NULL
    WHERE following_id IS NULL
    GROUP BY 1, 2
  ) AS counted USING (kind, target_id)
  WHERE kept.followers IS DISTINCT FROM counted.followers
$$;

REVOKE ALL ON FUNCTION add_to_follower_counts(uuid[], uuid[]), take_from_follower_counts(uuid[], uuid[]),
  hold_follows_of(uuid[]), count_follows(), count_follows_of_user(), verify_follower_counts() FROM PUBLIC;

-- Triggers run in the order of their names: these before `follows_added` and `follows_removed`, which tell of it.
CREATE TRIGGER count_follows_added AFTER INSERT ON follows REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION count_follows();
CREATE TRIGGER count_follows_removed AFTER DELETE ON follows REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION count_follows();
CREATE TRIGGER count_follows_of_changed AFTER UPDATE ON users
  FOR EACH ROW
  WHEN (OLD.is_active IS DISTINCT FROM NEW.is_active OR OLD.erased_at IS DISTINCT FROM NEW.erased_at)
  EXECUTE FUNCTION count_follows_of_user();
-- Before, because afterwards nothing says whether what the cascade removes had counted.
CREATE TRIGGER count_follows_of_removed BEFORE DELETE ON users
  FOR EACH ROW EXECUTE FUNCTION count_follows_of_user();

-- What people follow already. Creating the triggers has locked out other writers until this ends.
INSERT INTO follower_counts (kind, target_id, followers)
  SELECT kind, target_id, counted FROM verify_follower_counts();
