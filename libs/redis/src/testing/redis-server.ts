import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** A real Redis of a test's own, on a socket in a folder of its own. */
export interface TestRedis {
  readonly url: string
  /** Stops answering and keeps its connections, as an overloaded machine does. */
  freeze(): void
  thaw(): void
  /** Ends at once and forgets everything. */
  kill(): Promise<void>
  /** Empty, under the same url. */
  startAgain(): Promise<void>
  stop(): Promise<void>
}

/** Why tests on a real Redis cannot run here, or null when they can. */
export function whyNoRedis(): string | null {
  const found = spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0
  return found ? null : 'redis-server is not installed: apt-get install redis-server'
}

export async function startTestRedis(): Promise<TestRedis> {
  const folder = mkdtempSync(path.join(tmpdir(), 'redis-'))
  const url = path.join(folder, 'socket')
  let server = await launch(folder, url)
  const kill = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return
    const ended = new Promise((resolve) => server.once('exit', resolve))
    server.kill('SIGKILL')
    await ended
  }
  return {
    url,
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
    kill,
    async startAgain() {
      await kill()
      server = await launch(folder, url)
    },
    async stop() {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function launch(folder: string, socket: string): Promise<ChildProcess> {
  const nothingOnDisk = ['--save', '', '--appendonly', 'no']
  const server = spawn(
    'redis-server',
    ['--port', '0', '--unixsocket', socket, '--dir', folder, ...nothingOnDisk],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  let output = ''
  await new Promise<void>((resolve, reject) => {
    server.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (output.includes('ready to accept connections')) resolve()
    })
    server.once('error', reject)
    server.once('exit', () => reject(new Error(`redis-server ended at once:\n${output}`)))
  })
  return server
}
