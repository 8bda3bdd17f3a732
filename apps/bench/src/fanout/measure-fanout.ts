import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  composeSupergraph,
  createGameUpdates,
  games,
  signIn,
  subgraphsWithEvents,
  subgraphsWithEventsAndIdentity,
} from '../domain/index.ts'
import { installPeers, peerVersions } from '../installed-peers.ts'
import { describeMachine, pinProcessors } from '../machine/index.ts'
import type { FanoutResults } from '../report/index.ts'
import { startEventSource, startSubscribers, SubscribersFault } from '../streams/index.ts'
import { type Contender, type EntrantName, ENTRANTS, startContender } from './contenders.ts'
import { findRate } from './find-rate.ts'
import { measureTurn, seat, type Stage } from './measure-turn.ts'
import type { FanoutOptions } from './options.ts'
import { toOutcome, type Turns } from './outcome.ts'

type Say = (line: string) => void

/** All subscribers together are told so much a second while events come steadily. */
const MESSAGES_A_SECOND = 20_000
const BURST = { together: 20, times: 5 }
/** A weaker one is tried for so long at each rate. */
const TRIAL_SECONDS = 5
/** It has so long for the last event, or until the next one would come. */
const TRIAL_LIMIT_MS = 2_000
/** Few messages cost too little to be measured; but nobody waits for ever. */
const MESSAGES_AT_PEER_RATE = 40_000
const LONGEST_SECONDS = 40
const WARM_UP_SECONDS = 3
const IDENTICAL = 100
const TOO_SLOW = 'it does not keep up with one event in four seconds'

export async function measureFanout(options: FanoutOptions, say: Say): Promise<FanoutResults> {
  await installPeers(say)
  const pinning = pinProcessors()
  say(pinning.description)
  await using running = new AsyncDisposableStack()
  const directory = await mkdtemp(path.join(tmpdir(), 'courtside-bench-'))
  running.defer(() => rm(directory, { recursive: true, force: true }))
  const { signingKey } = await signIn()
  const source = running.adopt(await startEventSource(signingKey, directory), (one) => one.stop())
  const subscribers = running.adopt(startSubscribers(directory), (one) => one.stop())
  const { addresses } = source
  const setting = { ...(await writeSupergraphs(addresses, signingKey, directory)), addresses, signingKey }
  const contenders: Contender[] = []
  for (const name of options.entrants) {
    say(`Starting ${ENTRANTS[name].title} …`)
    const contender = await startContender(name, setting, { logDirectory: directory, ...pinning })
    contenders.push(running.adopt(contender, (one) => one.stop()))
  }

  const stage: Stage = { source: source.program, subscribers }
  const takeGame = gamesInTurn()
  const results: FanoutResults = {
    shape: 'fanout',
    date: new Date().toISOString(),
    machine: describeMachine(),
    versions: peerVersions(),
    pinning: pinning.description,
    settings: { rounds: options.rounds, seconds: options.seconds },
    upstreamsOfIdentical: {},
    identical: IDENTICAL,
    sizes: {},
  }
  for (const contender of contenders.filter(({ kind }) => kind !== 'floor')) {
    const { upstreams } = await seat(stage, contender, takeGame(), IDENTICAL)
    await subscribers.leave()
    results.upstreamsOfIdentical[contender.name] = upstreams
    say(`${ENTRANTS[contender.name].title}: ${upstreams} at the subgraph for ${IDENTICAL} identical clients`)
  }
  for (const clients of options.clients) {
    results.sizes[clients] = await measureSize(contenders, stage, clients, takeGame, options, say)
  }
  return results
}

async function measureSize(
  contenders: readonly Contender[],
  stage: Stage,
  clients: number,
  takeGame: () => string,
  options: FanoutOptions,
  say: Say,
) {
  const fullRate = MESSAGES_A_SECOND / clients
  const faults: Partial<Record<EntrantName, string>> = {}
  const turns: Partial<Record<EntrantName, Turns>> = {}
  const session = async (contender: Contender, work: (audience: Audience) => Promise<void>) => {
    if (faults[contender.name] !== undefined) return
    try {
      await work(await seat(stage, contender, takeGame(), clients))
    } catch (error) {
      if (!(error instanceof SubscribersFault)) throw error
      faults[contender.name] = contender.program.ended() ?? error.message
    } finally {
      await stage.subscribers.leave()
    }
  }
  const steady = (perSecond: number, seconds: number) => ({
    times: Math.max(2, Math.round(perSecond * seconds)),
    everyMs: 1_000 / perSecond,
    together: 1,
  })

  const rates: Partial<Record<EntrantName, number>> = {}
  for (const contender of contenders.filter(({ kind }) => kind === 'peer' || kind === 'naive')) {
    const rate = await findRate(fullRate, async (perSecond) => {
      let share = 0
      await session(contender, async (audience) => {
        const happening = steady(perSecond, TRIAL_SECONDS)
        const limitMs = Math.max(TRIAL_LIMIT_MS, happening.everyMs)
        const turn = await measureTurn(stage, contender, audience, happening, limitMs)
        share = turn.delivered / (turn.delivered + turn.undelivered)
      })
      return share
    })
    say(`${clients} clients: ${ENTRANTS[contender.name].title} keeps up with ${rate ?? 'no'} events a second`)
    if (rate === null) faults[contender.name] ??= TOO_SLOW
    else rates[contender.name] = rate
  }
  const peers = contenders.filter(({ kind }) => kind === 'peer').map(({ name }) => rates[name])
  const peerRate = Math.min(...peers.filter((rate) => rate !== undefined))
  const rateFor = ({ name, kind }: Contender) => {
    if (kind === 'naive') return rates[name] ?? null
    return kind === 'floor' || peerRate === Infinity ? null : peerRate
  }
  const longEnough = (perSecond: number) =>
    Math.min(LONGEST_SECONDS, Math.max(options.seconds, MESSAGES_AT_PEER_RATE / (clients * perSecond)))

  for (let round = 1; round <= options.rounds; round++) {
    say(`${clients} clients: round ${round} of ${options.rounds} …`)
    for (const contender of contenders) {
      await session(contender, async (audience) => {
        const mine = (turns[contender.name] ??= { steady: [], burst: [], atPeerRate: [] })
        const measure = (happening: Parameters<typeof measureTurn>[3]) =>
          measureTurn(stage, contender, audience, happening)
        if (contender.kind === 'ours' || contender.kind === 'floor') {
          await measure(steady(fullRate, WARM_UP_SECONDS))
          mine.steady.push(await measure(steady(fullRate, options.seconds)))
          // As many on the whole as while events come steadily: the line is empty before the next burst.
          mine.burst.push(await measure({ ...BURST, everyMs: (1_000 * BURST.together) / fullRate }))
        }
        const rate = rateFor(contender)
        if (rate !== null) mine.atPeerRate.push(await measure(steady(rate, longEnough(rate))))
      })
    }
  }
  return {
    fullRate,
    peerRate: peerRate === Infinity ? null : peerRate,
    outcomes: Object.fromEntries(
      contenders.map((contender) => {
        const { name } = contender
        return [name, toOutcome(turns[name], rateFor(contender), faults[name] ?? null)]
      }),
    ),
  }
}

type Audience = Awaited<ReturnType<typeof seat>>

async function writeSupergraphs(
  addresses: Parameters<typeof composeSupergraph>[1],
  signingKey: Parameters<typeof subgraphsWithEventsAndIdentity>[1],
  directory: string,
) {
  // Composed only: nothing happens in these.
  const updates = createGameUpdates()
  const supergraphFile = path.join(directory, 'supergraph.graphql')
  const supergraphWithIdentityFile = path.join(directory, 'supergraph-with-identity.graphql')
  await writeFile(supergraphFile, composeSupergraph(subgraphsWithEvents(updates), addresses))
  const withIdentity = subgraphsWithEventsAndIdentity(updates, signingKey)
  await writeFile(supergraphWithIdentityFile, composeSupergraph(withIdentity, addresses))
  return { supergraphFile, supergraphWithIdentityFile }
}

/** So that nobody finds warm what was opened for another turn. */
function gamesInTurn(): () => string {
  const ids = [...games.keys()]
  let taken = 0
  return () => ids[taken++ % ids.length] ?? ''
}
