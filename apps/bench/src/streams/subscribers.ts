import path from 'node:path'
import { type ChildProgram, startProgram } from '../machine/index.ts'
import type { Connecting, Order, Reply, Settled, Settling } from './orders.ts'

/** Subscribers in a process of their own. */
export interface Subscribers {
  connect(order: Omit<Connecting, 'kind'>): Promise<{ connectedMs: number }>
  settle(order: Omit<Settling, 'kind'>): Promise<Settled>
  cursors(gameId: string): Promise<ReadonlyMap<number, string>>
  /** This share of the connections is closed, and others take their place. */
  churn(share: number): Promise<{ replaced: number }>
  leave(): Promise<void>
  readonly pid: number
  stop(): Promise<void>
}

const PROGRAM = path.resolve(import.meta.dirname, '../programs/subscribers.ts')

export function startSubscribers(logDirectory: string, name = 'subscribers'): Subscribers {
  const program = startProgram(name, { args: ['--max-semi-space-size=64', PROGRAM] }, { logDirectory })
  const tell = createTeller(program)
  return {
    connect: (order) => tell<{ connectedMs: number }>({ kind: 'connect', ...order }),
    settle: (order) => tell<Settled>({ kind: 'settle', ...order }),
    cursors: async (gameId) => new Map(await tell<[number, string][]>({ kind: 'cursors', gameId })),
    churn: (share) => tell<{ replaced: number }>({ kind: 'churn', share }),
    leave: async () => void (await tell({ kind: 'leave' })),
    pid: program.pid,
    stop: () => program.stop(),
  }
}

type WithoutId<Union> = Union extends unknown ? Omit<Union, 'id'> : never

function createTeller(program: ChildProgram) {
  let told = 0
  return <Result>(order: WithoutId<Order>): Promise<Result> => {
    const id = (told += 1)
    return new Promise((resolve, reject) => {
      const onMessage = (message: unknown) => {
        const reply = message as Reply
        if (reply.id !== id) return
        stopListening()
        if ('result' in reply) resolve(reply.result as Result)
        else reject(new SubscribersFault(reply.error))
      }
      const onExit = () => {
        stopListening()
        reject(new Error(program.ended() ?? 'The subscribers have ended'))
      }
      const stopListening = () => {
        program.child.off('message', onMessage)
        program.child.off('exit', onExit)
      }
      program.child.on('message', onMessage)
      program.child.once('exit', onExit)
      program.child.send({ id, ...order })
    })
  }
}

/** They were not served as they should. */
export class SubscribersFault extends Error {
  override readonly name = 'SubscribersFault'
}
