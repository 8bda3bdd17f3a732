import { expect, test } from '@jest/globals'
import { createTurns } from './turns.ts'

test('only so many work at a time, in the order in which they came, also after a failure', async () => {
  const inTurn = createTurns(2)
  const begun: number[] = []
  const works = Array.from({ length: 5 }, () => Promise.withResolvers<void>())
  const done = works.map((work, index) =>
    inTurn(() => {
      begun.push(index)
      return work.promise
    }),
  )
  expect(begun).toEqual([0, 1])
  works[1]?.reject(new Error('Failed'))
  await expect(done[1]).rejects.toThrow('Failed')
  expect(begun).toEqual([0, 1, 2])
  works[0]?.resolve()
  works[2]?.resolve()
  await Promise.all([done[0], done[2]])
  expect(begun).toEqual([0, 1, 2, 3, 4])
  works[3]?.resolve()
  works[4]?.resolve()
  await Promise.all([done[3], done[4]])
  await inTurn(() => Promise.resolve(begun.push(5)))
  expect(begun).toEqual([0, 1, 2, 3, 4, 5])
})
