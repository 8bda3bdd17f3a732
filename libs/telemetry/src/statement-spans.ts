import { AsyncLocalStorage } from 'node:async_hooks'
import type { Span, Trace } from './span.ts'

/** A span for each SQL statement of a traced request. */
export interface StatementSpans {
  /** Whatever `work` sends to the database, now or later, belongs to this trace. Without one it is only called. */
  within<Result>(trace: Trace | null, work: () => Result): Result
  /** Fits `watchStatement` of a database; null for a statement that belongs to no trace. */
  watch(sql: string): Span | null
}

/**
 * The one place where a trace is not an argument: between a resolver and its statements stand services that should not
 * know of tracing, and Prisma, which could not hand it on. Nothing is stored for a request that is not traced, and
 * looking costs 2 ns a statement. Prisma answers lookups of one turn by one statement, which is told to the first.
 */
export function createStatementSpans(): StatementSpans {
  const current = new AsyncLocalStorage<Trace>()
  return {
    within: (trace, work) => (trace === null ? work() : current.run(trace, work)),
    watch(sql) {
      const trace = current.getStore()
      return trace === undefined ? null : toStatementSpan(trace, sql)
    },
  }
}

const VERB = /^\s*(\w+)/
const TABLE = /\b(?:FROM|INTO|UPDATE)\s+(?:"?\w+"?\.)?"?(\w+)"?/i

/** Named by what it does and to which table; not its text, which would be a book in each trace. */
function toStatementSpan(trace: Trace, sql: string): Span {
  const verb = VERB.exec(sql)?.[1]?.toUpperCase() ?? 'SQL'
  const table = TABLE.exec(sql)?.[1]
  return trace.span(table === undefined ? verb : `${verb} ${table}`, 'client', {
    'db.system.name': 'postgresql',
    'db.operation.name': verb,
    'db.collection.name': table,
  })
}
