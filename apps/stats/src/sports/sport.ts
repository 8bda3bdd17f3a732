export const SPORT_KINDS = ['VOLLEYBALL', 'BASKETBALL', 'SOCCER', 'BASEBALL'] as const
export type SportKind = (typeof SPORT_KINDS)[number]

export interface Sport {
  id: string
  kind: SportKind
  name: string
  slug: string
  createdAt: Date
  updatedAt: Date
}
