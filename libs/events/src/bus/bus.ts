import type { Hint } from './hint.ts'

export type BusState =
  | { readonly status: 'up' }
  /** `cause` is null before the first connection. */
  | { readonly status: 'down'; readonly cause: unknown }

/**
 * Carries hints between the processes of one log. It may lose, double, delay and reorder them, so nothing may depend on
 * a hint: it only makes readers look sooner than they would by themselves.
 */
export interface Bus {
  /** After the commit. Never waits and never throws; listeners of this process get it too, bus or no bus. */
  publish(hints: readonly Hint[]): void
  listen(listener: BusListener): BusSubscription
  readonly state: BusState
  close(): Promise<void>
}

export interface BusListener {
  onHint(hint: Hint): void
  /** Hints of these streams may have been missed until now, and no longer are: look at the log. */
  onMissed?(streams: readonly string[] | 'all'): void
  onState?(state: BusState): void
}

export interface BusSubscription {
  /** Whether hints of this stream arrive already. If not, `onMissed` tells when they do. */
  follow(stream: string): boolean
  unfollow(stream: string): void
  close(): void
}
