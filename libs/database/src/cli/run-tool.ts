import path from 'node:path'
import { StartupError } from '@courtside/kernel'
import { findRunningCluster, readEmbeddedEnv, removeCluster } from '../embedded/index.ts'
import { appVariable, ownerVariable, readExternalDatabases } from '../env.ts'
import { errorCode } from '../error-code.ts'
import { findSubgraph, listSubgraphs, type Subgraph } from '../migrate/index.ts'
import { parseToolArguments, type ToolArguments, USAGE } from './arguments.ts'
import { assertMayReset, COMMANDS, type Outcome, type Turn } from './commands.ts'
import { type Console, withProgress } from './console.ts'
import { createServers } from './servers.ts'

export interface ToolOptions {
  workspaceRoot: string
  environment: NodeJS.ProcessEnv
  output: Console
}

/** The command `db`. Its exit code: 0 when all is as it should be. */
export async function runTool(args: string[], options: ToolOptions): Promise<number> {
  const { output } = options
  try {
    const parsed = parseToolArguments(args)
    if (parsed !== undefined) return await runCommand(parsed, options)
    output.say(USAGE)
    return 0
  } catch (error) {
    if (!(error instanceof StartupError)) throw error
    output.note(error.message)
    return 1
  }
}

async function runCommand(
  args: ToolArguments,
  { workspaceRoot, environment, output }: ToolOptions,
): Promise<number> {
  const subgraphs = await subjectsOf(args, workspaceRoot)
  const external = readExternalDatabases(
    subgraphs.map(({ name }) => name),
    environment,
  )
  const directory = path.resolve(workspaceRoot, readEmbeddedEnv(environment).COURTSIDE_POSTGRES_DIRECTORY)
  const servers = createServers(directory, output)
  const turns: Turn[] = subgraphs.map((subgraph) => ({
    subgraph,
    external: external.get(subgraph.name),
    detail: args.detail,
    servers,
    output,
  }))
  try {
    if (args.command === 'reset') {
      await assertMayReset(turns, args, output)
      // All of it, and nobody uses it: without starting it, because it may be too damaged to start.
      const isWhole = args.subject === 'all' && external.size === 0
      if (isWhole && (await findRunningCluster(directory)) === undefined) await removeCluster(directory)
    }
    return await takeTurns(args, turns, output)
  } finally {
    await servers.stop()
  }
}

async function subjectsOf({ subject }: ToolArguments, workspaceRoot: string): Promise<Subgraph[]> {
  if (subject !== 'all') return [await findSubgraph(workspaceRoot, subject)]
  const subgraphs = await listSubgraphs(workspaceRoot)
  if (subgraphs.length > 0) return subgraphs
  throw new StartupError('There is no subgraph with a database: no folder prisma/<name> has a schema.prisma.')
}

/** One after the other, and the rest also when one fails: one run shows all that is wrong. */
async function takeTurns(
  { command }: ToolArguments,
  turns: readonly Turn[],
  output: Console,
): Promise<number> {
  const width = Math.max(...turns.map(({ subgraph }) => subgraph.name.length))
  let exitCode = 0
  for (const turn of turns) {
    const { name } = turn.subgraph
    const { text, ok } = await withProgress(output, `${name}: ${command}`, () => takeTurn(command, turn))
    const [result = '', ...more] = text.split('\n')
    output.say([`${name.padEnd(width)}  ${result}`, ...more.map((line) => `    ${line}`)].join('\n'))
    if (!ok) exitCode = 1
  }
  return exitCode
}

async function takeTurn(command: ToolArguments['command'], turn: Turn): Promise<Outcome> {
  try {
    return await COMMANDS[command](turn)
  } catch (error) {
    const said = error instanceof StartupError ? error.message : describeUnreachable(error, turn)
    if (said === undefined) throw error
    return { text: said, ok: false }
  }
}

/** Answers of the network and of the server's door; the embedded Postgres gives none of them. */
const AT_THE_DOOR =
  /^(ECONN.*|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|E(HOST|NET)UNREACH|28000|28P01|3D000|42501|53300|57P03)$/

function describeUnreachable(error: unknown, { subgraph: { name }, external }: Turn): string | undefined {
  const code = errorCode(error)
  if (external === undefined || code === undefined || !AT_THE_DOOR.test(code)) return undefined
  const { host, pathname, username } = new URL(external.ownerUrl)
  const said = error instanceof Error && error.message !== '' ? error.message : code
  return (
    `the database ${pathname.slice(1)} on ${host} does not let ${username} in: ${said}\n` +
    `Check that the server runs, and the address in ${external.hasOwner ? ownerVariable(name) : appVariable(name)}.`
  )
}
