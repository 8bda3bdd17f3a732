import { workspaceRoot } from '@courtside/database/migrate'
import { silentLogger } from '@courtside/logger'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type LogDatabaseFixture, type LogServer, startLogServer } from '../fixtures/log-database.ts'
import { createStreamLog, factKey, withAfterCommit } from '../log/index.ts'
import { runStreamsTool } from './run-streams-tool.ts'

let server: LogServer
let database: LogDatabaseFixture
beforeAll(async () => {
  server = await startLogServer()
  database = await server.createDatabase()
})
afterAll(() => server.stop())

/** As an operator types it. */
async function type(...args: string[]) {
  const said: string[] = []
  const environment = { STATS_DATABASE_URL: database.appUrl, STATS_DATABASE_OWNER_URL: database.adminUrl }
  const code = await runStreamsTool(args, {
    workspaceRoot,
    environment,
    say: (text) => said.push(text),
    complain: (text) => said.push(`! ${text}`),
  })
  return { code, text: said.join('\n') }
}

async function append(...streams: string[]): Promise<void> {
  const db = withAfterCommit(await database.open({ connections: 1 }), silentLogger)
  const log = createStreamLog({ db })
  const facts = streams.map((stream, index) => ({
    stream,
    key: factKey(stream, String(index)),
    type: 'counted',
    payload: {},
    occurredAt: new Date(),
  }))
  await db.transaction((tx) => log.appendAll(tx, facts))
}

describe('npm run streams', () => {
  test('heads says how long the streams are', async () => {
    await append('game:1', 'game:1', 'game:2', 'room:1')
    const { code, text } = await type('heads', 'stats')
    expect(code).toBe(0)
    expect(text).toContain('Epoch 1.')
    expect(text).toMatch(/^game +2 +3 +0$/m)
    expect(text).toMatch(/^room +1 +1 +0$/m)
    expect(text).toMatch(/^game:1 +1 +2 +0$/m)
  })

  test('dead-letters lists what feeds have put aside', async () => {
    expect((await type('dead-letters', 'stats')).text).toBe('No feed of stats has put anything aside.')
    await database.look(
      `INSERT INTO feed_dead_letters (feed, stream, seq, fact, error, attempts)
       VALUES ('stats.fans', 'user:1', 7, '{"type": "followed"}', E'Error: no\\nsuch team', 5)`,
    )
    const { code, text } = await type('dead-letters', 'stats')
    expect(code).toBe(0)
    expect(text).toMatch(/^stats\.fans +user:1 +7 +followed +5 +\S+Z +Error: no such team$/m)
  })

  test('bump-epoch does it, and not beside a process that may write', async () => {
    const busy = new URL(database.appUrl)
    busy.searchParams.set('application_name', 'courtside-stats')
    const { Client } = (await import('pg')).default
    const client = new Client({ connectionString: busy.href })
    await client.connect()
    expect(await type('bump-epoch', 'stats')).toEqual({
      code: 1,
      text: expect.stringMatching(/^! stats has 1 connections .*Stop its processes first, or add --yes\.$/s),
    })
    expect((await type('bump-epoch', 'stats', '--yes')).text).toContain('in epoch 2 now')
    await client.end()
    expect((await type('bump-epoch', 'stats')).text).toContain('in epoch 3 now')
    expect((await type('heads', 'stats')).text).toMatch(/^game:1 +3 +2 +0$/m)
  })

  test.each([
    [[], /There is no command/],
    [['forget', 'stats'], /Give one of heads, dead-letters, bump-epoch/],
    [['heads'], /Give one of/],
    [['heads', 'nobody'], /nobody/],
    [['heads', 'stats', '--quickly'], /--help lists the options/],
  ])('explains what is wrong with %j', async (args, explanation) => {
    const { code, text } = await type(...args)
    expect(code).toBe(1)
    expect(text).toMatch(explanation)
  })

  test('says how it is used', async () => {
    expect(await type('--help')).toEqual({ code: 0, text: expect.stringContaining('Usage: npm run streams') })
  })
})
