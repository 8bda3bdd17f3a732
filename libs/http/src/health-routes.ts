import type { Route } from './http-edge.ts'
import { sendJson } from './messages.ts'

export interface Readiness {
  /** What stops this process from answering, in a few words; empty when it can. */
  problems(): Promise<readonly string[]>
}

/** `/healthz`: the process lives. `/readyz`: send it traffic. */
export function healthRoutes(readiness: Readiness): readonly Route[] {
  return [
    { path: '/healthz', handle: (_request, response) => sendJson(response, 200, { status: 'alive' }) },
    {
      path: '/readyz',
      async handle(_request, response) {
        const problems = await readiness.problems()
        if (problems.length === 0) sendJson(response, 200, { status: 'ready' })
        else sendJson(response, 503, { status: 'not ready', problems })
      },
    },
  ]
}
