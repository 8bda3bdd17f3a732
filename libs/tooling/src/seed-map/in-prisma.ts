import { leadingIds } from './seed-items.ts'
import type { Mention } from './mentions.ts'

/** `/// ACC-07` above or within a model, view or enum stands for its table. */
export function mentionsInPrisma(file: string, source: string): Mention[] {
  return blocksOf(source).flatMap(({ lines, firstLine }) => {
    const text = lines.join('\n')
    const name = /@@map\("(\w+)"\)/.exec(text)?.[1] ?? /^(?:model|view|enum) (\w+)/m.exec(text)?.[1]
    if (name === undefined) return []
    return lines.flatMap((line, index) =>
      leadingIds(/^\s*\/\/\/ (.*)/.exec(line)?.[1] ?? '').map((id) => ({
        id,
        kind: 'table' as const,
        name,
        place: `${file}:${firstLine + index}`,
      })),
    )
  })
}

/** The blocks of a schema, each with the comments right above it. */
function blocksOf(source: string): { lines: string[]; firstLine: number }[] {
  const blocks: { lines: string[]; firstLine: number }[] = []
  let lines: string[] = []
  for (const [index, line] of source.split('\n').entries()) {
    lines.push(line)
    if (line !== '' && line !== '}') continue
    if (line === '}' || !lines.some((one) => /^\w+ .*\{$/.test(one))) {
      blocks.push({ lines, firstLine: index + 2 - lines.length })
      lines = []
    }
  }
  return blocks
}
