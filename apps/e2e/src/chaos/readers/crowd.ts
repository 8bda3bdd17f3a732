import { fork, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import type { Reader } from '../history/index.ts'
import type { ReaderFigures } from './game-reader.ts'
import type { TransportName } from '../../transports/index.ts'

export interface CrowdMember {
  name: string
  gameId: string
  transport: TransportName
  address: string
}

export interface CrowdPlan {
  url: string
  seed: number
  members: readonly CrowdMember[]
}

/** What the process of a crowd is told. */
export type CrowdOrder =
  | { order: 'begin'; plan: CrowdPlan }
  /** Leave when everybody is at the last mark of their game, or when the time is over. */
  | { order: 'finish'; lastMarks: Readonly<Record<string, string | null>>; limitMs: number }

export type CrowdReport =
  | { report: 'begun' }
  | { report: 'finished'; readers: readonly { history: Reader; figures: ReaderFigures }[] }

/** Readers in a process of their own, which can be stopped as a laptop that is closed. */
export interface Crowd {
  freeze(): void
  thaw(): void
  /** Every reader's history, once it is at the last mark of its game or the time is over. */
  finish(
    lastMarks: Readonly<Record<string, string | null>>,
    limitMs: number,
  ): Promise<Extract<CrowdReport, { report: 'finished' }>['readers']>
  kill(): void
}

/** Before anything goes wrong nobody waits longer for the first event. */
const BEGIN_LIMIT_MS = 60_000

/** Fulfils when every reader was given something. */
export async function gatherCrowd(plan: CrowdPlan): Promise<Crowd> {
  const child = fork(path.join(import.meta.dirname, 'crowd-process.ts'), { serialization: 'advanced' })
  const begun = reportOf(child, 'begun')
  child.send({ order: 'begin', plan } satisfies CrowdOrder)
  const limit = setTimeout(() => child.kill('SIGKILL'), BEGIN_LIMIT_MS)
  await begun.finally(() => clearTimeout(limit))
  return {
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async finish(lastMarks, limitMs) {
      const finished = reportOf(child, 'finished')
      child.send({ order: 'finish', lastMarks, limitMs } satisfies CrowdOrder)
      const { readers } = await finished
      return readers
    },
    kill: () => void child.kill('SIGKILL'),
  }
}

function reportOf<Name extends CrowdReport['report']>(
  child: ChildProcess,
  name: Name,
): Promise<Extract<CrowdReport, { report: Name }>> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: CrowdReport) => {
      if (message.report !== name) return
      child.off('message', onMessage)
      resolve(message as Extract<CrowdReport, { report: Name }>)
    }
    child.on('message', onMessage)
    child.once('exit', (code, signal) =>
      reject(new Error(`A crowd ended before it had ${name}: ${code ?? signal}`)),
    )
  })
}
