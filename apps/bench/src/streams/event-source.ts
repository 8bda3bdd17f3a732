import path from 'node:path'
import type { JWK } from 'jose'
import type { Addresses } from '../domain/index.ts'
import { type ChildProgram, nextMessage, startProgram } from '../machine/index.ts'
import type { HappeningDone } from '../programs/answer-happenings.ts'
import type { Happening } from './happening.ts'

const PROGRAM = path.resolve(import.meta.dirname, '../programs/event-source.ts')
const NOTHING: Happening = { gameIds: [], times: 0, everyMs: 0, together: 0 }

/** The subgraphs of the domain, in a process of their own, and what happens in them. */
export async function startEventSource(signingKey: JWK, logDirectory: string) {
  const program = startProgram(
    'event-source',
    { args: [PROGRAM, JSON.stringify(signingKey)] },
    { logDirectory },
  )
  const { addresses } = await nextMessage<{ addresses: Addresses }>(program)
  return { addresses, program, stop: () => program.stop() }
}

/** In a program that answers to it: the source itself, or a gateway that has the subgraphs in its process. */
export async function happenIn(program: ChildProgram, happening: Happening): Promise<HappeningDone> {
  const done = nextMessage<HappeningDone>(program)
  program.child.send(happening)
  return done
}

/** How many subscriptions have been opened there so far. */
export const followedIn = async (program: ChildProgram): Promise<number> =>
  (await happenIn(program, NOTHING)).followed
