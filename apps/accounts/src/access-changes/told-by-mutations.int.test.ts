import { buildSubgraphSchema } from '@apollo/subgraph'
import { scopesOf } from '@courtside/auth'
import { readTypeDefs } from '@courtside/subgraph'
import { principals, type SubgraphClient } from '@courtside/testing'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { parse } from 'graphql'
import { createInvitationToken, hashOfInvitation } from '../invitations/index.ts'
import { type AccountsHarness, openAccounts } from '../testing/open-accounts.ts'
import { resolve } from '../testing/resolve.ts'
import { ask, join, type Member, PASSWORD, REFRESH, signInAgain, stranger } from '../testing/signed-in.ts'
import { type AccessChange, ofApiKey, ofPerson, ofSession } from './access-change.ts'
import { ACCESS_STREAM } from './access-change-log.ts'

let accounts: AccountsHarness
let admin: SubgraphClient
beforeAll(async () => {
  accounts = await openAccounts()
  admin = await accounts.person('admin', 'admin')
})
afterAll(() => accounts.close())

const TEAM = '0197b1de-0000-7000-8000-000000000001'

/** Does something that succeeds, and says what was to be told of it. */
type Scenario = () => Promise<readonly AccessChange[]>

const run = (client: SubgraphClient, field: string, type: string, answer: string, input: object) =>
  client.ok(`mutation ($input: ${type}!) { ${field}(input: $input) { ${answer} } }`, { input })

const makeKey = async (ownerId: string): Promise<{ id: string; key: string }> => {
  const input = { ownerId, name: 'Partner', scopes: ['write:games'], requestsPerMinute: 60 }
  const { createApiKey } = await admin.ok<{ createApiKey: { key: string; apiKey: { id: string } } }>(
    `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { key apiKey { id } } }`,
    { input },
  )
  return { id: createApiKey.apiKey.id, key: createApiKey.key }
}

const grantedMembership = async (member: Member): Promise<string> => {
  const creator = await join(accounts)
  const input = { subscriberId: member.id, creatorId: creator.id, tier: 'PRO' }
  const { grantMembership } = await admin.ok<{ grantMembership: { membership: { id: string } } }>(
    `mutation ($input: GrantMembershipInput!) { grantMembership(input: $input) { membership { id } } }`,
    { input },
  )
  return grantMembership.membership.id
}

const linkedIdentity = async (member: Member): Promise<string> => {
  const [row] = await accounts.sql<{ id: string }>(
    `INSERT INTO auth_identities (id, user_id, provider, subject)
     VALUES (gen_random_uuid(), $1, 'https://issuer.example', $2) RETURNING id`,
    [member.id, `subject-${member.id}`],
  )
  return row!.id
}

const invited = async (email: string): Promise<string> => {
  const token = createInvitationToken()
  await accounts.sql(
    `INSERT INTO invitations (id, token_hash, email, roles, expires_at)
     VALUES (gen_random_uuid(), $1, $2, '{moderator}', now() + interval '1 day')`,
    [hashOfInvitation(token), email],
  )
  return token
}

const nothing: readonly AccessChange[] = []
const withoutEffectOnAccess = (work: (member: Member) => Promise<unknown>): Scenario => {
  return async () => {
    await work(await join(accounts))
    return nothing
  }
}

/** Each mutation of this subgraph, done once, and what those who hold connections open must hear of it. */
const MUTATIONS: Readonly<Record<string, Scenario>> = {
  signOut: async () => {
    const member = await join(accounts)
    await run(member, 'signOut', 'SignOutInput', 'endedSessionId', {})
    return [ofSession(member.id, member.sessionId)]
  },
  revokeSession: async () => {
    const member = await join(accounts)
    const other = await signInAgain(accounts, member)
    await run(member, 'revokeSession', 'RevokeSessionInput', 'endedSessionId', { id: other.sessionId })
    return [ofSession(member.id, other.sessionId)]
  },
  revokeOtherSessions: async () => {
    const member = await join(accounts)
    await signInAgain(accounts, member)
    await signInAgain(accounts, member)
    await run(member, 'revokeOtherSessions', 'RevokeOtherSessionsInput', 'endedSessionIds', {})
    return [ofPerson(member.id)]
  },
  revokeUserSessions: async () => {
    const member = await join(accounts)
    const input = { userId: member.id }
    await run(admin, 'revokeUserSessions', 'RevokeUserSessionsInput', 'endedSessionCount', input)
    return [ofSession(member.id, member.sessionId)]
  },
  changePassword: async () => {
    const member = await join(accounts)
    const other = await signInAgain(accounts, member)
    const input = { currentPassword: PASSWORD, newPassword: 'a wholly other secret' }
    await run(member, 'changePassword', 'ChangePasswordInput', 'endedSessionIds', input)
    return [ofSession(member.id, other.sessionId)]
  },
  unlinkIdentity: async () => {
    const member = await join(accounts)
    const id = await linkedIdentity(member)
    await run(member, 'unlinkIdentity', 'UnlinkIdentityInput', 'me { id }', { id })
    return [ofPerson(member.id)]
  },
  eraseAccount: async () => {
    const member = await join(accounts)
    const key = await makeKey(member.id)
    const input = { confirm: member.username, password: PASSWORD }
    await run(member, 'eraseAccount', 'EraseAccountInput', 'erasure { id }', input)
    return [ofPerson(member.id), ofApiKey(key.id)]
  },
  setUserActive: async () => {
    const member = await join(accounts)
    const key = await makeKey(member.id)
    const input = { userId: member.id, isActive: false }
    await run(admin, 'setUserActive', 'SetUserActiveInput', 'account { isActive }', input)
    return [ofPerson(member.id), ofApiKey(key.id)]
  },
  grantRole: async () => {
    const { id: userId } = await join(accounts)
    await run(admin, 'grantRole', 'GrantRoleInput', 'account { id }', { userId, role: 'EDITOR' })
    return [ofPerson(userId)]
  },
  revokeRole: async () => {
    const editor = await join(accounts)
    await accounts.sql(`INSERT INTO user_roles (user_id, role) VALUES ($1, 'editor')`, [editor.id])
    const input = { userId: editor.id, role: 'EDITOR' }
    await run(admin, 'revokeRole', 'RevokeRoleInput', 'account { id }', input)
    return [ofPerson(editor.id)]
  },
  updateApiKey: async () => {
    const key = await makeKey((await join(accounts)).id)
    await run(admin, 'updateApiKey', 'UpdateApiKeyInput', 'apiKey { id }', { id: key.id, costPerMinute: 9 })
    return [ofApiKey(key.id)]
  },
  rotateApiKey: async () => {
    const key = await makeKey((await join(accounts)).id)
    await run(admin, 'rotateApiKey', 'RotateApiKeyInput', 'key', { id: key.id, overlapSeconds: 0 })
    return [ofApiKey(key.id)]
  },
  revokeApiKey: async () => {
    const key = await makeKey((await join(accounts)).id)
    await run(admin, 'revokeApiKey', 'RevokeApiKeyInput', 'apiKey { id }', { id: key.id })
    return [ofApiKey(key.id)]
  },

  // Of what these do, no open connection can be the worse or the better.
  signUp: withoutEffectOnAccess(() => join(accounts)),
  signIn: withoutEffectOnAccess((member) => signInAgain(accounts, member)),
  refreshSession: withoutEffectOnAccess((member) =>
    ask(stranger(accounts), REFRESH, { refreshToken: member.refreshToken }),
  ),
  acceptInvitation: async () => {
    const email = `invited-${crypto.randomUUID()}@example.com`
    const input = {
      token: await invited(email),
      username: `invited-${crypto.randomUUID().slice(0, 8)}`,
      email,
      password: PASSWORD,
    }
    const answer = '__typename ... on SignUpRefused { message }'
    expect(
      await run(stranger(accounts), 'acceptInvitation', 'AcceptInvitationInput', answer, input),
    ).toMatchObject({
      acceptInvitation: { __typename: 'SignedIn' },
    })
    return nothing
  },
  changeEmail: withoutEffectOnAccess((member) =>
    run(member, 'changeEmail', 'ChangeEmailInput', 'me { id }', {
      email: `new-${member.email}`,
      currentPassword: PASSWORD,
    }),
  ),
  updateProfile: withoutEffectOnAccess((member) =>
    run(member, 'updateProfile', 'UpdateProfileInput', 'me { id }', { bio: 'Middle blocker' }),
  ),
  exportAccount: withoutEffectOnAccess((member) =>
    run(member, 'exportAccount', 'ExportAccountInput', 'export { generatedAt }', {}),
  ),
  setUserVerified: withoutEffectOnAccess(({ id: userId }) =>
    run(admin, 'setUserVerified', 'SetUserVerifiedInput', 'account { id }', { userId, isVerified: true }),
  ),
  createApiKey: withoutEffectOnAccess((member) => makeKey(member.id)),
  // A member may what a viewer may; the last test here fails on the day when that changes.
  grantMembership: withoutEffectOnAccess(grantedMembership),
  endMembership: withoutEffectOnAccess(async (member) => {
    const id = await grantedMembership(member)
    await run(member, 'endMembership', 'EndMembershipInput', 'membership { id }', { id })
  }),
  follow: withoutEffectOnAccess((member) =>
    run(member, 'follow', 'FollowInput', 'followedAt', { teamId: TEAM }),
  ),
  unfollow: withoutEffectOnAccess(async (member) => {
    await run(member, 'follow', 'FollowInput', 'followedAt', { teamId: TEAM })
    await run(member, 'unfollow', 'UnfollowInput', 'me { id }', { teamId: TEAM })
  }),
  blockUser: withoutEffectOnAccess(async (member) => {
    await run(member, 'blockUser', 'BlockUserInput', 'blockedAt', { userId: (await join(accounts)).id })
  }),
  unblockUser: withoutEffectOnAccess(async (member) => {
    await run(member, 'unblockUser', 'UnblockUserInput', 'me { id }', { userId: (await join(accounts)).id })
  }),
  muteUser: withoutEffectOnAccess(async (member) => {
    await run(member, 'muteUser', 'MuteUserInput', 'mutedAt', { userId: (await join(accounts)).id })
  }),
  unmuteUser: withoutEffectOnAccess(async (member) => {
    await run(member, 'unmuteUser', 'UnmuteUserInput', 'me { id }', { userId: (await join(accounts)).id })
  }),
}

const told = async (): Promise<AccessChange[]> => {
  const rows = await accounts.sql<{ payload: AccessChange }>(
    `SELECT payload - 'v' AS payload FROM facts WHERE stream = $1 ORDER BY seq`,
    [ACCESS_STREAM],
  )
  return rows.map(({ payload }) => payload)
}

describe('what each mutation tells of access', () => {
  test('is said of every mutation that there is', () => {
    const schema = buildSubgraphSchema([{ typeDefs: parse(readTypeDefs(new URL('..', import.meta.url))) }])
    const fields = Object.keys(schema.getMutationType()?.getFields() ?? {})
    expect(Object.keys(MUTATIONS).sort()).toEqual(fields.sort())
  })

  test.each(Object.keys(MUTATIONS))('%s', async (mutation) => {
    const before = await told()
    const expected = await MUTATIONS[mutation]!()
    expect((await told()).slice(before.length)).toEqual(expected)
  })

  test('a copied refresh token that comes back ends its session, and that is told', async () => {
    const member = await join(accounts)
    const first = await ask(stranger(accounts), REFRESH, { refreshToken: member.refreshToken })
    if (first.__typename !== 'SignedIn') throw new Error('Refused')
    await ask(stranger(accounts), REFRESH, { refreshToken: first.refreshToken })
    const before = await told()
    expect(await ask(stranger(accounts), REFRESH, { refreshToken: member.refreshToken })).toMatchObject({
      code: 'SESSION_OVER',
    })
    expect((await told()).slice(before.length)).toEqual([ofSession(member.id, member.sessionId)])
  })

  test('the session of another issuer is told by the name that its tokens carry', async () => {
    const member = await join(accounts)
    await linkedIdentity(member)
    const there = accounts.as({ ...principals.user('viewer', member.id), sessionId: 'sess_of_another' })
    const before = await told()
    await run(there, 'signOut', 'SignOutInput', 'endedSessionId', {})
    await run(there, 'signOut', 'SignOutInput', 'endedSessionId', {})
    expect((await told()).slice(before.length)).toEqual([ofSession(member.id, 'sess_of_another')])
  })

  test('what changes nothing, and what is only used, tells nothing', async () => {
    const member = await join(accounts)
    const key = await makeKey(member.id)
    const before = await told()
    const { id: userId } = member
    await run(admin, 'revokeRole', 'RevokeRoleInput', 'account { id }', { userId, role: 'EDITOR' })
    await run(admin, 'setUserActive', 'SetUserActiveInput', 'account { id }', { userId, isActive: true })
    await run(member, 'revokeOtherSessions', 'RevokeOtherSessionsInput', 'endedSessionIds', {})
    expect(await resolve(accounts, { apiKey: { key: key.key } })).toMatchObject({ apiKeyId: key.id })
    expect(await resolve(accounts, { session: { userId, sessionId: member.sessionId } })).not.toBeNull()
    expect((await told()).slice(before.length)).toEqual([])
  })

  test('a membership needs no word as long as a member may what a viewer may', () => {
    expect(scopesOf(['viewer', 'member'])).toEqual(scopesOf(['viewer']))
  })
})
