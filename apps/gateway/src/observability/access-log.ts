import type { ServerResponse } from 'node:http'
import type { Principal } from '@courtside/auth'
import type { Logger } from '@courtside/logger'
import { LONGEST_NAME } from '../limits/index.ts'
import type { GatewayMetrics, RequestOutcome } from './gateway-metrics.ts'

/** What is known of a request, filled in as it becomes known. */
export interface RequestRecord {
  principal: Principal | null
  operation: { name: string | null; type: string } | null
  outcome: RequestOutcome
  /** The first error's code; empty when there was none. */
  code: string
}

export interface AccessLogOptions {
  metrics: GatewayMetrics
  /** A request that takes longer is warned of. In milliseconds. */
  slowMs: number
}

/** Begins the record of one request; its line and its figures are written when the answer has left, or the client has. */
export function recordRequest(
  response: ServerResponse,
  log: Logger,
  options: AccessLogOptions,
): RequestRecord {
  const started = performance.now()
  const record: RequestRecord = { principal: null, operation: null, outcome: 'failed', code: '' }
  response.once('close', () => {
    const milliseconds = performance.now() - started
    const { principal, operation, outcome, code } = record
    const abandoned = !response.writableFinished
    const fields = {
      'principal.kind': principal?.kind ?? 'unknown',
      'user.id': principal?.userId ?? undefined,
      'api-key.id': principal?.apiKeyId ?? undefined,
      'operation.name': operation?.name?.slice(0, LONGEST_NAME),
      'operation.type': operation?.type,
      outcome: abandoned ? 'abandoned' : outcome,
      code: code || undefined,
      status: response.statusCode,
      durationMs: Math.round(milliseconds * 10) / 10,
    }
    if (milliseconds > options.slowMs) log.warn(fields, 'Slow GraphQL request')
    else log.info(fields, 'GraphQL request')
    options.metrics.request(operation?.type ?? 'unknown', outcome, code, milliseconds / 1000)
  })
  return record
}
