import type { VolleyballRules } from './volleyball-rules.ts'

export interface RuleSet {
  id: string
  sportId: string
  name: string
  edition: string
  volleyball: VolleyballRules
  /** The edition before. */
  supersedesId: string | null
  createdAt: Date
  updatedAt: Date
}
