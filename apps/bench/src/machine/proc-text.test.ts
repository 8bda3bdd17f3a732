import { describe, expect, test } from '@jest/globals'
import { allowedCpusIn, cpuMsIn, residentMbIn } from './proc-text.ts'

const STAT =
  '4242 (node) S 1 4242 4242 0 -1 4194304 9000 0 0 0 1234 66 0 0 20 0 11 0 100 900000000 30000 18446744073709551615'

describe('the time of a process on a processor', () => {
  test('is that of user and system, in milliseconds', () => {
    expect(cpuMsIn(STAT)).toBe(13_000)
  })

  test('is found behind a name with brackets and spaces', () => {
    expect(cpuMsIn(STAT.replace('(node)', '(my (odd) 1 2 name)'))).toBe(13_000)
  })

  test('is not made up', () => {
    expect(() => cpuMsIn('4242 (node) S 1')).toThrow('no stat file')
  })
})

describe('the resident memory of a process', () => {
  test('is told in megabytes', () => {
    expect(residentMbIn('VmPeak:\t 900000 kB\nVmRSS:\t  153600 kB\n')).toBe(150)
  })

  test('of one that has ended is nothing', () => {
    expect(residentMbIn('Name:\tnode\nState:\tZ (zombie)\n')).toBe(0)
  })
})

describe('the processors a process may run on', () => {
  test.each([
    ['0-1', [0, 1]],
    ['3', [3]],
    ['0-2,5', [0, 1, 2, 5]],
  ])('%s', (list, cpus) => {
    expect(allowedCpusIn(`Cpus_allowed:\tff\nCpus_allowed_list:\t${list}\n`)).toEqual(cpus)
  })

  test('are none where the kernel does not tell', () => {
    expect(allowedCpusIn('Name:\tnode\n')).toEqual([])
  })
})
