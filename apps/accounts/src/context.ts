import type { RequestContext } from '@courtside/subgraph'
import type { AccessChangesService } from './access-changes/index.ts'
import type { AccountExportService, ErasureService } from './account/index.ts'
import type { AdministrationLoaders, AdministrationService } from './administration/index.ts'
import type { ApiKeysService } from './api-keys/index.ts'
import type { BlocksService } from './blocks/index.ts'
import type { CredentialsService } from './credentials/index.ts'
import type { FollowLoaders, FollowsService } from './follows/index.ts'
import type { IdentitiesService, ResolutionService } from './identities/index.ts'
import type { InvitationsService } from './invitations/index.ts'
import type { MembershipLoaders, MembershipsService } from './memberships/index.ts'
import type { RolesService } from './roles/index.ts'
import type { SessionsService, SignInService, SignUpService } from './sessions/index.ts'
import type { SigningKeys } from './signing-keys/index.ts'
import type { UserStatsLoaders } from './user-stats/index.ts'
import type { UserLoaders, UsersService } from './users/index.ts'

/** The rules, one service a module. They live as long as the process and are told each time who asks. */
export interface Services {
  users: UsersService
  signingKeys: SigningKeys
  roles: RolesService
  sessions: SessionsService
  signIn: SignInService
  signUp: SignUpService
  credentials: CredentialsService
  administration: AdministrationService
  apiKeys: ApiKeysService
  identities: IdentitiesService
  resolution: ResolutionService
  invitations: InvitationsService
  follows: FollowsService
  memberships: MembershipsService
  blocks: BlocksService
  accountExports: AccountExportService
  erasures: ErasureService
  accessChanges: AccessChangesService
}

/** What one operation has loaded, it keeps. */
export interface Loaders
  extends UserLoaders, AdministrationLoaders, UserStatsLoaders, FollowLoaders, MembershipLoaders {}

export interface Context extends RequestContext {
  services: Services
  loaders: Loaders
}
