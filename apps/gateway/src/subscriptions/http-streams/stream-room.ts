import { RequestRefusal } from '../../errors/index.ts'
import type { BudgetHolder } from '../../limits/index.ts'

export interface StreamRoomOptions {
  /** Of all clients together. */
  most: number
  /** Of one person, key or address. */
  mostOfOne: number
}

/** How many streams there may be: each holds a connection and memory, whether anything happens on it or not. */
export interface StreamRoom {
  /** Takes a place and returns what gives it back. Throws the refusal. */
  enter(holder: BudgetHolder): () => void
}

export function createStreamRoom({ most, mostOfOne }: StreamRoomOptions): StreamRoom {
  const held = new Map<string, number>()
  let all = 0
  return {
    enter({ kind, id }) {
      const name = `${kind}:${id}`
      const own = held.get(name) ?? 0
      if (own >= mostOfOne) throw tooMany(`You hold ${own} streams, as many as one may. End some of them.`)
      if (all >= most) throw tooMany('This gateway holds as many streams as it can. Try again shortly.')
      all += 1
      held.set(name, own + 1)
      return () => {
        all -= 1
        const left = (held.get(name) ?? 1) - 1
        if (left === 0) held.delete(name)
        else held.set(name, left)
      }
    },
  }
}

function tooMany(message: string): RequestRefusal {
  return new RequestRefusal(503, [{ message, extensions: { code: 'TOO_MANY_STREAMS', retryable: true } }], {
    'retry-after': '5',
  })
}
