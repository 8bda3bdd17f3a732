import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { workspaceRoot } from '@courtside/database/migrate'
import type { ClockOrder } from './movable-clock.ts'

export interface ServerProcessOptions {
  name: string
  /** The folder below `apps` whose `main.ts` it runs. */
  app: string
  /** Where it listens, each time it is started. */
  port: number
  environment: Readonly<Record<string, string>>
}

export interface Exit {
  code: number | null
  signal: NodeJS.Signals | null
}

/** One process of the platform, which can die and come back under the same address. */
export interface ServerProcess {
  readonly name: string
  readonly port: number
  readonly url: string
  /** Undefined while it does not run. */
  readonly pid: number | undefined
  /** What it has said in all its lives. */
  readonly output: string
  /** Ready to serve, or a failure that shows what it said. */
  start(): Promise<void>
  /** Sends the signal and waits until it has ended. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<Exit>
  freeze(): void
  thaw(): void
  /** Sets its wall clock wrong by so much, until it ends; 0 sets it right. Fulfils when it goes by it. */
  shiftClock(milliseconds: number): Promise<void>
}

const CLOCK = new URL('movable-clock.ts', import.meta.url).href
const START_LIMIT_MS = 60_000
const IS_READY = /is ready"/

export function createServerProcess({ name, app, port, environment }: ServerProcessOptions): ServerProcess {
  const entry = path.join(workspaceRoot, 'apps', app, 'src/main.ts')
  let output = ''
  let running: { child: ChildProcess; ended: Promise<Exit> } | undefined

  const start = async () => {
    if (running) throw new Error(`${name} runs already`)
    const begun = output.length
    const { PATH, HOME } = process.env
    const child = spawn(process.execPath, ['--import', CLOCK, entry], {
      env: { PATH, HOME, ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    const ended = new Promise<Exit>((resolve) => {
      child.once('close', (code, signal) => {
        running = undefined
        resolve({ code, signal })
      })
    })
    running = { child, ended }
    const ready = Promise.withResolvers<void>()
    const fail = (why: string) => ready.reject(new Error(`${name} ${why}. It said:\n${output.slice(begun)}`))
    const limit = setTimeout(() => fail('was not ready in time'), START_LIMIT_MS)
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text
        if (IS_READY.test(output.slice(begun))) ready.resolve()
      })
    }
    child.once('error', ready.reject)
    void ended.then(() => fail('ended before it was ready'))
    await ready.promise.finally(() => clearTimeout(limit))
  }

  return {
    name,
    port,
    url: `http://127.0.0.1:${port}`,
    get pid() {
      return running?.child.pid
    },
    get output() {
      return output
    },
    start,
    async end(signal) {
      if (!running) return { code: null, signal: null }
      const { child, ended } = running
      // What is stopped does not hear SIGTERM.
      child.kill('SIGCONT')
      child.kill(signal)
      return ended
    },
    freeze: () => void running?.child.kill('SIGSTOP'),
    thaw: () => void running?.child.kill('SIGCONT'),
    async shiftClock(milliseconds) {
      if (!running) throw new Error(`${name} does not run`)
      const { child, ended } = running
      const shifted = once(child, 'message')
      child.send({ shiftClockMs: milliseconds } satisfies ClockOrder)
      await Promise.race([
        shifted,
        ended.then(() => Promise.reject(new Error(`${name} ended before its clock was set`))),
      ])
    },
  }
}
