import path from 'node:path'
import { StartupError } from '@courtside/kernel'
import { type ExternalDatabase, ownerVariable } from '../env.ts'
import {
  create,
  deploy,
  type DeployResult,
  drift,
  emptyDatabase,
  markApplied,
  prepareSubgraph,
  recreateDatabase,
  status,
  type Subgraph,
} from '../migrate/index.ts'
import type { Command } from './arguments.ts'
import type { Console } from './console.ts'
import { describeDrift, describeStatus } from './descriptions.ts'
import { provision } from './provision.ts'
import type { Servers } from './servers.ts'

/** One subgraph's turn of a command. */
export interface Turn {
  subgraph: Subgraph
  /** Undefined: on the embedded Postgres. */
  external: ExternalDatabase | undefined
  /** What stands after the subgraph on the command line. */
  detail: string
  servers: Servers
  output: Console
}

export interface Outcome {
  /** The result in one line; further lines say more. */
  text: string
  ok: boolean
}

export const COMMANDS: Record<Command, (turn: Turn) => Promise<Outcome>> = {
  async deploy(turn) {
    return { text: describeDeploy(await deploy(turn.subgraph, await prepareOwner(turn))), ok: true }
  },

  async create({ subgraph, detail, servers }) {
    const folder = await create(subgraph, detail, await servers.forShadow())
    if (folder === undefined)
      return { text: 'nothing to create: the migrations already say what schema.prisma says', ok: true }
    const shown = path.relative(process.cwd(), folder)
    return {
      text: `created ${shown}\nRead it, then run \`npm run db -- deploy ${subgraph.name}\`.`,
      ok: true,
    }
  },

  async status(turn) {
    return describeStatus(turn.subgraph, await status(turn.subgraph, await inspectionUrl(turn)))
  },

  async drift(turn) {
    const current = describeStatus(turn.subgraph, await status(turn.subgraph, await inspectionUrl(turn)))
    if (!current.ok) return current
    const ownerUrl = await prepareOwner(turn)
    return describeDrift(turn.subgraph, await drift(turn.subgraph, ownerUrl, await turn.servers.forShadow()))
  },

  async reset(turn) {
    const { subgraph, external, servers } = turn
    if (external === undefined) await recreateDatabase(subgraph, await servers.embedded())
    else await emptyDatabase(external.ownerUrl)
    const { applied } = await deploy(subgraph, await prepareOwner(turn))
    return { text: `empty again, with ${count(applied.length)}`, ok: true }
  },

  async resolve(turn) {
    await markApplied(turn.subgraph, await prepareOwner(turn), turn.detail)
    return { text: `noted ${turn.detail} as applied`, ok: true }
  },
}

/** The owner's URL, of a database that is there. */
async function prepareOwner({ subgraph, external, servers, output }: Turn): Promise<string> {
  if (external === undefined) {
    const cluster = await servers.embedded()
    await prepareSubgraph(subgraph, cluster)
    return cluster.roleUrl('owner', subgraph.database)
  }
  if (!external.hasOwner) {
    output.note(
      `${subgraph.name}: ${ownerVariable(subgraph.name)} is not set, so the application's own role migrates. ` +
        'It then owns the tables, and an owner can switch row-level security off: give the owner a role of its own.',
    )
  }
  if (external.adminUrl !== undefined) await provision(subgraph, external, external.adminUrl)
  return external.ownerUrl
}

/** For looking only: creates nothing, so a database that is not there yet shows as such. */
async function inspectionUrl({ subgraph, external, servers }: Turn): Promise<string> {
  return external?.ownerUrl ?? (await servers.embedded()).adminUrl(subgraph.database)
}

function describeDeploy({ applied, retried, unknown }: DeployResult): string {
  const result =
    applied.length === 0 ? 'up to date' : `applied ${count(applied.length)}: ${applied.join(', ')}`
  const again = retried.length > 0 ? [`Had failed before: ${retried.join(', ')}.`] : []
  const ahead =
    unknown.length > 0
      ? [`The database also has migrations that this code does not know: ${unknown.join(', ')}.`]
      : []
  return [result, ...again, ...ahead].join('\n')
}

const count = (migrations: number) => `${migrations} migration${migrations === 1 ? '' : 's'}`

/** Refuses, or asks, before anything is deleted. */
export async function assertMayReset(
  turns: readonly Turn[],
  { yes, force }: { yes: boolean; force: boolean },
  output: Console,
): Promise<void> {
  const elsewhere = turns
    .filter(({ external }) => external !== undefined)
    .map(({ subgraph }) => subgraph.name)
  if (elsewhere.length > 0 && !force) {
    throw new StartupError(
      `The database of ${elsewhere.join(', ')} is not the embedded one, so it is not reset just like that.\n` +
        'Add --force if all its data shall be deleted.',
    )
  }
  if (yes) return
  const names = turns.map(({ subgraph }) => subgraph.name).join(', ')
  const answer = await output.ask(`Delete all data of ${names}? [y/N] `)
  if (answer === undefined) {
    throw new StartupError(
      `This deletes all data of ${names}, and there is nobody to ask.\nAdd --yes if that is meant.`,
    )
  }
  if (!/^y(es)?$/i.test(answer.trim())) throw new StartupError('Nothing was deleted.')
}
