/** Only so many at a time; the rest wait in line. */
export type Turns = <Result>(work: () => Promise<Result>) => Promise<Result>

export function createTurns(most: number): Turns {
  const line: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => line.push(resolve))
    else running += 1
    try {
      return await work()
    } finally {
      // Hands its turn on; nobody can come between.
      const next = line.shift()
      if (next) next()
      else running -= 1
    }
  }
}
