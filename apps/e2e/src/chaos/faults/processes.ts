import { setTimeout as delay } from 'node:timers/promises'
import type { ServerProcess } from '../../topology/index.ts'
import type { Fault, World } from './world.ts'

const DOWN_MS = { least: 100, most: 1_500 }
const STILL_MS = { least: 1_000, most: 4_000 }
const WRONG_TIME_MS = { least: 500, most: 2_500 }
const HOUR_MS = 60 * 60 * 1000
/** A part that needs another one to start gives up where that one is down; whoever runs it starts it again. */
const MOST_STARTS = 10

export const between = ({ random }: World, { least, most }: { least: number; most: number }) =>
  least + random.below(most - least)

export const killGateway: Fault = {
  number: 1,
  name: 'a gateway is killed while it hands events out',
  lane: 'processes',
  inflict: (world) => kill(world, world.random.pick(world.topology.gateways)),
}

/** Under load this falls also between a commit and its hint, and between a commit and its answer. */
export const killStats: Fault = {
  number: 2,
  name: 'a replica of stats is killed while it writes',
  lane: 'processes',
  inflict: (world) => kill(world, world.random.pick(world.topology.stats)),
}

/** Nobody is left who could answer. */
export const killAllStats: Fault = {
  number: 3,
  name: 'every replica of stats is killed at once',
  lane: 'processes',
  async inflict(world) {
    const { stats } = world.topology
    await Promise.all(stats.map((one) => one.end('SIGKILL')))
    await delay(between(world, DOWN_MS))
    await Promise.all(stats.map((one) => bringBack(world, one)))
    return stats.map(({ name }) => name).join(', ')
  },
}

export const freezeStats: Fault = {
  number: 14,
  name: 'a replica of stats stands still',
  lane: 'processes',
  async inflict(world) {
    const stats = world.random.pick(world.topology.stats)
    stats.freeze()
    await delay(between(world, STILL_MS))
    stats.thaw()
    return stats.name
  },
}

export const stallReaders: Fault = {
  number: 13,
  name: 'half of the readers stand still and take nothing',
  lane: 'surroundings',
  async inflict(world) {
    const crowd = world.random.pick(world.crowds)
    crowd.freeze()
    await delay(between(world, STILL_MS))
    crowd.thaw()
    return `crowd ${world.crowds.indexOf(crowd) + 1}`
  },
}

export const killAccounts: Fault = {
  number: 2,
  name: 'accounts is killed: events lack what it tells, and nothing else',
  lane: 'processes',
  inflict: (world) => kill(world, world.topology.accounts),
}

/** Order is by number and never by time; who cannot be believed for the time being is to ask again. */
export const jumpClocks: Fault = {
  number: 19,
  name: 'the clocks of a gateway and a replica of stats jump an hour apart, then the other way, then back',
  lane: 'processes',
  async inflict(world) {
    const { random, topology } = world
    const [gateway, stats] = [random.pick(topology.gateways), random.pick(topology.stats)]
    const first = random.fraction() < 0.5 ? HOUR_MS : -HOUR_MS
    for (const shift of [first, -first]) {
      await Promise.all([gateway.shiftClock(shift), stats.shiftClock(-shift)])
      await delay(between(world, WRONG_TIME_MS))
    }
    await Promise.all([gateway.shiftClock(0), stats.shiftClock(0)])
    for (const one of [gateway, stats]) {
      for (const figure of await negativeFigures(one)) world.surprise(`${one.name} counts ${figure}`)
    }
    return `${gateway.name} first by ${first / HOUR_MS} h, ${stats.name} the other way`
  },
}

/** A duration measured by the wall clock has been below zero by now. */
async function negativeFigures({ url }: ServerProcess): Promise<string[]> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return text.split('\n').filter((line) => !line.startsWith('#') && / -\d/.test(line))
}

/** One of each kind goes at the same time; the other of its kind stays. */
export const rollEverything: Fault = {
  number: 16,
  name: 'every process is asked to end, one of its kind after the other, and started again',
  lane: 'processes',
  async inflict(world) {
    const { random, topology } = world
    const gateways = random.shuffled(topology.gateways)
    const subgraphs = random.shuffled([topology.accounts, ...topology.stats])
    await Promise.all([gateways, subgraphs].map((kind) => roll(world, kind)))
    return [...gateways, ...subgraphs].map(({ name }) => name).join(', ')
  },
}

async function roll(world: World, processes: readonly ServerProcess[]): Promise<void> {
  for (const one of processes) {
    const begun = world.now()
    const { code, signal } = await one.end('SIGTERM')
    const seconds = (world.now() - begun) / 1000
    if (code !== 0) world.surprise(`${one.name} ended with ${code ?? signal} after SIGTERM`)
    if (seconds > 25) world.surprise(`${one.name} took ${seconds.toFixed(0)} s to end`)
    await bringBack(world, one)
  }
}

async function kill(world: World, one: ServerProcess): Promise<string> {
  await one.end('SIGKILL')
  await delay(between(world, DOWN_MS))
  await bringBack(world, one)
  return one.name
}

async function bringBack(world: World, one: ServerProcess): Promise<void> {
  await startAtLast(one)
  spread(world)
}

async function startAtLast(one: ServerProcess): Promise<void> {
  for (let starts = 1; ; starts++) {
    try {
      return await one.start()
    } catch (error) {
      if (starts === MOST_STARTS || one.pid !== undefined) throw error
    }
  }
}

/**
 * Whoever lost a gateway or a replica went to the one that was left, and would stay there: the next fault of the other
 * would hit nobody, and nothing that one replica writes would have to reach the readers of another.
 */
export function spread({ topology }: Pick<World, 'topology'>): void {
  topology.edge.cut()
  topology.statsWire.cut()
}
