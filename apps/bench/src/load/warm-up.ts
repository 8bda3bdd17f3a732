const SECONDS = 1
const LEAST = 3
const MOST = 10
const STEADY = 0.05

/** Load until a second costs as much as the one before, as `measure` tells it: by then what is hot has been compiled. */
export async function warmUp(measure: (seconds: number) => Promise<number>): Promise<void> {
  let last = NaN
  for (let count = 1; count <= MOST; count++) {
    const cost = await measure(SECONDS)
    if (count >= LEAST && Math.abs(cost / last - 1) < STEADY) return
    last = cost
  }
}
