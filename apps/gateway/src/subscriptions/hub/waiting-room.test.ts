import { describe, expect, test } from '@jest/globals'
import { openScriptedHub } from './fixtures/scripted-hub.ts'
import type { HubLimits } from './index.ts'

describe('when as many replays run as may', () => {
  test('who comes back further waits, and gets one when another has ended', async () => {
    const { hub, time, upstreams, lead, afters, join } = await started({ replaysOfTopic: 2 })
    const clients = ['1:2', '1:4', '1:3', '1:1', '1:3'].map((cursor) => join(cursor))
    expect(afters()).toEqual([null, '1:2', '1:4'])
    expect(hub.figures()).toMatchObject({ waiting: 3, subscribers: 6, upstreams: 3 })
    expect(clients[2]?.cursor).toBe('1:3')
    upstreams[2]?.facts(5, 10)
    await time.settle()
    // Who has waited for the longest time, with all who wait for the same.
    expect(afters()).toEqual([null, '1:2', '1:4', '1:3'])
    expect(hub.figures()).toMatchObject({ waiting: 1, resumedUpstream: 3, resumedAtHand: 1 })
    upstreams[3]?.facts(4, 10)
    await time.settle()
    upstreams[4]?.facts(2, 10)
    await time.settle()
    lead.fact(11)
    await time.settle()
    const told = clients.map(({ batches }) => batches.join(' '))
    expect(told.slice(1)).toEqual([from(5), from(4), from(2), from(4)])
    expect(hub.figures()).toMatchObject({ waiting: 0, upstreams: 2 })
  })

  test('whoever passes the place of who waits takes them along', async () => {
    const { hub, time, upstreams, join } = await started({ replaysOfTopic: 1 })
    const [first, third, fifth, late] = [join('1:1'), join('1:3'), join('1:5'), join('1:0')]
    upstreams[1]?.facts(2, 4)
    await time.settle()
    expect([first, third, fifth].map(({ batches }) => batches)).toEqual([['2 3 4'], ['4'], []])
    upstreams[1]?.facts(5, 10)
    await time.settle()
    expect([first, third, fifth].map(({ batches }) => batches.join(' '))).toEqual([
      '2 3 4 5 6 7 8 9 10',
      '4 5 6 7 8 9 10',
      '6 7 8 9 10',
    ])
    expect(upstreams.map(({ after }) => after)).toEqual([null, '1:1', '1:0'])
    expect(hub.figures()).toMatchObject({ waiting: 0, resumedUpstream: 2, resumedAtHand: 2 })
    upstreams[2]?.facts(1, 10)
    await time.settle()
    expect(late.batches).toEqual(['1 2 3 4 5 6 7 8 9 10'])
  })

  test('who leads takes them along too', async () => {
    const { time, lead, join } = await started({ replaysOfTopic: 1 })
    const [, client] = [join('1:1'), join('1:12')]
    lead.facts(11, 14)
    await time.settle()
    expect(client.batches).toEqual(['13 14'])
  })

  test('who comes to what a replay has just read need not wait', async () => {
    const { time, upstreams, join } = await started({ replaysOfTopic: 1 })
    join('1:1')
    upstreams[1]?.facts(2, 4)
    await time.settle()
    const client = join('1:3')
    await time.settle()
    expect(client.batches).toEqual(['4'])
  })

  test('who has no cursor never waits', async () => {
    const { time, upstreams, lead, join } = await started({ replaysOfTopic: 1, keptEvents: 2 })
    lead.facts(11, 12)
    join('1:1')
    await time.settle()
    join()
    expect(upstreams.map(({ after }) => after)).toEqual([null, '1:1', null])
  })

  test('who leaves is not waited for any more', async () => {
    const { hub, time, upstreams, join } = await started({ replaysOfTopic: 1 })
    const clients = ['1:1', '1:2', '1:3', '1:2', '1:2'].map((cursor) => join(cursor))
    for (const leaving of [1, 4]) clients[leaving]?.stop()
    expect(hub.figures()).toMatchObject({ waiting: 2, subscribers: 4 })
    clients[3]?.stop()
    clients[0]?.stop()
    await time.settle()
    expect(upstreams.map(({ after, state }) => [after, state])).toEqual([
      [null, 'open'],
      ['1:1', 'stopped'],
      ['1:3', 'open'],
    ])
    expect(hub.figures()).toMatchObject({ waiting: 0, subscribers: 2 })
    for (const left of [1, 3, 4]) expect(clients[left]).toMatchObject({ batches: [], ends: [] })
  })

  test('a topic that all have left while some waited is closed', async () => {
    const { hub, time, first, join } = await started({ replaysOfTopic: 1 })
    const clients = [first, join('1:1'), join('1:2')]
    for (const client of clients) client.stop()
    await time.advance(5_000)
    expect(hub.figures()).toMatchObject({ topics: 0, subscribers: 0, waiting: 0, upstreams: 0 })
    expect(time.waiting).toBe(0)
  })

  test('one that is refused makes room for the next', async () => {
    const { time, upstreams, join } = await started({ replaysOfTopic: 1 })
    const [bad, good] = [join('forged'), join('1:9')]
    upstreams[1]?.receiver.refused([{ message: 'This is no cursor' }])
    await time.settle()
    upstreams[2]?.fact(10)
    await time.settle()
    expect(bad.ends).toEqual([[{ message: 'This is no cursor', extensions: { code: 'NO' } }]])
    expect(good).toMatchObject({ batches: ['10'], ends: [] })
  })

  test('and all of them end, who waits begins anew', async () => {
    const { time, upstreams, lead, join } = await started({ replaysOfTopic: 1 })
    const [one, two] = [join('1:7'), join('1:8')]
    lead.receiver.completed()
    await time.settle()
    // What was a replay leads, and makes room.
    expect(upstreams.map(({ after }) => after)).toEqual([null, '1:7', '1:8'])
    const three = join('1:6')
    expect(upstreams).toHaveLength(3)
    upstreams[1]?.receiver.completed()
    upstreams[2]?.receiver.completed()
    await time.settle()
    upstreams[3]?.fact(7)
    await time.settle()
    expect([one.ends, two.ends, three.batches]).toEqual([['completed'], ['completed'], ['7']])
  })

  test('and the subgraph has never answered, all are told so at once', async () => {
    const scripted = openScriptedHub('log', { limits: { replaysOfTopic: 1 } })
    const clients = ['1:1', '1:2', '1:3', '1:4'].map((cursor) => scripted.join(cursor))
    scripted.onOpen = (upstream) => upstream.fail()
    for (const upstream of [...scripted.upstreams]) upstream.fail()
    await scripted.time.advance(10_000)
    for (const { ends } of clients) {
      expect(ends).toMatchObject([[{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }]])
    }
    expect(scripted.hub.figures()).toMatchObject({ topics: 0, subscribers: 0, waiting: 0, upstreams: 0 })
    expect(scripted.time.waiting).toBe(0)
  })

  test('a hub that is stopped opens no further one', async () => {
    const { hub, upstreams, join } = await started({ replaysOfTopic: 1 })
    const clients = [join('1:1'), join('1:2')]
    hub.stop()
    expect(upstreams.map(({ state }) => state)).toEqual(['stopped', 'stopped'])
    for (const client of clients) client.stop()
    expect(hub.figures().waiting).toBe(0)
  })
})

test('replays of all topics are so many and no more, and the topics take turns', async () => {
  const { hub, time, upstreams, join } = openScriptedHub('log', { limits: { replays: 2, replaysOfTopic: 2 } })
  for (const topic of ['a', 'b', 'c']) join(null, topic)
  for (const upstream of upstreams) upstream.snapshot(10)
  await time.settle()
  // Nobody comes past who waits.
  const cursors = ['1:4', '1:3', '1:2', '1:1']
  const clients = ['a', 'b'].flatMap((topic) => cursors.map((cursor) => join(cursor, topic)))
  clients.push(join('1:5', 'c'))
  const replays = () => upstreams.slice(3)
  const end = async (replay: number) => {
    const upstream = replays()[replay]
    upstream?.facts(Number(upstream.after?.slice(2)) + 1, 10)
    await time.settle()
  }
  expect(replays().map(({ after }) => after)).toEqual(['1:4', '1:3'])
  expect(hub.figures().waiting).toBe(7)
  await end(1)
  await end(2)
  await end(3)
  expect(replays().map(({ after }) => after)).toEqual(['1:4', '1:3', '1:2', '1:4', '1:5'])
  await end(0)
  for (let replay = 4; replay < replays().length; replay += 1) await end(replay)
  expect(hub.figures()).toMatchObject({ waiting: 0, upstreams: 3 })
  for (const { batches } of clients) expect(batches.join(' ')).toMatch(/ 10$| 9 10$/)
})

describe('when another topic has all replays', () => {
  test('who waits leads as soon as nobody else does', async () => {
    const { time, upstreams, join } = await crowded()
    const client = join('1:7', 'b')
    expect(upstreams).toHaveLength(3)
    upstreams[1]?.receiver.completed()
    await time.settle()
    expect(upstreams[3]?.after).toBe('1:7')
    upstreams[3]?.fact(8)
    await time.settle()
    expect(client).toMatchObject({ batches: ['8'], ends: [] })
  })

  test('a hub that is stopped gives them to nobody', async () => {
    const { hub, upstreams, join } = await crowded()
    join('1:7', 'b')
    hub.stop()
    expect(upstreams.map(({ state }) => state)).toEqual(['stopped', 'stopped', 'stopped'])
  })

  /** Topic a leads and has the only replay; topic b leads. */
  async function crowded() {
    const { hub, time, upstreams, join } = openScriptedHub('log', { limits: { replays: 1 } })
    join(null, 'a')
    join(null, 'b')
    for (const upstream of upstreams) upstream.snapshot(10)
    await time.settle()
    join('1:1', 'a')
    return { hub, time, upstreams, join }
  }
})

test('a replay that was sent nothing goes on where it began', async () => {
  const { time, upstreams, lead, join } = await started()
  const client = join('1:11')
  lead.facts(11, 12)
  await time.settle()
  expect(upstreams[1]?.state).toBe('stopped')
  expect(client.batches).toEqual(['12'])
})

/** What one has been sent who began before this fact. */
const from = (seq: number) => {
  const before = Array.from({ length: 11 - seq }, (_, index) => seq + index).join(' ')
  return `${before} 11`
}

/** With one client, and a log whose last place is 10. */
async function started(limits: Partial<HubLimits> = {}) {
  const { hub, time, upstreams, join } = openScriptedHub('log', { limits })
  const first = join()
  const [lead] = upstreams
  if (!lead) throw new Error('A client that joins opens an upstream')
  lead.snapshot(10)
  await time.settle()
  return { hub, time, upstreams, lead, first, join, afters: () => upstreams.map(({ after }) => after) }
}
