import { describe, expect, test } from '@jest/globals'
import { answerTagsOf } from './answer-tags.ts'
import { LEAGUE, operationIn, rulesOf } from './fixtures/operations.ts'
import { invalidationsOf } from './invalidated-tags.ts'
import { createTaggedTypes } from './tagged-types.ts'
import { tagsOfChangedEntity } from './tags.ts'

const rules = rulesOf(LEAGUE)
const tagged = createTaggedTypes(rules.schema)

const tagsOf = (text: string, data: unknown, most = 100) => {
  const { operation, document } = operationIn(text)
  return answerTagsOf(operation, document, rules, tagged).of(data, most)
}
const invalidated = (text: string) => {
  const { operation, document } = operationIn(text)
  return [...invalidationsOf(operation, document, rules, tagged)].sort()
}

describe('the tags of an answer', () => {
  test('are the types it depends on, and the objects it shows', () => {
    const data = { game: { id: 'g1', home: { id: 't1', name: 'Herons' } } }
    expect(tagsOf('{ game(id: 1) { id home { id name } } }', data)).toEqual([
      'Game',
      'Team',
      'Game:g1',
      'Team:t1',
    ])
  })

  test.each([
    ['an empty list', '{ games { edges { node { id } } } }', { games: { edges: [] } }],
    ['a number of things', '{ games { totalCount } }', { games: { totalCount: 3 } }],
    ['nothing found', '{ game(id: 1) { id } }', { game: null }],
    ['no answer at all', '{ game(id: 1) { id } }', null],
  ])('name the type also for %s', (_, text, data) => {
    expect(tagsOf(text, data)).toEqual(['Game'])
  })

  test('say that an object is shown without a name when its id was not asked for', () => {
    expect(tagsOf('{ game(id: 1) { name } }', { game: { name: 'Final' } })).toContain('Game:?')
    const skipped = 'query ($s: Boolean!) { game(id: 1) { id @skip(if: $s) name } }'
    expect(tagsOf(skipped, { game: { name: 'Final' } })).toContain('Game:?')
  })

  test('find the id under another name, in fragments and in lists of lists', () => {
    const text =
      '{ games { edges { ...E } } } fragment E on GameEdge { node { key: id lineUp { id player { who: id } } } }'
    const lineUp = [
      { id: 'r1', player: { who: 'p1' } },
      { id: 'r2', player: { who: 'p2' } },
    ]
    const tags = tagsOf(text, { games: { edges: [{ node: { key: 'g1', lineUp } }] } })
    for (const tag of ['Game:g1', 'RosterEntry:r1', 'RosterEntry:r2', 'Player:p1', 'Player:p2'])
      expect(tags).toContain(tag)
    expect(tags).not.toContain('Game:?')
  })

  test('note an object of unknown type as each that it may be', () => {
    const text = '{ search { ... on Game { id } ... on Player { id } } }'
    expect(tagsOf(text, { search: [{ id: 'x' }] })).toEqual(['Game', 'Player', 'Game:x', 'Player:x'])
  })

  test('are not confused by names that every object has', () => {
    expect(tagsOf('{ constructor: game(id: 1) { __proto__: id } }', {})).toEqual(['Game'])
    const data = JSON.parse('{"constructor":{"__proto__":"g1"}}') as unknown
    expect(tagsOf('{ constructor: game(id: 1) { __proto__: id } }', data)).toContain('Game:g1')
  })

  test('keep no long text as an id', () => {
    expect(tagsOf('{ game(id: 1) { id } }', { game: { id: 'x'.repeat(201) } })).toContain('Game:?')
  })

  test('are none when there are too many', () => {
    const edges = Array.from({ length: 10 }, (_, id) => ({ node: { id } }))
    expect(tagsOf('{ games { edges { node { id } } } }', { games: { edges } }, 11)).toHaveLength(11)
    expect(tagsOf('{ games { edges { node { id } } } }', { games: { edges } }, 10)).toBeNull()
  })
})

describe('what a mutation makes untrue', () => {
  test('is each type that its payload holds, whatever was selected of it', () => {
    expect(invalidated('mutation { changeGame { game { id } } }')).toEqual(['Game'])
    expect(invalidated('mutation { changeGame { __typename } }')).toEqual(['Game'])
  })

  test('is, for a row that is no entity, also what it links', () => {
    expect(invalidated('mutation { addToRoster { __typename } }')).toEqual(['Player', 'RosterEntry', 'Team'])
  })

  test('is all that the subgraph owns when the payload names nothing', () => {
    expect(invalidated('mutation { deleteGame { deletedId } }')).toEqual([
      'Game',
      'Player',
      'RosterEntry',
      'Team',
    ])
  })

  test('is the sum of several mutations, also inside fragments', () => {
    const text =
      'mutation { changeGame { __typename } ...More } fragment More on Mutation { addToRoster { __typename } }'
    expect(invalidated(text)).toEqual(['Game', 'Player', 'RosterEntry', 'Team'])
  })

  test('is not what its subgraph only refers to', () => {
    // Accounts owns the user; the team is its stub of what stats owns.
    expect(invalidated('mutation { follow { __typename } }')).toEqual(['User'])
  })

  test('is nothing where nothing is ever remembered', () => {
    const unhinted = rulesOf(LEAGUE.replaceAll(/@cacheControl\([^)]*\)/g, ''))
    const { operation, document } = operationIn('mutation { changeGame { game { id } } }')
    expect(invalidationsOf(operation, document, unhinted, tagged)).toEqual([])
  })

  test('is nothing for a query', () => {
    expect(invalidated('{ game(id: 1) { id } }')).toEqual([])
  })
})

test('who changed one entity invalidates what shows it by name and what shows any without', () => {
  expect(tagsOfChangedEntity('Game', 'g1')).toEqual(['Game:g1', 'Game:?'])
})
