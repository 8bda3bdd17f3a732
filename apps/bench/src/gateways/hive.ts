import type { Program } from '../machine/index.ts'
import { command, type Gateway, type Setting } from './gateway.ts'

export function hiveProgram(
  { port, supergraphFile }: Pick<Setting, 'port' | 'supergraphFile'>,
  options: readonly string[],
): Program {
  return {
    args: [
      command('@graphql-hive/gateway', 'dist/bin.js'),
      'supergraph',
      supergraphFile,
      '--host=127.0.0.1',
      `--port=${port}`,
      ...options,
    ],
    // One process, as all the others are.
    environment: { FORK: '1', LOG_LEVEL: 'error' },
  }
}

export const hive: Gateway<'hive'> = {
  name: 'hive',
  title: 'Hive Gateway',
  kind: 'peer',
  program: (setting) => hiveProgram(setting, []),
}

export const hiveNative: Gateway<'hiveNative'> = {
  name: 'hiveNative',
  title: 'Hive Gateway, native planner',
  kind: 'peer',
  program: (setting) => hiveProgram(setting, ['--hive-router-runtime']),
}
