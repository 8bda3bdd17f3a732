import { chosen, parseOptions, positive } from '../options.ts'
import { type EntrantName, ENTRANT_NAMES } from './contenders.ts'

export interface FanoutOptions {
  json: boolean
  rounds: number
  /** How long events come steadily in each round. */
  seconds: number
  clients: readonly number[]
  entrants: readonly EntrantName[]
}

export const FANOUT_CLIENTS: readonly number[] = [1_000, 5_000]

export function readFanoutOptions(args: readonly string[]): FanoutOptions {
  const values = parseOptions(args, {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '10' },
    clients: { type: 'string', default: FANOUT_CLIENTS.join(',') },
    only: { type: 'string' },
  })
  return {
    json: values.json,
    rounds: positive('rounds', values.rounds),
    seconds: positive('seconds', values.seconds),
    clients: values.clients.split(',').map((count) => positive('clients', count)),
    entrants: chosen('only', values.only, ENTRANT_NAMES),
  }
}
