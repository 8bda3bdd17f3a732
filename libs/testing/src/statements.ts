import pg from 'pg'

/** Statements that only frame others. */
const FRAME = /^\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|DEALLOCATE)\b/i

/**
 * Runs `work` and tells which statements this process sent to Postgres meanwhile, in order, without BEGIN and COMMIT.
 * Watches the driver itself, so nothing that any layer sends is missed.
 */
export async function statementsDuring<T>(
  work: () => Promise<T>,
): Promise<{ result: T; statements: string[] }> {
  const statements: string[] = []
  const { query } = pg.Client.prototype
  const watched = function (this: pg.Client, ...args: unknown[]) {
    const text = textOf(args[0])
    if (text !== null && !FRAME.test(text)) statements.push(text)
    return Reflect.apply(query, this, args) as unknown
  }
  pg.Client.prototype.query = watched as typeof query
  try {
    return { result: await work(), statements }
  } finally {
    pg.Client.prototype.query = query
  }
}

function textOf(config: unknown): string | null {
  if (typeof config === 'string') return config
  if (typeof config === 'object' && config !== null && 'text' in config) return String(config.text)
  return null
}
