const FIRST_MS = 100
const LONGEST_MS = 2_000

/**
 * How long to wait before connecting after so many failures in a row: nothing at first, then twice as long each time.
 * By chance, so that gateways which lost the same subgraph do not come back in one moment.
 */
export function reconnectDelayMs(failures: number, random: () => number = Math.random): number {
  if (failures === 0) return 0
  const delayMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1))
  return delayMs * (0.5 + random() / 2)
}
