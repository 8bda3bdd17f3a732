/** `NAME_ASC` and the like end in their direction; null where the caller chose none. */
export function directionOf(
  order: `${string}_ASC` | `${string}_DESC` | null | undefined,
): 'asc' | 'desc' | null {
  if (order == null) return null
  return order.endsWith('_ASC') ? 'asc' : 'desc'
}
