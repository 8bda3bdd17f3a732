export { readEnv } from './read-env.ts'
export { booleanFlag, identityKeyText, nodeEnv, port, secondsBetween, secretText, urlOf } from './fields.ts'
export { sharedPrivateFile } from './shared-private-file.ts'
