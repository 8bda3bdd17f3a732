import { parseArgs } from 'node:util'
import { StartupError } from '@courtside/kernel'

export const USAGE = `Usage: npm run streams -- <command> <subgraph>

  heads        <subgraph>   say how long its streams are, by kind, and the longest of them
  dead-letters <subgraph>   list the facts that its feeds have put aside, and why
  bump-epoch   <subgraph>   after a restore: tell clients and feeds that what they read may differ from the log
               --yes          also while processes of the subgraph are connected

The database is found as \`npm run db\` finds it; the embedded Postgres has to run.
`

const COMMANDS = ['heads', 'dead-letters', 'bump-epoch'] as const
export type StreamsCommand = (typeof COMMANDS)[number]

export interface StreamsArguments {
  command: StreamsCommand
  subgraph: string
  yes: boolean
}

/** Undefined when help was asked for. */
export function parseStreamsArguments(args: string[]): StreamsArguments | undefined {
  const { values, positionals } = parse(args)
  if (values.help === true) return undefined
  const [name, subgraph, ...rest] = positionals
  const command = COMMANDS.find((one) => one === name)
  if (command === undefined || subgraph === undefined || rest.length > 0) {
    throw new StartupError(
      `There is no command "${positionals.join(' ')}".\nGive one of ${COMMANDS.join(', ')} and the name of a subgraph; --help explains them.`,
    )
  }
  return { command, subgraph, yes: values.yes === true }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h' }, yes: { type: 'boolean', short: 'y' } },
    })
  } catch (error) {
    throw new StartupError(
      `${error instanceof Error ? error.message : String(error)}\n--help lists the options.`,
      { cause: error },
    )
  }
}
