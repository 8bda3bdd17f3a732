/** Said while something is away, goes away or is too busy. They promise nothing about what became of the request. */
const AWAY = new Set([
  'DRAINING',
  'UNAVAILABLE',
  'RATE_LIMITED',
  'SUBGRAPH_UNAVAILABLE',
  // By a gateway or to one whose clock is wrong: tokens have expired, or who asks cannot be proved.
  'UNAUTHENTICATED',
])

/** Whether an error says no more than: try again. */
export function isAway(code: unknown, details: Readonly<Record<string, unknown>> = {}): boolean {
  return AWAY.has(String(code)) || details['retryable'] === true
}
