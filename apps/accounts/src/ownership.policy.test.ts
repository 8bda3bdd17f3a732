import { randomUUID } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { principals } from '@courtside/testing'
import { ownOnly } from './ownership.policy.ts'

test('ACC-17: what belongs to a person is for that person alone, not for keys or services', () => {
  const id = randomUUID()
  expect(ownOnly(principals.user('viewer', id), id)).toBe(true)
  expect(ownOnly(principals.user('admin'), id)).toBe(false)
  expect(ownOnly({ ...principals.partner(), userId: id }, id)).toBe(false)
  expect(ownOnly(principals.service('billing'), id)).toBe(false)
  expect(ownOnly(principals.anonymous, id)).toBe(false)
})
