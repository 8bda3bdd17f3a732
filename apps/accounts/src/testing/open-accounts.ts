import { randomUUID } from 'node:crypto'
import type { Role } from '@courtside/auth'
import { openSubgraph, principals, type SubgraphClient, type SubgraphHarness } from '@courtside/testing'
import pg from 'pg'
import { type AccountsOptions, composeAccounts } from '../compose.ts'
import type { Argon2Cost } from '../passwords/index.ts'

export const TEST_SECRET = 'a secret that protects nothing but tests'

/** The least that argon2 takes: tests hash often, and what they prove does not depend on the cost. */
export const CHEAPEST: Argon2Cost = { memoryKib: 32, passes: 1, lanes: 1 }

/** Somebody with an account, and a way to ask as them. */
export interface Person extends SubgraphClient {
  id: string
  username: string
  email: string
}

export interface AccountsHarness extends SubgraphHarness {
  person(name?: string, role?: Role): Promise<Person>
  people<Names extends readonly string[]>(...names: Names): Promise<{ [Name in keyof Names]: Person }>
  /** As the superuser, past every wall: for arranging and looking. */
  sql<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>
}

/** The accounts subgraph on a database of its own, and people in it. */
export async function openAccounts(
  overrides: Partial<Pick<AccountsOptions, 'ownership' | 'passwords' | 'secret' | 'metrics'>> = {},
): Promise<AccountsHarness> {
  const harness = await openSubgraph('accounts', (dependencies) =>
    composeAccounts({
      secret: TEST_SECRET,
      passwords: { cost: CHEAPEST },
      ...dependencies,
      ...overrides,
    }),
  )
  const admin = new pg.Pool({ connectionString: harness.database.adminUrl, max: 2 })
  let closing = false
  // Ending the pool does not wait for the server to let go; dropping the database cuts a connection on its way out.
  admin.on('error', (error) => {
    if (!closing) throw error
  })

  const person = async (name = 'somebody', role: Role = 'viewer'): Promise<Person> => {
    const id = randomUUID()
    const username = `${name}-${id.slice(0, 8)}`
    const email = `${username}@example.com`
    await admin.query('INSERT INTO users (id, username, email) VALUES ($1, $2, $3)', [id, username, email])
    return { id, username, email, ...harness.as(principals.user(role, id)) }
  }

  return {
    ...harness,
    person,
    async people<Names extends readonly string[]>(...names: Names) {
      const everybody = await Promise.all(names.map((name) => person(name)))
      return everybody as { [Name in keyof Names]: Person }
    },
    sql: async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) =>
      (await admin.query<Row>(text, [...values])).rows,
    async close() {
      closing = true
      await admin.end()
      await harness.close()
    },
  }
}
