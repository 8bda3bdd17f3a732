export { accessTo, type Access, type Requirement, requirementOf } from './access.ts'
export { loadDevelopmentIdentityKeys } from './development-keys.ts'
export {
  createIdentitySigner,
  createIdentityVerifier,
  generateIdentityKeys,
  type IdentityKeys,
  IDENTITY_HEADER,
  type IdentitySigner,
  type IdentityVerifier,
} from './identity-assertion.ts'
export { isPolicy, meetsPolicy, POLICIES, type Policy } from './policies.ts'
export { anonymous, hasScope, type Principal, servicePrincipal } from './principal.ts'
export { isRole, isScope, type Role, ROLES, scopesOf, type Scope, SCOPES } from './roles.ts'
export { loadIdentityKey } from './identity-key.ts'
