import type * as z from 'zod'

const KINDS: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  date: 'a moment in time',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  string: 'a text',
}

/** What is wrong, for people, where a schema says nothing of its own: the words of the library are for programmers. */
export function faultMessage(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is missing'
        : `must be ${KINDS[issue.expected] ?? 'of another kind'}`
    case 'too_small':
      return limit(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum)
    case 'too_big':
      return limit(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum)
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`
    case 'unrecognized_keys':
      return `must not have ${issue.keys.join(', ')}`
    default:
      return 'is not valid'
  }
}

function limit(origin: string, side: string, bound: number | bigint): string {
  switch (origin) {
    case 'string':
      return `must have ${side} ${counted(bound, 'character', 'characters')}`
    case 'array':
      return `must have ${side} ${counted(bound, 'entry', 'entries')}`
    case 'date':
      return `must be ${side} ${new Date(Number(bound)).toISOString()}`
    default:
      return `must be ${side} ${bound}`
  }
}

function counted(count: number | bigint, one: string, many: string): string {
  return `${count} ${Number(count) === 1 ? one : many}`
}
