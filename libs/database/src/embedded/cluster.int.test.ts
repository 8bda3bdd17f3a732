import { mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { StartupError } from '@courtside/kernel'
import { findBinaries } from './binaries.ts'
import { type Cluster, findRunningCluster, inScratch, removeCluster, startCluster } from './index.ts'
import { ask, exists, modeOf, openFolder, postmasterPid, replaceFile } from './fixtures/cluster-processes.ts'

let folder: string
let directory: string
const running: Cluster[] = []

/** A cluster that is stopped after the test, however that ends. */
async function start(options: Partial<Parameters<typeof startCluster>[0]> = {}): Promise<Cluster> {
  const cluster = await startCluster({ directory, ...options })
  running.push(cluster)
  return cluster
}

beforeAll(async () => {
  folder = await openFolder()
  directory = path.join(folder, 'postgres')
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((cluster) => cluster.stop()))
})
afterAll(() => rm(folder, { recursive: true }))

describe('a persistent cluster', () => {
  test('keeps its data from one start to the next', async () => {
    const first = await start()
    await ask(first.adminUrl(), 'CREATE TABLE kept AS SELECT 42 AS answer')
    await first.stop()
    expect(await first.exited).toEqual({ code: 0, expected: true })

    const second = await start()
    expect(await ask(second.adminUrl(), 'SELECT answer FROM kept')).toEqual([42])
  })

  test('is closed to everybody else', async () => {
    const cluster = await start()
    expect(await modeOf(directory)).toBe('700')
    expect(await modeOf(path.join(directory, 'data'))).toBe('700')
    expect(await modeOf(path.join(directory, 'superuser-password'))).toBe('600')

    const guess = new URL(cluster.adminUrl())
    guess.password = 'postgres'
    await expect(ask(guess.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/)
    expect(await ask(cluster.adminUrl(), 'SHOW listen_addresses')).toEqual(['127.0.0.1'])
  })

  test('makes a password of its own for every cluster', async () => {
    const [one, other] = [await start(), await start({ directory: path.join(folder, 'other') })]
    expect(new URL(one.adminUrl()).password).not.toBe(new URL(other.adminUrl()).password)
    expect(one.rolePassword('app', 'stats')).not.toBe(other.rolePassword('app', 'stats'))
    expect(one.rolePassword('app', 'stats')).not.toBe(one.rolePassword('owner', 'stats'))
  })

  test('sorts and folds letters the same on every machine', async () => {
    const cluster = await start()
    expect(await ask(cluster.adminUrl(), `SELECT lower('ÉÄ'), 'a' < 'B', 'Z' < 'a'`)).toEqual([
      'éä',
      false,
      true,
    ])
  })

  test('is found by others while it runs', async () => {
    expect(await findRunningCluster(directory)).toBeUndefined()
    const cluster = await start()
    const found = await findRunningCluster(directory)
    expect(found?.adminUrl('x')).toBe(cluster.adminUrl('x'))
    expect(found?.roleUrl('app', 'stats')).toBe(cluster.roleUrl('app', 'stats'))
  })

  test('refuses a second start on the same folder, and is not disturbed by it', async () => {
    const cluster = await start()
    await expect(start()).rejects.toThrow(
      new RegExp(`already running on port ${cluster.port}, started by process ${process.pid}`),
    )
    await expect(removeCluster(directory)).rejects.toThrow(StartupError)
    expect(await ask(cluster.adminUrl(), 'SELECT 1')).toEqual([1])
  })

  test('is made once when two processes make it at the same time', async () => {
    const fresh = path.join(folder, 'fresh')
    const outcomes = await Promise.allSettled([start({ directory: fresh }), start({ directory: fresh })])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const refused = outcomes.find((outcome) => outcome.status === 'rejected')
    expect(refused?.reason).toBeInstanceOf(StartupError)
    expect(await ask(running[0]!.adminUrl(), 'SELECT 1')).toEqual([1])
  })

  test('says so when Postgres ends by itself', async () => {
    const cluster = await start()
    process.kill(await postmasterPid(directory), 'SIGKILL')
    expect(await cluster.exited).toEqual({ code: 137, expected: false })
    await cluster.stop()
  })
})

describe('a throw-away cluster', () => {
  test('removes its folder when it is stopped', async () => {
    const cluster = await start({ directory: await inScratch(), throwAway: true })
    expect(await ask(cluster.adminUrl(), 'SHOW fsync')).toEqual(['off'])
    await cluster.stop()
    expect(await exists(cluster.directory)).toBe(false)
  })

  test('takes no folder that holds something', async () => {
    const full = path.join(await openFolder(), 'full')
    await startCluster({ directory: full }).then((cluster) => cluster.stop())
    await expect(start({ directory: full, throwAway: true })).rejects.toThrow(/there is something else in it/)
    expect(await exists(path.join(full, 'data'))).toBe(true)
    await rm(path.dirname(full), { recursive: true })
  })
})

describe('a start that cannot succeed', () => {
  const mend: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const undo of mend.splice(0)) await undo()
  })

  test('names the busy port and how to choose another', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    mend.push(async () => void server.close())
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0

    await expect(start({ port })).rejects.toThrow(
      `Port ${port} is already in use, so Postgres cannot listen on it.\n` +
        'Stop what uses it, or choose another with COURTSIDE_POSTGRES_PORT.',
    )
  })

  test.each([
    [
      'has no version',
      'PG_VERSION',
      undefined,
      /is damaged: it has no PG_VERSION file[^]*npm run db -- reset all/,
    ],
    [
      'is of another version',
      'PG_VERSION',
      '17\n',
      /made by Postgres 17, and this is Postgres 18[^]*reset all/,
    ],
    ['has a broken control file', 'global/pg_control', 'x', /is damaged[^]*reset all[^]*pg_control/],
    ['has lost its control file', 'global/pg_control', undefined, /is damaged[^]*reset all[^]*pg_control/],
  ])('says what to do when the data %s', async (_, name, content, said) => {
    const file = path.join(directory, 'data', name)
    mend.push(await replaceFile(file, content))
    await expect(start()).rejects.toThrow(said)
    await expect(start()).rejects.toThrow(StartupError)
  })

  test('says what to do when the password is lost', async () => {
    mend.push(await replaceFile(path.join(directory, 'superuser-password'), undefined))
    await expect(start()).rejects.toThrow(/superuser-password is missing[^]*npm run db -- reset all/)
  })

  test('says what to do when a file is in the way', async () => {
    const file = path.join(folder, 'file')
    await writeFile(file, '')
    await expect(start({ directory: path.join(file, 'postgres') })).rejects.toThrow(/a file is in its place/)
  })

  test('leaves a folder alone that holds something else', async () => {
    const project = path.join(folder, 'project')
    await mkdir(project, { mode: 0o755 })
    await writeFile(path.join(project, 'thesis.txt'), 'years of work')
    await expect(start({ directory: project })).rejects.toThrow(
      /something else in it \(thesis\.txt\)[^]*_DIRECTORY/,
    )
    await expect(removeCluster(project)).rejects.toThrow(/something else in it/)
    expect(await modeOf(project)).toBe('755')
    expect(await exists(path.join(project, 'thesis.txt'))).toBe(true)
  })

  test('says so on a platform that has no binaries', async () => {
    await expect(findBinaries(undefined, 'sunos-x64')).rejects.toThrow(
      /no embedded Postgres for this platform \(sunos-x64\)[^]*npm install[^]*_DATABASE_URL/,
    )
  })

  test('leaves nothing that keeps the next one from succeeding', async () => {
    const cluster = await start()
    expect(await ask(cluster.adminUrl(), 'SELECT 1')).toEqual([1])
  })
})
