export type { CredentialHolder, CredentialWatch } from './credential-holder.ts'
