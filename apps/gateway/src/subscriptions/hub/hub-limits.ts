export interface HubLimits {
  /** Newest events that a topic keeps for who comes back or was slow; of a state stream, newest keys. Default: 256. */
  readonly keptEvents: number
  /** Default: 256 KB. */
  readonly keptBytes: number
  /** Events of one upstream that may wait for what other subgraphs add, or to be sent. Default: 256. */
  readonly pendingEvents: number
  /** Default: 64. Never more than `keptEvents`. */
  readonly batchEvents: number
  /** Default: 256 KB; a batch of one event may be larger. Never more than `keptBytes`. */
  readonly batchBytes: number
  /** How long a topic that nobody watches stays open: a reconnect finds it warm. Default: 5 s. */
  readonly lingerMs: number
  /** For how long others wait while a flush runs; the work of subgraphs in the same process comes on top. Default: 4 ms. */
  readonly sliceMs: number
  /** How many clients are served before it looks at the clock; each look costs a part of one. Default: 16. */
  readonly clientsPerLook: number
  /** Topics and replays, each of which has an upstream. Default: 20,000. */
  readonly upstreams: number
  /** Replays of one topic that read at once. Default: 4. */
  readonly replaysOfTopic: number
  /** Replays of all topics that read at once. Default: 32. */
  readonly replays: number
  /** The first pause before an upstream is opened again is at most this; each further one twice as much. Default: 100 ms. */
  readonly firstPauseMs: number
  /** Default: 5 s. */
  readonly longestPauseMs: number
  /** For how long a topic tries to open for the first time. Default: 10 s. */
  readonly giveUpAfterMs: number
  /** How often in a row a subgraph may fail by faults of its own after one place: about 8 s. Default: 8. */
  readonly mostUseless: number
}

export const DEFAULT_HUB_LIMITS: HubLimits = {
  keptEvents: 256,
  keptBytes: 256 * 1024,
  pendingEvents: 256,
  batchEvents: 64,
  batchBytes: 256 * 1024,
  lingerMs: 5_000,
  sliceMs: 4,
  clientsPerLook: 16,
  upstreams: 20_000,
  replaysOfTopic: 4,
  replays: 32,
  firstPauseMs: 100,
  longestPauseMs: 5_000,
  giveUpAfterMs: 10_000,
  mostUseless: 8,
}

export function toHubLimits(given: Partial<HubLimits> = {}): HubLimits {
  const limits = { ...DEFAULT_HUB_LIMITS, ...given }
  return {
    ...limits,
    // Whoever waits for a batch that is being delivered must find in memory where they stand.
    batchEvents: Math.min(limits.batchEvents, limits.keptEvents),
    batchBytes: Math.min(limits.batchBytes, limits.keptBytes),
  }
}
