import { parseOptions, positive } from '../options.ts'

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
