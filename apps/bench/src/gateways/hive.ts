import type { Program } from '../machine/index.ts'
import { command, type Gateway, type Setting } from './gateway.ts'

function program({ port, supergraphFile }: Setting, options: readonly string[]): Program {
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
  program: (setting) => program(setting, []),
}

export const hiveNative: Gateway<'hiveNative'> = {
  name: 'hiveNative',
  title: 'Hive Gateway, native planner',
  kind: 'peer',
  program: (setting) => program(setting, ['--hive-router-runtime']),
}
