import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createHttpEdge, createMetrics } from '@courtside/http'
import { type AccountsHarness, openAccounts } from '../testing/open-accounts.ts'
import { ask, join, PASSWORD, refused, SIGN_IN, signedIn, stranger } from '../testing/signed-in.ts'

const metrics = createMetrics()
let accounts: AccountsHarness
beforeAll(async () => {
  accounts = await openAccounts({ metrics })
})
afterAll(() => accounts.close())

const ADDRESS = '203.0.113.77'
const signIn = (login: string, password: string) =>
  ask(stranger(accounts, ADDRESS), SIGN_IN, { login, password })
const records = () => accounts.log.lines.filter(({ fields }) => fields['client.address'] === ADDRESS)

async function counted(): Promise<Record<string, number>> {
  const edge = createHttpEdge({ log: accounts.log, routes: [metrics.route] })
  const { url } = await edge.listen({ host: '127.0.0.1', port: 0 })
  const text = await (await fetch(`${url}/metrics`, { headers: { connection: 'close' } })).text()
  await edge.drain(1_000)
  const figures = text.matchAll(/^courtside_accounts_sign_ins_total\{outcome="(.+)"\} (\d+)$/gm)
  return Object.fromEntries([...figures].map(([, outcome, count]) => [outcome, Number(count)]))
}

test('every sign-in is counted, and each that fails is in the log with account, address and reason', async () => {
  const anna = await join(accounts)
  const nobody = `nobody-${randomUUID()}`
  signedIn(await signIn(anna.username, PASSWORD))
  refused(await signIn(nobody, PASSWORD))
  for (let turn = 0; turn < 6; turn++) refused(await signIn(anna.email, 'guess'))
  refused(await signIn(anna.email, PASSWORD))
  accounts.clock.advance(1_000)
  await accounts.sql('UPDATE users SET is_active = false WHERE id = $1', [anna.id])
  refused(await signIn(anna.email, PASSWORD))

  expect(await counted()).toEqual({
    'signed-in': 1,
    'unknown-login': 1,
    'wrong-password': 6,
    locked: 1,
    'account-disabled': 1,
  })
  const failure = (reason: string, userId: string | null = anna.id) => [
    reason === 'locked' ? 'warn' : 'info',
    expect.objectContaining({ 'account.id': userId, reason }),
  ]
  expect(records().map(({ level, fields }) => [level, fields])).toEqual([
    failure('unknown-login', null),
    ...Array.from({ length: 6 }, () => failure('wrong-password')),
    failure('locked'),
    failure('account-disabled'),
  ])
  const written = JSON.stringify(accounts.log.lines)
  for (const login of [nobody, anna.email, anna.username]) expect(written).not.toContain(login)
})
