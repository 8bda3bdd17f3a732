import { leadingIds } from './seed-items.ts'
import type { Mention } from './mentions.ts'

/** A title of a test or of a group of tests that begins with ids: `'ACC-07: following'`. */
export function mentionsInTests(file: string, source: string): Mention[] {
  return source
    .split('\n')
    .flatMap((line, index) =>
      [...line.matchAll(/(?<=['"`])[A-Z]{2,3}-\d{2}[^'"`]*?(?=: )/g)]
        .flatMap(([title]) => leadingIds(title))
        .map((id) => ({ id, kind: 'test' as const, name: file, place: `${file}:${index + 1}` })),
    )
}
