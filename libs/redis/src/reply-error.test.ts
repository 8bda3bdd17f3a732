import { describe, expect, test } from '@jest/globals'
import { isFaultOfOurs } from './reply-error.ts'

const reply = (message: string) => Object.assign(new Error(message), { name: 'ReplyError' })

describe('a refusal of Redis', () => {
  test.each([
    'WRONGTYPE Operation against a key holding the wrong kind of value',
    "ERR wrong number of arguments for 'hmget' command script: f0, on @user_script:4.",
    'ERR unknown command READONLYISH',
  ])('is a fault of ours: %s', (message) => {
    expect(isFaultOfOurs(reply(message))).toBe(true)
  })

  test.each([
    'LOADING Redis is loading the dataset in memory',
    "OOM command not allowed when used memory > 'maxmemory'. script: f0, on @user_script:1.",
    "ERR Error running script (call to f_0): @user_script:8: -OOM command not allowed when used memory > 'maxmemory'",
    "READONLY You can't write against a read only replica.",
    'NOAUTH Authentication required.',
  ])('says that it cannot answer: %s', (message) => {
    expect(isFaultOfOurs(reply(message))).toBe(false)
  })

  test('is not what the connection reports', () => {
    expect(isFaultOfOurs(new Error('Command timed out'))).toBe(false)
    expect(isFaultOfOurs('ERR')).toBe(false)
  })
})
