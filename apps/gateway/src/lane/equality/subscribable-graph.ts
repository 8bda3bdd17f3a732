import { type DocumentNode, type FieldDefinitionNode, Kind, parse, print } from 'graphql'
import { composeGraph, type GraphUnderTest } from './graph-under-test.ts'

/** The same graph, where all that can be asked for can be subscribed to as well, and the reverse. */
export function toSubscribable({ sdl }: GraphUnderTest): GraphUnderTest {
  const extended = Object.entries(sdl).map(([name, text]) => {
    const document = parse(text)
    const queries = fieldsOf('Query', document)
    const subscriptions = fieldsOf('Subscription', document)
    return [name, text + extension('Subscription', queries) + extension('Query', subscriptions)]
  })
  return composeGraph(Object.fromEntries(extended) as Record<string, string>)
}

function fieldsOf(type: string, { definitions }: DocumentNode): readonly FieldDefinitionNode[] {
  return definitions.flatMap((definition) => {
    const isObject =
      definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.OBJECT_TYPE_EXTENSION
    return isObject && definition.name.value === type ? (definition.fields ?? []) : []
  })
}

function extension(type: string, fields: readonly FieldDefinitionNode[]): string {
  if (fields.length === 0) return ''
  return `\n${print({ kind: Kind.OBJECT_TYPE_EXTENSION, name: { kind: Kind.NAME, value: type }, fields })}\n`
}
