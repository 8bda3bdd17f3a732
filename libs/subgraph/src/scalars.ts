import { GraphQLError, GraphQLScalarType, Kind, type ValueNode, valueFromASTUntyped } from 'graphql'

/** RFC 3339 with a zone: a time without one means a different moment to every reader. */
const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/
const DATE = /^\d{4}-\d\d-\d\d$/

function toDateTime(value: unknown, node?: ValueNode): Date {
  if (typeof value === 'string' && DATE_TIME.test(value)) {
    const date = new Date(value)
    if (!Number.isNaN(date.getTime()) && isInCalendar(date)) return date
  }
  throw refused('DateTime', 'an RFC 3339 time with its zone, for example 2026-11-20T19:30:00Z', node)
}

function toDate(value: unknown, node?: ValueNode): string {
  if (typeof value === 'string' && DATE.test(value)) {
    const date = new Date(`${value}T00:00:00Z`)
    // JavaScript turns the 31st of February into the 3rd of March.
    if (!Number.isNaN(date.getTime()) && date.toISOString().startsWith(value) && isInCalendar(date))
      return value
  }
  throw refused('Date', 'a calendar day, for example 2026-11-20', node)
}

/** Postgres knows no year 0, and no clock of ours writes five digits. */
function isInCalendar(date: Date): boolean {
  const year = date.getUTCFullYear()
  return year >= 1 && year <= 9999
}

function toUrl(value: unknown, node?: ValueNode): string {
  if (typeof value === 'string' && value.length <= 2_000 && URL.canParse(value)) {
    const { protocol } = new URL(value)
    if (protocol === 'https:' || protocol === 'http:') return value
  }
  throw refused('URL', 'an http or https address', node)
}

export const dateTimeScalar = new GraphQLScalarType({
  name: 'DateTime',
  serialize: (value) => (value instanceof Date ? value : toDateTime(value)).toISOString(),
  parseValue: (value) => toDateTime(value),
  parseLiteral: (node) => toDateTime(textOf(node), node),
})

export const dateScalar = new GraphQLScalarType({
  name: 'Date',
  serialize: (value) => (value instanceof Date ? value.toISOString().slice(0, 10) : toDate(value)),
  parseValue: (value) => toDate(value),
  parseLiteral: (node) => toDate(textOf(node), node),
})

export const urlScalar = new GraphQLScalarType({
  name: 'URL',
  serialize: String,
  parseValue: (value) => toUrl(value),
  parseLiteral: (node) => toUrl(textOf(node), node),
})

/** Only whoever made it knows what it says. */
function toCursor(value: unknown, node?: ValueNode): string {
  if (typeof value === 'string') return value
  throw refused('Cursor', 'a text that an event gave as its cursor', node)
}

export const cursorScalar = new GraphQLScalarType({
  name: 'Cursor',
  serialize: String,
  parseValue: (value) => toCursor(value),
  parseLiteral: (node) => toCursor(textOf(node), node),
})

export const jsonScalar = new GraphQLScalarType({
  name: 'JSON',
  // A copy, as the wire would make one: whoever is answered within the process may change what it was given.
  serialize: (value) => (typeof value === 'object' ? (JSON.parse(JSON.stringify(value)) as unknown) : value),
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
})

/** Every scalar of the graph beside those that GraphQL itself knows. */
export const CUSTOM_SCALARS: readonly GraphQLScalarType[] = [
  dateTimeScalar,
  dateScalar,
  urlScalar,
  cursorScalar,
  jsonScalar,
]

function textOf(node: ValueNode): string | null {
  return node.kind === Kind.STRING ? node.value : null
}

/** Says where, for a literal; of a variable, whoever reads the variables knows. */
function refused(scalar: string, expected: string, node?: ValueNode): GraphQLError {
  return new GraphQLError(`${scalar} must be ${expected}.`, {
    ...(node && { nodes: node }),
    extensions: { code: 'BAD_USER_INPUT' },
  })
}
