export const GAME_STATUSES = [
  'SCHEDULED',
  'WARMUP',
  'LIVE',
  'SUSPENDED',
  'POSTPONED',
  'CANCELLED',
  'FORFEITED',
  'UNOFFICIAL',
  'OFFICIAL',
  'CORRECTED',
] as const
export type GameStatus = (typeof GAME_STATUSES)[number]

/**
 * Before play a game can be put off, called off or given up; once live it can be interrupted; once over its result
 * becomes official, and after that is only ever corrected, as often as needed.
 */
const NEXT: Readonly<Record<GameStatus, readonly GameStatus[]>> = {
  SCHEDULED: ['WARMUP', 'POSTPONED', 'CANCELLED', 'FORFEITED'],
  // Back to SCHEDULED: the start is delayed.
  WARMUP: ['LIVE', 'SCHEDULED', 'POSTPONED', 'CANCELLED', 'FORFEITED'],
  LIVE: ['SUSPENDED', 'FORFEITED', 'UNOFFICIAL'],
  // CANCELLED: a game that could not be resumed has no result.
  SUSPENDED: ['LIVE', 'FORFEITED', 'CANCELLED'],
  POSTPONED: ['SCHEDULED', 'CANCELLED'],
  CANCELLED: ['SCHEDULED'],
  FORFEITED: [],
  // Back to LIVE: the end was called too early.
  UNOFFICIAL: ['LIVE', 'OFFICIAL'],
  OFFICIAL: ['CORRECTED'],
  CORRECTED: ['CORRECTED'],
}

/** These turn somebody's plans over, or a result: people will ask why. */
const NEEDS_REASON: readonly GameStatus[] = ['POSTPONED', 'CANCELLED', 'SUSPENDED', 'FORFEITED', 'CORRECTED']

interface Stage {
  status: GameStatus
  /** Null until the game first goes live. */
  startedAt: Date | null
}

/** A game that was broken off stays cancelled: its replay is a game of its own. */
export const nextStatuses = ({ status, startedAt }: Stage): readonly GameStatus[] =>
  status === 'CANCELLED' && startedAt !== null ? [] : NEXT[status]

export const canBecome = (game: Stage, to: GameStatus): boolean => nextStatuses(game).includes(to)

export const needsReason = (status: GameStatus): boolean => NEEDS_REASON.includes(status)

/** What a change of status does to the times of play. */
export function timesAfter(
  { startedAt, endedAt }: { startedAt: Date | null; endedAt: Date | null },
  to: GameStatus,
  now: Date,
): { startedAt: Date | null; endedAt: Date | null } {
  switch (to) {
    case 'LIVE':
      return { startedAt: startedAt ?? now, endedAt: null }
    case 'UNOFFICIAL':
      return { startedAt, endedAt: now }
    case 'FORFEITED':
    case 'CANCELLED':
      // Ends play where there was any.
      return { startedAt, endedAt: startedAt && now }
    default:
      return { startedAt, endedAt }
  }
}
