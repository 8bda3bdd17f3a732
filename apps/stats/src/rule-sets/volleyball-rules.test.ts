import { describe, expect, test } from '@jest/globals'
import { FIVB_2025, NCAA_WOMEN_2024, YOUTH_2026 } from '../known-rule-sets.ts'
import { type VolleyballRules, volleyballRules } from './volleyball-rules.ts'

const faultsOf = (changes: Partial<VolleyballRules>) =>
  volleyballRules
    .safeParse({ ...FIVB_2025.volleyball, ...changes })
    .error?.issues.map(({ path }) => path.join('.'))

describe('the rules of volleyball', () => {
  test.each([FIVB_2025, NCAA_WOMEN_2024, YOUTH_2026])(
    'those of $name $edition are whole',
    ({ volleyball }) => {
      expect(volleyballRules.parse(volleyball)).toEqual(volleyball)
    },
  )

  test('differ between competitions where they should', () => {
    expect(FIVB_2025.volleyball).toMatchObject({
      liberoMayServe: false,
      substitutionsPerSet: 6,
      challengePeriod: 'SET',
    })
    expect(NCAA_WOMEN_2024.volleyball).toMatchObject({
      liberoMayServe: true,
      secondContactMayBeMultiple: true,
      challengePeriod: 'GAME',
      challengesAddedInDecidingSet: 1,
    })
    expect(YOUTH_2026.volleyball).toMatchObject({ bestOf: 3, setsToWin: 2, pointCap: 27 })
  })

  test('a game is won with more than half of an odd number of sets', () => {
    expect(faultsOf({ bestOf: 3, setsToWin: 2 })).toBeUndefined()
    expect(faultsOf({ bestOf: 1, setsToWin: 1 })).toBeUndefined()
    expect(faultsOf({ bestOf: 5, setsToWin: 2 })).toEqual(['setsToWin'])
    expect(faultsOf({ bestOf: 4, setsToWin: 3 })).toEqual(['setsToWin'])
  })

  test('a set can reach its target before a cap ends it', () => {
    expect(faultsOf({ pointCap: 25 })).toBeUndefined()
    expect(faultsOf({ pointCap: 24 })).toEqual(['pointCap'])
  })

  test('courts are switched before the deciding set is over', () => {
    expect(faultsOf({ courtSwitchAt: 14 })).toBeUndefined()
    expect(faultsOf({ courtSwitchAt: 15 })).toEqual(['courtSwitchAt'])
  })

  test('a parameter that is missing is a fault, not a default', () => {
    const { liberoMayServe: _, ...rest } = FIVB_2025.volleyball
    expect(volleyballRules.safeParse(rest).success).toBe(false)
  })
})
