import { setTimeout as delay } from 'node:timers/promises'
import type { ServerProcess } from '../../topology/index.ts'
import type { Fault, World } from './world.ts'

const DOWN_MS = { least: 100, most: 1_500 }
const STILL_MS = { least: 1_000, most: 4_000 }

export const between = ({ random }: World, { least, most }: { least: number; most: number }) =>
  least + random.below(most - least)

export const killGateway: Fault = {
  number: 1,
  name: 'a gateway is killed while it hands events out',
  inflict: (world) => kill(world, world.random.pick(world.topology.gateways)),
}

/** Under load this falls also between a commit and its hint, and between a commit and its answer. */
export const killStats: Fault = {
  number: 2,
  name: 'a replica of stats is killed while it writes',
  inflict: (world) => kill(world, world.random.pick(world.topology.stats)),
}

/** Nobody is left who could answer. */
export const killAllStats: Fault = {
  number: 3,
  name: 'every replica of stats is killed at once',
  async inflict(world) {
    const { stats } = world.topology
    await Promise.all(stats.map((one) => one.end('SIGKILL')))
    await delay(between(world, DOWN_MS))
    await Promise.all(stats.map((one) => one.start()))
    return stats.map(({ name }) => name).join(', ')
  },
}

export const freezeStats: Fault = {
  number: 14,
  name: 'a replica of stats stands still',
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
  async inflict(world) {
    const crowd = world.random.pick(world.crowds)
    crowd.freeze()
    await delay(between(world, STILL_MS))
    crowd.thaw()
    return `crowd ${world.crowds.indexOf(crowd) + 1}`
  },
}

export const rollEverything: Fault = {
  number: 16,
  name: 'every process is asked to end, one after the other, and started again',
  async inflict(world) {
    const order = world.random.shuffled(world.topology.processes)
    for (const one of order) {
      const begun = world.now()
      const { code, signal } = await one.end('SIGTERM')
      const seconds = (world.now() - begun) / 1000
      if (code !== 0) world.surprise(`${one.name} ended with ${code ?? signal} after SIGTERM`)
      if (seconds > 25) world.surprise(`${one.name} took ${seconds.toFixed(0)} s to end`)
      await one.start()
    }
    return order.map(({ name }) => name).join(', ')
  },
}

async function kill(world: World, one: ServerProcess): Promise<string> {
  await one.end('SIGKILL')
  await delay(between(world, DOWN_MS))
  await one.start()
  return one.name
}
