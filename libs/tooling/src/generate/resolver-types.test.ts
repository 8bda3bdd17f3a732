import { describe, expect, test } from '@jest/globals'
import { mappersIn } from './resolver-types.ts'

describe('the parents that mappers.ts declares', () => {
  test('are those of its exported types, declared there or taken from a module', () => {
    const source = `
import type { Team } from './teams/index.ts'
export type TeamParent = Team
export interface GameParent { id: string }
export type { PlayerParent, Roster as RosterEntryParent } from './players/index.ts'
export { type SportParent } from './sports/index.ts'
export type Unrelated = string
type HiddenParent = string
`
    expect(mappersIn(source)).toEqual({
      Team: '../mappers.ts#TeamParent',
      Game: '../mappers.ts#GameParent',
      Player: '../mappers.ts#PlayerParent',
      RosterEntry: '../mappers.ts#RosterEntryParent',
      Sport: '../mappers.ts#SportParent',
    })
  })

  test('are none without the file', () => {
    expect(mappersIn('')).toEqual({})
  })
})
