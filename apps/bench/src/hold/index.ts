export { measureHold } from './measure-hold.ts'
