import { StartupError } from '@courtside/kernel'
import { demoAccounts, hasDemoPeople, openDemoSessions, seedAccounts } from '../../../prisma/accounts/seed.ts'
import { demoStats, seedStats } from '../../../prisma/stats/seed.ts'
import type { Databases } from './databases.ts'

/** Whom the demo lets one be, and how. */
export interface DemoCredential {
  who: string
  header: string
}

/** A league in the middle of its season, and people who follow it. */
export async function seedDemo(databases: Databases): Promise<void> {
  const now = new Date()
  await Promise.all([
    seedStats(databases.appUrl('stats'), now),
    seedAccounts({
      databaseUrl: databases.appUrl('accounts'),
      now,
      teamIds: demoStats.teamIds,
      playerIds: demoStats.playerIds,
    }),
  ])
}

/** A demo is a fine place to try things, and no place to begin a service on. */
export async function assertNoDemoPeople(databases: Databases): Promise<void> {
  if (!(await hasDemoPeople(databases.appUrl('accounts')))) return
  throw new StartupError(
    'This database holds the people of the demo, whose passwords everybody knows.\n' +
      'Start production on databases of its own (ACCOUNTS_DATABASE_URL and so on), or in another folder (COURTSIDE_POSTGRES_DIRECTORY).',
  )
}

const REFRESH = `mutation Refresh($input: RefreshSessionInput!) {
  refreshSession(input: $input) {
    ... on SignedIn { accessToken }
  }
}`

/** Asks for the tokens at the front door, so that what is printed is known to work. */
export async function demoCredentials(url: string, databases: Databases): Promise<DemoCredential[]> {
  const sessions = await openDemoSessions(databases.appUrl('accounts'), new Date())
  const tokens = await Promise.all(
    sessions.map(async ({ role, refreshToken }) => ({
      who: role,
      header: await accessToken(url, refreshToken),
    })),
  )
  return [...tokens, { who: 'partner', header: demoAccounts.partnerKey.key }]
}

async function accessToken(url: string, refreshToken: string): Promise<string> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: REFRESH, variables: { input: { refreshToken } } }),
  })
  const answer = (await response.json()) as { data?: { refreshSession?: { accessToken?: string } } }
  const token = answer.data?.refreshSession?.accessToken
  if (!token) throw new Error(`The gateway gave no demo token: ${JSON.stringify(answer)}`)
  return token
}
