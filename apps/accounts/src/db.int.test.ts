import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { isUniqueViolation, systemActor } from '@courtside/database'
import { silentLogger } from '@courtside/logger'
import { cloneDatabase } from '@courtside/testing'
import { type Database, openAccountsDatabase, type Tx } from './db.ts'

type Clone = Awaited<ReturnType<typeof cloneDatabase>>

let clone: Clone
let db: Database
beforeAll(async () => {
  clone = await cloneDatabase('accounts')
  db = openAccountsDatabase(clone.appUrl, silentLogger)
})
afterAll(async () => {
  await db.close()
  await clone.drop()
})

const createUser = (tx: Tx, username: string) =>
  tx.user.create({ data: { username, email: `${username}@example.org` } })

describe('a transaction on behalf of somebody', () => {
  test('sees that person, and leaves nothing of them on the connection', async () => {
    const ana = await db.as(systemActor, (tx) => createUser(tx, 'ana'))
    expect(await db.as({ userId: ana.id }, (tx) => tx.user.count())).toBe(1)
    // More often than there are connections, so that each of them has been used on her behalf.
    await Promise.all(Array.from({ length: 30 }, () => db.as({ userId: ana.id }, (tx) => tx.user.count())))
    const unsaid = await Promise.all(
      Array.from({ length: 30 }, () => db.transaction((tx) => tx.user.count())),
    )
    expect(unsaid.every((count) => count === 0)).toBe(true)
    expect(await db.read((client) => client.user.count())).toBe(0)
  })

  test('is undone as a whole when any part of it fails', async () => {
    const failing = db.as(systemActor, async (tx) => {
      await createUser(tx, 'bea')
      await createUser(tx, 'bea')
    })
    const error: unknown = await failing.catch((caught: unknown) => caught)
    expect(isUniqueViolation(error, 'users_username_key')).toBe(true)
    expect(isUniqueViolation(error, 'users_email_key')).toBe(false)
    expect(await db.as(systemActor, (tx) => tx.user.count({ where: { username: 'bea' } }))).toBe(0)
  })

  test('is repeated when Postgres gives it up for another', async () => {
    const [one, two] = await db.as(systemActor, async (tx) => [
      await createUser(tx, 'one'),
      await createUser(tx, 'two'),
    ])
    let runs = 0
    // Each holds what the other wants next: Postgres must break the deadlock.
    const both = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const
    const cross = (mine: string, other: string, index: 0 | 1) =>
      db.as(systemActor, async (tx) => {
        runs += 1
        await tx.user.update({ where: { id: mine }, data: { bio: `first ${index}` } })
        both[index].resolve()
        await both[index === 0 ? 1 : 0].promise
        await tx.user.update({ where: { id: other }, data: { bio: `second ${index}` } })
      })
    await Promise.all([cross(one.id, two.id, 0), cross(two.id, one.id, 1)])
    expect(runs).toBe(3)
  })
})

describe('a database that does not answer', () => {
  test('is a retryable refusal that names no secret', async () => {
    const gone = new URL(clone.appUrl)
    gone.port = '1'
    const unreachable = openAccountsDatabase(gone.href, silentLogger)
    for (const attempt of [
      unreachable.read((client) => client.user.count()),
      unreachable.transaction(async () => 1),
    ]) {
      const error: unknown = await attempt.catch((caught: unknown) => caught)
      expect(error).toMatchObject({ kind: 'unavailable', code: 'DATABASE_UNAVAILABLE' })
      expect(String(error)).not.toContain(gone.password)
    }
    await expect(unreachable.ping()).rejects.toThrow()
    await unreachable.close()
  })

  test('is one too when it drops the connection in the middle', async () => {
    const cut = db.transaction(async (tx) => {
      await tx.$queryRaw`SELECT pg_terminate_backend(pg_backend_pid())::text`
    })
    await expect(cut).rejects.toMatchObject({ kind: 'unavailable', code: 'DATABASE_UNAVAILABLE' })
    expect(await db.read((client) => client.userProfile.count())).toBeGreaterThan(0)
  })
})
