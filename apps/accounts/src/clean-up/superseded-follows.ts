import { systemActor } from '@courtside/database'
import type { Database, Tx } from '../db.ts'

const PEOPLE_A_LOOK = 500
/** Whoever changes what they follow waits for as long as a removal takes. */
const FACTS_A_REMOVAL = 200

/**
 * What each person was once told to follow, by person, as what removes a batch of it. A removal holds the person's
 * stream and then the row of the whole log: it is a transaction of its own, or the next person's stream would be waited
 * for with that row in hand.
 */
export async function* supersededFollows(
  db: Database,
  before: Date,
): AsyncGenerator<(tx: Tx) => Promise<number>, void> {
  let after = 'follows:'
  for (;;) {
    const found = await findSuperseded(db, before, after)
    for (const { stream, until } of found) {
      yield async (tx) => {
        const [row] = await tx.$queryRaw<{ removed: number }[]>`
          SELECT remove_facts(${stream}, ${until}::timestamptz, ${FACTS_A_REMOVAL}::int) AS removed`
        return row?.removed ?? 0
      }
    }
    const last = found.at(-1)
    if (last === undefined || found.length < PEOPLE_A_LOOK) return
    after = last.stream
  }
}

/**
 * The newest fact of a person says it all and stays: from those, whoever comes new learns what everybody follows. One
 * that names no team says no more than no fact would, and goes with the others: nobody's follows outlive their account.
 */
function findSuperseded(db: Database, before: Date, after: string) {
  return db.as(
    systemActor,
    (tx) => tx.$queryRaw<{ stream: string; until: Date }[]>`
      SELECT head.stream, told.until
      FROM stream_heads AS head
      JOIN facts AS oldest ON oldest.stream = head.stream AND oldest.seq = head.floor + 1
      JOIN facts AS newest ON newest.stream = head.stream AND newest.seq = head.seq
      CROSS JOIN LATERAL (
        -- LEAST passes by what is null.
        SELECT LEAST(
          ${before}::timestamptz,
          CASE WHEN newest.payload -> 'teamIds' IS DISTINCT FROM '[]' THEN newest.recorded_at END
        ) AS until
      ) AS told
      -- In the order of bytes, in which streams are compared, a semicolon comes next after a colon.
      WHERE head.stream > ${after} AND head.stream < 'follows;' AND oldest.recorded_at < told.until
      ORDER BY head.stream
      LIMIT ${PEOPLE_A_LOOK}::int`,
  )
}
