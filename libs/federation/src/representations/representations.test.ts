import type { QueryPlanSelectionNode } from '@apollo/query-planner'
import { describe, expect, test } from '@jest/globals'
import { buildSchema } from 'graphql'
import { collectRepresentations, compileRepresentation } from './index.ts'

const schema = buildSchema(`
  type Query { any: Thing }
  interface Thing { id: ID }
  type Box implements Thing { id: ID size: Size sizes: [[Size]] weight: Int }
  type Bag implements Thing { id: ID }
  type Size { high: Int wide: Int }
`)

const field = (name: string, ...selections: QueryPlanSelectionNode[]): QueryPlanSelectionNode => ({
  kind: 'Field',
  name,
  ...(selections.length > 0 && { selections }),
})
const on = (typeCondition: string, ...selections: QueryPlanSelectionNode[]): QueryPlanSelectionNode => ({
  kind: 'InlineFragment',
  typeCondition,
  selections,
})

function representationsOf(required: QueryPlanSelectionNode[], ...entities: Record<string, unknown>[]) {
  const ofType = compileRepresentation({ schema, required, rewrites: undefined })
  const { text, count, indexes } = collectRepresentations(entities, ofType)
  const representations = JSON.parse(text) as unknown[]
  expect(representations).toHaveLength(count)
  return { representations, indexes }
}

const byId = [on('Thing', field('__typename'), field('id'))]

describe('an entity is represented', () => {
  test('once however often it stands there, and apart from others', () => {
    const box = (id: unknown) => ({ __typename: 'Box', id, other: Math.PI })
    const { representations, indexes } = representationsOf(byId, box('1'), box(1), box('1'), {
      __typename: 'Bag',
      id: '1',
    })
    expect(representations).toEqual([
      { __typename: 'Box', id: '1' },
      { __typename: 'Box', id: 1 },
      { __typename: 'Bag', id: '1' },
    ])
    expect(indexes).toEqual([0, 1, 0, 2])
  })

  test.each(['"', '\\', '\n', '\ud800', 'é', 'x'.repeat(300)])('with the text %j as it is', (id) => {
    expect(representationsOf(byId, { __typename: 'Box', id }).representations).toEqual([
      { __typename: 'Box', id },
    ])
  })

  test('with null, and not at all where a part is missing or nobody says of what type it is', () => {
    const entities = [
      { __typename: 'Box', id: null },
      { __typename: 'Box' },
      { id: '1' },
      { __typename: '', id: '1' },
    ]
    expect(representationsOf(byId, ...entities)).toEqual({
      representations: [{ __typename: 'Box', id: null }],
      indexes: [0],
    })
  })

  test('by nobody who asks for another type', () => {
    const required = [on('Bag', field('__typename'), field('id'))]
    const entities = [
      { __typename: 'Box', id: '1' },
      { __typename: 'Invented', id: '2' },
    ]
    expect(representationsOf(required, ...entities).representations).toEqual([])
  })

  test('with what is within it, where null stands for what lacks a part', () => {
    const required = [
      on('Box', field('__typename'), field('size', field('high')), field('sizes', field('wide'))),
    ]
    const box = { __typename: 'Box', size: { wide: 1 }, sizes: [[{ wide: 1, high: 2 }, null], null] }
    expect(representationsOf(required, box).representations).toEqual([
      { __typename: 'Box', size: null, sizes: [[{ wide: 1 }, null], null] },
    ])
  })

  test('by those of several parts that it has', () => {
    const required = [...byId, on('Box', field('__typename'), field('id'), field('weight'))]
    const entities = [
      { __typename: 'Box', id: '1', weight: 5 },
      { __typename: 'Box', id: '1' },
    ]
    expect(representationsOf(required, ...entities).representations).toEqual([
      { __typename: 'Box', id: '1', weight: 5 },
      { __typename: 'Box', id: '1' },
    ])
  })

  test('by several fields at once', () => {
    const required = [on('Box', field('__typename'), field('id'), field('weight'))]
    const box = (weight?: number) => ({ __typename: 'Box', id: '1', weight })
    expect(representationsOf(required, box(5), box(7), box(5), box()).indexes).toEqual([0, 1, 0])
  })
})
