import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { type Cluster, inScratch, startCluster } from './index.ts'
import {
  ask,
  exists,
  type Holder,
  holdCluster,
  kill,
  openFolder,
  postmasterPid,
  until,
} from './fixtures/cluster-processes.ts'
import { firstLine } from './first-line.ts'
import { describeProcess, untilGone } from './process-table.ts'

/** On Windows these deaths do not exist; its supervisor has a test of its own. */
const onPosix = process.platform === 'win32' ? describe.skip : describe

let folder: string
let directory: string
const holders: Holder[] = []
const running: Cluster[] = []

async function hold(...args: Parameters<typeof holdCluster>): Promise<Holder> {
  const holder = await holdCluster(...args)
  holders.push(holder)
  return holder
}

async function start(): Promise<Cluster> {
  const cluster = await startCluster({ directory })
  running.push(cluster)
  return cluster
}

beforeAll(async () => {
  folder = await openFolder()
  directory = path.join(folder, 'postgres')
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((cluster) => cluster.stop()))
  for (const { child } of holders.splice(0))
    if (child.exitCode === null && child.signalCode === null) await kill(child)
})
afterAll(() => rm(folder, { recursive: true }))

onPosix('when the process that started Postgres is killed', () => {
  test('a throw-away cluster leaves no process and no folder', async () => {
    const holder = await hold(await inScratch(), 'throw-away')
    const pid = await postmasterPid(holder.directory)
    await kill(holder.child)
    await until(async () => !(await exists(holder.directory)))
    expect(await isGone(pid)).toBe(true)
  })

  test('even while the cluster is still being made', async () => {
    const mine = await inScratch()
    const script = path.join(import.meta.dirname, 'fixtures/hold-cluster.ts')
    const child = spawn(process.execPath, [script, 'scratch', 'throw-away'], { stdio: 'ignore' })
    const root = path.dirname(mine)
    // The folder is the child's own, as that of a test run is: only then may others clear it when the child is dead.
    const find = async () => (await readdir(root)).find((name) => name.startsWith(`courtside-${child.pid}-`))
    await until(async () => (await find()) !== undefined)
    const scratch = path.join(root, String(await find()))
    await until(async () => (await readdir(scratch)).includes('postgres.log'))
    await kill(child)
    // Its supervisor removes the folder; when it died in the moment before there was one, the next run does.
    await until(async () => {
      await rm(await inScratch(), { recursive: true })
      return !(await exists(scratch))
    })
    await rm(mine, { recursive: true })
  })

  test('what it left before Postgres was there goes with the next scratch folder', async () => {
    const maker = spawn(process.execPath, ['-e', ''])
    await once(maker, 'exit')
    const mine = await inScratch()
    const leftover = await mkdtemp(path.join(path.dirname(mine), `courtside-${maker.pid}-`))
    const next = await inScratch()
    expect(await exists(leftover)).toBe(false)
    expect(await exists(mine)).toBe(true)
    await Promise.all([mine, next].map((scratch) => rm(scratch, { recursive: true })))
  })

  test('a persistent cluster stops, keeps its data, and starts again', async () => {
    const holder = await hold(directory, 'persistent')
    await ask(holder.adminUrl, 'CREATE TABLE kept AS SELECT 42 AS answer')
    const pid = await postmasterPid(directory)
    await kill(holder.child)
    expect(await untilGone(pid)).toBe(true)
    expect(await ask((await start()).adminUrl(), 'SELECT answer FROM kept')).toEqual([42])
  })

  test('a start right after it waits until the old one has stopped', async () => {
    const holder = await hold(directory, 'persistent')
    await kill(holder.child)
    expect(await ask((await start()).adminUrl(), 'SELECT answer FROM kept')).toEqual([42])
  })
})

onPosix('Ctrl-C in a terminal', () => {
  test('does not reach Postgres before the process has drained', async () => {
    const holder = await hold(await inScratch(), 'throw-away')
    process.kill(-holder.child.pid!, 'SIGINT')
    expect(await ask(holder.adminUrl, 'SELECT pg_is_in_recovery()')).toEqual([false])
    expect(await ask(holder.adminUrl, 'SELECT 1')).toEqual([1])
  })
})

onPosix('after other accidents', () => {
  test('a Postgres that was killed starts again', async () => {
    const cluster = await start()
    await ask(cluster.adminUrl(), 'CREATE TABLE committed AS SELECT 1 AS one')
    process.kill(await postmasterPid(directory), 'SIGKILL')
    await cluster.exited
    expect(await ask((await start()).adminUrl(), 'SELECT one FROM committed')).toEqual([1])
  })

  test('a supervisor that was killed takes its Postgres along', async () => {
    const cluster = await start()
    const pid = await postmasterPid(directory)
    const supervisor = (await describeProcess(pid))!.parent
    process.kill(supervisor, 'SIGKILL')
    expect(await cluster.exited).toEqual({ code: 137, expected: false })
    expect(await isGone(pid)).toBe(true)
  })

  const onLinux = process.platform === 'linux' ? test : test.skip

  onLinux('a Postgres that lost both its supervisor and its owner makes way', async () => {
    const holder = await hold(directory, 'persistent')
    const pid = await postmasterPid(directory)
    const supervisor = (await describeProcess(pid))!.parent
    holder.child.kill('SIGSTOP') // Or it would stop Postgres itself.
    const watcher = (await childrenOf(supervisor)).filter((child) => child !== pid)
    for (const one of [...watcher, supervisor]) process.kill(one, 'SIGKILL')
    await kill(holder.child)
    expect(await ask(holder.adminUrl, 'SELECT 1')).toEqual([1])

    const cluster = await start()
    expect(await postmasterPid(directory)).not.toBe(pid)
    expect(await ask(cluster.adminUrl(), 'SELECT 1')).toEqual([1])
  })

  test('a pid that now belongs to something else is no obstacle', async () => {
    await writeStaleFile(process.pid)
    expect(await ask((await start()).adminUrl(), 'SELECT 1')).toEqual([1])
  })

  test('nor is one that belongs to a process nobody collects', async () => {
    // A shell that becomes a program which never asks after its child.
    const parent = spawn('sh', ['-c', 'sleep 1000 & echo $!; exec sleep 1000'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    try {
      const child = Number(await firstLine(parent.stdout))
      await until(async () => (await describeProcess(parent.pid!))?.command.startsWith('sleep') === true)
      process.kill(child, 'SIGKILL')
      await until(async () => (await describeProcess(child))?.zombie === true)
      await writeStaleFile(child)
      expect(await ask((await start()).adminUrl(), 'SELECT 1')).toEqual([1])
    } finally {
      await kill(parent)
    }
  })
})

async function isGone(pid: number): Promise<boolean> {
  const found = await describeProcess(pid)
  return found === undefined || found.zombie
}

async function childrenOf(pid: number): Promise<number[]> {
  return (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ').map(Number)
}

/** As a machine that lost its power leaves it: from a Postgres that did not stop. */
async function writeStaleFile(pid: number): Promise<void> {
  const data = path.join(directory, 'data')
  const { uid, gid } = await stat(data)
  const file = path.join(data, 'postmaster.pid')
  await writeFile(file, `${pid}\n${data}\n1\n1\n\n127.0.0.1\n1 1\nready\n`, { mode: 0o600 })
  if (process.getuid?.() === 0) await chown(file, uid, gid)
}
