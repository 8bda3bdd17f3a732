import path from 'node:path'
import { port, readEnv } from '@courtside/config'
import * as z from 'zod'

/** Variables of everything that starts or looks for the persistent cluster; spread into a process's own shape. */
export const embeddedEnvShape = {
  COURTSIDE_POSTGRES_PORT: port(54_329),
  /** Relative to the workspace. */
  COURTSIDE_POSTGRES_DIRECTORY: z.string().default(path.join('.courtside', 'postgres')),
}

export function readEmbeddedEnv(environment: NodeJS.ProcessEnv = process.env) {
  return readEnv(embeddedEnvShape, environment)
}

/** What a program needs to run at all; nothing of ours, and no PG… variable of the user's that Postgres would obey. */
const PASSED_ON = [
  'PATH',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SystemRoot',
  'ComSpec',
]

export function postgresEnvironment(): NodeJS.ProcessEnv {
  // startup-failure.ts reads what Postgres says, in English.
  const environment: NodeJS.ProcessEnv = { LC_ALL: 'C' }
  for (const name of PASSED_ON) {
    if (process.env[name] !== undefined) environment[name] = process.env[name]
  }
  return environment
}
