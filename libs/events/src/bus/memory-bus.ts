import { silentLogger } from '@courtside/logger'
import { systemTimers, type Timers } from '../timers.ts'
import type { Bus } from './bus.ts'
import { createBus, type Receiver } from './create-bus.ts'
import { packMessages } from './hint-codec.ts'

/** What becomes of one message: after how many milliseconds each of its copies arrives. None: it is lost. */
export type Journey = (message: string) => readonly number[]

export interface MemoryNetworkOptions {
  timers?: Timers
  /** Default: every message arrives once and at once. */
  journey?: Journey
}

/** Stands for a broker. Every bus that joins it is as one process. */
export interface MemoryNetwork {
  join(): Bus
  cut(): void
  mend(): void
  /** Puts a message of a stranger on the channel. */
  inject(message: string): void
}

const AT_ONCE: Journey = () => [0]
const LARGEST_FACT = 64 * 1024
const LONGEST_MESSAGE = 256 * 1024

/** A bus within one process: for tests, and for a process that is all there is of its log. */
export function createMemoryNetwork(options: MemoryNetworkOptions = {}): MemoryNetwork {
  const { timers = systemTimers, journey = AT_ONCE } = options
  const members = new Set<Receiver>()
  let isUp = true

  const carry = (message: string) => {
    if (!isUp) return
    for (const member of members) {
      for (const delay of journey(message)) {
        timers.after(delay, () => {
          if (isUp && members.has(member)) member.receive(message)
        })
      }
    }
  }

  return {
    join: () =>
      createBus({
        log: silentLogger,
        later: (work) => void timers.after(0, work),
        openTransport(receiver) {
          members.add(receiver)
          timers.after(0, () => {
            if (isUp) receiver.setState({ status: 'up' })
          })
          return {
            largestFact: LARGEST_FACT,
            send: (hints) => packMessages(receiver.sender, hints, LONGEST_MESSAGE).forEach(carry),
            follow: () => isUp,
            unfollow: () => {},
            isHeard: () => isUp,
            close: async () => void members.delete(receiver),
          }
        },
      }),
    cut() {
      isUp = false
      for (const member of members)
        member.setState({ status: 'down', cause: new Error('The network is cut') })
    },
    mend() {
      isUp = true
      for (const member of members) {
        member.setState({ status: 'up' })
        member.missed('all')
      }
    },
    inject: carry,
  }
}
