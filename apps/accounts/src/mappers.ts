/** What the resolvers of a GraphQL type are given: `<Type>Parent` for each type that is not its own shape. */
export type {
  AuditEntry as AuditEntryParent,
  AuditPage as AuditEntryConnectionParent,
} from '@courtside/audit'
import type { Block, BlockPage, Mute, MutePage } from './blocks/index.ts'
import type { Follow, FollowerPage, FollowPage, FollowTarget } from './follows/index.ts'

export type { Erasure as ErasureParent, Receipt as ErasureReceiptParent } from './account/index.ts'
export type { AccountList as AccountConnectionParent } from './administration/index.ts'
export type { ApiKey as ApiKeyParent, ApiKeyList as ApiKeyConnectionParent } from './api-keys/index.ts'
export type { Entitlement as EntitlementParent } from './memberships/index.ts'
export type {
  Membership as MembershipParent,
  MembershipPage as MembershipConnectionParent,
} from './memberships/index.ts'
export type {
  Session as SessionParent,
  SessionList as SessionConnectionParent,
  SessionOver as SessionOverParent,
  SignedIn as SignedInParent,
  SignInRefusal as SignInRefusedParent,
  SignUpRefusal as SignUpRefusedParent,
} from './sessions/index.ts'
export type {
  Account as AccountParent,
  Account as MeParent,
  UserList as UserConnectionParent,
  UserProfile as UserParent,
} from './users/index.ts'

export type BlockConnectionParent = BlockPage
export type BlockEdgeParent = BlockPage['edges'][number]
export type BlockUserPayloadParent = Block
export type FollowConnectionParent = FollowPage
export type FollowEdgeParent = FollowPage['edges'][number]
export type FollowerConnectionParent = FollowerPage
export type FollowerEdgeParent = FollowerPage['edges'][number]
export type FollowPayloadParent = Follow
export type MuteConnectionParent = MutePage
export type MuteEdgeParent = MutePage['edges'][number]
export type MuteUserPayloadParent = Mute
export type PlayerParent = { id: string }
export type TeamParent = { id: string }
export type UnblockUserPayloadParent = string
export type UnfollowPayloadParent = FollowTarget
export type UnmuteUserPayloadParent = string
