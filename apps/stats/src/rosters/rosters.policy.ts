import type { Season } from '../seasons/index.ts'
import type { RosterEntry } from './roster-entry.ts'

/** Why an entry cannot have these days; null when it can. */
export function faultOfStay(
  { joinedOn, leftOn }: Pick<RosterEntry, 'joinedOn' | 'leftOn'>,
  season: Pick<Season, 'startsOn' | 'endsOn'>,
): { field: 'joinedOn' | 'leftOn'; fault: string } | null {
  const { startsOn, endsOn } = season
  if (joinedOn < startsOn || joinedOn > endsOn) {
    return { field: 'joinedOn', fault: `must be a day of the season, from ${startsOn} to ${endsOn}` }
  }
  if (leftOn === null) return null
  if (leftOn < joinedOn) return { field: 'leftOn', fault: 'must not be before joinedOn' }
  return leftOn > endsOn
    ? { field: 'leftOn', fault: `must not be after the season, which ends on ${endsOn}` }
    : null
}
