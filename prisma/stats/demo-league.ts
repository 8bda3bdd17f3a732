/** An invented league of invented towns. The ids are made of numbers, so that documents can quote them. */

const KINDS = {
  sport: 1,
  season: 2,
  conference: 3,
  team: 4,
  seasonEntry: 5,
  player: 6,
  rosterEntry: 7,
  venue: 8,
  ruleSet: 9,
  game: 10,
} as const

/** The id of the `number`th thing of a kind, counted from one. */
export function demoId(kind: keyof typeof KINDS, number: number): string {
  const digits = (value: number, length: number) => String(value).padStart(length, '0')
  return `5eed${digits(KINDS[kind], 4)}-0000-7000-8000-${digits(number, 12)}`
}

export const sport = {
  id: demoId('sport', 1),
  kind: 'VOLLEYBALL',
  name: "Women's volleyball",
  slug: 'womens-volleyball',
}

export const conference = {
  id: demoId('conference', 1),
  sport_id: sport.id,
  name: 'Northern Lakes Conference',
  abbreviation: 'NLC',
}

const TEAMS = [
  ['Harrow Bay Herons', 'HBH', 'Harrow Bay', '#0b3c5d', '#f2b632'],
  ['Port Alder Tides', 'PAT', 'Port Alder', '#00695c', '#e0f2f1'],
  ['Kestrel Falls Storm', 'KFS', 'Kestrel Falls', '#4a148c', '#ffd54f'],
  ['Silverton Lynx', 'SIL', 'Silverton', '#37474f', '#cfd8dc'],
  ['Maple Ridge Foxes', 'MRF', 'Maple Ridge', '#bf360c', '#fff3e0'],
  ['Elmsworth Comets', 'ELM', 'Elmsworth', '#1a237e', '#ff8a65'],
  ['Cedar Point Owls', 'CPO', 'Cedar Point', '#33691e', '#f1f8e9'],
  ['Granite Harbor Blaze', 'GHB', 'Granite Harbor', '#b71c1c', '#263238'],
  ['Lac Clair Étoiles', 'LCE', 'Lac Clair', '#0d47a1', '#ffffff'],
  ['Pinewood Sparrows', 'PWS', 'Pinewood', '#5d4037', '#ffe082'],
  ['Stonebridge Royals', 'SBR', 'Stonebridge', '#6a1b9a', '#fdd835'],
  ['Whitecap Mariners', 'WCM', 'Whitecap', '#006064', '#ffab91'],
] as const

export const teams = TEAMS.map(([name, abbreviation, city, primary, secondary], index) => ({
  id: demoId('team', index + 1),
  sport_id: sport.id,
  name,
  abbreviation,
  slug: name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll(' ', '-'),
  city,
  primary_color: primary,
  secondary_color: secondary,
  is_active: true,
}))

const VENUES = [
  ['Heron Hall', 4200, 'America/Detroit'],
  ['Tidewater Arena', 5100, 'America/Detroit'],
  ['Falls Fieldhouse', 3600, 'America/Chicago'],
  ['Silver Gymnasium', 2900, 'America/Chicago'],
  ['Ridge Center', 3300, 'America/Chicago'],
  ['Comet Dome', 6400, 'America/Chicago'],
  ['Cedar Point Sports Hall', 2400, 'America/Detroit'],
  ['Quarry Arena', 7800, 'America/Detroit'],
  ['Palais du Lac', 3900, 'America/Toronto'],
  ['Pinewood Gym', 1800, 'America/Toronto'],
  ['Royal Court', 4700, 'America/Chicago'],
  ['Whitecap Pavilion', 5500, 'America/Chicago'],
] as const

/** Each team's own, in the order of the teams. */
export const venues = VENUES.map(([name, capacity, timeZone], index) => ({
  id: demoId('venue', index + 1),
  name,
  city: TEAMS[index]?.[2],
  country: timeZone === 'America/Toronto' ? 'CA' : 'US',
  capacity,
  time_zone: timeZone,
}))
