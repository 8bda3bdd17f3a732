import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { workspaceRoot } from '@courtside/database/migrate'
import { openDemoSessions, seedAccounts } from '../../../prisma/accounts/seed.ts'
import { demoStats, seedStats } from '../../../prisma/stats/seed.ts'
import { bearer, graphClient } from './graph-client.ts'
import { allInOne, type RunningGraph } from './shapes/index.ts'

const folder = path.join(workspaceRoot, 'docs/operations')

const operations = globSync('*.graphql', { cwd: folder }).map((file) => {
  const text = readFileSync(path.join(folder, file), 'utf8')
  const said = (what: string) => new RegExp(`^# ${what}: (.*)$`, 'm').exec(text)?.[1]
  return { name: file.replace('.graphql', ''), text, role: said('as'), variables: said('variables') ?? '{}' }
})

let graph: RunningGraph
const tokens = new Map<string, string>()
beforeAll(async () => {
  graph = await allInOne.start()
  const now = new Date()
  const databaseUrl = graph.adminUrl('accounts')
  await seedStats(graph.adminUrl('stats'), now)
  await seedAccounts({ databaseUrl, now, teamIds: demoStats.teamIds, playerIds: demoStats.playerIds })
  for (const { role, refreshToken } of await openDemoSessions(databaseUrl, now)) {
    const { refreshSession } = await graphClient(graph.url).ok<{ refreshSession: { accessToken: string } }>(
      `mutation Refresh($input: RefreshSessionInput!) {
        refreshSession(input: $input) { ... on SignedIn { accessToken } }
      }`,
      { input: { refreshToken } },
    )
    tokens.set(role, refreshSession.accessToken)
  }
}, 60_000)
afterAll(() => graph?.stop())

const isSubscription = (text: string) => /^subscription\b/m.test(text)

describe('every documented operation', () => {
  test.each(operations)('$name works for whom it says', async ({ text, role, variables }) => {
    const headers = role === undefined ? {} : bearer(tokens.get(role) ?? `there is no ${role}`)
    const client = graphClient(graph.url, headers)
    const ask = isSubscription(text) ? client.first : client.ok
    const data = await ask<Record<string, unknown>>(text, JSON.parse(variables) as object)
    expect(Object.values(data).every((answer) => answer !== null)).toBe(true)
    expect(JSON.stringify(data)).not.toContain('Refused')
  })

  test.each(operations.filter(({ role }) => role !== undefined))(
    '$name is nothing for a stranger',
    async ({ text, variables }) => {
      const stranger = graphClient(graph.url)
      const given = JSON.parse(variables) as object
      if (isSubscription(text)) {
        await expect(stranger.first(text, given)).rejects.toThrow('UNAUTHENTICATED')
        return
      }
      const { data, errors } = await stranger.send<Record<string, unknown>>(text, given)
      const refused = errors.some(({ extensions }) => extensions.code === 'UNAUTHENTICATED')
      expect(refused || data?.['me'] === null).toBe(true)
    },
  )
})
