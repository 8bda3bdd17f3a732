export {
  type Authenticated,
  type Authentication,
  type AuthenticationRequest,
  createAuthentication,
  type Examined,
  type ExternalIssuer,
  noLongerGood,
} from './authentication.ts'
export type { CredentialHeaders } from './credential.ts'
export {
  createIdentityService,
  type CredentialLookup,
  gatewayItself,
  IDENTITY_SUBGRAPH,
  type IdentityService,
} from './identity-service.ts'
export { lookupKey } from './principal-cache.ts'
