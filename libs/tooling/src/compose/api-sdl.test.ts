import { describe, expect, test } from '@jest/globals'
import { buildSchema } from 'graphql'
import { toApiSdl } from './api-sdl.ts'

describe('the SDL of the public graph', () => {
  test('has the operations first, then types by name, and fields as they were written', () => {
    const sdl = toApiSdl(
      buildSchema(`
        type Zebra { z: Int a: Int }
        type Mutation { b: Zebra }
        type Apple { a: Int }
        type Query { second: Zebra first: Apple }
      `),
    )
    expect([...sdl.matchAll(/^type (\w+)/gm)].map(([, name]) => name)).toEqual([
      'Query',
      'Mutation',
      'Apple',
      'Zebra',
    ])
    expect(sdl).toMatch(/second: Zebra\n {2}first: Apple/)
    expect(sdl).toMatch(/z: Int\n {2}a: Int/)
    expect(sdl).not.toContain('scalar Int')
  })
})
