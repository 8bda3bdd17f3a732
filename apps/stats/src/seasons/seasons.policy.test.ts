import { describe, expect, test } from '@jest/globals'
import { faultOfDays, isCurrent, isSeasonLabel, isWithin } from './seasons.policy.ts'

const season = { startsOn: '2026-09-01', endsOn: '2027-05-31' }

describe('a season', () => {
  test.each(['2026', '2026-2027', '1999-2000', '0999-1000'])('may be called %s', (label) => {
    expect(isSeasonLabel(label)).toBe(true)
  })

  test.each([
    '',
    '26-27',
    '2026-27',
    '2026-2026',
    '2026-2028',
    '2027-2026',
    '2026/2027',
    '2026-2027 ',
    '٢٠٢٦',
  ])('may not be called %j', (label) => expect(isSeasonLabel(label)).toBe(false))

  test('is current from its first day to its last', () => {
    expect(isCurrent(season, '2026-08-31')).toBe(false)
    expect(isCurrent(season, '2026-09-01')).toBe(true)
    expect(isCurrent(season, '2027-05-31')).toBe(true)
    expect(isCurrent(season, '2027-06-01')).toBe(false)
  })

  test('ends after it begins and lasts two years at most', () => {
    expect(faultOfDays(season)).toBeNull()
    expect(faultOfDays({ startsOn: '2026-09-01', endsOn: '2026-09-01' })).toMatch(/after/)
    expect(faultOfDays({ startsOn: '2026-09-01', endsOn: '2026-08-31' })).toMatch(/after/)
    expect(faultOfDays({ startsOn: '2026-09-01', endsOn: '2028-09-01' })).toBeNull()
    expect(faultOfDays({ startsOn: '2026-09-01', endsOn: '2028-09-02' })).toMatch(/two years/)
  })

  test('holds every moment that is one of its days somewhere in the world', () => {
    // The first of September begins at +14:00, and the end of May ends at -12:00.
    expect(isWithin(season, new Date('2026-08-31T10:00:00Z'))).toBe(true)
    expect(isWithin(season, new Date('2026-08-31T09:59:59.999Z'))).toBe(false)
    expect(isWithin(season, new Date('2027-06-01T11:59:59.999Z'))).toBe(true)
    expect(isWithin(season, new Date('2027-06-01T12:00:00Z'))).toBe(false)
  })
})
