export { readEnv } from './read-env.ts'
export { booleanFlag, port, secondsBetween, urlOf } from './fields.ts'
export { sharedPrivateFile } from './shared-private-file.ts'
