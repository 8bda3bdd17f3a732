export { type EntrantName, ENTRANT_NAMES, ENTRANTS, startContender } from './contenders.ts'
export { measureFanout } from './measure-fanout.ts'
export { FANOUT_CLIENTS, type FanoutOptions, readFanoutOptions } from './options.ts'
