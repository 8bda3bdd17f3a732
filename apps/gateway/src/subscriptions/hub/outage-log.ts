import type { Logger } from '@courtside/logger'

const QUIET_MS = 10_000

/** Says that upstreams fail: at most every ten seconds for each subgraph, as thousands may fail at once. */
export class OutageLog {
  readonly #log: Logger
  readonly #now: () => number
  readonly #bySubgraph = new Map<string, { saidAt: number; unsaid: number }>()

  constructor(log: Logger, now: () => number) {
    this.#log = log
    this.#now = now
  }

  failed(subgraph: string, cause: unknown): void {
    const said = this.#bySubgraph.get(subgraph) ?? { saidAt: -Infinity, unsaid: 0 }
    this.#bySubgraph.set(subgraph, said)
    if (this.#now() - said.saidAt < QUIET_MS) {
      said.unsaid += 1
      return
    }
    const fields = { err: cause, subgraph, furtherFailures: said.unsaid }
    this.#log.warn(fields, 'A subscription to a subgraph broke, and is opened again')
    said.saidAt = this.#now()
    said.unsaid = 0
  }
}
