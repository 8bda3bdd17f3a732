import { describe, expect, test } from '@jest/globals'
import { anonymous } from '@courtside/auth'
import { createRecordedLog, principals } from '@courtside/testing'
import fc from 'fast-check'
import type { Caller } from '../transports/index.ts'
import { type Answer, caching, callerOf, openSharedReads } from './fixtures/shared-reads-fixture.ts'
import { createSingleFlight } from './single-flight.ts'

const game = caching('query ($id: ID!) { game(id: $id) { id name } }')
const mine = caching('{ myTeam { id } }')
const hinted = caching('{ secret { id } }')
const guarded = caching('{ game(id: 1) { id } }', true)
const changeGame = caching('mutation { changeGame { game { id } } }')
const follow = caching('mutation { follow { __typename } }')

const DATA = '{"game":{"id":"g1","name":"Final"}}'

describe('what everybody gets', () => {
  test('is read once and given to all that ask meanwhile, whoever they are', async () => {
    const { read, executions, outcomes } = openSharedReads()
    const callers = [
      callerOf(),
      callerOf(principals.user('admin'), '192.0.2.2'),
      callerOf(principals.user('viewer')),
    ]
    const answers = callers.map((caller) => read(game, caller, { id: 'g1' }))
    executions[0]?.resolve({ wholeData: DATA })
    for (const answer of await Promise.all(answers)) expect(answer.wholeData).toBe(DATA)
    expect(executions).toHaveLength(1)
    expect(outcomes).toEqual(['executed', 'joined', 'joined'])
  })

  test('is read on behalf of nobody, so that a wrong hint gives away nothing', async () => {
    const { read, executions } = openSharedReads()
    void read(game, callerOf(principals.user('admin')), { id: 'g1' })
    expect(executions[0]?.reader).toMatchObject({
      principal: anonymous,
      clientAddress: null,
      clientAgent: null,
    })
  })

  test('is read without a word of who came first, but with the request that began it', () => {
    const [log, theirs] = [createRecordedLog(), createRecordedLog()]
    const { read, executions } = openSharedReads({ log })
    const caller = { ...callerOf(principals.user('admin')), log: theirs.child({ 'user.id': 'somebody' }) }
    void read(game, caller, { id: 'g1' })
    executions[0]?.reader.log.error({}, 'A subgraph did not answer')
    expect(theirs.lines).toEqual([])
    expect(log.lines).toEqual([
      { level: 'error', message: 'A subgraph did not answer', fields: { 'request.id': 'request' } },
    ])
  })

  test('is remembered for as long as its hints say', async () => {
    const { readNow, executions, elapse, outcomes } = openSharedReads()
    await readNow(game, { wholeData: DATA })
    elapse(1_000)
    const { wholeData, policy } = await readNow(game, { wholeData: 'never read' })
    expect([wholeData, policy?.maxAgeSeconds]).toEqual([DATA, 1])
    expect(outcomes).toEqual(['executed', 'remembered'])
    elapse(1_000)
    await readNow(game, { wholeData: DATA })
    expect(executions).toHaveLength(2)
  })

  test('is something else for other variables', async () => {
    const { read, executions } = openSharedReads()
    void read(game, callerOf(), { id: 'g1' })
    void read(game, callerOf(), { id: 'g2' })
    expect(executions).toHaveLength(2)
  })

  test('is something else for operations that differ in a literal only', async () => {
    const { read, executions } = openSharedReads()
    void read(caching('{ game(id: 1) { id } }'))
    void read(caching('{ game(id: 2) { id } }'))
    expect(executions).toHaveLength(2)
  })

  test('is not remembered when a part is missing, and those who waited get it as it is', async () => {
    const { read, executions } = openSharedReads()
    const answers = [read(game), read(game)]
    executions[0]?.resolve({ wholeData: null, errors: ['stats is away'] })
    for (const answer of await Promise.all(answers)) expect(answer.errors).toEqual(['stats is away'])
    void read(game)
    expect(executions).toHaveLength(2)
  })

  test('is not remembered when reading it fails', async () => {
    const { read, executions } = openSharedReads()
    const answers = [read(game), read(game)]
    executions[0]?.reject(new Error('late'))
    expect((await Promise.allSettled(answers)).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    void read(game)
    expect(executions).toHaveLength(2)
  })
})

describe('what is for one caller', () => {
  const [one, other] = [principals.user('viewer'), principals.user('viewer')]

  test.each([
    ['has no hint', mine],
    ['is said to be private', hinted],
    ['requires access, whatever its hints say', guarded],
  ])('is read for each of them by themselves when it %s', async (_, operation) => {
    const { read, readNow, executions } = openSharedReads()
    const answers = [read(operation, callerOf(one)), read(operation, callerOf(other)), read(operation)]
    expect(executions.map(({ reader }) => reader.principal)).toEqual([one, other, anonymous])
    executions.forEach((execution, index) => execution.resolve({ wholeData: `answer ${index}` }))
    const texts = (await Promise.all(answers)).map(({ wholeData }) => wholeData)
    expect(texts).toEqual(['answer 0', 'answer 1', 'answer 2'])
    expect((await readNow(operation, { wholeData: 'read again' }, callerOf(one))).wholeData).toBe(
      'read again',
    )
  })

  test.each([
    ['another role', { ...one, roles: ['admin' as const] }],
    ['another scope', { ...one, scopes: ['read:audit' as const] }],
    ['another session', { ...one, sessionId: 'elsewhere' }],
  ])('is not shared with the same person in %s', async (_, principal) => {
    const { read, executions } = openSharedReads()
    void read(mine, callerOf(one))
    void read(mine, callerOf(principal))
    expect(executions).toHaveLength(2)
  })

  test('is not shared with the same person at another address or with another agent', () => {
    const { read, executions } = openSharedReads()
    void read(mine, callerOf(one, '192.0.2.1', 'a'))
    void read(mine, callerOf(one, '192.0.2.2', 'a'))
    void read(mine, callerOf(one, '192.0.2.1', 'b'))
    expect(executions).toHaveLength(3)
  })

  test('is shared by the same caller while it is read, and not remembered', async () => {
    const { read, readNow, executions, outcomes } = openSharedReads()
    const answers = [read(mine, callerOf(one)), read(mine, callerOf({ ...one }))]
    executions[0]?.resolve({ wholeData: 'mine' })
    for (const answer of await Promise.all(answers)) expect(answer.wholeData).toBe('mine')
    await readNow(mine, { wholeData: 'read again' }, callerOf(one))
    expect(outcomes).toEqual(['executed', 'joined', 'executed'])
    expect(executions).toHaveLength(2)
  })
})

describe('who joins late', () => {
  test.each([
    ['everybody gets', game],
    ['is for one caller', mine],
  ])('is not failed by the deadline of who came first, with what %s', (_, operation) => {
    const { read, executions } = openSharedReads()
    void read(operation, { ...callerOf(), deadline: 1_000 })
    expect(executions[0]?.reader.deadline).toBe(1_000)
    void read(operation, { ...callerOf(), deadline: 1_900 })
    expect(executions).toHaveLength(1)
    expect(executions[0]?.reader.deadline).toBe(1_900)
  })
})

describe('who leaves', () => {
  test('does not end the work for those who stay, and ends it as the last', () => {
    const { read, executions } = openSharedReads()
    const [first, second] = [callerOf(), callerOf()]
    void read(game, first)
    void read(game, second)
    first.cancellation.cancel()
    expect(executions[0]?.reader.cancellation?.isCancelled).toBe(false)
    second.cancellation.cancel()
    expect(executions[0]?.reader.cancellation?.isCancelled).toBe(true)
    void read(game)
    expect(executions).toHaveLength(2)
  })

  test('has left also when that was before the work began', () => {
    const { read, executions } = openSharedReads()
    const caller = callerOf()
    caller.cancellation.cancel()
    void read(game, caller)
    expect(executions[0]?.reader.cancellation?.isCancelled).toBe(true)
  })
})

describe('after a mutation', () => {
  test('nobody is given what was remembered before', async () => {
    const { reads, readNow } = openSharedReads()
    await readNow(game, { wholeData: '"before"' })
    await reads.written(changeGame)
    expect((await readNow(game, { wholeData: '"after"' })).wholeData).toBe('"after"')
  })

  test('nobody is given what was being read before, nor is it remembered', async () => {
    const { reads, read, readNow, executions } = openSharedReads()
    const before = read(game)
    await reads.written(changeGame)
    const after = read(game)
    executions[1]?.resolve({ wholeData: '"after"' })
    expect((await after).wholeData).toBe('"after"')
    executions[0]?.resolve({ wholeData: '"before"' })
    expect((await before).wholeData).toBe('"before"')
    expect((await readNow(game, { wholeData: '"read again"' })).wholeData).toBe('"after"')
  })

  test('what it has not changed is still remembered', async () => {
    const { reads, readNow } = openSharedReads()
    await readNow(game, { wholeData: '"before"' })
    await reads.written(follow)
    expect((await readNow(game, { wholeData: '"never read"' })).wholeData).toBe('"before"')
  })

  test('what only its maker sees is read anew as well', () => {
    const { reads, read, executions } = openSharedReads()
    const me = principals.user('viewer')
    void read(mine, callerOf(me))
    void reads.written(follow)
    void read(mine, callerOf(me))
    expect(executions).toHaveLength(2)
  })
})

describe('while one version of the graph takes the place of another', () => {
  test('nobody joins what is read on the other', () => {
    const flights = createSingleFlight<Answer>()
    const [old, current] = ['old', 'new'].map((version) => openSharedReads({ flights, version }))
    void old?.read(game)
    void current?.read(game)
    expect([old?.outcomes, current?.outcomes]).toEqual([['executed'], ['executed']])
  })

  test('nobody joins a read of the new one that began before a mutation on the old one ended', async () => {
    const flights = createSingleFlight<Answer>()
    const old = openSharedReads({ flights, version: 'old' })
    const current = openSharedReads({ flights, version: 'new' })
    void current.read(mine)
    await old.reads.written(changeGame)
    void current.read(mine)
    expect(current.outcomes).toEqual(['executed', 'executed'])
  })
})

describe('whoever asks for whatever, in whatever order', () => {
  const person = principals.user('viewer')
  const callers = [
    callerOf(),
    callerOf(anonymous, null, null),
    callerOf(anonymous, 'null', 'null'),
    callerOf(person),
    callerOf({ ...person, roles: ['admin'] }),
    callerOf({ ...person, scopes: [] }),
    callerOf(principals.partner('read:audit')),
    callerOf(principals.service('gateway')),
  ]
  const texts = [
    'query ($id: ID, $name: String) { game(id: $id) { id name } }',
    'query ($name: String, $id: ID) { game(id: $id) { id name } }',
    'query ($id: ID, $name: String) { myTeam { id name } }',
    'query ($id: ID, $name: String) { secret { id name } }',
    '{ game(id: "1") { id } }',
    '{ game(id: "2") { id } }',
  ]
  const operations = [
    ...texts.map((text) => caching(text)),
    ...texts.map((text) => caching(`${text} # guarded`, true)),
  ]
  const anyValue = fc.constantFrom(
    null,
    '',
    'null',
    '1',
    1,
    '"',
    '],[',
    '","',
    '__proto__',
    {},
    { id: 1 },
    ['1'],
    [],
  )
  const anyRequest = fc.record({
    caller: fc.constantFrom(...callers),
    operation: fc.nat(operations.length - 1),
    variables: fc.record({ id: anyValue, name: anyValue }, { requiredKeys: [] }),
    answered: fc.boolean(),
  })
  /** What this operation answers to this caller, were it read for them alone. */
  const alone = (operation: number, variables: object, { principal, clientAddress, clientAgent }: Caller) =>
    JSON.stringify([
      operation,
      Object.entries(variables)
        .filter(([name]) => operations[operation]?.variableNames.includes(name))
        .sort(),
      principal,
      clientAddress,
      clientAgent,
    ])

  test('nobody is given what was read for another caller, operation or variables', async () => {
    let shared = 0
    await fc.assert(
      fc.asyncProperty(fc.array(anyRequest, { minLength: 10, maxLength: 60 }), async (requests) => {
        const { reads, outcomes } = openSharedReads()
        const pending: (() => void)[] = []
        const checks = requests.map(async ({ caller, operation, variables, answered }) => {
          const cached = operations[operation]
          if (!cached) throw new Error('There is no such operation')
          const answer = await reads.read(cached, variables, caller, (reader) => {
            const { promise, resolve } = Promise.withResolvers<{ wholeData: string }>()
            const finish = () => resolve({ wholeData: alone(operation, variables, reader) })
            if (answered) finish()
            else pending.push(finish)
            return promise
          })
          const seenAs = cached.isForEverybody ? callerOf(anonymous, null, null) : caller
          expect(answer.wholeData).toBe(alone(operation, variables, seenAs))
        })
        for (const finish of pending) finish()
        await Promise.all(checks)
        shared += outcomes.filter((outcome) => outcome !== 'executed').length
      }),
      { numRuns: 200 },
    )
    expect(shared).toBeGreaterThan(200)
  })
})

describe('whatever overlaps with whatever', () => {
  const anyStep = fc.constantFrom('read game', 'read mine', 'finish', 'finish', 'change', 'expire')

  test('who reads after a change has been answered sees it', async () => {
    let reused = 0
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 10, maxLength: 60 }), async (steps) => {
        const { reads, outcomes, elapse } = openSharedReads()
        let fact = 0
        const pending: (() => void)[] = []
        const checks: Promise<void>[] = []
        const readAndCheck = async (operation: typeof game) => {
          const atLeast = fact
          const { wholeData } = await reads.read(operation, {}, callerOf(), () => {
            const { promise, resolve } = Promise.withResolvers<{ wholeData: string }>()
            const found = { wholeData: String(fact) }
            pending.push(() => resolve(found))
            return promise
          })
          expect(Number(wholeData)).toBeGreaterThanOrEqual(atLeast)
        }
        for (const step of steps) {
          if (step === 'read game') checks.push(readAndCheck(game))
          else if (step === 'read mine') checks.push(readAndCheck(mine))
          else if (step === 'finish') pending.shift()?.()
          else if (step === 'expire') elapse(700)
          else {
            fact += 1
            await reads.written(changeGame)
          }
          // What was finished gets to be put before the next step.
          await new Promise((resolve) => setImmediate(resolve))
        }
        for (const finish of pending) finish()
        await Promise.all(checks)
        reused += outcomes.filter((outcome) => outcome === 'remembered').length
      }),
      { numRuns: 200 },
    )
    expect(reused).toBeGreaterThan(50)
  })
})
