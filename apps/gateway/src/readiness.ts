import { randomUUID } from 'node:crypto'
import { anonymous } from '@courtside/auth'
import type { Readiness } from '@courtside/http'
import type { Clock } from '@courtside/kernel'
import type { Logger } from '@courtside/logger'
import { IDENTITY_SUBGRAPH } from './authentication/index.ts'
import { type SubgraphCaller, SubgraphUnavailableError, toFetchRequest } from './transports/index.ts'

export interface GatewayReadiness extends Readiness {
  /** From now on the gateway is not ready. */
  drain(): void
}

export interface ReadinessOptions {
  calls: SubgraphCaller
  /** What else must be well. */
  also: Readiness | undefined
  clock: Clock
  log: Logger
}

const ASK_NOTHING = toFetchRequest({ query: '{ __typename }' })

/** Probes may come from many sides; accounts is asked once in this time. */
const REMEMBERED_MS = 1_000

/** Ready: able to say who is who. That a supergraph is loaded is certain: without one the gateway does not start. */
export function createReadiness({ calls, also, clock, log }: ReadinessOptions): GatewayReadiness {
  let draining = false
  let asked: { at: number; problems: Promise<readonly string[]> } | undefined

  const askAccounts = async (): Promise<readonly string[]> => {
    const caller = {
      principal: anonymous,
      requestId: randomUUID(),
      clientAddress: null,
      clientAgent: null,
      log,
      cancellation: null,
    }
    try {
      await calls.call(IDENTITY_SUBGRAPH, ASK_NOTHING, caller)
      return []
    } catch (error) {
      if (!(error instanceof SubgraphUnavailableError)) throw error
      return [`${IDENTITY_SUBGRAPH} does not answer`]
    }
  }

  const askAll = async () => {
    const [ofAccounts, ofOthers] = await Promise.all([askAccounts(), also?.problems() ?? []])
    return [...ofAccounts, ...ofOthers]
  }

  return {
    drain() {
      draining = true
    },
    async problems() {
      if (draining) return ['draining']
      const now = clock.now().getTime()
      if (!asked || now - asked.at >= REMEMBERED_MS) asked = { at: now, problems: askAll() }
      return asked.problems
    },
  }
}
