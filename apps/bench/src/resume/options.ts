import { parseOptions, positive } from '../options.ts'

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
