/** Is told what becomes of subscriptions, to count it. */
export interface LiveObserver {
  began(): void
  /** `left`: the client had no more use for it. */
  ended(outcome: 'completed' | 'failed' | 'left'): void
  /** It goes on, on another version of the graph or with another access than before. */
  moved(): void
}
