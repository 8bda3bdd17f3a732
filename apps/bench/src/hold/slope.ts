/** How much a figure grows with each step, by least squares; null of fewer than two figures. */
export function slope(figures: readonly number[]): number | null {
  const count = figures.length
  if (count < 2) return null
  const middle = (count - 1) / 2
  const mean = figures.reduce((sum, figure) => sum + figure, 0) / count
  const up = figures.reduce((sum, figure, index) => sum + (index - middle) * (figure - mean), 0)
  const across = figures.reduce((sum, _, index) => sum + (index - middle) ** 2, 0)
  return up / across
}
