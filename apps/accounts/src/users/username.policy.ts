import { ROLES } from '@courtside/auth'
import { DELETED_PREFIX } from './user.policy.ts'

const FORM = /^[A-Za-z0-9_.-]{3,50}$/

/** Names that would speak for the service, and names that addresses and code give a meaning of their own. */
const RESERVED = [
  ...ROLES,
  'administrator',
  'anonymous',
  'api',
  'billing',
  'courtside',
  'deleted',
  'everyone',
  'guest',
  'help',
  'here',
  'login',
  'mod',
  'moderation',
  'nobody',
  'noreply',
  'null',
  'official',
  'operator',
  'owner',
  'postmaster',
  'referee',
  'root',
  'security',
  'signin',
  'signup',
  'staff',
  'superuser',
  'support',
  'sysadmin',
  'sysop',
  'system',
  'undefined',
  'webmaster',
  'you',
]

/** Whether it could be a name at all; what could not need not be looked for. */
export function hasUsernameForm(text: string): boolean {
  return FORM.test(text)
}

/** Why a name cannot be had whoever asks; null when only its owner can stand in the way. */
export function usernameFault(username: string): string | null {
  if (!hasUsernameForm(username)) return 'must have 3 to 50 letters, digits, dots, dashes or underscores'
  if (isReserved(username)) return 'is reserved; choose another one'
  return null
}

function isReserved(username: string): boolean {
  const lower = username.toLowerCase()
  if (lower.startsWith(DELETED_PREFIX)) return true
  const withoutNumber = skeleton(lower.replace(/[\d_.-]+$/, ''))
  return RESERVED_SKELETONS.has(skeleton(lower)) || RESERVED_SKELETONS.has(withoutNumber)
}

/** What a name looks like at a glance: `4dm1n`, `a.d.m.i.n` and `adrnin` all look like `admin`. */
function skeleton(name: string): string {
  const letters = name.replace(/[_.-]/g, '')
  const plain = LOOK_ALIKES.reduce((text, [sign, seen]) => text.replaceAll(sign, seen), letters)
  return plain.replace(/s$/, '')
}

const LOOK_ALIKES = [
  ['0', 'o'],
  ['1', 'i'],
  ['3', 'e'],
  ['4', 'a'],
  ['5', 's'],
  ['7', 't'],
  ['l', 'i'],
  ['rn', 'm'],
  ['vv', 'w'],
] as const

const RESERVED_SKELETONS = new Set(RESERVED.map(skeleton))
