import { type Day, fromDay } from '../day.ts'
import type { Season } from './season.ts'

type Days = Pick<Season, 'startsOn' | 'endsOn'>

const HOUR_MS = 3_600_000
/** A day begins first at +14:00 and ends last at -12:00. */
const EARLIEST_BEGIN_MS = 14 * HOUR_MS
const LATEST_END_MS = 36 * HOUR_MS

/** One year, or two that follow each other. */
export function isSeasonLabel(label: string): boolean {
  const [, first, second] = /^(\d{4})(?:-(\d{4}))?$/.exec(label) ?? []
  return first !== undefined && (second === undefined || Number(second) === Number(first) + 1)
}

/** Why these days make no season; null when they do. */
export function faultOfDays({ startsOn, endsOn }: Days): string | null {
  if (endsOn <= startsOn) return 'must be after startsOn'
  const longest = fromDay(startsOn)
  longest.setUTCFullYear(longest.getUTCFullYear() + 2)
  return fromDay(endsOn) > longest ? 'must be within two years of startsOn' : null
}

export const isCurrent = ({ startsOn, endsOn }: Days, today: Day): boolean =>
  startsOn <= today && today <= endsOn

/** The moments that are a day of the season somewhere in the world: from inclusive, to exclusive. */
export function spanOf({ startsOn, endsOn }: Days): { from: Date; to: Date } {
  return {
    from: new Date(fromDay(startsOn).getTime() - EARLIEST_BEGIN_MS),
    to: new Date(fromDay(endsOn).getTime() + LATEST_END_MS),
  }
}

export function isWithin(season: Days, moment: Date): boolean {
  const { from, to } = spanOf(season)
  return from <= moment && moment < to
}
