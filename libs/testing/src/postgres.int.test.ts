import { withConnection } from '@courtside/database/migrate'
import { afterEach, describe, expect, test } from '@jest/globals'
import { type ClonedDatabase, cloneDatabase } from './postgres.ts'

const clones: ClonedDatabase[] = []
afterEach(async () => {
  await Promise.all(clones.splice(0).map((clone) => clone.drop()))
})

async function clone(name: string): Promise<ClonedDatabase> {
  const database = await cloneDatabase(name)
  clones.push(database)
  return database
}

const ask = (url: string, sql: string) =>
  withConnection(url, async (client) => (await client.query<Record<string, unknown>>(sql)).rows)

describe('a clone of a subgraph’s database', () => {
  test('has every migration, and each of its three users is who it should be', async () => {
    const { appUrl, ownerUrl, adminUrl } = await clone('accounts')
    const [applied] = await ask(appUrl, 'SELECT count(*)::int > 0 AS some FROM _prisma_migrations')
    expect(applied).toEqual({ some: true })
    const who = `SELECT rolname AS name, rolsuper AS super, rolbypassrls AS bypasses FROM pg_roles WHERE rolname = current_user`
    expect(await ask(appUrl, who)).toEqual([{ name: 'accounts_app', super: false, bypasses: false }])
    expect(await ask(ownerUrl, who)).toEqual([{ name: 'accounts_owner', super: false, bypasses: false }])
    expect(await ask(adminUrl, who)).toEqual([{ name: 'postgres', super: true, bypasses: true }])
  })

  test('is nobody else’s: neither another clone nor another subgraph sees into it', async () => {
    const [one, other, stats] = await Promise.all([clone('accounts'), clone('accounts'), clone('stats')])
    await ask(one.adminUrl, 'CREATE TABLE only_here ()')
    expect(await ask(other.adminUrl, `SELECT to_regclass('only_here') AS here`)).toEqual([{ here: null }])

    const trespass = new URL(stats.appUrl)
    trespass.pathname = new URL(one.appUrl).pathname
    await expect(ask(trespass.href, 'SELECT 1')).rejects.toThrow(/permission denied for database/)
  })

  test('goes when it is dropped, whoever is connected', async () => {
    const { appUrl, drop } = await cloneDatabase('accounts')
    const held = ask(appUrl, 'SELECT pg_sleep(60)')
    held.catch(() => {})
    await ask(appUrl, 'SELECT 1')
    await drop()
    await expect(held).rejects.toThrow()
    await expect(ask(appUrl, 'SELECT 1')).rejects.toThrow(/does not exist/)
  })
})
