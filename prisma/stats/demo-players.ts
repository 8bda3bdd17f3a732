import { demoId, teams } from './demo-league.ts'

// prettier-ignore
const FIRST_NAMES = [
  'Ada', 'Zoë', 'Maya', 'Chloé', 'Lena', 'Inès', 'Nora', 'Beatriz', 'Amara', 'Sofia', 'Freya', 'Hana', 'Łucja',
  'Tess', 'Anaïs', 'Priya', 'Ruth', 'Camila', 'Ingrid', 'Naomi', 'Élise', 'Paige', 'Mei', 'Olivia', 'Thảo',
  'Grace', 'Renée', 'Kaya', 'Abigail', 'Yuki', 'Leïla',
]

// prettier-ignore
const LAST_NAMES = [
  'Novak', 'Okafor', 'Lindqvist', 'Müller', 'Tremblay', 'García', 'Hayes', 'Sørensen', 'Kowalczyk', 'Silva', 'Brooks',
  'Ivanova', 'Nakamura', 'Dubois', 'Reyes', 'Walsh', 'Petrović', 'Johansson', 'Mbeki', 'Castillo', 'Nguyễn', 'Fischer',
  'Ó Briain', 'Romano', 'Ellison', 'Haddad', 'Vargas', 'Bennett', 'Çelik', 'Whitlock', 'Park', 'Moreau', 'Adeyemi',
  'Thorne', 'Kuznetsova', 'Delgado', 'Larsen',
]

const NATIONALITIES = ['US', 'US', 'US', 'CA', 'US', 'BR', 'US', 'CA', 'US', 'FR', 'US'] as const

/** Who makes up a team: position, height in centimetres, number. */
const ROSTER = [
  ['SETTER', 181, 1],
  ['OUTSIDE_HITTER', 186, 2],
  ['MIDDLE_BLOCKER', 192, 3],
  ['LIBERO', 170, 4],
  ['OUTSIDE_HITTER', 184, 5],
  ['OPPOSITE', 189, 7],
  ['MIDDLE_BLOCKER', 190, 8],
  ['OUTSIDE_HITTER', 188, 9],
  ['SETTER', 178, 10],
  ['DEFENSIVE_SPECIALIST', 173, 11],
  ['MIDDLE_BLOCKER', 194, 12],
  ['OPPOSITE', 187, 14],
  ['OUTSIDE_HITTER', 183, 17],
  ['LIBERO', 168, 20],
] as const

const two = (value: number) => String(value).padStart(2, '0')

/** Both lists have a prime length, so that no two players have the same name. */
export const players = teams.flatMap((_, team) =>
  ROSTER.map(([position, height], place) => {
    const index = team * ROSTER.length + place
    const firstName = FIRST_NAMES[index % FIRST_NAMES.length]
    const lastName = LAST_NAMES[index % LAST_NAMES.length]
    return {
      id: demoId('player', index + 1),
      first_name: firstName,
      last_name: lastName,
      display_name: `${firstName} ${lastName}`,
      birth_date: `${1997 + (index % 9)}-${two(1 + (index % 12))}-${two(1 + (index % 28))}`,
      height_cm: height + (index % 5) - 2,
      position,
      nationality: NATIONALITIES[index % NATIONALITIES.length],
      is_active: true,
    }
  }),
)

/** Where each player plays in a season, from its first day on. */
export const rosterEntriesIn = (season: { id: string; sport_id: string; starts_on: string }) =>
  players.map(({ id, position }, index) => ({
    id: demoId('rosterEntry', index + 1),
    team_id: teams[Math.floor(index / ROSTER.length)]?.id,
    season_id: season.id,
    player_id: id,
    sport_id: season.sport_id,
    number: ROSTER[index % ROSTER.length]?.[2],
    is_captain: index % ROSTER.length === 0,
    is_libero: position === 'LIBERO',
    joined_on: season.starts_on,
  }))
