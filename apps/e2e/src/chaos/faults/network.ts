import { setTimeout as delay } from 'node:timers/promises'
import { RELIABLE } from '../bus-faults/index.ts'
import { between } from './processes.ts'
import type { Fault } from './world.ts'

const STILL_MS = { least: 1_000, most: 3_000 }
const CORRUPTED_CLIENTS = 20

export const unreliableBus: Fault = {
  number: 11,
  name: 'hints are lost, doubled and come in another order',
  lane: 'surroundings',
  async inflict(world) {
    world.bus.set({ dropped: 0.2, doubled: 0.2, reordered: 0.2 })
    await delay(between(world, { least: 2_000, most: 5_000 }))
    world.bus.set(RELIABLE)
    const { passed, dropped, doubled, reordered } = world.bus.figures
    return `${dropped} lost, ${doubled} doubled, ${reordered} late of ${passed}`
  },
}

export const halfOpenConnections: Fault = {
  number: 12,
  name: 'the network before the gateways stands still, then forgets its connections',
  lane: 'surroundings',
  async inflict(world) {
    const { edge } = world.topology
    edge.freeze()
    await delay(between(world, STILL_MS))
    edge.cut()
    edge.thaw()
    return 'edge'
  },
}

export const dropAllSockets: Fault = {
  number: 32,
  name: 'all sockets are dropped at once',
  lane: 'surroundings',
  async inflict({ topology }) {
    const { connections } = topology.edge
    topology.edge.cut()
    return `${connections} connections`
  },
}

export const hotGame: Fault = {
  number: 33,
  name: 'the game that most readers watch changes as fast as it can be written',
  lane: 'surroundings',
  async inflict(world) {
    await world.burst()
    return 'the hot game'
  },
}

export const corruptedFrames: Fault = {
  number: 39,
  name: 'what is sent next to some clients arrives spoilt',
  lane: 'surroundings',
  async inflict({ topology }) {
    topology.edge.corrupt(CORRUPTED_CLIENTS)
    return `${CORRUPTED_CLIENTS} clients`
  },
}

export const slowDatabase: Fault = {
  number: 14,
  name: 'the Postgres of stats answers late',
  lane: 'surroundings',
  async inflict(world) {
    const wire = world.topology.databaseWires.stats
    wire.delay(200)
    await delay(between(world, STILL_MS))
    wire.delay(0)
    return '200 ms'
  },
}
