import { conference, demoId, sport, teams, venues } from './demo-league.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

const DAYS_BETWEEN_ROUNDS = 4
/** Games are announced for full five minutes. */
const START_STEP_MS = 5 * MINUTE_MS
/** When the games of a round begin, after midnight UTC: evening in the league's towns. */
const STARTS_MS = [22, 23, 23, 23.5, 24, 24.5].map((hours) => hours * HOUR_MS)

interface Play {
  starts_at: Date
  status: string
  status_reason: string | null
  started_at: Date | null
  ended_at: Date | null
}

/** The games of today: some are over, one is live, one is about to begin, the others are for tonight. */
const TODAY: readonly ((now: number) => Play)[] = [
  (now) => played(now - 5 * HOUR_MS),
  (now) => ({ ...played(now - 2.5 * HOUR_MS), status: 'UNOFFICIAL' }),
  (now) => ({ ...played(now - 40 * MINUTE_MS), status: 'LIVE', ended_at: null }),
  (now) => ({ ...scheduled(now + 20 * MINUTE_MS), status: 'WARMUP' }),
  (now) => scheduled(now + 3 * HOUR_MS),
  (now) => scheduled(now + 5 * HOUR_MS),
]

/** Everybody plays everybody at home and away: 22 rounds of six games, the twelfth of them today. */
export function demoGames(season: { id: string }, ruleSet: { id: string }, now: Date) {
  const rounds = doubleRoundRobin(teams.length)
  const today = Math.floor(rounds.length / 2)
  return rounds.flatMap((games, round) =>
    games.map(([home, away], place) => ({
      id: demoId('game', round * games.length + place + 1),
      sport_id: sport.id,
      season_id: season.id,
      conference_id: conference.id,
      home_team_id: teams[home]?.id,
      away_team_id: teams[away]?.id,
      venue_id: venues[home]?.id,
      rule_set_id: ruleSet.id,
      round: `Round ${round + 1}`,
      is_neutral_site: false,
      version: 1,
      ...playOf(round - today, place, now.getTime()),
    })),
  )
}

function playOf(roundsFromToday: number, place: number, now: number): Play & { status_changed_at: Date } {
  const midnight = Math.floor(now / DAY_MS) * DAY_MS + roundsFromToday * DAYS_BETWEEN_ROUNDS * DAY_MS
  const startsAt = midnight + (STARTS_MS[place] ?? 0)
  const play =
    roundsFromToday === 0
      ? (TODAY[place]?.(Math.floor(now / START_STEP_MS) * START_STEP_MS) ?? scheduled(startsAt))
      : roundsFromToday > 0
        ? scheduled(startsAt)
        : pastPlay(roundsFromToday, place, startsAt)
  const changed = play.ended_at ?? play.started_at ?? new Date(Math.min(play.starts_at.getTime(), now))
  return { ...play, status_changed_at: changed }
}

/** Nearly all were played as planned. */
function pastPlay(roundsFromToday: number, place: number, startsAt: number): Play {
  if (roundsFromToday === -2 && place === 5) {
    return {
      ...scheduled(startsAt),
      status: 'POSTPONED',
      status_reason: 'Water on the court after a burst pipe',
    }
  }
  if (roundsFromToday === -4 && place === 1) {
    return {
      ...played(startsAt),
      status: 'CORRECTED',
      status_reason: 'An ace was credited to the wrong player',
    }
  }
  if (roundsFromToday === -6 && place === 3) {
    return { ...scheduled(startsAt), status: 'FORFEITED', status_reason: 'The visitors were snowed in' }
  }
  return played(startsAt)
}

const scheduled = (startsAt: number): Play => ({
  starts_at: new Date(startsAt),
  status: 'SCHEDULED',
  status_reason: null,
  started_at: null,
  ended_at: null,
})

function played(startsAt: number): Play {
  const startedAt = startsAt + 3 * MINUTE_MS
  // From 84 to 138 minutes, as it happens with three to five sets.
  const minutes = 84 + ((startsAt / (DAYS_BETWEEN_ROUNDS * DAY_MS)) % 1) * 54
  return {
    starts_at: new Date(startsAt),
    status: 'OFFICIAL',
    status_reason: null,
    started_at: new Date(startedAt),
    ended_at: new Date(startedAt + Math.round(minutes) * MINUTE_MS),
  }
}

/** The circle method: one team stays, the others go round; the second half swaps home and away. */
function doubleRoundRobin(count: number): [home: number, away: number][][] {
  const others = Array.from({ length: count - 1 }, (_, index) => index + 1)
  const first = others.map((_, round) => {
    const circle = [0, ...others.slice(round), ...others.slice(0, round)]
    return Array.from({ length: count / 2 }, (_, place): [number, number] => {
      const pair = [circle[place], circle[count - 1 - place]] as [number, number]
      return (round + place) % 2 === 0 ? pair : [pair[1], pair[0]]
    })
  })
  return [...first, ...first.map((games) => games.map(([home, away]): [number, number] => [away, home]))]
}
