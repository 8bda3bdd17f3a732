import { describe, expect, test } from '@jest/globals'
import { faultOfStay } from './rosters.policy.ts'

const season = { startsOn: '2026-09-01', endsOn: '2027-05-31' }
const fieldAtFault = (joinedOn: string, leftOn: string | null) =>
  faultOfStay({ joinedOn, leftOn }, season)?.field

describe('a stay with a team', () => {
  test('lies within the season', () => {
    expect(fieldAtFault('2026-09-01', null)).toBeUndefined()
    expect(fieldAtFault('2027-05-31', '2027-05-31')).toBeUndefined()
    expect(fieldAtFault('2026-08-31', null)).toBe('joinedOn')
    expect(fieldAtFault('2027-06-01', null)).toBe('joinedOn')
    expect(fieldAtFault('2026-09-01', '2027-06-01')).toBe('leftOn')
  })

  test('ends on the day it begins at the earliest', () => {
    expect(fieldAtFault('2026-10-02', '2026-10-02')).toBeUndefined()
    expect(fieldAtFault('2026-10-02', '2026-10-01')).toBe('leftOn')
  })
})
