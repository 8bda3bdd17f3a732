export { measureHold } from './measure-hold.ts'
export { type HoldOptions, readHoldOptions } from './options.ts'
