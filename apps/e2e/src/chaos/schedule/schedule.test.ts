import { expect, test } from '@jest/globals'
import { FAULT_NAMES } from '../faults/index.ts'
import { planFaults } from './schedule.ts'

const namesOf = (plan: ReturnType<typeof planFaults>) => plan.map(({ fault }) => fault)

test('the same seed makes the same schedule, another one another', () => {
  expect(planFaults({ seed: 7 })).toEqual(planFaults({ seed: 7 }))
  expect(namesOf(planFaults({ seed: 7 }))).not.toEqual(namesOf(planFaults({ seed: 8 })))
})

test('every fault comes once, and the restore last', () => {
  const names = namesOf(planFaults({ seed: 3 }))
  expect([...names].sort()).toEqual([...FAULT_NAMES].sort())
  expect(names.at(-1)).toBe('restoreBackup')
})

test('those that are asked for come again until there are enough', () => {
  expect(namesOf(planFaults({ seed: 1, only: ['killRedis'], atLeast: 3 }))).toEqual(
    Array(3).fill('killRedis'),
  )
  expect(namesOf(planFaults({ seed: 1, only: ['restoreBackup'], atLeast: 3 }))).toEqual(['restoreBackup'])
  const two = namesOf(planFaults({ seed: 1, only: ['killRedis', 'killStats'], atLeast: 3 }))
  expect(two).toHaveLength(4)
  expect(new Set(two)).toEqual(new Set(['killRedis', 'killStats']))
})
