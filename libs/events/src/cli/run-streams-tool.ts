import path from 'node:path'
import { findRunningCluster, readEmbeddedEnv } from '@courtside/database/embedded'
import { findSubgraph, readExternalDatabases, withConnection } from '@courtside/database/migrate'
import { StartupError } from '@courtside/kernel'
import { parseStreamsArguments, USAGE } from './arguments.ts'
import { COMMANDS } from './commands.ts'

export interface StreamsToolOptions {
  workspaceRoot: string
  environment: NodeJS.ProcessEnv
  say(text: string): void
  complain(text: string): void
}

/** The command `streams`. Its exit code: 0 when it did what it was asked for. */
export async function runStreamsTool(args: string[], options: StreamsToolOptions): Promise<number> {
  try {
    const parsed = parseStreamsArguments(args)
    if (parsed === undefined) {
      options.say(USAGE)
      return 0
    }
    const { command, subgraph, yes } = parsed
    const said = await withConnection(await ownerUrl(subgraph, options), (client) =>
      COMMANDS[command]({
        subgraph,
        yes,
        query: async <Row>(sql: string) => (await client.query(sql)).rows as Row[],
      }),
    )
    options.say(said)
    return 0
  } catch (error) {
    if (!(error instanceof StartupError)) throw error
    options.complain(error.message)
    return 1
  }
}

async function ownerUrl(name: string, { workspaceRoot, environment }: StreamsToolOptions): Promise<string> {
  const { database } = await findSubgraph(workspaceRoot, name)
  const external = readExternalDatabases([name], environment).get(name)
  if (external) return external.ownerUrl
  const directory = path.resolve(workspaceRoot, readEmbeddedEnv(environment).COURTSIDE_POSTGRES_DIRECTORY)
  const cluster = await findRunningCluster(directory)
  if (cluster) return cluster.roleUrl('owner', database)
  throw new StartupError(
    'The embedded Postgres does not run.\nStart it in another terminal: npm run start:postgres',
  )
}
