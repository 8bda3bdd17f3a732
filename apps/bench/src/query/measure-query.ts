import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  composeSupergraph,
  signIn,
  type SignedIn,
  SUBGRAPHS,
  subgraphsWithIdentity,
  type WorkloadName,
  WORKLOADS,
} from '../domain/index.ts'
import { GATEWAYS, type Setting } from '../gateways/index.ts'
import { installPeers, peerVersions } from '../installed-peers.ts'
import { type HttpRequest, startLoadGenerator, warmUp } from '../load/index.ts'
import { canMeasureCpu, describeMachine, pinProcessors } from '../machine/index.ts'
import type { Outcome, QueryResults } from '../report/index.ts'
import { faultOf } from './compare-answers.ts'
import { type Contender, ContenderFault, startContender } from './contender.ts'
import { type Bench, CONNECTIONS, costOf, measureRound, type Round, toFigures } from './measure-round.ts'
import type { QueryOptions } from './options.ts'
import { startStubs, type Stubs } from './stubs.ts'

type Say = (line: string) => void

/** A workload on a gateway that answers it rightly. */
interface Entry {
  workload: WorkloadName
  contender: Contender
  requests: readonly HttpRequest[]
  rounds: Round[]
  fault: string | null
}

export async function measureQuery(options: QueryOptions, say: Say): Promise<QueryResults> {
  await installPeers(say)
  const pinning = pinProcessors()
  say(pinning.description)
  if (!canMeasureCpu)
    say('This system does not tell the processor time of others; requests a second must do.')

  await using running = new AsyncDisposableStack()
  const directory = await mkdtemp(path.join(tmpdir(), 'courtside-bench-'))
  running.defer(() => rm(directory, { recursive: true, force: true }))
  const person = await signIn()
  const stubs = running.adopt(await startStubs(person.signingKey, directory), (one) => one.stop())
  const load = running.adopt(startLoadGenerator(directory), (one) => one.stop())
  const setting = await writeSetting(person, stubs, directory)
  const contenders: Contender[] = []
  for (const gateway of gatewaysFor(options)) {
    say(`Starting ${gateway.title} …`)
    const contender = await startContender(gateway, setting, { logDirectory: directory, ...pinning })
    contenders.push(running.adopt(contender, (one) => one.stop()))
  }

  const results: QueryResults = {
    shape: 'stub',
    date: new Date().toISOString(),
    machine: describeMachine(),
    versions: peerVersions(),
    pinning: pinning.description,
    settings: {
      rounds: options.rounds,
      seconds: options.seconds,
      connections: CONNECTIONS,
      hot: options.hot,
    },
    workloads: Object.fromEntries(options.workloads.map((workload) => [workload, {}])),
  }
  const record = (workload: WorkloadName, { name }: Contender, outcome: Outcome) =>
    ((results.workloads[workload] ??= {})[name] = outcome)

  say('Comparing the answers …')
  const entries: Entry[] = []
  for (const workload of options.workloads) {
    const requests = requestsOf(workload, person.token, options.hot)
    for (const contender of contenders) {
      const fault = await wrongIn(contender, contenders, requests)
      if (fault === null) entries.push({ workload, contender, requests, rounds: [], fault: null })
      else record(workload, contender, { fault })
    }
  }
  await measure(entries, { load, stubs }, options, say)
  for (const { workload, contender, rounds, fault } of entries) {
    record(workload, contender, fault === null ? toFigures(rounds) : { fault })
  }
  return results
}

/** Plain Apollo always takes part: its answers are what the others' are compared with. */
function gatewaysFor({ gateways }: QueryOptions) {
  return GATEWAYS.filter(({ name }) => name === 'plain' || gateways.includes(name))
}

async function writeSetting(
  { signingKey }: SignedIn,
  { addresses }: Stubs,
  directory: string,
): Promise<Omit<Setting, 'port'>> {
  const supergraphFile = path.join(directory, 'supergraph.graphql')
  const supergraphWithIdentityFile = path.join(directory, 'supergraph-with-identity.graphql')
  await writeFile(supergraphFile, composeSupergraph(SUBGRAPHS, addresses))
  await writeFile(supergraphWithIdentityFile, composeSupergraph(subgraphsWithIdentity(signingKey), addresses))
  // Workload a needs one subgraph alone, which gives the same answer as any gateway.
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(addresses['stats'] ?? '', {
    method: 'POST',
    headers,
    body: WORKLOADS.a.bodies[0],
  })
  const oneAnswer = await response.text()
  return { supergraphFile, supergraphWithIdentityFile, addresses, signingKey, oneAnswer }
}

function requestsOf(workload: WorkloadName, token: string, hot: boolean): HttpRequest[] {
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    authorization: `Bearer ${token}`,
  }
  return WORKLOADS[workload].bodies.slice(0, hot ? 1 : undefined).map((body) => ({ headers, body }))
}

async function wrongIn(
  contender: Contender,
  contenders: readonly Contender[],
  requests: readonly HttpRequest[],
): Promise<string | null> {
  const reference = contenders.find(({ name }) => name === 'plain')
  if (contender.kind === 'floor' || !reference) return null
  const fault = await faultOf(contender, reference, requests)
  const written = contender.lastWords()
  return fault === null || written === '' ? fault : `${fault} It has written: ${written}`
}

/** Each round has everybody's turn, so that what the machine does beside it falls on all alike. */
async function measure(entries: readonly Entry[], bench: Bench, options: QueryOptions, say: Say) {
  say('Warming up …')
  for (const entry of entries) {
    await attempt(entry, (round) => warmUp(async (seconds) => costOf(await round(seconds))), bench)
  }
  for (let count = 1; count <= options.rounds; count++) {
    say(`Round ${count} of ${options.rounds} …`)
    for (const entry of entries) {
      await attempt(entry, async (round) => void entry.rounds.push(await round(options.seconds)), bench)
    }
  }
}

/** A gateway that fails has no further turn; the others go on. */
async function attempt(
  entry: Entry,
  work: (round: (seconds: number) => Promise<Round>) => Promise<void>,
  bench: Bench,
): Promise<void> {
  if (entry.fault !== null) return
  try {
    await work((seconds) => measureRound(bench, entry.contender, entry.requests, seconds))
  } catch (error) {
    if (!(error instanceof ContenderFault)) throw error
    entry.fault = error.message
  }
}
