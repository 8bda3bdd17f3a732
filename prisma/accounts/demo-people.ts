import type { Role } from '../../libs/auth/src/index.ts'

/** Invented people. Their ids are made of numbers, like those of the demo league, so that documents can quote them. */

const KINDS = { user: 101, follow: 102, membership: 103, apiKey: 104 } as const

/** The id of the `number`th thing of a kind, counted from one. */
export function demoId(kind: keyof typeof KINDS, number: number): string {
  return `5eed${String(KINDS[kind]).padStart(4, '0')}-0000-7000-8000-${String(number).padStart(12, '0')}`
}

export interface DemoPerson {
  id: string
  username: string
  email: string
  displayName: string
  bio: string | null
  isVerified: boolean
}

/** One for each role that a person can have, so that everything can be tried as whoever may. */
const ROLE_HOLDERS = [
  ['viewer', 'Vera Lindholm', 'I only watch.'],
  ['member', 'Milo Santos', 'Front row, every Friday.'],
  ['moderator', 'Mona Achebe', 'Be kind in the chat.'],
  ['scorekeeper', 'Sven Ito', 'I see every touch.'],
  ['producer', 'Petra Olin', 'Three cameras, one truck.'],
  ['editor', 'Edda Rossi', 'Highlights by midnight.'],
  ['admin', 'Ada Marsh', 'I keep the lights on.'],
] as const satisfies readonly (readonly [Role, string, string])[]

export type DemoRole = (typeof ROLE_HOLDERS)[number][0]

const CREATORS = [
  ['heron-hall-live', 'Heron Hall Live', 'Every home game of the Herons, and what happens around it.', true],
  ['the-sixth-touch', 'The Sixth Touch', 'Tactics, rotation by rotation.', true],
  ['libero-diaries', 'Libero Diaries', 'The game from close to the floor.', false],
  ['lakes-weekly', 'Northern Lakes Weekly', 'One conference, twelve teams, ten minutes.', true],
] as const

const FANS = [
  'Ines Falk',
  'Tom Abara',
  'Yuna Seo',
  'Luca Brandt',
  'Nia Okoro',
  'Per Halvorsen',
  'Rosa Quintero',
  'Sam Whitaker',
  'Aiko Mori',
  'Jonas Weber',
  'Leila Farouk',
  'Owen Price',
] as const

const person = (
  number: number,
  username: string,
  displayName: string,
  bio: string | null,
  isVerified = false,
) => ({
  id: demoId('user', number),
  username,
  email: `${username}@example.com`,
  displayName,
  bio,
  isVerified,
})

export const roleHolders: readonly (DemoPerson & { role: DemoRole })[] = ROLE_HOLDERS.map(
  ([role, displayName, bio], index) => ({ role, ...person(index + 1, `demo-${role}`, displayName, bio) }),
)
export const creators: readonly DemoPerson[] = CREATORS.map(
  ([username, displayName, bio, isVerified], index) =>
    person(index + 101, username, displayName, bio, isVerified),
)
export const fans: readonly DemoPerson[] = FANS.map((displayName, index) =>
  person(index + 201, displayName.toLowerCase().replace(' ', '.'), displayName, null),
)

export function holderOf(role: DemoRole): DemoPerson {
  const holder = roleHolders.find((candidate) => candidate.role === role)
  if (!holder) throw new Error(`Nobody in the demo is ${role}`)
  return holder
}
