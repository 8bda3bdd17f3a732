import { describe, expect, test } from '@jest/globals'
import { runSteps } from './run-steps.ts'
import type { Failure, Step } from './step.ts'

const step = (name: string, run: Step['run']): Step => ({ name, run })
const passing = (name: string) => step(name, async () => [])
const failing = (name: string) => step(name, async () => [{ output: `${name} is wrong`, mend: 'right it' }])

describe('running the steps of a check', () => {
  test('runs every step though one fails or breaks, and reports in the order of the steps', async () => {
    const lines: string[] = []
    const broken = step('broken', async () => {
      throw new TypeError('no such thing')
    })
    const failures = await runSteps(
      [failing('first'), broken, passing('third'), failing('last')],
      [],
      (line) => lines.push(line),
    )
    expect(failures).toEqual([
      { step: 'first', output: 'first is wrong', mend: 'right it' },
      {
        step: 'broken',
        output: expect.stringContaining('TypeError: no such thing'),
        mend: expect.stringContaining('the check itself broke'),
      },
      { step: 'last', output: 'last is wrong', mend: 'right it' },
    ])
    expect(lines.map((line) => line.slice(0, 8).trim()).sort()).toEqual([
      '✓ third',
      '✗ broken',
      '✗ first',
      '✗ last',
    ])
    for (const line of lines) expect(line).toMatch(/^[✓✗] \w+ +\d+\.\d s$/)
  })

  test('runs two at a time', async () => {
    const open = Array.from({ length: 3 }, () => Promise.withResolvers<Failure[]>())
    const started: number[] = []
    const steps = open.map(({ promise }, index) =>
      step(`step${index}`, () => {
        started.push(index)
        return promise
      }),
    )
    const running = runSteps(steps, [], () => {
      expect(started).toContain(1)
    })
    expect(started).toEqual([0, 1])
    for (const { resolve } of open) resolve([])
    await running
    expect(started).toEqual([0, 1, 2])
  })

  test('hands the files on', async () => {
    const seen: (readonly string[])[] = []
    const looking = step('looking', async (files) => {
      seen.push(files)
      return []
    })
    await runSteps([looking], ['a.ts'], () => {})
    expect(seen).toEqual([['a.ts']])
  })
})
