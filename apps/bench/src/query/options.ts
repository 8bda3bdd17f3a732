import { StartupError } from '@courtside/kernel'
import { type WorkloadName, WORKLOADS } from '../domain/index.ts'
import { type GatewayName, GATEWAYS } from '../gateways/index.ts'
import { chosen, parseOptions, positive } from '../options.ts'

export interface QueryOptions {
  shape: 'stub' | 'real'
  json: boolean
  rounds: number
  seconds: number
  workloads: readonly WorkloadName[]
  gateways: readonly GatewayName[]
  /** All requests the same. */
  hot: boolean
}

export function readQueryOptions(args: readonly string[]): QueryOptions {
  const values = parseOptions(args, {
    shape: { type: 'string', default: 'stub' },
    json: { type: 'boolean', default: false },
    hot: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    workloads: { type: 'string' },
    only: { type: 'string' },
  })
  const { shape, json, hot } = values
  if (shape !== 'stub' && shape !== 'real') throw new StartupError('--shape is stub or real.')
  return {
    shape,
    json,
    hot,
    rounds: positive('rounds', values.rounds),
    seconds: positive('seconds', values.seconds),
    workloads: chosen('workloads', values.workloads, Object.keys(WORKLOADS) as WorkloadName[]),
    gateways: chosen(
      'only',
      values.only,
      GATEWAYS.map(({ name }) => name),
    ),
  }
}
