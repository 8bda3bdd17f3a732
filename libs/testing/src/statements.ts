import pg from 'pg'

/** Statements that only frame others. */
const FRAME = /^\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|DEALLOCATE)\b/i

export interface Statement {
  text: string
  values: unknown[]
}

/**
 * Runs `work` and tells which statements this process sent to Postgres meanwhile, in order, without BEGIN and COMMIT.
 * Watches the driver itself, so nothing that any layer sends is missed.
 */
export async function statementsDuring<T>(
  work: () => Promise<T>,
): Promise<{ result: T; statements: string[]; parametrised: Statement[] }> {
  const seen: Statement[] = []
  const { query } = pg.Client.prototype
  const watched = function (this: pg.Client, ...args: unknown[]) {
    const statement = toStatement(args[0], args[1])
    if (statement !== null && !FRAME.test(statement.text)) seen.push(statement)
    return Reflect.apply(query, this, args) as unknown
  }
  pg.Client.prototype.query = watched as typeof query
  try {
    const result = await work()
    return { result, statements: seen.map(({ text }) => text), parametrised: seen }
  } finally {
    pg.Client.prototype.query = query
  }
}

/** The driver takes a text and its values, or one object with both. */
function toStatement(config: unknown, values: unknown): Statement | null {
  if (typeof config === 'string') return { text: config, values: Array.isArray(values) ? values : [] }
  if (typeof config !== 'object' || config === null || !('text' in config)) return null
  const within = 'values' in config ? config.values : values
  return { text: String(config.text), values: Array.isArray(within) ? within : [] }
}
