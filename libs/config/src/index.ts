export { readEnv } from './read-env.ts'
export { booleanFlag, port, secondsBetween, urlOf } from './fields.ts'
