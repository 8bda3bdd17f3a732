import { parseArgs } from 'node:util'
import { StartupError } from '@courtside/kernel'

export const USAGE = `Usage: npm run db -- <command> <subgraph | all> [...]

  deploy  <subgraph | all>          apply the migrations that the database does not have yet
  create  <subgraph> <label>        write a migration for what has changed in schema.prisma
  status  <subgraph | all>          say which migrations are missing, failed or edited
  drift   <subgraph | all>          say where the database is not what its migrations make
  reset   <subgraph | all>          delete the database with all its data, and deploy anew
            --yes                     without asking
            --force                   also where the database is not the embedded one
  resolve <subgraph> <migration>    note a failed migration as applied, after finishing it by hand

The database of a subgraph is the one of <NAME>_DATABASE_URL (and <NAME>_DATABASE_OWNER_URL, who migrates), or else on
the embedded Postgres in .courtside/postgres, which is started for the command when it is not running. With
<NAME>_DATABASE_ADMIN_URL, \`deploy\` makes the database and its roles first.
`

const COMMANDS = ['deploy', 'create', 'status', 'drift', 'reset', 'resolve'] as const

export type Command = (typeof COMMANDS)[number]

export interface ToolArguments {
  command: Command
  /** A subgraph's name, or `all`. */
  subject: string
  /** What comes after: the label of `create`, the migration of `resolve`. */
  detail: string
  yes: boolean
  force: boolean
}

const DETAIL: Partial<Record<Command, string>> = {
  create: 'a label, for example: npm run db -- create stats add_player_height',
  resolve: 'the name of the migration, for example: npm run db -- resolve stats 20260101000000_first',
}

/** Undefined when help was asked for. */
export function parseToolArguments(args: string[]): ToolArguments | undefined {
  const { values, positionals } = parse(args)
  if (values.help === true) return undefined
  const [name, subject, detail = '', ...rest] = positionals
  const command = COMMANDS.find((one) => one === name)
  if (command === undefined) {
    throw new StartupError(
      `${name === undefined ? 'There is no command' : `"${name}" is not a command`}.\nChoose one of ${COMMANDS.join(', ')}; --help explains them.`,
    )
  }
  if (subject === undefined) {
    throw new StartupError(`\`${command}\` needs the name of a subgraph, or \`all\`.\n--help explains it.`)
  }
  const wanted = DETAIL[command]
  if (wanted !== undefined && subject === 'all') {
    throw new StartupError(`\`${command}\` takes one subgraph, not all.\nGive it a name.`)
  }
  if (wanted !== undefined && detail === '') throw new StartupError(`\`${command}\` needs ${wanted}.`)
  const tooMany = wanted === undefined ? [detail, ...rest].filter((word) => word !== '') : rest
  if (tooMany.length > 0) {
    throw new StartupError(
      `\`${command}\` does not know what to do with "${tooMany.join(' ')}".\n--help explains it.`,
    )
  }
  return { command, subject, detail, yes: values.yes === true, force: values.force === true }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        yes: { type: 'boolean', short: 'y' },
        force: { type: 'boolean' },
      },
    })
  } catch (error) {
    throw new StartupError(
      `${error instanceof Error ? error.message : String(error)}\n--help lists the options.`,
      { cause: error },
    )
  }
}
