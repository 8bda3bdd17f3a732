import { expect, test } from '@jest/globals'
import { reconnectDelayMs } from './reconnect-delay.ts'

test('connecting waits for nothing at first, then longer each time, up to a limit', () => {
  const delays = [0, 1, 2, 3, 20].map((failures) => reconnectDelayMs(failures, () => 1))
  expect(delays).toEqual([0, 100, 200, 400, 2_000])
  expect(reconnectDelayMs(2, () => 0)).toBe(100)
})
