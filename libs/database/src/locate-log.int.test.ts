import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { inScratch, startCluster } from './embedded/index.ts'
import { locateLog } from './service-database.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'courtside-nothing-'))
})
afterEach(() => rm(directory, { recursive: true }))

const embeddedIn = (folder: string) => ({ COURTSIDE_POSTGRES_DIRECTORY: folder })

describe('the way to the facts of another subgraph', () => {
  test('is what the environment says, whether or not anybody answers there', async () => {
    const url = 'postgres://accounts_log_reader:secret@db.example/accounts'
    expect(await locateLog('accounts', { ...embeddedIn(directory), ACCOUNTS_LOG_URL: url })).toBe(url)
  })

  test('is the embedded Postgres while that runs, as the role that only reads facts', async () => {
    const cluster = await startCluster({ directory: await inScratch() })
    try {
      const environment = embeddedIn(cluster.directory)
      expect(await locateLog('accounts', environment)).toBe(cluster.roleUrl('log_reader', 'accounts'))
      // Where accounts is elsewhere, an embedded database of that name is another one.
      const elsewhere = {
        ...environment,
        ACCOUNTS_DATABASE_URL: 'postgres://accounts_app@db.example/accounts',
      }
      await expect(locateLog('accounts', elsewhere)).rejects.toThrow('ACCOUNTS_LOG_URL is not set')
    } finally {
      await cluster.stop()
      await rm(cluster.directory, { recursive: true, force: true })
    }
  })

  test('is told how to be set when there is none', async () => {
    await expect(locateLog('accounts', embeddedIn(directory))).rejects.toThrow(
      /ACCOUNTS_LOG_URL is not set[^]*Set ACCOUNTS_LOG_URL to the database of accounts as the role accounts_log_reader/,
    )
    await expect(
      locateLog('accounts', { ...embeddedIn(directory), ACCOUNTS_LOG_URL: 'http://db.example' }),
    ).rejects.toThrow(/ACCOUNTS_LOG_URL/)
  })
})
