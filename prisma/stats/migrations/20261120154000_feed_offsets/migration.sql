-- What a consumer of feeds keeps, version 1. A migration of this name in a subgraph is a copy of this file, letter for
-- letter. Once a subgraph has it, it stays as it is: what changes comes as a file of its own.

-- How far each feed has come. Changed in the transaction of the feed's effect, and so never apart from it.
CREATE TABLE feed_offsets (
  feed text PRIMARY KEY,
  epoch integer NOT NULL,
  tx_id bigint NOT NULL,
  fact_id bigint NOT NULL,
  -- What retention had removed when the feed began: nobody missed that.
  begun_tx_id bigint NOT NULL,
  begun_fact_id bigint NOT NULL,
  updated_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);

-- Facts that a feed could not take. It went on without them; they wait to be replayed.
CREATE TABLE feed_dead_letters (
  feed text NOT NULL,
  stream text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  fact jsonb NOT NULL,
  error text NOT NULL,
  attempts integer NOT NULL,
  failed_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (feed, stream, seq)
);
