/** The figure that `percent` of them do not exceed, by the nearest rank: always a figure that was measured. */
export function percentile(figures: readonly number[], percent: number): number {
  const sorted = [...figures].sort((a, b) => a - b)
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length))
  const figure = sorted[rank - 1]
  if (figure === undefined) throw new Error('There is no percentile of nothing')
  return figure
}
