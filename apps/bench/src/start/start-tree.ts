import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '@courtside/database/embedded'
import { environment } from '../env.ts'

export interface StartedTree {
  /** From the command to the first answer of `/readyz` that says ready. */
  readyMs: number
  idleRssMb(): Promise<number>
  stop(): Promise<void>
}

const START_LIMIT_MS = 120_000
const POLL_MS = 10
/** Start-up garbage is collected and idle connections settle within this time. */
const IDLE_MS = 5_000

export async function startTree(directory: string): Promise<StartedTree> {
  const port = await freePort()
  const address = `http://127.0.0.1:${port}`
  const begun = performance.now()
  const child = spawn('npm', ['start'], {
    cwd: directory,
    env: { ...environment, PORT: String(port), COURTSIDE_POSTGRES_PORT: String(await freePort()) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += String(text)))
  // npm itself ends before what it started; the pipes close when all of it has ended.
  const ended = once(child, 'close')

  for (;;) {
    const ready = await fetch(`${address}/readyz`).then(
      ({ ok }) => ok,
      () => false, // Nobody listens yet.
    )
    if (ready) break
    const gone = child.exitCode !== null || performance.now() - begun > START_LIMIT_MS
    if (gone) {
      child.kill('SIGTERM')
      throw new Error(`npm start did not become ready:\n${output}`)
    }
    await pause(POLL_MS)
  }
  const readyMs = Math.round(performance.now() - begun)

  return {
    readyMs,
    async idleRssMb() {
      await pause(IDLE_MS)
      const metrics = await (await fetch(`${address}/metrics`)).text()
      const bytes = /^process_resident_memory_bytes (\S+)$/m.exec(metrics)?.[1]
      if (bytes === undefined) throw new Error('/metrics does not tell the resident memory')
      return Math.round(Number(bytes) / 1024 / 1024)
    },
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}
