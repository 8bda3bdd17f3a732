import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { findBinaries } from './binaries.ts'
import { canReach, isRoot, nobody } from './database-user.ts'
import {
  ask,
  exists,
  holdCluster,
  kill,
  modeOf,
  openFolder,
  postmasterPid,
  until,
} from './fixtures/cluster-processes.ts'
import { firstLine } from './first-line.ts'
import { freePort } from './free-port.ts'
import { removeCluster, startCluster } from './index.ts'
import { untilGone } from './process-table.ts'

/** Only root can become somebody else; and somebody else can run our code only where the clone is open to them. */
const asRoot = isRoot() ? describe : describe.skip
const asOrdinaryUserToo = isRoot() && canReach(nobody(), import.meta.dirname) ? test : test.skip

/** Another one than Postgres runs as by itself. */
const ordinaryUser = () => {
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'daemon'], { encoding: 'utf8' }))
  return { uid: idOf('-u'), gid: idOf('-g') }
}

let folder: string

beforeAll(async () => {
  folder = await openFolder()
})
afterAll(() => rm(folder, { recursive: true }))

asRoot('started by root', () => {
  test('Postgres runs as an unprivileged user, and root alone can read the password', async () => {
    const directory = path.join(folder, 'made', 'by', 'root')
    const cluster = await startCluster({ directory })
    try {
      expect(await ask(cluster.adminUrl(), 'SELECT 1')).toEqual([1])
      expect((await stat(`/proc/${await postmasterPid(directory)}`)).uid).toBe(nobody().uid)
      expect(await stat(path.join(directory, 'superuser-password'))).toMatchObject({ uid: 0, mode: 0o100600 })
    } finally {
      await cluster.stop()
    }
  })

  test('a cluster in a folder closed to that user lives elsewhere', async () => {
    const closed = await mkdtemp(path.join(folder, 'closed-'))
    const directory = path.join(closed, 'postgres')
    const cluster = await startCluster({ directory })
    try {
      expect(cluster.directory).toMatch(/^\/var\/lib\/courtside\/cluster-/)
      expect(await modeOf(cluster.directory)).toBe('700')
      expect(await ask(cluster.adminUrl(), 'SELECT 1')).toEqual([1])
    } finally {
      await cluster.stop()
    }
    await removeCluster(directory)
    expect(await exists(cluster.directory)).toBe(false)
  })

  asOrdinaryUserToo('an ordinary user has throw-away clusters too', async () => {
    const holder = await holdCluster('scratch', 'throw-away', ordinaryUser())
    expect(await ask(holder.adminUrl, 'SELECT 1')).toEqual([1])
    expect((await stat(holder.directory)).uid).toBe(ordinaryUser().uid)
    await kill(holder.child)
    await until(async () => !(await exists(holder.directory)))
  })

  asOrdinaryUserToo('data of an ordinary user stays theirs', async () => {
    const { uid, gid } = ordinaryUser()
    const theirs = path.join(folder, 'theirs')
    await mkdir(theirs)
    await chown(theirs, uid, gid)
    await chmod(theirs, 0o700)
    const directory = path.join(theirs, 'postgres')

    const first = await holdCluster(directory, 'persistent', { uid, gid })
    expect(first.refused).toBeUndefined()
    await ask(first.adminUrl, 'CREATE TABLE kept AS SELECT 42 AS answer')
    const pid = await postmasterPid(directory)
    expect((await stat(`/proc/${pid}`)).uid).toBe(uid)
    await kill(first.child)
    await untilGone(pid)

    const second = await startCluster({ directory })
    expect(second.directory).toBe(directory)
    expect(await ask(second.adminUrl(), 'SELECT answer FROM kept')).toEqual([42])
    await second.stop()

    const third = await holdCluster(directory, 'persistent', { uid, gid })
    expect(third.refused).toBeUndefined()
    await kill(third.child)
  })
})

asOrdinaryUserToo('an ordinary user is told that a folder belongs to somebody else', async () => {
  const closed = await mkdtemp(path.join(folder, 'closed-'))
  const { refused } = await holdCluster(path.join(closed, 'postgres'), 'persistent', ordinaryUser())
  expect(refused).toMatch(/cannot be used: it is not writable, or it belongs to another user/)
})

/** It needs nothing of Windows but the lack of signals, so any system can run it. */
asOrdinaryUserToo(
  'the supervisor for Windows starts Postgres, stops it with its owner, and removes the folder',
  async () => {
    const user = nobody()
    const holder = await holdCluster(path.join(folder, 'template'), 'persistent')
    const first = await postmasterPid(holder.directory)
    await kill(holder.child)
    await untilGone(first)

    const { postgres } = await findBinaries(user)
    const data = path.join(holder.directory, 'data')
    const supervisor = spawn(
      process.execPath,
      [
        path.join(import.meta.dirname, 'supervisor.windows.ts'),
        ...['courtside-postgres', String(process.pid), 'INT', data],
        ...[postgres, '-D', data, '-p', String(await freePort()), '-c', 'unix_socket_directories='],
      ],
      { ...user, stdio: ['pipe', 'pipe', 'ignore'] },
    )
    const pid = Number(await firstLine(supervisor.stdout))
    expect(pid).toBe(await postmasterPid(holder.directory))
    const exit = once(supervisor, 'exit')
    supervisor.stdin.end()
    expect(await exit).toEqual([0, null])
    expect(await untilGone(pid)).toBe(true)
    expect(await exists(data)).toBe(false)
  },
)
