import { randomUUID } from 'node:crypto'
import type { AccountsHarness, Person } from './open-accounts.ts'

/** Somebody who has something in every table that belongs to people. */
export interface Alice extends Person {
  ids: Readonly<
    Record<
      'session' | 'identity' | 'apiKey' | 'membership' | 'member' | 'invitation' | 'erasure' | 'team',
      string
    >
  >
  /** A person she follows, one she blocked and one she muted, one she subscribes to, one who subscribes to her. */
  friend: Person
  blocked: Person
  muted: Person
  creator: Person
  fan: Person
  /** What nobody else may ever be told. */
  isPrivate(answer: string): boolean
}

/** Stands in every text of hers that is private, so that one search finds any of them. */
export const PRIVATE = 'alice-private'
const ADDRESS = '203.0.113.77'
const TOKEN_HASH = Buffer.from(`${PRIVATE}-token`)

export async function arrangeAlice(accounts: AccountsHarness): Promise<Alice> {
  const [alice, friend, blocked, muted, creator, fan] = await accounts.people(
    'alice',
    'friend',
    'blocked',
    'muted',
    'creator',
    'fan',
  )
  const ids = {
    session: randomUUID(),
    identity: randomUUID(),
    apiKey: randomUUID(),
    membership: randomUUID(),
    member: randomUUID(),
    invitation: randomUUID(),
    erasure: randomUUID(),
    team: randomUUID(),
  }
  const email = `${PRIVATE}-${ids.session}@example.com`
  const insert = (text: string, ...values: unknown[]) => accounts.sql(text, [alice.id, ...values])

  await insert('UPDATE users SET email = $2, password_hash = $3 WHERE id = $1', email, `${PRIVATE}-hash`)
  await insert(`INSERT INTO user_roles (user_id, role) VALUES ($1, 'moderator')`)
  await insert(
    `INSERT INTO sessions (id, user_id, token_hash, expires_at, idle_expires_at, ip_address, user_agent, device_name)
     VALUES ($2, $1, $3, now() + interval '9 days', now() + interval '3 days', $4, $5, $6)`,
    ids.session,
    TOKEN_HASH,
    ADDRESS,
    `${PRIVATE}-agent`,
    `${PRIVATE}-device`,
  )
  await insert(
    'INSERT INTO auth_identities (id, user_id, provider, subject) VALUES ($2, $1, $3, $4)',
    ids.identity,
    'https://issuer.example',
    `${PRIVATE}-subject`,
  )
  await insert(
    `INSERT INTO api_keys (id, owner_id, name, secret_hash, scopes, requests_per_minute, allowed_addresses)
     VALUES ($2, $1, $3, $4, '{write:games}', 60, '{}')`,
    ids.apiKey,
    `${PRIVATE}-key`,
    TOKEN_HASH,
  )
  await insert(
    `INSERT INTO follows (id, follower_id, following_id, team_id)
     VALUES (gen_random_uuid(), $1, $2, NULL), (gen_random_uuid(), $1, NULL, $3), (gen_random_uuid(), $2, $1, NULL)`,
    friend.id,
    ids.team,
  )
  await insert(
    `INSERT INTO subscriptions (id, subscriber_id, creator_id, subscription_type, grant_key)
     VALUES ($2, $1, $3, 'pro', $4), ($5, $6, $1, 'basic', NULL)`,
    ids.membership,
    creator.id,
    `${PRIVATE}-grant`,
    ids.member,
    fan.id,
  )
  await insert('INSERT INTO user_blocks (blocker_id, blocked_id) VALUES ($1, $2)', blocked.id)
  await insert('INSERT INTO user_mutes (muter_id, muted_id) VALUES ($1, $2)', muted.id)
  await insert(
    `INSERT INTO invitations (id, token_hash, email, roles, expires_at, accepted_at, accepted_by)
     VALUES ($2, $3, $4, '{moderator}', now() + interval '1 day', now(), $1)`,
    ids.invitation,
    TOKEN_HASH,
    email,
  )
  await insert('INSERT INTO erasures (id, user_id) VALUES ($2, $1)', ids.erasure)
  await accounts.sql(
    `INSERT INTO erasure_receipts (erasure_id, subgraph, counts) VALUES ($1, 'accounts', '{"sessions":1}')`,
    [ids.erasure],
  )
  await insert(
    `INSERT INTO audit_log (action, entity_type, entity_id, actor_kind, actor_user_id, request_id, after)
     VALUES ('users.export', 'User', $1::uuid::text, 'user', $1::uuid, $2, jsonb_build_object('email', $3::text))`,
    `${PRIVATE}-request`,
    email,
  )

  const privateTexts = [
    PRIVATE,
    ADDRESS,
    TOKEN_HASH.toString('hex'),
    TOKEN_HASH.toString('base64'),
    TOKEN_HASH.toString('base64url'),
    ...Object.values(ids),
  ]
  return {
    ...alice,
    email,
    ids,
    friend,
    blocked,
    muted,
    creator,
    fan,
    isPrivate: (answer) => privateTexts.some((text) => answer.includes(text)),
  }
}
