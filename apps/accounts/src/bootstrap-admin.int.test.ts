import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type AccountsHarness, openAccounts } from './testing/open-accounts.ts'
import { ask, type Answer, PASSWORD, SIGNED_IN, signedIn, stranger } from './testing/signed-in.ts'

const PROGRAM = path.join(import.meta.dirname, 'bootstrap-admin.ts')

let accounts: AccountsHarness
beforeEach(async () => {
  accounts = await openAccounts()
})
afterEach(() => accounts.close())

async function bootstrap(args: string[] = [], environment: Record<string, string> = {}) {
  const program = spawn(process.execPath, [PROGRAM, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      ACCOUNTS_DATABASE_URL: accounts.database.appUrl,
      ACCOUNTS_DATABASE_OWNER_URL: accounts.database.ownerUrl,
      ...environment,
    },
  })
  const [output, errors] = await Promise.all([
    text(program.stdout),
    text(program.stderr),
    program.exitCode === null && once(program, 'close'),
  ])
  return { code: program.exitCode, output, errors }
}

const linkIn = (output: string) => new URL(/^https?:\S+$/m.exec(output)?.[0] ?? 'none:')

describe('ACC-18: npm run bootstrap-admin', () => {
  test('prints a link whose mutation makes the first admin, as it stands', async () => {
    const { code, output, errors } = await bootstrap(['--email', 'Anna@example.com'])
    expect([code, errors]).toEqual([0, ''])
    expect(output).toMatch(/within an hour/)
    const link = linkIn(output)
    expect(link.origin + link.pathname).toBe('http://localhost:4000/graphiql')
    const { input } = JSON.parse(link.searchParams.get('variables') ?? '') as {
      input: Record<string, string>
    }
    expect(input).toMatchObject({ email: 'anna@example.com', username: '', password: '' })
    const mutation = (link.searchParams.get('query') ?? '').replace(
      'acceptInvitation(',
      'result: acceptInvitation(',
    )
    const answer = await stranger(accounts).ok<{ result: { me: { roles: string[] } } }>(mutation, {
      input: { ...input, username: 'anna', password: PASSWORD },
    })
    expect(answer.result.me.roles).toEqual(['VIEWER', 'ADMIN'])
  })

  test('prints the same mutation and its variables for where no page is served', async () => {
    const { output } = await bootstrap(['--email', 'anna@example.com'])
    const [, query, variables] =
      /with any client:\n\n(mutation .*)\n\nVariables:\n\n(\{.*\})\n$/s.exec(output) ?? []
    const link = linkIn(output)
    expect([query, variables]).toEqual([link.searchParams.get('query'), link.searchParams.get('variables')])
  })

  test('says so when there is an admin, and what to do', async () => {
    const boss = await accounts.person('boss')
    await accounts.sql(`INSERT INTO user_roles (user_id, role) VALUES ($1, 'admin')`, [boss.id])
    const { code, output, errors } = await bootstrap()
    expect([code, output]).toEqual([1, ''])
    expect(errors).toMatch(/There is an admin already[\s\S]*grantRole/)
    expect(errors).not.toMatch(/at .*\.ts/)
  })

  test('again makes the link from before void', async () => {
    const first = linkIn((await bootstrap()).output)
    const { output } = await bootstrap([], { PUBLIC_URL: 'https://courtside.example' })
    expect(output).toMatch(/The link from before does not work any more/)
    expect(linkIn(output).origin).toBe('https://courtside.example')
    const { input } = JSON.parse(first.searchParams.get('variables') ?? '') as { input: object }
    const answer: Answer = await ask(
      stranger(accounts),
      `mutation ($input: AcceptInvitationInput!) {
        result: acceptInvitation(input: $input) { ${SIGNED_IN} ... on SignUpRefused { __typename code message } }
      }`,
      { ...input, username: 'anna', email: 'anna@example.com', password: PASSWORD },
    )
    expect(() => signedIn(answer)).toThrow(/INVITATION_INVALID/)
  })

  test.each([
    [['--email', 'anna@home'], /not an e-mail address/],
    [['--mail', 'anna@example.com'], /Usage: npm run bootstrap-admin/],
  ])('with %j says how it is used', async (args, message) => {
    const { code, errors } = await bootstrap(args)
    expect(code).toBe(1)
    expect(errors).toMatch(message)
    expect(errors).not.toMatch(/at .*\.ts/)
  })

  test('without a database says what to do', async () => {
    const { code, errors } = await bootstrap([], {
      ACCOUNTS_DATABASE_URL: 'postgres://accounts_app@127.0.0.1:1/none',
    })
    expect(code).toBe(1)
    expect(errors).toMatch(/cannot be reached/)
  })
})
