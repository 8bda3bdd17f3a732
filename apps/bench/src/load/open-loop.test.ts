import { describe, expect, test } from '@jest/globals'
import { sendOnSchedule } from './open-loop.ts'

/** A clock that only moves when somebody waits or works. */
function createMoments() {
  let moment = 0
  return {
    now: () => moment,
    waitUntil: async (until: number) => {
      // Whoever has been answered by now takes note of it first.
      await new Promise(setImmediate)
      moment = until
    },
    work: (milliseconds: number) => {
      moment += milliseconds
    },
  }
}

describe('requests on a schedule', () => {
  test('go out at their moments', async () => {
    const moments = createMoments()
    const sentAt: number[] = []
    await sendOnSchedule({
      perSecond: 4,
      seconds: 1,
      ...moments,
      send: async () => void sentAt.push(moments.now()),
    })
    expect(sentAt).toEqual([0, 250, 500, 750])
  })

  test('that had to wait behind a stall are late by it', async () => {
    const moments = createMoments()
    const latencies = await sendOnSchedule({
      perSecond: 10,
      seconds: 0.5,
      ...moments,
      // The first one keeps everybody waiting for 250 ms.
      send: async (index) => {
        if (index === 0) moments.work(250)
      },
    })
    expect(latencies).toEqual([250, 150, 50, 0, 0])
  })

  test('that fail make the whole fail', async () => {
    const sent = sendOnSchedule({
      perSecond: 2,
      seconds: 1,
      ...createMoments(),
      send: () => Promise.reject(new Error('no answer')),
    })
    await expect(sent).rejects.toThrow('no answer')
  })
})
