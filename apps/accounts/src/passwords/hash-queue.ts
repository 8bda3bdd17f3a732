import { DomainError } from '@courtside/kernel'

export interface HashQueue {
  run<T>(work: () => Promise<T>): Promise<T>
}

/**
 * Lets `atOnce` hashes run and `waiting` more wait. Whoever comes beyond that is told at once to come again: a pile of
 * hashes would take the memory and the time of everybody else.
 */
export function createHashQueue({ atOnce, waiting }: { atOnce: number; waiting: number }): HashQueue {
  const queue: (() => void)[] = []
  let running = 0

  return {
    async run(work) {
      if (running < atOnce) running++
      else if (queue.length < waiting) await new Promise<void>((resolve) => queue.push(resolve))
      else throw tooManyAtOnce()
      try {
        return await work()
      } finally {
        const next = queue.shift()
        // The place goes straight to who waits, so nobody can slip in between.
        if (next) next()
        else running--
      }
    },
  }
}

const tooManyAtOnce = () =>
  new DomainError({
    kind: 'limited',
    code: 'RATE_LIMITED',
    message: 'Too many people are signing in at this moment. Try again in a few seconds.',
    details: { retryAfterSeconds: 2 },
  })
