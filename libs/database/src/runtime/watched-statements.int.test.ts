import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils'
import type pg from 'pg'
import type { Cluster } from '../embedded/index.ts'
import { startThrowAwayCluster } from '../migrate/fixtures/league.ts'
import { openPool, prismaAdapter } from './pool.ts'
import { watchStatements } from './watched-statements.ts'

let cluster: Cluster
let pool: pg.Pool
let adapter: SqlDriverAdapter
let watching = true
const told: string[] = []

beforeAll(async () => {
  cluster = await startThrowAwayCluster()
  pool = openPool(cluster.adminUrl(), { applicationName: 'test' })
  const factory = watchStatements(prismaAdapter(pool), (sql) => {
    if (!watching) return null
    told.push(`sent ${sql}`)
    return {
      fail: (error) => told.push(`failed ${error instanceof Error ? error.name : String(error)}`),
      end: () => told.push('ended'),
    }
  })
  adapter = await factory.connect()
})
afterAll(async () => {
  await adapter.dispose()
  await pool.end()
  await cluster.stop()
})
beforeEach(() => {
  told.length = 0
  watching = true
})

const query = (sql: string) => ({ sql, args: [], argTypes: [] })

describe('a watched statement', () => {
  test('is told when it is sent and when it is answered', async () => {
    const { rows } = await adapter.queryRaw(query('SELECT 7 AS a'))
    expect(rows).toEqual([[7]])
    expect(await adapter.executeRaw(query('CREATE TABLE thing (id int)'))).toBe(0)
    expect(told).toEqual(['sent SELECT 7 AS a', 'ended', 'sent CREATE TABLE thing (id int)', 'ended'])
  })

  test('is told when it fails, and fails as it would', async () => {
    await expect(adapter.queryRaw(query('SELECT nothing'))).rejects.toThrow('ColumnNotFound')
    expect(told).toEqual(['sent SELECT nothing', 'failed DriverAdapterError', 'ended'])
  })

  test('of a transaction is told too, and the transaction is one', async () => {
    await adapter.executeRaw(query('CREATE TABLE entry (id int)'))
    told.length = 0
    // As Prisma does it: the words are its own, the adapter only gives the connection back.
    const undone = await adapter.startTransaction()
    await undone.executeRaw(query('INSERT INTO entry VALUES (1)'))
    await undone.executeRaw(query('ROLLBACK'))
    await undone.rollback()
    const kept = await adapter.startTransaction()
    await kept.executeRaw(query('INSERT INTO entry VALUES (2)'))
    await kept.executeRaw(query('COMMIT'))
    await kept.commit()
    watching = false
    expect((await adapter.queryRaw(query('SELECT id FROM entry'))).rows).toEqual([[2]])
    expect(told).toEqual([
      ...['sent INSERT INTO entry VALUES (1)', 'ended', 'sent ROLLBACK', 'ended'],
      ...['sent INSERT INTO entry VALUES (2)', 'ended', 'sent COMMIT', 'ended'],
    ])
  })

  test('is sent the same when nobody wants to be told', async () => {
    watching = false
    expect((await adapter.queryRaw(query('SELECT 7 AS a'))).rows).toEqual([[7]])
    await expect(adapter.queryRaw(query('SELECT nothing'))).rejects.toThrow('ColumnNotFound')
    expect(told).toEqual([])
  })
})
