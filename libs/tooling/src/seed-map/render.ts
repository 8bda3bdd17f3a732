import type { Mention } from './mentions.ts'
import type { SeedItem } from './seed-items.ts'

export const SEED_MAP = 'docs/seed-map.md'

const HEADER = `# Where each seed item is

Written by \`npm run -s seed-map\`, from the ids in SDL comments, in the comments of \`schema.prisma\` and in titles of tests. The seeds are the documents this project began with: 0 the schema expansion plan, 1 the video platform epic, 2 the real-time story, 3 the Postgres schema, 4 the job schema, M the mission; E follows from the others.
`

/** The document that says, for each item the code already has, where its types, tables and tests are. */
export function renderSeedMap(items: readonly SeedItem[], mentions: readonly Mention[]): string {
  const found = items.filter(({ id }) => mentions.some((mention) => mention.id === id))
  const rows = found.map(({ id, seed, item }) => {
    const cells = (['type', 'table', 'test'] as const).map((kind) => namesOf(mentions, id, kind))
    return `| ${[id, seed, item, ...cells].join(' | ')} |`
  })
  return [
    HEADER,
    `${found.length} of ${items.length} items are here.`,
    '',
    '| id | seed | item | types | tables | tests |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

function namesOf(mentions: readonly Mention[], id: string, kind: Mention['kind']): string {
  const names = mentions
    .filter((mention) => mention.id === id && mention.kind === kind)
    .map(({ name }) => name)
  return [...new Set(names)].map((name) => (kind === 'test' ? link(name) : `\`${name}\``)).join(', ')
}

/** A test file under its own name, from the folder of the document. */
function link(file: string): string {
  return `[${file.split('/').at(-1)}](../${file})`
}
