/** What a hub has done since it was made. Totals, for metrics. */
export interface HubFigures {
  /** Facts that came in order, from hints or from the log. */
  facts: number
  /** Hints of what was known already. */
  duplicates: number
  /** Times that the log was read because a fact was missing. */
  gapsRead: number
  /** Those of them that no hint had told of. A rise means trouble on the bus before viewers notice it. */
  foundBySweep: number
  /** Pages of the log that were asked for, for whatever reason. */
  pagesRead: number
  /** Streams that had to begin anew because their log had gone back. */
  resets: number
  readFailures: number
  /** Listeners that threw, and are told no more. */
  listenerFailures: number
}

export const noFigures = (): HubFigures => ({
  facts: 0,
  duplicates: 0,
  gapsRead: 0,
  foundBySweep: 0,
  pagesRead: 0,
  resets: 0,
  readFailures: 0,
  listenerFailures: 0,
})
