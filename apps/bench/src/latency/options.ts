import { parseOptions, positive } from '../options.ts'

export interface LatencyOptions {
  json: boolean
  /** How long facts are written for each. */
  seconds: number
  clients: number
}

export function readLatencyOptions(args: readonly string[]): LatencyOptions {
  const values = parseOptions(args, {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '30' },
    clients: { type: 'string', default: '1000' },
  })
  return {
    json: values.json,
    seconds: positive('seconds', values.seconds),
    clients: positive('clients', values.clients),
  }
}
