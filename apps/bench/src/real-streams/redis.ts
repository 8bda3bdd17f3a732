import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from '@courtside/database/embedded'

/** A Redis of this machine, which forgets everything. */
export interface Redis {
  readonly url: string
  stop(): Promise<void>
}

/** Null where none is installed. */
export async function startRedis(): Promise<Redis | null> {
  if (spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status !== 0) return null
  const directory = await mkdtemp(path.join(tmpdir(), 'courtside-redis-'))
  const port = await freePort()
  const server = spawn(
    'redis-server',
    ['--bind', '127.0.0.1', '--port', String(port), '--dir', directory, '--save', '', '--appendonly', 'no'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const exit = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    const lines = createInterface(server.stdout)
    lines.on('line', (line) => {
      if (line.includes('Ready to accept connections')) resolve()
    })
    void exit.then(() => reject(new Error('redis-server has ended')))
  })
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      server.kill('SIGTERM')
      await exit
      await rm(directory, { recursive: true, force: true })
    },
  }
}
