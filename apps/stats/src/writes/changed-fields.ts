/** The fields in which two states differ, as they were and as they are; null when none does. */
export function changedFields(
  before: object,
  after: object,
): { before: Record<string, unknown>; after: Record<string, unknown> } | null {
  const was = plain(before)
  const is = plain(after)
  const names = Object.keys({ ...was, ...is }).filter(
    // Follows from the others.
    (name) => name !== 'updatedAt' && JSON.stringify(was[name]) !== JSON.stringify(is[name]),
  )
  if (names.length === 0) return null
  const pick = (state: Record<string, unknown>) =>
    Object.fromEntries(names.map((name) => [name, state[name]]))
  return { before: pick(was), after: pick(is) }
}

/** As the audit log will show it. */
const plain = (state: object) => JSON.parse(JSON.stringify(state)) as Record<string, unknown>
