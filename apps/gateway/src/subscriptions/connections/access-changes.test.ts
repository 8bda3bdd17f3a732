import { beforeEach, describe, expect, test } from '@jest/globals'
import { createRecordedLog } from '@courtside/testing'
import {
  type EventReceiver,
  type Listening,
  TransportFailure,
  type UpstreamEvent,
} from '../../transports/index.ts'
import { createTestTimers } from '../../fixtures/websocket/test-timers.ts'
import { followAccessChanges } from './access-changes.ts'

const none = { userId: null, sessionId: null, apiKeyId: null }
const event = (change: object): UpstreamEvent => ({
  data: { accessChanged: { kind: 'CHANGED', cursor: 'c', gap: null, ...none, ...change } },
  mark: null,
})

function follow() {
  const timers = createTestTimers()
  const log = createRecordedLog()
  const opened: { after: unknown; receiver: EventReceiver; isStopped: boolean }[] = []
  const told: unknown[] = []
  const { stop } = followAccessChanges({
    listen(subgraph, { variables, template }, { principal }, receiver): Listening {
      expect(subgraph).toBe('accounts')
      expect(template.type).toBe('subscription')
      expect(principal.scopes).toEqual(['resolve:identity'])
      const open = { after: variables['after'], receiver, isStopped: false }
      opened.push(open)
      return {
        stop() {
          open.isStopped = true
        },
      }
    },
    onChange: (change) => told.push(change),
    onAllUnknown: () => told.push('everybody'),
    log,
    timers,
    random: () => 1,
  })
  const messages = (level: string) =>
    log.lines.filter((line) => line.level === level).map(({ message }) => message)
  return { timers, log, opened, told, stop, messages, receiver: () => opened.at(-1)!.receiver }
}

let followed: ReturnType<typeof follow>
beforeEach(() => {
  followed = follow()
})

describe('changed access', () => {
  test('is told one by one after everybody was checked at the start', () => {
    const { receiver, told } = followed
    receiver().event(event({ kind: 'SNAPSHOT' }))
    receiver().event(event({ userId: 'ada', sessionId: 's' }))
    receiver().event(event({ apiKeyId: 'k' }))
    expect(told).toEqual([
      'everybody',
      { ...none, userId: 'ada', sessionId: 's' },
      { ...none, apiKeyId: 'k' },
    ])
  })

  test('is asked for from the last place when the connection was lost, and nobody is checked for that', () => {
    const { receiver, told, opened, timers } = followed
    receiver().event(event({ kind: 'SNAPSHOT', cursor: 'c1' }))
    receiver().event(event({ userId: 'ada', cursor: 'c2' }))
    receiver().failed(new TransportFailure('lost', 'The connection was lost'))
    timers.advance(250)
    expect(opened.map(({ after }) => after)).toEqual([null, 'c2'])
    receiver().event(event({ userId: 'bob', cursor: 'c3' }))
    expect(told).toEqual(['everybody', { ...none, userId: 'ada' }, { ...none, userId: 'bob' }])
  })

  test('that was missed makes everybody be checked', () => {
    const { receiver, told } = followed
    receiver().event(event({ kind: 'SNAPSHOT', gap: { reason: 'RETENTION' } }))
    expect(told).toEqual(['everybody'])
  })

  test.each([
    ['no data', { data: null, errors: [{ message: 'x' }], mark: null }],
    ['another shape', event({ userId: 7 })],
  ])('that cannot be read (%s) makes everybody be checked', (_, unreadable) => {
    const { receiver, told, messages } = followed
    receiver().event(unreadable)
    expect(told).toEqual(['everybody'])
    expect(messages('error')).toHaveLength(1)
  })
})

describe('an accounts that is away', () => {
  test('is asked again later each time, at most every ten seconds, and the log says it once', () => {
    const { receiver, opened, timers, messages } = followed
    const waits: number[] = []
    for (let n = 1; n <= 8; n += 1) {
      receiver().failed(new TransportFailure('unsent', 'Nobody listens'))
      let waited = 0
      for (; opened.length === n; waited += 250) timers.advance(250)
      waits.push(waited)
    }
    expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000])
    expect(messages('warn')).toHaveLength(1)
    receiver().event(event({ kind: 'SNAPSHOT' }))
    expect(messages('info')).toHaveLength(1)
    receiver().completed()
    timers.advance(250)
    expect(opened).toHaveLength(10)
  })

  test('that does not know the subscription is said once, and is tried again', () => {
    const { receiver, opened, timers, messages, told } = followed
    for (let n = 1; n <= 3; n += 1) {
      receiver().refused([{ message: 'Cannot query field "accessChanged"' }])
      timers.advance(60_000)
    }
    expect(opened).toHaveLength(4)
    expect(messages('warn')).toEqual([
      'Accounts does not tell of changed access; credentials are checked once a minute instead',
    ])
    expect(told).toEqual([])
  })
})

test('after the end nothing is listened to any more', () => {
  const { receiver, opened, timers, stop } = followed
  receiver().completed()
  stop()
  timers.advance(60_000)
  expect(opened).toHaveLength(1)
  const other = follow()
  other.stop()
  expect(other.opened[0]!.isStopped).toBe(true)
})
