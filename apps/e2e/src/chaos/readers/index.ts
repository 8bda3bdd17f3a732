export { type Crowd, type CrowdMember, gatherCrowd } from './crowd.ts'
export { GAME_CHANGES } from './game-event.ts'
export type { ReaderFigures } from './game-reader.ts'
export { type TransportName, TRANSPORTS } from '../../transports/index.ts'
