import { type Alice, PRIVATE } from './alice.ts'

/**
 * How an operation answers somebody who aims at Alice: with an error of this code; or without one, and then, for an
 * entity, whether there is any such thing for them.
 */
export type Answer = 'answered' | 'nothing' | (string & {})

export interface Attack {
  /** Aimed at Alice as well as can be. Left out: the operation takes no arguments. */
  with?(alice: Alice): Readonly<Record<string, unknown>>
  /** Whatever is answered, nothing of Alice's may be in it. */
  mallory: Answer
  anonymous: Answer
  /** A partner's key, and the worst one: Alice's own. */
  partner: Answer
}

const OPEN = { mallory: 'answered', anonymous: 'answered', partner: 'answered' }
const SCOPED = { mallory: 'FORBIDDEN', anonymous: 'UNAUTHENTICATED', partner: 'FORBIDDEN' }
const personal = (mallory: Answer = 'answered') => ({
  mallory,
  anonymous: 'UNAUTHENTICATED',
  partner: 'FORBIDDEN',
})
/** The account itself cannot be had, so nothing beneath it can. */
const OF_HER_ACCOUNT = { mallory: 'nothing', anonymous: 'nothing', partner: 'nothing' }

const A_PASSWORD = 'a password that is not hers'

/**
 * One line for every operation, every field of somebody's account and of a public profile, and every entity. An
 * operation that is missing here fails the tests: say how it is attacked, and what it answers.
 */
export const ATTACKS: Readonly<Record<string, Attack>> = {
  'Query.me': { ...OPEN },
  'Query.user': { with: ({ id }) => ({ id }), ...OPEN },
  'Query.userByUsername': { with: ({ username }) => ({ username }), ...OPEN },
  'Query.users': { with: ({ email }) => ({ search: email }), ...OPEN },
  'Query.roles': { ...OPEN },
  'Query.account': { with: ({ id }) => ({ id }), ...SCOPED },
  'Query.accounts': { with: ({ email }) => ({ search: email }), ...SCOPED },
  'Query.apiKeys': { ...SCOPED },
  'Query.accountsAuditLog': { with: ({ id }) => ({ filter: { actorUserId: id } }), ...SCOPED },
  'Query.accountsAuditLogVerification': { ...SCOPED },
  'Query.erasure': { with: ({ ids }) => ({ id: ids.erasure }), ...SCOPED },
  'Query.signingKeys': { ...SCOPED },
  'Query.resolveCredential': {
    with: ({ id, ids }) => ({ input: { session: { userId: id, sessionId: ids.session } } }),
    ...SCOPED,
  },

  'Mutation.signUp': {
    with: ({ email }) => ({ input: { username: 'mallory.two', email, password: A_PASSWORD } }),
    ...OPEN,
  },
  'Mutation.signIn': { with: ({ email }) => ({ input: { login: email, password: A_PASSWORD } }), ...OPEN },
  'Mutation.refreshSession': { with: () => ({ input: { refreshToken: `${PRIVATE}-token` } }), ...OPEN },
  'Mutation.signOut': { with: () => ({ input: { refreshToken: `${PRIVATE}-token` } }), ...OPEN },
  'Mutation.acceptInvitation': {
    with: ({ email }) => ({
      input: { token: `${PRIVATE}-token`, username: 'mallory.three', email, password: A_PASSWORD },
    }),
    ...OPEN,
  },
  'Mutation.revokeSession': {
    with: ({ ids }) => ({ input: { id: ids.session } }),
    ...personal('ACCOUNTS_SESSION_NOT_FOUND'),
  },
  'Mutation.revokeOtherSessions': {
    with: ({ ids }) => ({ input: { keepSessionIds: [ids.session] } }),
    ...personal(),
  },
  'Mutation.revokeUserSessions': { with: ({ id }) => ({ input: { userId: id } }), ...SCOPED },
  'Mutation.updateProfile': {
    with: ({ username }) => ({ input: { username } }),
    ...personal('ACCOUNTS_USERNAME_TAKEN'),
  },
  'Mutation.changeEmail': {
    with: ({ email }) => ({ input: { email, currentPassword: A_PASSWORD } }),
    ...personal('ACCOUNTS_NO_PASSWORD'),
  },
  'Mutation.changePassword': {
    with: () => ({ input: { currentPassword: A_PASSWORD, newPassword: 'another password of hers' } }),
    ...personal('ACCOUNTS_NO_PASSWORD'),
  },
  'Mutation.unlinkIdentity': {
    with: ({ ids }) => ({ input: { id: ids.identity } }),
    ...personal('ACCOUNTS_IDENTITY_NOT_FOUND'),
  },
  'Mutation.grantRole': { with: ({ id }) => ({ input: { userId: id, role: 'ADMIN' } }), ...SCOPED },
  'Mutation.revokeRole': { with: ({ id }) => ({ input: { userId: id, role: 'MODERATOR' } }), ...SCOPED },
  'Mutation.setUserActive': { with: ({ id }) => ({ input: { userId: id, isActive: false } }), ...SCOPED },
  'Mutation.setUserVerified': { with: ({ id }) => ({ input: { userId: id, isVerified: true } }), ...SCOPED },
  'Mutation.createApiKey': {
    with: ({ id }) => ({ input: { ownerId: id, name: 'x', scopes: [], requestsPerMinute: 1 } }),
    ...SCOPED,
  },
  'Mutation.updateApiKey': { with: ({ ids }) => ({ input: { id: ids.apiKey, name: 'x' } }), ...SCOPED },
  'Mutation.rotateApiKey': {
    with: ({ ids }) => ({ input: { id: ids.apiKey } }),
    mallory: 'ACCOUNTS_API_KEY_NOT_FOUND',
    anonymous: 'UNAUTHENTICATED',
    partner: 'ACCOUNTS_API_KEY_NOT_FOUND',
  },
  'Mutation.revokeApiKey': {
    with: ({ ids }) => ({ input: { id: ids.apiKey } }),
    mallory: 'ACCOUNTS_API_KEY_NOT_FOUND',
    anonymous: 'UNAUTHENTICATED',
    partner: 'ACCOUNTS_API_KEY_NOT_FOUND',
  },
  // To follow, block and mute her is Mallory's right; it changes what is Mallory's.
  'Mutation.follow': { with: ({ id }) => ({ input: { userId: id } }), ...personal() },
  'Mutation.unfollow': { with: ({ id }) => ({ input: { userId: id } }), ...personal() },
  'Mutation.blockUser': { with: ({ id }) => ({ input: { userId: id } }), ...personal() },
  'Mutation.unblockUser': { with: ({ id }) => ({ input: { userId: id } }), ...personal() },
  'Mutation.muteUser': { with: ({ id }) => ({ input: { userId: id } }), ...personal() },
  'Mutation.unmuteUser': { with: ({ id }) => ({ input: { userId: id } }), ...personal() },
  'Mutation.grantMembership': {
    with: ({ id, creator }) => ({ input: { subscriberId: id, creatorId: creator.id, tier: 'BASIC' } }),
    ...SCOPED,
  },
  'Mutation.endMembership': {
    with: ({ ids }) => ({ input: { id: ids.membership } }),
    mallory: 'ACCOUNTS_MEMBERSHIP_NOT_FOUND',
    anonymous: 'UNAUTHENTICATED',
    partner: 'UNAUTHENTICATED',
  },
  'Mutation.exportAccount': { with: () => ({ input: {} }), ...personal() },
  'Mutation.eraseAccount': {
    with: ({ username }) => ({ input: { confirm: username } }),
    ...personal('ACCOUNTS_CONFIRMATION_WRONG'),
  },

  'Me.id': OF_HER_ACCOUNT,
  'Me.user': OF_HER_ACCOUNT,
  'Me.email': OF_HER_ACCOUNT,
  'Me.roles': OF_HER_ACCOUNT,
  'Me.scopes': OF_HER_ACCOUNT,
  'Me.isActive': OF_HER_ACCOUNT,
  'Me.createdAt': OF_HER_ACCOUNT,
  'Me.updatedAt': OF_HER_ACCOUNT,
  'Me.lastLoginAt': OF_HER_ACCOUNT,
  'Me.sessions': OF_HER_ACCOUNT,
  'Me.identities': OF_HER_ACCOUNT,
  'Me.apiKeys': OF_HER_ACCOUNT,
  'Me.follows': OF_HER_ACCOUNT,
  'Me.followers': OF_HER_ACCOUNT,
  'Me.isFollowing': { with: ({ friend }) => ({ targetId: friend.id }), ...OF_HER_ACCOUNT },
  'Me.memberships': OF_HER_ACCOUNT,
  'Me.members': OF_HER_ACCOUNT,
  'Me.entitlement': { with: ({ creator }) => ({ creatorId: creator.id }), ...OF_HER_ACCOUNT },
  'Me.blocks': OF_HER_ACCOUNT,
  'Me.mutes': OF_HER_ACCOUNT,

  // What everybody may see of anybody.
  'User.id': OPEN,
  'User.username': OPEN,
  'User.displayName': OPEN,
  'User.avatarUrl': OPEN,
  'User.bio': OPEN,
  'User.isVerified': OPEN,
  'User.createdAt': OPEN,
  'User.stats': OPEN,
}

/** Entities that another subgraph may ask for by their id: whatever it hands in, the answer depends on who asks. */
export const ENTITY_ATTACKS: Readonly<Record<string, Omit<Attack, 'with'> & { id(alice: Alice): string }>> = {
  User: { id: ({ id }) => id, ...OPEN },
  Me: { id: ({ id }) => id, ...OF_HER_ACCOUNT },
  Membership: {
    id: ({ ids }) => ids.membership,
    mallory: 'nothing',
    anonymous: 'UNAUTHENTICATED',
    partner: 'UNAUTHENTICATED',
  },
  // How many follow hers is for everybody, that she does is not. Asked for in capitals: an id that comes back is no leak.
  Team: { id: ({ ids }) => ids.team.toUpperCase(), ...OPEN },
  Player: { id: ({ ids }) => ids.team.toUpperCase(), ...OPEN },
  ApiKey: { id: ({ ids }) => ids.apiKey, mallory: 'nothing', anonymous: 'nothing', partner: 'nothing' },
}
