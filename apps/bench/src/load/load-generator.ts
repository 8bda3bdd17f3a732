import path from 'node:path'
import { type ChildProgram, startProgram } from '../machine/index.ts'

export interface HttpRequest {
  headers: Readonly<Record<string, string>>
  body: string
}

/** So many connections, each of which sends the next request when the last one is answered. */
export interface Load {
  url: string
  requests: readonly HttpRequest[]
  connections: number
  seconds: number
}

export interface LoadResult {
  /** With 2xx. */
  answered: number
  /** Not answered, or with another status, or with errors in the answer. */
  failed: number
  /** What the first that failed had to say; null when none did. */
  complaint: string | null
  seconds: number
  /** Of those answered; 0 when none was. */
  p50Ms: number
  p99Ms: number
}

export interface LoadGenerator {
  send(load: Load): Promise<LoadResult>
  stop(): Promise<void>
}

type Reply = { id: number; result: LoadResult } | { id: number; error: string }

const SCRIPT = path.resolve(import.meta.dirname, '../../programs/load.mjs')

export function startLoadGenerator(logDirectory: string): LoadGenerator {
  const program: ChildProgram = startProgram('load', { args: [SCRIPT] }, { logDirectory })
  let sent = 0
  return {
    async send(load) {
      const ended = program.ended()
      if (ended !== null) throw new Error(ended)
      const id = (sent += 1)
      return new Promise((resolve, reject) => {
        const stopListening = () => {
          program.child.off('message', onMessage)
          program.child.off('exit', onExit)
        }
        const onMessage = (message: unknown) => {
          const reply = message as Reply
          if (reply.id !== id) return
          stopListening()
          if ('result' in reply) resolve(reply.result)
          else reject(new Error(`The load could not be sent: ${reply.error}`))
        }
        const onExit = () => {
          stopListening()
          reject(new Error(program.ended() ?? 'The load generator has ended'))
        }
        program.child.on('message', onMessage)
        program.child.once('exit', onExit)
        program.child.send({ id, ...load })
      })
    },
    stop: () => program.stop(),
  }
}
