import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { environment } from '../env.ts'

export interface Program {
  /** Arguments of node: its own options, the script, and what that is given. */
  readonly args: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}

export interface ChildProgram {
  readonly pid: number
  /** With an open channel. */
  readonly child: ChildProcess
  /** The end of what it has written. */
  lastWords(): string
  /** That it has, and its last words; null while it runs. */
  ended(): string | null
  stop(): Promise<void>
}

const END_WITH_PARENT = path.resolve(import.meta.dirname, '../../programs/end-with-parent.mjs')
const LAST_WORDS = 1_000

/** Starts a program that writes to a file, so that nobody but the disk has to keep up with what it says. */
export function startProgram(
  name: string,
  program: Program,
  options: { logDirectory: string; prefix?: readonly string[] },
): ChildProgram {
  const { logDirectory, prefix = [] } = options
  const logFile = path.join(logDirectory, `${name}.log`)
  const log = openSync(logFile, 'w')
  const [file = process.execPath, ...args] = [
    ...prefix,
    process.execPath,
    '--import',
    END_WITH_PARENT,
    ...program.args,
  ]
  const child = spawn(file, args, {
    env: { ...environment, NODE_ENV: 'production', ...program.environment },
    stdio: ['ignore', log, log, 'ipc'],
  })
  closeSync(log)
  const exit = once(child, 'exit')
  // Rejects when it cannot be started, which `pid` tells.
  exit.catch(() => undefined)
  if (child.pid === undefined) throw new Error(`${name} cannot be started with ${file}`)
  const lastWords = () => readFileSync(logFile, 'utf8').slice(-LAST_WORDS).trim()
  return {
    pid: child.pid,
    child,
    lastWords,
    ended() {
      if (child.exitCode === null && child.signalCode === null) return null
      return `${name} has ended: ${lastWords()}`
    },
    async stop() {
      child.kill('SIGTERM')
      const patience = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await exit
      clearTimeout(patience)
    },
  }
}

/** The next thing that it sends. */
export async function nextMessage<Message>(program: ChildProgram): Promise<Message> {
  const listening = new AbortController()
  const { signal } = listening
  const ended = once(program.child, 'exit', { signal }).then((): never => {
    throw new Error(program.ended() ?? 'The program has ended')
  })
  try {
    const [message] = (await Promise.race([once(program.child, 'message', { signal }), ended])) as unknown[]
    return message as Message
  } finally {
    // Whoever was not first still listens.
    ended.catch(() => undefined)
    listening.abort()
  }
}
