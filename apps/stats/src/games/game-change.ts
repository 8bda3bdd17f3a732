import type { Fact, Gap, Place } from '@courtside/events'
import { uuid } from '@courtside/validation'
import * as z from 'zod'
import { GAME_STATUSES } from './game-status.policy.ts'
import type { Game } from './game.ts'

/** Of what a change tells. Where several apply, the first of these. */
export const GAME_CHANGE_KINDS = [
  'CREATED',
  'REMOVED',
  'SCHEDULE',
  'STATUS',
  'VENUE',
  'TEAMS',
  'DETAILS',
] as const
export type GameChangeKind = (typeof GAME_CHANGE_KINDS)[number]

/** The game after a change, or as somebody finds it who begins to watch. */
export interface GameChange {
  kind: GameChangeKind | 'SNAPSHOT'
  /** After a removal: as it was last. */
  game: Game
  occurredAt: Date
  /** Null of a snapshot. */
  recordedAt: Date | null
  gap: Gap | null
  place: Place
  cursor: string
}

export function kindOfChange(before: Game | null, after: Game | null): GameChangeKind {
  if (before === null) return 'CREATED'
  if (after === null) return 'REMOVED'
  const differs = (...fields: (keyof Game)[]) =>
    fields.some((field) => before[field]?.valueOf() !== after[field]?.valueOf())
  // First, because a postponed game that gets a new time becomes scheduled with it.
  if (differs('startsAt')) return 'SCHEDULE'
  if (differs('status', 'statusReason', 'statusChangedAt')) return 'STATUS'
  if (differs('venueId')) return 'VENUE'
  if (differs('homeTeamId', 'awayTeamId')) return 'TEAMS'
  return 'DETAILS'
}

const moment = () => z.iso.datetime().transform((text) => new Date(text))

/** Version 1: the whole row, so that history can be told again exactly as it was. */
const storedChange = z.object({
  v: z.literal(1),
  kind: z.enum(GAME_CHANGE_KINDS),
  game: z.object({
    id: uuid(),
    sportId: uuid(),
    seasonId: uuid(),
    conferenceId: uuid().nullable(),
    homeTeamId: uuid(),
    awayTeamId: uuid(),
    venueId: uuid().nullable(),
    ruleSetId: uuid().nullable(),
    name: z.string().nullable(),
    round: z.string().nullable(),
    isNeutralSite: z.boolean(),
    startsAt: moment(),
    status: z.enum(GAME_STATUSES),
    statusReason: z.string().nullable(),
    statusChangedAt: moment(),
    startedAt: moment().nullable(),
    endedAt: moment().nullable(),
    version: z.int(),
    createdAt: moment(),
    updatedAt: moment(),
  }) satisfies z.ZodType<Game>,
})

export const toStoredChange = (kind: GameChangeKind, game: Game) => ({ v: 1, kind, game })

type ReadChange = Readonly<Pick<z.infer<typeof storedChange>, 'kind' | 'game'>>
/** A fact of a team's stream is one object for all who follow the team, and may be read by thousands. */
const alreadyRead = new WeakMap<Fact, ReadChange>()

/** What a fact of a game's or a team's stream tells. */
export function readGameChange(fact: Fact): ReadChange {
  const known = alreadyRead.get(fact)
  if (known) return known
  const { success, data, error } = storedChange.safeParse(fact.payload)
  if (success) {
    alreadyRead.set(fact, data)
    return data
  }
  // Perhaps written by a later version, while this process is still to be replaced.
  throw new Error(`The fact ${fact.seq} of ${fact.stream} cannot be read as the change of a game`, {
    cause: error,
  })
}
