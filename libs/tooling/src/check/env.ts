import path from 'node:path'
import { readEnv } from '@courtside/config'
import { embeddedEnvShape } from '@courtside/database/embedded'
import { type ExternalDatabase, readExternalDatabases } from '@courtside/database/migrate'
import { root } from '../workspace.ts'

/** The databases that the environment of a developer or an operator names, besides the embedded one. */
export function configuredDatabases(subgraphs: readonly string[]): Map<string, ExternalDatabase> {
  return readExternalDatabases(subgraphs, process.env)
}

/** Where the embedded Postgres of `npm start` keeps its data. */
export function embeddedDirectory(): string {
  return path.resolve(root, readEnv(embeddedEnvShape, process.env).COURTSIDE_POSTGRES_DIRECTORY)
}
