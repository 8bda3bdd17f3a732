import { parseOptions, positive } from './options.ts'

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

export interface ResumeOptions {
  json: boolean
  clients: number
}

export function readResumeOptions(args: readonly string[]): ResumeOptions {
  const values = parseOptions(args, {
    json: { type: 'boolean', default: false },
    clients: { type: 'string', default: '10000' },
  })
  return { json: values.json, clients: positive('clients', values.clients) }
}

export interface HoldOptions {
  json: boolean
  subscriptions: number
  minutes: number
}

export function readHoldOptions(args: readonly string[]): HoldOptions {
  const values = parseOptions(args, {
    json: { type: 'boolean', default: false },
    subscriptions: { type: 'string', default: '20000' },
    minutes: { type: 'string', default: '60' },
  })
  return {
    json: values.json,
    subscriptions: positive('subscriptions', values.subscriptions),
    minutes: positive('minutes', values.minutes),
  }
}
