import { freePort } from '@courtside/database/embedded'
import { hiveProgram, oursProgram, script, type Setting, source } from '../gateways/index.ts'
import {
  type ChildProgram,
  type Pinning,
  type Program,
  startProgram,
  untilAnswering,
} from '../machine/index.ts'

type StreamSetting = Omit<Setting, 'oneAnswer'>

interface Entrant {
  readonly title: string
  /** `naive` has a rate of its own, too low for the others to be compared at. */
  readonly kind: 'naive' | 'peer' | 'ours' | 'floor'
  program(setting: StreamSetting): Program
}

const HIVE_CONFIG = `--config-path=${script('hive-subscriptions.config')}`

/** Whoever takes part, in the order of the tables. */
export const ENTRANTS = {
  naive: {
    title: 'Apollo, one plan for each client',
    kind: 'naive',
    program: ({ port, supergraphFile }) => ({
      args: [script('naive-subscriptions'), JSON.stringify({ port, supergraphFile })],
      environment: { APOLLO_TELEMETRY_DISABLED: 'true' },
    }),
  },
  hive: {
    title: 'Hive Gateway',
    kind: 'peer',
    program: (setting) => hiveProgram(setting, [HIVE_CONFIG]),
  },
  hiveNative: {
    title: 'Hive Gateway, native planner',
    kind: 'peer',
    program: (setting) => hiveProgram(setting, [HIVE_CONFIG, '--hive-router-runtime']),
  },
  ours: {
    title: 'ours',
    kind: 'ours',
    program: (setting) => oursProgram(setting, setting.addresses),
  },
  oursInProcess: {
    title: 'ours, subgraphs in process',
    kind: 'ours',
    program: (setting) => oursProgram(setting, null),
  },
  raw: {
    title: '`ws`, the same bytes to all',
    kind: 'floor',
    program: ({ port, addresses }) => ({
      args: [source('raw-sockets'), JSON.stringify({ port, url: addresses['live'] })],
    }),
  },
} as const satisfies Record<string, Entrant>

export type EntrantName = keyof typeof ENTRANTS
export const ENTRANT_NAMES = Object.keys(ENTRANTS) as EntrantName[]

/** One that runs. */
export interface Contender {
  readonly name: EntrantName
  readonly kind: Entrant['kind']
  readonly port: number
  readonly program: ChildProgram
  stop(): Promise<void>
}

export async function startContender(
  name: EntrantName,
  setting: Omit<StreamSetting, 'port'>,
  options: { logDirectory: string; prefix: Pinning['prefix'] },
): Promise<Contender> {
  const port = await freePort()
  const { kind } = ENTRANTS[name]
  const program = startProgram(name, ENTRANTS[name].program({ ...setting, port }), options)
  try {
    await untilAnswering(program, () =>
      fetch(`http://127.0.0.1:${port}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"query":"{__typename}"}',
      }),
    )
  } catch (error) {
    await program.stop()
    throw error
  }
  return { name, kind, port, program, stop: () => program.stop() }
}
