import { describe, expect, test } from '@jest/globals'
import { createCircuit } from './circuit.ts'

function setUp() {
  let time = 0
  const clock = { now: () => new Date(time), advance: (milliseconds: number) => (time += milliseconds) }
  const changes: string[] = []
  const circuit = createCircuit({
    clock,
    failures: 2,
    firstPauseMs: 100,
    longestPauseMs: 300,
    onChange: (state) => changes.push(state),
  })
  return { clock, changes, circuit }
}

describe('a circuit', () => {
  test('lets everything through until so many failures in a row', () => {
    const { circuit, changes } = setUp()
    circuit.failed('once')
    circuit.succeeded()
    circuit.failed('once')
    expect(circuit.mayTry()).toBe(true)
    circuit.failed('twice')
    expect(circuit.mayTry()).toBe(false)
    expect(changes).toEqual(['open'])
  })

  test('lets one trial through after a pause, and the rest after its success', () => {
    const { circuit, clock, changes } = setUp()
    circuit.failed('a')
    circuit.failed('b')
    clock.advance(99)
    expect(circuit.mayTry()).toBe(false)
    clock.advance(1)
    expect([circuit.mayTry(), circuit.mayTry()]).toEqual([true, false])
    circuit.succeeded()
    expect([circuit.mayTry(), circuit.mayTry()]).toEqual([true, true])
    expect(changes).toEqual(['open', 'closed'])
  })

  test('waits twice as long after each trial that fails, up to a bound, and says nothing new', () => {
    const { circuit, clock, changes } = setUp()
    circuit.failed('a')
    circuit.failed('b')
    for (const pauseMs of [100, 200, 300, 300]) {
      clock.advance(pauseMs - 1)
      expect(circuit.mayTry()).toBe(false)
      clock.advance(1)
      expect(circuit.mayTry()).toBe(true)
      circuit.failed('again')
    }
    expect(changes).toEqual(['open'])
  })

  test('does not count what was on its way when it opened as a failed trial', () => {
    const { circuit, clock } = setUp()
    circuit.failed('a')
    circuit.failed('b')
    circuit.failed('late')
    clock.advance(100)
    expect(circuit.mayTry()).toBe(true)
  })
})
