import { type ConstDirectiveNode, type GraphQLSchema, Kind, valueFromASTUntyped } from 'graphql'
import * as z from 'zod'

const COST = /^https:\/\/specs\.apollo\.dev\/cost\/v/

const link = z.object({
  url: z.string(),
  as: z.string().optional(),
  import: z
    .array(z.union([z.string(), z.object({ name: z.string(), as: z.string().optional() })]))
    .default([]),
})

/** What a supergraph calls the two directives: subgraphs may have renamed them. */
export function costDirectiveNames({ astNode, extensionASTNodes }: GraphQLSchema): {
  cost: string
  listSize: string
} {
  const directives = [astNode, ...extensionASTNodes].flatMap((node) => node?.directives ?? [])
  const found = directives
    .filter(({ name }) => name.value === 'link')
    .map(toLink)
    .find(({ url }) => COST.test(url))
  const prefix = found?.as ?? 'cost'
  const imported = (directive: string): string | undefined => {
    for (const entry of found?.import ?? []) {
      const { name, as } = typeof entry === 'string' ? { name: entry, as: undefined } : entry
      if (name === `@${directive}`) return (as ?? name).slice(1)
    }
    return undefined
  }
  // A link brings the directive of its own name without naming it.
  return {
    cost: imported('cost') ?? prefix,
    listSize: imported('listSize') ?? (found ? `${prefix}__listSize` : 'listSize'),
  }
}

function toLink({ arguments: given = [] }: ConstDirectiveNode): z.output<typeof link> {
  const values = given.map(({ name, value }) => [
    name.value,
    value.kind === Kind.ENUM ? value.value : valueFromASTUntyped(value),
  ])
  return link.parse(Object.fromEntries(values))
}
