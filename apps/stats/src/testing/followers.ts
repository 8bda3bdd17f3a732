import { randomUUID } from 'node:crypto'
import { cloneDatabase } from '@courtside/testing'
import pg from 'pg'

/** People in a real database of accounts, who follow teams. What they do there is told there. */
export interface Followers {
  /** For stats. */
  readonly accountsLogUrl: string
  /** Their id. */
  person(): Promise<string>
  follow(userId: string, ...teamIds: readonly string[]): Promise<void>
  unfollow(userId: string, teamId: string): Promise<void>
  /** With all that goes with the account. */
  remove(userId: string): Promise<void>
  /** A connection of one's own, as the superuser; to be ended. */
  connect(): Promise<pg.Client>
  /** As the superuser. */
  sql<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>
  close(): Promise<void>
}

export async function openFollowers(): Promise<Followers> {
  const database = await cloneDatabase('accounts')
  const connect = async () => {
    const client = new pg.Client({ connectionString: database.adminUrl })
    await client.connect()
    return client
  }
  const superuser = await connect()
  const sql = async <Row extends object>(text: string, values?: unknown[]) =>
    (await superuser.query<Row>(text, values)).rows
  return {
    accountsLogUrl: database.logReaderUrl,
    connect,
    sql,
    async person() {
      const id = randomUUID()
      await sql('INSERT INTO users (id, username, email) VALUES ($1, $2, $3)', [
        id,
        `fan-${id.slice(0, 8)}`,
        `${id}@example.com`,
      ])
      return id
    },
    async follow(userId, ...teamIds) {
      await sql(
        `INSERT INTO follows (id, follower_id, team_id) SELECT gen_random_uuid(), $1, unnest($2::uuid[])`,
        [userId, teamIds],
      )
    },
    async unfollow(userId, teamId) {
      await sql('DELETE FROM follows WHERE follower_id = $1 AND team_id = $2', [userId, teamId])
    },
    async remove(userId) {
      await sql('DELETE FROM users WHERE id = $1', [userId])
    },
    async close() {
      await superuser.end()
      await database.drop()
    },
  }
}
