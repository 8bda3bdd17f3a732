import type { OursSettings } from '../programs/ours.ts'
import type { Program } from '../machine/index.ts'
import { type Gateway, type Setting, source } from './gateway.ts'

export function oursProgram(
  setting: Pick<Setting, 'port' | 'supergraphWithIdentityFile' | 'signingKey'>,
  addresses: OursSettings['addresses'],
): Program {
  const { port, supergraphWithIdentityFile: supergraphFile, signingKey } = setting
  const settings: OursSettings = { port, supergraphFile, addresses, signingKey }
  return { args: [source('ours'), JSON.stringify(settings)] }
}

export const ours: Gateway<'ours'> = {
  name: 'ours',
  title: 'ours',
  kind: 'ours',
  program: (setting) => oursProgram(setting, setting.addresses),
}

export const oursInProcess: Gateway<'oursInProcess'> = {
  name: 'oursInProcess',
  title: 'ours, subgraphs in process',
  kind: 'ours',
  program: (setting) => oursProgram(setting, null),
}
