export { type BusFaults, createUnreliableBus, DEAF, RELIABLE, type UnreliableBus } from './unreliable-bus.ts'
