import { PrismaPg } from '@prisma/adapter-pg'
import {
  ColumnTypeEnum,
  DriverAdapterError,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils'
import pg from 'pg'

/** What Postgres said to a script, and to which. */
export interface ScriptFailure {
  script: string
  error: pg.DatabaseError
}

export interface MigrationAdapter {
  factory: SqlMigrationAwareDriverAdapterFactory
  scriptFailure(): ScriptFailure | undefined
  close(): Promise<void>
}

/** Prisma's adapter for `pg`, mended where the schema engine asks more of it than an application does. */
export function createMigrationAdapter(url: string): MigrationAdapter {
  // One connection: the engine takes a session lock on it.
  const pool = new CataloguePool({ connectionString: url, max: 1, application_name: 'courtside db' })
  const prisma = new PrismaPg(pool)
  let scriptFailure: ScriptFailure | undefined

  const connect = async (): Promise<SqlDriverAdapter> => {
    const adapter = await prisma.connect()
    const queryRaw = adapter.queryRaw.bind(adapter)
    return Object.assign(adapter, {
      async queryRaw(query: Parameters<typeof queryRaw>[0]) {
        const result = await queryRaw(query)
        for (const column of pool.charColumnsOf(result.rows))
          result.columnTypes[column] = ColumnTypeEnum.Character
        return result
      },
      /** As one message: the adapter splits at every semicolon, also inside the body of a function. */
      async executeScript(script: string) {
        try {
          await pool.query(script)
        } catch (error) {
          if (!(error instanceof pg.DatabaseError)) throw error
          scriptFailure = { script, error }
          throw toAdapterError(error)
        }
      },
    })
  }

  return {
    factory: {
      provider: prisma.provider,
      adapterName: prisma.adapterName,
      connect,
      connectToShadowDb: () => Promise.reject(new Error('shadow.ts makes the shadow databases')),
    },
    scriptFailure: () => scriptFailure,
    close: () => pool.end(),
  }
}

const CHAR_OID = 18
const TEXT_OID = 25

/** Shows the catalogue's own type `"char"` as text, because the adapter refuses it, and remembers where it was. */
class CataloguePool extends pg.Pool {
  readonly #charColumns = new WeakMap<object, number[]>()

  // `pg` overloads `query` some ten times; the adapter and the code above use only the forms that return a promise.
  override query = (async (query: string | pg.QueryArrayConfig) => {
    const result: pg.QueryArrayResult = await super.query(query as pg.QueryArrayConfig)
    const columns =
      result.fields?.flatMap((field, index) => (field.dataTypeID === CHAR_OID ? [index] : [])) ?? []
    for (const column of columns) result.fields[column]!.dataTypeID = TEXT_OID
    if (columns.length > 0) this.#charColumns.set(result.rows, columns)
    return result
  }) as pg.Pool['query']

  charColumnsOf(rows: object): readonly number[] {
    return this.#charColumns.get(rows) ?? []
  }
}

function toAdapterError({
  code,
  severity,
  message,
  detail,
  column,
  hint,
}: pg.DatabaseError): DriverAdapterError {
  return new DriverAdapterError({
    kind: 'postgres',
    code: code ?? 'unknown',
    severity: severity ?? 'ERROR',
    message,
    detail,
    column,
    hint,
    originalCode: code,
    originalMessage: message,
  })
}
