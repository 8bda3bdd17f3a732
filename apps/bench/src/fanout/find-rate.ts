/** Nobody who needs longer than four seconds for an event is measured further. */
const SLOWEST = 0.25
const ENOUGH = 0.99

/**
 * The most events a second, of `fastest` and its halves, of which `delivered` says that nearly all arrive in time. Null
 * when that is none of them.
 */
export async function findRate(
  fastest: number,
  delivered: (perSecond: number) => Promise<number>,
): Promise<number | null> {
  for (let perSecond = fastest; perSecond >= SLOWEST; perSecond /= 2) {
    if ((await delivered(perSecond)) >= ENOUGH) return perSecond
  }
  return null
}
