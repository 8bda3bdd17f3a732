export { measureReal } from './measure-real.ts'
