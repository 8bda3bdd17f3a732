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
