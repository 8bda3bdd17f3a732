-- The stream log, version 1. A migration of this name in a subgraph is a copy of this file, letter for letter.
-- Once a subgraph has it, it stays as it is: what changes comes as a file of its own.

-- One row for the whole log.
CREATE TABLE stream_log (
  single boolean PRIMARY KEY DEFAULT true,
  -- Moves on when a restore may have lost the end of the log: numbers given since then may have been given before.
  epoch integer NOT NULL DEFAULT 1,
  -- How far in feed order retention has removed facts.
  removed_tx_id xid8 NOT NULL DEFAULT '0',
  removed_id bigint NOT NULL DEFAULT 0,
  CONSTRAINT stream_log_is_one_row CHECK (single)
);
INSERT INTO stream_log DEFAULT VALUES;

-- Its row lock makes the order of commits the order of numbers. It is changed by every append, always the same columns
-- and none of them indexed: with room on its page that touches no index.
CREATE TABLE stream_heads (
  stream text COLLATE "C" PRIMARY KEY,
  epoch integer NOT NULL,
  seq bigint NOT NULL DEFAULT 0,
  floor bigint NOT NULL DEFAULT 0,
  tx_id xid8 NOT NULL,
  -- `<kind>:<id>`, short enough for a cursor.
  CONSTRAINT stream_heads_stream_spelling CHECK (stream ~ '^[a-z][a-z-]{0,22}:[A-Za-z0-9._-]{1,40}$'),
  CONSTRAINT stream_heads_floor_below_seq CHECK (0 <= floor AND floor <= seq)
) WITH (fillfactor = 50);

-- Not partitioned. By time it could not be: a key is refused for as long as its fact is kept, and Postgres holds such a
-- promise only within one partition. By stream it can be made so later, because both keys begin with it.
CREATE TABLE facts (
  stream text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  key uuid NOT NULL,
  type text NOT NULL,
  payload jsonb NOT NULL,
  payload_version integer NOT NULL,
  occurred_at timestamptz(3) NOT NULL,
  recorded_at timestamptz(3) NOT NULL,
  media_time_ms integer,
  actor_kind text,
  actor_user_id uuid,
  actor_api_key_id uuid,
  actor_service text,
  request_id text,
  trace_id text,
  -- Feeds read by (tx_id, id). It is the number of the writing transaction, or of one before it in the same stream
  -- where that is higher: transactions get their numbers in another order than they reach a stream, and a feed must
  -- not see a stream out of order. As it is never below the writer's own number, everything below the oldest
  -- transaction still running is there for good, and nothing can appear behind it.
  tx_id xid8 NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  PRIMARY KEY (stream, seq)
);
CREATE UNIQUE INDEX facts_stream_key_key ON facts (stream, key);
CREATE UNIQUE INDEX facts_tx_id_id_key ON facts (tx_id, id);

-- Appends all of `entries` or, when a stream of theirs has not the version that one expects, none. Each entry is told as
-- `appended`, `known` (its key is there: the fact of then) or `refused` (`seq` is the version that it met).
CREATE FUNCTION append_facts(entries jsonb)
RETURNS TABLE (
  place bigint, outcome text, stream text, seq bigint, epoch integer, type text, payload jsonb,
  occurred_at timestamptz, recorded_at timestamptz, media_time_ms integer
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
-- A plan made while the tables were small would be kept while they grow: here an index is never wrong, and a plan for
-- each value costs more than it saves.
SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  targets text[] := ARRAY(SELECT DISTINCT value ->> 'stream' COLLATE "C" FROM jsonb_array_elements(entries) ORDER BY 1);
  entry record;
  head stream_heads;
  fact facts;
BEGIN
  -- First the heads that are missing, then the locks, each in one order everywhere: two appends to the same two
  -- streams never wait for each other.
  INSERT INTO stream_heads (stream, epoch, tx_id)
    SELECT target, (SELECT epoch FROM stream_log), pg_current_xact_id()
    FROM unnest(targets) AS target
    WHERE NOT EXISTS (SELECT FROM stream_heads AS found WHERE found.stream = target)
    ORDER BY target
    ON CONFLICT DO NOTHING;
  PERFORM FROM stream_heads WHERE stream = ANY (targets) ORDER BY stream FOR UPDATE;

  -- From here on each statement sees what was committed when the locks were taken, and nobody adds to it.
  IF entries @? '$[*].expectedVersion' THEN
    RETURN QUERY
    SELECT given.place, 'refused', found.stream, found.seq, found.epoch, NULL, NULL::jsonb, NULL::timestamptz,
      NULL::timestamptz, NULL::integer
    FROM ROWS FROM (jsonb_to_recordset(entries) AS (stream text, key uuid, "expectedVersion" bigint))
      WITH ORDINALITY AS given (stream, key, expected_version, place)
    JOIN stream_heads AS found ON found.stream = given.stream AND found.seq <> given.expected_version
    WHERE NOT EXISTS (SELECT FROM facts AS stored WHERE stored.stream = given.stream AND stored.key = given.key);
    IF FOUND THEN
      RETURN;
    END IF;
  END IF;

  FOR entry IN
    SELECT given.*
    FROM ROWS FROM (jsonb_to_recordset(entries) AS (
      stream text, key uuid, type text, payload jsonb, "payloadVersion" integer, "occurredAt" timestamptz,
      "mediaTimeMs" integer, actor jsonb, "requestId" text, "traceId" text
    )) WITH ORDINALITY AS given (
      stream, key, type, payload, payload_version, occurred_at, media_time_ms, actor, request_id, trace_id, place
    )
    ORDER BY given.stream COLLATE "C", given.place
  LOOP
    IF head.stream IS DISTINCT FROM entry.stream THEN
      -- The head moves once, however many facts there are.
      UPDATE stream_heads SET seq = head.seq, tx_id = head.tx_id WHERE stream = head.stream AND seq <> head.seq;
      SELECT * INTO head FROM stream_heads WHERE stream = entry.stream;
      head.tx_id := greatest(head.tx_id, pg_current_xact_id());
    END IF;
    outcome := 'known';
    SELECT * INTO fact FROM facts WHERE stream = entry.stream AND key = entry.key;
    IF NOT FOUND THEN
      outcome := 'appended';
      head.seq := head.seq + 1;
      INSERT INTO facts (
        stream, seq, key, type, payload, payload_version, occurred_at, recorded_at, media_time_ms, actor_kind,
        actor_user_id, actor_api_key_id, actor_service, request_id, trace_id, tx_id
      ) VALUES (
        entry.stream, head.seq, entry.key, entry.type, coalesce(entry.payload, 'null'), entry.payload_version,
        entry.occurred_at, clock_timestamp(), entry.media_time_ms, entry.actor ->> 'kind',
        (entry.actor ->> 'userId')::uuid, (entry.actor ->> 'apiKeyId')::uuid, entry.actor ->> 'service',
        entry.request_id, entry.trace_id, head.tx_id
      ) RETURNING * INTO fact;
    END IF;
    place := entry.place;
    stream := fact.stream;
    seq := fact.seq;
    epoch := head.epoch;
    type := fact.type;
    payload := fact.payload;
    occurred_at := fact.occurred_at;
    recorded_at := fact.recorded_at;
    media_time_ms := fact.media_time_ms;
    RETURN NEXT;
  END LOOP;
  UPDATE stream_heads SET seq = head.seq, tx_id = head.tx_id WHERE stream = head.stream AND seq <> head.seq;
END
$$;

-- Removes the oldest facts of a stream, those recorded before that time and at most so many; how many it removed.
CREATE FUNCTION remove_facts(target text, recorded_before timestamptz, most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  head stream_heads;
  new_floor bigint;
  removed integer;
BEGIN
  SELECT * INTO head FROM stream_heads WHERE stream = target FOR UPDATE;
  -- From the beginning without a hole, also where a clock once went back.
  SELECT coalesce(min(seq) FILTER (WHERE recorded_at >= recorded_before) - 1, max(seq))
    INTO new_floor
    FROM (
      SELECT seq, recorded_at FROM facts WHERE stream = target AND seq > head.floor ORDER BY seq LIMIT most
    ) AS oldest;
  IF new_floor IS NULL OR new_floor = head.floor THEN
    RETURN 0;
  END IF;
  UPDATE stream_log SET (removed_tx_id, removed_id) = (
      SELECT tx_id, id FROM (
        SELECT removed_tx_id AS tx_id, removed_id AS id
        UNION ALL SELECT tx_id, id FROM facts WHERE stream = target AND seq = new_floor
      ) AS removal ORDER BY tx_id DESC, id DESC LIMIT 1
    );
  DELETE FROM facts WHERE stream = target AND seq <= new_floor;
  GET DIAGNOSTICS removed = ROW_COUNT;
  UPDATE stream_heads SET floor = new_floor WHERE stream = target;
  RETURN removed;
END
$$;

-- After a restore, before anybody writes: the new epoch. For the owner only.
CREATE FUNCTION bump_stream_epoch() RETURNS integer
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  new_epoch integer;
BEGIN
  LOCK TABLE stream_heads, facts IN EXCLUSIVE MODE;
  -- A dump may come to a server that has not counted so many transactions: no feed would ever reach such facts.
  UPDATE facts SET tx_id = pg_current_xact_id() WHERE tx_id > pg_current_xact_id();
  UPDATE stream_log SET epoch = epoch + 1, removed_tx_id = least(removed_tx_id, pg_current_xact_id())
    RETURNING epoch INTO new_epoch;
  UPDATE stream_heads SET epoch = new_epoch, tx_id = least(tx_id, pg_current_xact_id());
  RETURN new_epoch;
END
$$;

-- Whoever the schema's default grants let write tables may only read these, and call what keeps them true. The
-- application's role is called otherwise in each subgraph, so it is found by those grants.
REVOKE ALL ON FUNCTION append_facts(jsonb), remove_facts(text, timestamptz, integer), bump_stream_epoch() FROM PUBLIC;
DO $$
DECLARE
  app text;
BEGIN
  FOR app IN
    SELECT DISTINCT acl.grantee::regrole::text
    FROM pg_class AS class, aclexplode(class.relacl) AS acl
    WHERE class.oid = 'facts'::regclass AND acl.grantee NOT IN (0, class.relowner)
  LOOP
    EXECUTE format('REVOKE ALL ON stream_log, stream_heads, facts FROM %s', app);
    EXECUTE format('GRANT SELECT ON stream_log, stream_heads, facts TO %s', app);
    EXECUTE format('REVOKE ALL ON SEQUENCE facts_id_seq FROM %s', app);
    EXECUTE format('GRANT EXECUTE ON FUNCTION append_facts(jsonb), remove_facts(text, timestamptz, integer) TO %s', app);
  END LOOP;
END
$$;
