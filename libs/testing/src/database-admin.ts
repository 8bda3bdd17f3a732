import pg from 'pg'

/** What only a superuser can do to the database of a test. */
export interface DatabaseAdmin {
  /** Statements, as the superuser. */
  run(sql: string): Promise<void>
  /** Ends every connection to the database and lets nobody in, until `letIn`. */
  shutOut(): Promise<void>
  letIn(): Promise<void>
  /** Locks a table against everybody. */
  hold(table: string): Promise<Hold>
}

export interface Hold {
  /** Resolves when somebody waits for the table. */
  untilWaitedFor(): Promise<void>
  release(): Promise<void>
}

export function databaseAdmin(adminUrl: string): DatabaseAdmin {
  const name = new URL(adminUrl).pathname.slice(1)
  const limitConnections = (most: number) =>
    withClient(adminUrl, (client) => client.query(`ALTER DATABASE "${name}" CONNECTION LIMIT ${most}`))

  return {
    run: async (sql) => {
      await withClient(adminUrl, (client) => client.query(sql))
    },
    async shutOut() {
      // Holds for everybody but superusers.
      await limitConnections(0)
      await withClient(adminUrl, (client) =>
        client.query(
          'SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()',
          [name],
        ),
      )
    },
    letIn: async () => {
      await limitConnections(-1)
    },
    hold: (table) => hold(adminUrl, table),
  }
}

async function hold(adminUrl: string, table: string): Promise<Hold> {
  const holder = new pg.Client({ connectionString: adminUrl })
  await holder.connect()
  await holder.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`)
  return {
    untilWaitedFor: () =>
      withClient(adminUrl, async (client) => {
        for (;;) {
          const { rowCount } = await client.query(
            `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = '${table}'::regclass`,
          )
          if (rowCount) return
        }
      }),
    async release() {
      await holder.query('ROLLBACK')
      await holder.end()
    },
  }
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
