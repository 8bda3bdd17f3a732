import { type Client, escapeIdentifier, escapeLiteral } from 'pg'
import { roleName } from '../embedded/index.ts'
import { withConnection, withDatabase } from './connection.ts'
import { exclusively } from './lock.ts'

export interface PrepareDatabaseOptions {
  ownerPassword: string
  appPassword: string
  /** Default: the role of those who read the log is not made. */
  logReaderPassword?: string
  /** Default: `name`. Another one for a shadow or a template, which the same roles use. */
  database?: string
}

/** No role is more than an ordinary user, and none passes by row-level security. */
const ORDINARY = 'LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS'

/**
 * The database of a subgraph and its roles: `<name>_owner` owns everything and migrates; `<name>_app` and
 * `<name>_log_reader` may only what the migrations grant. Can be repeated at any time, by any number of processes at once.
 */
export async function prepareDatabase(
  adminUrl: string,
  name: string,
  options: PrepareDatabaseOptions,
): Promise<void> {
  const database = options.database ?? name
  await exclusively(adminUrl, 'prepare', async (client) => {
    await putRole(client, roleName('owner', name), options.ownerPassword)
    await putRole(client, roleName('app', name), options.appPassword)
    if (options.logReaderPassword !== undefined) {
      await putRole(client, roleName('log_reader', name), options.logReaderPassword)
    }
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database])
    if (rowCount === 0) {
      const owner = escapeIdentifier(roleName('owner', name))
      await client.query(`CREATE DATABASE ${escapeIdentifier(database)} OWNER ${owner} TEMPLATE template0`)
    }
    await closeDatabase(client, name, database)
  })
  await withConnection(withDatabase(adminUrl, database), (client) =>
    client.query('REVOKE CREATE ON SCHEMA public FROM PUBLIC'),
  )
}

/** By default any role of the server may connect to any database. The rights are the database's own, so a clone has none of them. */
export async function closeDatabase(client: Client, name: string, database: string): Promise<void> {
  const { rows } = await client.query<{ rolname: string }>(
    'SELECT rolname FROM pg_roles WHERE rolname = ANY ($1) ORDER BY rolname',
    [[roleName('app', name), roleName('log_reader', name)]],
  )
  const [quoted, entering] = [
    escapeIdentifier(database),
    rows.map(({ rolname }) => escapeIdentifier(rolname)).join(', '),
  ]
  await client.query(
    `REVOKE ALL ON DATABASE ${quoted} FROM PUBLIC; GRANT CONNECT ON DATABASE ${quoted} TO ${entering}`,
  )
}

async function putRole(client: Client, role: string, password: string): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role])
  const verb = rowCount === 0 ? 'CREATE' : 'ALTER'
  await client.query(`${verb} ROLE ${escapeIdentifier(role)} ${ORDINARY} PASSWORD ${escapeLiteral(password)}`)
}
