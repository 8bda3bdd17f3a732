import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  getVariableValues,
  isInputType,
  isScalarType,
  type OperationDefinitionNode,
  parse,
  parseType,
  typeFromAST,
} from 'graphql'
import { drawBy } from '../write/fixtures/draw.ts'
import { randomInput, schema, TYPES } from './fixtures/random-input.ts'
import { compileVariableCheck } from './index.ts'

const NAMES = ['a', 'b', 'page', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '__k']
const DEFAULTS: Partial<Record<string, string>> = {
  Int: '1',
  'Int!': '1',
  Side: 'HOME',
  Page: '{}',
  '[Int]': '[1]',
}

function operationOf(definitions: string): OperationDefinitionNode {
  const [operation] = parse(`query (${definitions}) { nothing }`).definitions
  return operation as OperationDefinitionNode
}

/** What graphql-js says, in words. */
function faultsOf(operation: OperationDefinitionNode, variables: Record<string, unknown>): string[] {
  const { errors = [] } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, {
    maxErrors: 10,
  })
  return errors.map(({ message }) => message)
}

function randomCase(seed: number, strangePercent: number) {
  const draw = drawBy(seed)
  const names = [...new Set([draw(NAMES), draw(NAMES)])]
  const variables: Record<string, unknown> = {}
  const definitions = names.map((name) => {
    const type = draw(TYPES)
    const known = typeFromAST(schema, parseType(type))
    if (!isInputType(known)) throw new Error(`${type} is an input type.`)
    const value = randomInput(draw, known, strangePercent)
    // Not by `=`, which for `__proto__` sets another thing.
    if (draw([true, true, true, false]))
      Object.defineProperty(variables, name, { value, enumerable: true, writable: true, configurable: true })
    const fallback = DEFAULTS[type]
    return `$${name}: ${type}${fallback && draw([true, false]) ? ` = ${fallback}` : ''}`
  })
  return { operation: operationOf(definitions.join(', ')), variables }
}

const seeds = fc.noShrink(fc.integer())

describe('The look at variables', () => {
  test.each([0, 4, 40])(
    'finds what graphql-js finds, in its words, with %i in 100 values strange',
    (percent) => {
      const seen = { fitting: 0, faulty: 0 }
      fc.assert(
        fc.property(seeds, (seed) => {
          const { operation, variables } = randomCase(seed, percent)
          const faults = faultsOf(operation, variables)
          const found = compileVariableCheck(schema, operation)(variables).map(({ message }) => message)
          expect(found).toEqual(faults)
          seen[faults.length === 0 ? 'fitting' : 'faulty'] += 1
        }),
        { numRuns: 1000 },
      )
      expect(seen.fitting).toBeGreaterThan(100)
      expect(seen.faulty).toBeGreaterThan(25)
    },
  )

  test('looks once at a value that fits; only for a fault graphql-js looks again', () => {
    const operation = operationOf(
      '$filter: Filter!, $by: [By!]!, $ids: [ID!]!, $side: Side = HOME, $since: Date',
    )
    const date = schema.getType('Date')
    if (!isScalarType(date)) throw new Error('It is a scalar.')
    const check = compileVariableCheck(schema, operation)
    const taught = date.parseValue
    const looks: unknown[] = []
    date.parseValue = (value) => {
      looks.push(value)
      return taught(value)
    }
    try {
      const filter = {
        page: { first: 5 },
        not: { page: {}, constructor: 'x' },
        constructor: 'x',
        grid: [[1.5]],
      }
      const variables = { filter, by: { id: 7 }, ids: ['1', 2], since: '2026-11-20' }
      expect(check(variables)).toEqual([])
      expect(looks).toEqual(['2026-11-20'])
      expect(check({ ...variables, ids: null })).toHaveLength(1)
      expect(looks.length).toBeGreaterThan(1)
    } finally {
      date.parseValue = taught
    }
  })

  test('reads what can be iterated as a list, as graphql-js does', () => {
    const check = compileVariableCheck(schema, operationOf('$all: [Json!]'))
    expect(check({ all: new Set([1]) })).toEqual([])
    expect(check({ all: new Set([null]) })).toHaveLength(1)
  })

  test('does not take what a prototype has for given', () => {
    const check = compileVariableCheck(schema, operationOf('$constructor: String!, $toString: Int'))
    expect(check({}).map(({ message }) => message)).toEqual([
      'Variable "$constructor" of required type "String!" was not provided.',
    ])
  })

  test('lets graphql-js speak of a value too deep to look at', () => {
    const operation = operationOf('$filter: Filter')
    let filter: Record<string, unknown> = { page: {}, constructor: 'x' }
    for (let depth = 0; depth < 50_000; depth += 1) filter = { page: {}, constructor: 'x', not: filter }
    expect(compileVariableCheck(schema, operation)({ filter }).map(({ message }) => message)).toEqual(
      faultsOf(operation, { filter }),
    )
    expect(faultsOf(operation, { filter })).toHaveLength(1)
  })

  test('stops at ten faults', () => {
    const check = compileVariableCheck(schema, operationOf('$ids: [Int!]!'))
    const errors = check({ ids: Array.from({ length: 1000 }, () => 'x') })
    expect(errors).toHaveLength(11)
    expect(errors.at(-1)?.message).toMatch('error limit reached')
  })

  test('sees what a scalar was taught after the check was made', () => {
    const check = compileVariableCheck(schema, operationOf('$json: Json'))
    const json = schema.getType('Json')
    const before = json && 'parseValue' in json ? json.parseValue : undefined
    expect(check({ json: 1 })).toEqual([])
    try {
      Object.assign(json ?? {}, {
        parseValue: () => {
          throw new Error('Not today.')
        },
      })
      expect(check({ json: 1 })[0]?.message).toMatch('Not today.')
    } finally {
      Object.assign(json ?? {}, { parseValue: before })
    }
  })
})
