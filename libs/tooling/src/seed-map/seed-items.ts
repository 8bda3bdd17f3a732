import { readIfThere } from '../workspace-files.ts'

export const SEED_ITEMS = 'docs/seed-items.tsv'

/** One thing that the source documents of this project ask for. */
export interface SeedItem {
  id: string
  /** The documents that ask for it. */
  seed: string
  item: string
}

export function readSeedItems(): SeedItem[] {
  const [, ...lines] = (readIfThere(SEED_ITEMS) ?? '').trim().split('\n')
  return lines.map((line) => {
    const [id = '', seed = '', item = ''] = line.split('\t')
    return { id, seed, item }
  })
}

const ID = String.raw`[A-Z]{2,3}-\d{2}`

/** The ids that a text begins with: `ACC-15, BUG-07: counts` has two. */
export function leadingIds(text: string): string[] {
  const list = new RegExp(`^${ID}(?:, ${ID})*(?![\\w-])`).exec(text.trim())
  return list?.[0].split(', ') ?? []
}
