import { randomUUID } from 'node:crypto'
import type { Fact, NewFact, RetentionPolicy } from '@courtside/events'
import { uuid } from '@courtside/validation'
import * as z from 'zod'

/** In the log of accounts: one stream a person, each fact holds all the teams that they follow from then on. */
const FOLLOWS = 'follows:'
export const followsOf = (userId: string) => `${FOLLOWS}${userId}`

const payload = z.object({ v: z.literal(1), userId: uuid(), teamIds: z.array(uuid()).max(500) })

export interface FollowedTeams {
  readonly userId: string
  readonly teamIds: readonly string[]
  readonly epoch: number
  readonly seq: number
}

/** What a fact of accounts says of followed teams; null of a fact about something else. */
export function readFollowedTeams(fact: Fact): FollowedTeams | null {
  if (!fact.stream.startsWith(FOLLOWS)) return null
  const { success, data, error } = payload.safeParse(fact.payload)
  if (success) return { userId: data.userId, teamIds: data.teamIds, epoch: fact.epoch, seq: fact.seq }
  // Perhaps written by a later version, while this process is still to be replaced.
  throw new Error(`The fact ${fact.seq} of ${fact.stream} does not say who follows which teams`, {
    cause: error,
  })
}

/** In place of a person, where all rows change in one transaction: a fact for each would not fit into it. */
export const EVERYBODY = 'all'
const streamOf = (whose: string) => `followed-teams:${whose}`

/** In our own log: that a person's row has changed here, for whoever goes by it in any process. */
export const followedTeamsStreams = (userId: string) => [streamOf(userId), streamOf(EVERYBODY)]

export const followedTeamsChanged = (whose: string, occurredAt: Date): NewFact => ({
  stream: streamOf(whose),
  key: randomUUID(),
  type: 'followed-teams-changed',
  payload: null,
  occurredAt,
})

/** Whoever hears of one looks at the row, and whoever has missed one too. */
export const FOLLOWED_TEAMS_RETENTION: RetentionPolicy = { kind: 'followed-teams', keepMs: 86_400_000 }
