import { readEnv, urlOf } from '@courtside/config'
import { StartupError } from '@courtside/kernel'

/** A subgraph's database on a server of the operator's own. */
export interface ExternalDatabase {
  /** As the subgraph's process. */
  appUrl: string
  /** As the owner, who migrates. */
  ownerUrl: string
  /** Whether an owner was named; else it is the application's own role. */
  hasOwner: boolean
  /** As somebody who may create roles and databases, of the server's own database. Only who deploys is told. */
  adminUrl: string | undefined
  /** As those who read its facts from outside. */
  logReaderUrl: string | undefined
}

/**
 * From `<NAME>_DATABASE_URL`, `<NAME>_DATABASE_OWNER_URL`, `<NAME>_DATABASE_ADMIN_URL` and `<NAME>_LOG_URL`; a subgraph
 * without the first lives on the embedded Postgres.
 */
export function readExternalDatabases(
  subgraphs: readonly string[],
  environment: NodeJS.ProcessEnv,
): Map<string, ExternalDatabase> {
  const url = urlOf('postgres', 'postgresql').optional()
  const variables = subgraphs.flatMap((name) => [
    appVariable(name),
    ownerVariable(name),
    adminVariable(name),
    logReaderVariable(name),
  ])
  const given = readEnv(Object.fromEntries(variables.map((variable) => [variable, url])), environment)

  const databases = new Map<string, ExternalDatabase>()
  for (const name of subgraphs) {
    const [app, owner] = [given[appVariable(name)], given[ownerVariable(name)]]
    if (app === undefined && owner === undefined) continue
    if (app === undefined) {
      throw new StartupError(
        `${ownerVariable(name)} is set and ${appVariable(name)} is not.\nSet both, or neither for the embedded Postgres.`,
      )
    }
    databases.set(name, {
      appUrl: app,
      ownerUrl: owner ?? app,
      hasOwner: owner !== undefined,
      adminUrl: given[adminVariable(name)],
      logReaderUrl: given[logReaderVariable(name)],
    })
  }
  return databases
}

/** The database of a subgraph as those who read its facts from outside, for a process that knows nothing else of it. */
export function readLogReaderUrl(subgraph: string, environment: NodeJS.ProcessEnv): string | undefined {
  const variable = logReaderVariable(subgraph)
  return readEnv({ [variable]: urlOf('postgres', 'postgresql').optional() }, environment)[variable]
}

export const appVariable = (subgraph: string) => `${prefix(subgraph)}_DATABASE_URL`
export const ownerVariable = (subgraph: string) => `${prefix(subgraph)}_DATABASE_OWNER_URL`
export const adminVariable = (subgraph: string) => `${prefix(subgraph)}_DATABASE_ADMIN_URL`
export const logReaderVariable = (subgraph: string) => `${prefix(subgraph)}_LOG_URL`

const prefix = (subgraph: string) => subgraph.toUpperCase().replaceAll('-', '_')

/** The environment of this process, for what takes it as an argument. */
export const processEnvironment: Readonly<NodeJS.ProcessEnv> = process.env
