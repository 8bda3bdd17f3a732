import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type AccountsHarness, openAccounts, type Person } from '../testing/open-accounts.ts'

let accounts: AccountsHarness
beforeAll(async () => {
  accounts = await openAccounts()
})
afterAll(() => accounts.close())

const DOCUMENT = {
  follow: 'mutation ($userId: ID!) { follow(input: { userId: $userId }) { followedAt } }',
  unfollow: 'mutation ($userId: ID!) { unfollow(input: { userId: $userId }) { me { id } } }',
  block: 'mutation ($userId: ID!) { blockUser(input: { userId: $userId }) { blockedAt } }',
  unblock: 'mutation ($userId: ID!) { unblockUser(input: { userId: $userId }) { me { id } } }',
} as const

interface Step {
  verb: keyof typeof DOCUMENT
  from: number
  to: number
}
const PEOPLE = 3
const anyone = fc.integer({ min: 0, max: PEOPLE - 1 })
const anyStep: fc.Arbitrary<Step> = fc
  .record({
    verb: fc.constantFrom('follow', 'unfollow', 'block', 'unblock'),
    from: anyone,
    to: anyone,
  })
  .filter(({ from, to }) => from !== to)

async function take(people: readonly Person[], { verb, from, to }: Step): Promise<string | null> {
  const { errors } = await people[from]!.run(DOCUMENT[verb], { userId: people[to]!.id })
  return errors[0]?.code ?? null
}

/** All pairs of the table as `from>to`, by the places of the people. */
async function pairs(people: readonly Person[], table: string, from: string, to: string): Promise<string[]> {
  const ids = people.map(({ id }) => id)
  const rows = await accounts.sql<{ one: string; other: string }>(
    `SELECT ${from} AS one, ${to} AS other FROM ${table} WHERE ${from} = ANY($1)`,
    [ids],
  )
  return rows.map(({ one, other }) => `${ids.indexOf(one)}>${ids.indexOf(other)}`).sort()
}
const followsAmong = (people: readonly Person[]) => pairs(people, 'follows', 'follower_id', 'following_id')
const blocksAmong = (people: readonly Person[]) => pairs(people, 'user_blocks', 'blocker_id', 'blocked_id')

describe('ACC-07, ACC-19: whatever people do in whatever order', () => {
  test('follows and blocks are what the rules say they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: 15 }), async (steps) => {
        const people = await accounts.people('ann', 'bob', 'cleo')
        const follows = new Set<string>()
        const blocks = new Set<string>()
        for (const step of steps) {
          const [there, back] = [`${step.from}>${step.to}`, `${step.to}>${step.from}`]
          const isBlocked = blocks.has(there) || blocks.has(back)
          const refused = step.verb === 'follow' && isBlocked ? 'ACCOUNTS_USER_NOT_FOUND' : null
          if (step.verb === 'follow' && !isBlocked) follows.add(there)
          if (step.verb === 'unfollow') follows.delete(there)
          if (step.verb === 'block') {
            blocks.add(there)
            follows.delete(there)
            follows.delete(back)
          }
          if (step.verb === 'unblock') blocks.delete(there)
          expect(await take(people, step)).toBe(refused)
        }
        expect(await followsAmong(people)).toEqual([...follows].sort())
        expect(await blocksAmong(people)).toEqual([...blocks].sort())
      }),
      { numRuns: 15 },
    )
  })

  test('at the same moment, too, nobody follows across a block', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 8, maxLength: 16 }), async (steps) => {
        const people = await accounts.people('ann', 'bob', 'cleo')
        const codes = await Promise.all(steps.map((step) => take(people, step)))
        expect(codes.filter((code) => code !== null && code !== 'ACCOUNTS_USER_NOT_FOUND')).toEqual([])
        const blocked = (await blocksAmong(people)).flatMap((pair) => [pair, [...pair].reverse().join('')])
        expect((await followsAmong(people)).filter((pair) => blocked.includes(pair))).toEqual([])
      }),
      { numRuns: 15 },
    )
  })
})
