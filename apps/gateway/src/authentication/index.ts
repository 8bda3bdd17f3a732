export {
  type Authenticated,
  type Authentication,
  createAuthentication,
  type ExternalIssuer,
} from './authentication.ts'
export type { CredentialHeaders } from './credential.ts'
export { createIdentityService, IDENTITY_SUBGRAPH, type IdentityService } from './identity-service.ts'
