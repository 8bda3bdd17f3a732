export {
  type HttpRequest,
  type Load,
  type LoadGenerator,
  type LoadResult,
  startLoadGenerator,
} from './load-generator.ts'
export { sendOnSchedule, type Schedule } from './open-loop.ts'
export { warmUp } from './warm-up.ts'
