/**
 * A number that follows from what it is about and from nothing else, so that whoever asks, however often and in
 * whatever order, meets the same world. FNV-1a, and a mix of its bits: neighbours must not roll alike.
 */
export function roll(seed: number, ...about: readonly string[]): number {
  let hash = 0x811c9dc5 ^ seed
  for (const text of about) {
    for (let place = 0; place < text.length; place++) {
      hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193)
    }
    hash = Math.imul(hash ^ 0xff, 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** One of them. The roll may have decided other things, so it is turned first. */
export function pick<Item>(items: readonly Item[], rolled: number): Item {
  if (items.length === 0) throw new Error('There is nothing to pick from')
  const turned = Math.imul(rolled, 0x9e3779b1) >>> 0
  // Among the items may be undefined.
  return items[turned % items.length] as Item
}
