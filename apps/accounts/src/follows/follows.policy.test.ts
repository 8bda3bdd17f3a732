import { describe, expect, test } from '@jest/globals'
import { followTarget } from './follows.policy.ts'

const id = '0190a0b0-0000-7000-8000-0000000000AA'
const lower = id.toLowerCase()

describe('ACC-07: what is to be followed', () => {
  test.each([
    ['a person', { userId: id }, { kind: 'USER', id: lower }],
    ['a team', { teamId: id, userId: null }, { kind: 'TEAM', id: lower }],
    ['a player', { playerId: id, userId: undefined }, { kind: 'PLAYER', id: lower }],
  ])('%s, by an id in lower case', (_, given, target) => {
    expect(followTarget.parse(given)).toEqual(target)
  })

  test.each([
    ['nothing', {}],
    ['only nulls', { userId: null, teamId: null, playerId: null }],
    ['two', { userId: id, teamId: id }],
    ['three', { userId: id, teamId: id, playerId: id }],
    ['what is no id', { userId: 'me' }],
  ])('%s is refused', (_, given) => {
    expect(followTarget.safeParse(given).success).toBe(false)
  })
})
