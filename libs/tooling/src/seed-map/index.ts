import { findMentions, type Mention } from './mentions.ts'
import { renderSeedMap, SEED_MAP } from './render.ts'
import { readSeedItems, SEED_ITEMS, type SeedItem } from './seed-items.ts'

export { SEED_MAP }

export interface SeedMap {
  /** What docs/seed-map.md should be. */
  text: string
  faults: string[]
}

export function seedMap(): SeedMap {
  const [items, mentions] = [readSeedItems(), findMentions()]
  return { text: renderSeedMap(items, mentions), faults: seedFaults(items, mentions) }
}

/** Ids that nobody knows, and items that are claimed to be here and have no test. */
export function seedFaults(items: readonly SeedItem[], mentions: readonly Mention[]): string[] {
  const known = new Set(items.map(({ id }) => id))
  const tested = new Set(mentions.filter(({ kind }) => kind === 'test').map(({ id }) => id))
  const unknown = mentions.filter(({ id }) => !known.has(id))
  const untested = [...known].flatMap((id) => {
    const places = mentions.filter((mention) => mention.id === id).map(({ place }) => place)
    return tested.has(id) || places.length === 0 ? [] : [{ id, places }]
  })
  return [
    ...unknown.map(
      ({ id, place }) => `${place} ${id} is not in ${SEED_ITEMS}. Correct the id, or add its line there.`,
    ),
    ...untested.map(
      ({ id, places }) =>
        `${id} has no test. Begin the title of the test that proves it with '${id}: '. It is claimed in ${places.join(', ')}`,
    ),
  ]
}
