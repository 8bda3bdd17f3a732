import { type DirectiveNode, type FieldDefinitionNode, Kind, type ValueNode } from 'graphql'
import { type Finding, findingAt } from './finding.ts'
import { COMPOSITE, listIn, namedType, type OwnedField, type SchemaIndex } from './schema-index.ts'

/** The gateway counts with these figures what an operation may cost, so no list is without one, and none is about nothing. */
export function listSizeFindings(index: SchemaIndex): Finding[] {
  return index.fields.flatMap((owned) => [...missingSize(owned, index), ...wrongSize(owned, index)])
}

function missingSize({ owner, field }: OwnedField, { kindOf }: SchemaIndex): Finding[] {
  const name = `${owner}.${field.name.value}`
  const item = namedType(field.type)
  if (sizeOf(field)) return []
  if (item.endsWith('Connection')) {
    const slicing = pageArguments(field)
      .map((argument) => `"${argument}"`)
      .join(', ')
    const message = `${name} does not say how long its pages are. Add @listSize(assumedSize: 20, slicingArguments: [${slicing}], sizedFields: ["edges"], requireOneSlicingArgument: false)`
    return [findingAt(field, message)]
  }
  // How many edges a page has is said where the connection is returned.
  if (!listIn(field.type) || !COMPOSITE.includes(kindOf(item) ?? '') || owner.endsWith('Connection'))
    return []
  return [
    findingAt(
      field,
      `${name} does not say how long it is. Add what is true of most: @listSize(assumedSize: …)`,
    ),
  ]
}

function wrongSize({ owner, field }: OwnedField, { fieldsOf }: SchemaIndex): Finding[] {
  const size = sizeOf(field)
  if (!size) return []
  const name = `${owner}.${field.name.value}`
  const item = namedType(field.type)
  const slicing = textsOf(valueOf(size, 'slicingArguments'))
  const sized = textsOf(valueOf(size, 'sizedFields'))
  const given = (field.arguments ?? []).map((argument) => argument.name.value)
  const lists = fieldsOf(item)
    .filter(({ type }) => listIn(type))
    .map((list) => list.name.value)
  const faults = [
    ...slicing
      .filter((argument) => !given.includes(argument))
      .map((argument) => `has no argument ${argument}`),
    ...pageArguments(field)
      .filter((argument) => !slicing.includes(argument))
      .map((argument) => `is as long as ${argument} asks, and slicingArguments does not name it`),
    ...sized.filter((inner) => !lists.includes(inner)).map((inner) => `has no list ${inner} in its ${item}`),
  ]
  if (item.endsWith('Connection') && !sized.includes('edges'))
    faults.push('does not name edges in sizedFields')
  if (!valueOf(size, 'assumedSize')) faults.push('does not say its assumedSize')
  return faults.map((fault) => findingAt(field, `${name} ${fault}. Mend its @listSize.`))
}

function sizeOf(field: FieldDefinitionNode): DirectiveNode | undefined {
  return field.directives?.find(({ name }) => name.value === 'listSize')
}

function pageArguments(field: FieldDefinitionNode): string[] {
  return (field.arguments ?? [])
    .map(({ name }) => name.value)
    .filter((name) => name === 'first' || name === 'last')
}

function valueOf(directive: DirectiveNode, argument: string): ValueNode | undefined {
  return directive.arguments?.find(({ name }) => name.value === argument)?.value
}

function textsOf(value: ValueNode | undefined): string[] {
  const items = value?.kind === Kind.LIST ? value.values : value ? [value] : []
  return items.flatMap((item) => (item.kind === Kind.STRING ? [item.value] : []))
}
