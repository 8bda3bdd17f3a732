import { describe, expect, test } from '@jest/globals'
import { compileGather, findPlaces, type JsonObject, mergeCopyInto, mergeInto } from './index.ts'

const read = (text: string) => JSON.parse(text) as JsonObject

function merged(target: string, source: string): JsonObject {
  const joined = read(target)
  mergeInto(joined, read(source))
  return joined
}

describe('answers are merged', () => {
  test.each([
    ['what is new is added', '{"a":1}', '{"b":2}', '{"a":1,"b":2}'],
    ['what comes later wins', '{"a":1,"b":{"c":1}}', '{"a":null,"b":null}', '{"a":null,"b":null}'],
    [
      'objects become one',
      '{"a":{"b":1,"c":{"d":1}}}',
      '{"a":{"c":{"e":2}}}',
      '{"a":{"b":1,"c":{"d":1,"e":2}}}',
    ],
    [
      'lists of one length go item by item',
      '{"a":[{"b":1},null,3]}',
      '{"a":[{"c":2},{"d":1},4]}',
      '{"a":[{"b":1,"c":2},{"d":1},4]}',
    ],
    ['lists in lists do too', '{"a":[[{"b":1}],[]]}', '{"a":[[{"c":2}],[]]}', '{"a":[[{"b":1,"c":2}],[]]}'],
    ['a list of another length replaces', '{"a":[{"b":1}]}', '{"a":[]}', '{"a":[]}'],
    [
      'an object replaces a value',
      '{"a":5,"b":null}',
      '{"a":{"c":1},"b":{"c":1}}',
      '{"a":{"c":1},"b":{"c":1}}',
    ],
    ['a list replaces an object', '{"a":{"c":1}}', '{"a":[1]}', '{"a":[1]}'],
  ])('%s', (_, target, source, expected) => {
    expect(JSON.stringify(merged(target, source))).toBe(expected)
  })

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    '%s is a name like any other',
    (name) => {
      const joined = merged('{}', `{"${name}":{"polluted":1}}`)
      mergeInto(joined, read(`{"${name}":{"more":2}}`))
      mergeCopyInto(joined, read(`{"deep":{"${name}":{"polluted":1}}}`))
      expect(JSON.stringify(joined)).toBe(
        `{"${name}":{"polluted":1,"more":2},"deep":{"${name}":{"polluted":1}}}`,
      )
      expect(Reflect.get({}, 'polluted')).toBeUndefined()
      expect(Object.hasOwn(Object.prototype.constructor, 'polluted')).toBe(false)
    },
  )

  test('into several places so that what one of them learns later stays its own', () => {
    const [first, second, source] = [read('{}'), read('{}'), read('{"a":{"b":[{"c":1}]}}')]
    mergeInto(first, source)
    mergeCopyInto(second, source)
    mergeInto(second, read('{"a":{"b":[{"d":2}],"e":3}}'))
    expect(first).toEqual({ a: { b: [{ c: 1 }] } })
    expect(second).toEqual({ a: { b: [{ c: 1, d: 2 }], e: 3 } })
  })
})

describe('entities are gathered', () => {
  const data = read(
    '{"a":[{"b":{"id":1}},null,{"b":[{"id":2},null,7]},{"b":null},{}],"c":[[{"id":3}],[{"id":4}]]}',
  )

  test.each([
    [
      ['a', '@', 'b'],
      [1, 2],
      [
        ['a', 0, 'b'],
        ['a', 2, 'b', 0],
      ],
    ],
    [['a', '@', 'b', '@'], [2], [['a', 2, 'b', 0]]],
    [
      ['c', '@', '@'],
      [3, 4],
      [
        ['c', 0, 0],
        ['c', 1, 0],
      ],
    ],
    [['constructor'], [], []],
    [['a', '@', '__proto__'], [], []],
  ])('at %j, and found there again', (path, ids, places) => {
    const { found } = compileGather(path)(data)
    expect(found.map(({ id }) => id)).toEqual(ids)
    const known = findPlaces(data, path)
    expect(found.map((entity) => known.get(entity))).toEqual(places)
  })

  test.each([
    [['a', 'b'], 'Expected an object at a, and no list'],
    [['a', '@', 'b', '@', 'id'], 'Expected a list at a.@.b'],
    [['a', '@', 'b'], null],
    [['nothing', '@', 'b'], null],
  ])('at %j, or it is said why not', (path, misfit) => {
    expect(compileGather(path)(data).misfit).toBe(misfit)
  })
})
