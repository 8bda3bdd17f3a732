/** The figure that `percent` of them do not exceed, by the nearest rank: always a figure that was measured. */
export function percentile(figures: readonly number[], percent: number): number {
  return sortedPercentile(
    [...figures].sort((a, b) => a - b),
    percent,
  )
}

/** The same of many that are in their order already. */
export function sortedPercentile(sorted: ArrayLike<number>, percent: number): number {
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length))
  const figure = sorted[rank - 1]
  if (figure === undefined) throw new Error('There is no percentile of nothing')
  return figure
}
