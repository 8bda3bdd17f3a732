export { type BusFaults, createUnreliableBus, RELIABLE, type UnreliableBus } from './unreliable-bus.ts'
