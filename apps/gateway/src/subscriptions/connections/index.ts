export { followAccessChanges } from './access-changes.ts'
export type { CredentialHolder, CredentialWatch } from './credential-holder.ts'
export {
  type AccessChange,
  createCredentialWatch,
  type CredentialWatchOptions,
  type ToldCredentialWatch,
} from './credential-watch.ts'
export { type Listed, SwapList } from './swap-list.ts'
export { systemTimers, type Timers } from './timers.ts'
