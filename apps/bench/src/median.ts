/** The middle of an odd number of figures, the lower middle of an even one: always a figure that was measured. */
export function median(figures: readonly number[]): number {
  const middle = [...figures].sort((a, b) => a - b)[Math.floor((figures.length - 1) / 2)]
  if (middle === undefined) throw new Error('There is no median of nothing')
  return middle
}
