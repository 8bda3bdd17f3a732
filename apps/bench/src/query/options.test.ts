import { describe, expect, test } from '@jest/globals'
import { readQueryOptions } from './options.ts'

describe('the options of the query measurement', () => {
  test('ask for everything by default', () => {
    expect(readQueryOptions([])).toEqual({
      shape: 'stub',
      json: false,
      hot: false,
      rounds: 5,
      seconds: 2,
      workloads: ['a', 'b', 'c'],
      gateways: ['plain', 'hive', 'hiveNative', 'mercurius', 'ours', 'oursInProcess', 'raw'],
    })
  })

  test('choose some, which keep their order', () => {
    const { workloads, gateways } = readQueryOptions(['--workloads', 'c,a', '--only', 'ours,plain'])
    expect(workloads).toEqual(['a', 'c'])
    expect(gateways).toEqual(['plain', 'ours'])
  })

  test.each([
    [['--shape', 'round'], '--shape is stub or real'],
    [['--rounds', '0'], '--rounds is a whole number'],
    [['--seconds', 'two'], '--seconds is a whole number'],
    [['--workloads', 'a,d'], 'does not know d. There are: a, b, c'],
    [['--only', 'router'], 'does not know router'],
    [['--warp'], '--warp'],
  ])('%j is refused', (args, words) => {
    expect(() => readQueryOptions(args)).toThrow(words)
  })
})
