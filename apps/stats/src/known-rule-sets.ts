import type { VolleyballRules } from './rule-sets/index.ts'

/** Rule sets that competitions refer to by name. */
export interface KnownRuleSet {
  name: string
  edition: string
  volleyball: VolleyballRules
}

/** Official Volleyball Rules of the FIVB. */
export const FIVB_2025: KnownRuleSet = {
  name: 'FIVB',
  edition: '2025-2028',
  volleyball: {
    bestOf: 5,
    setsToWin: 3,
    playAllSets: false,
    setTarget: 25,
    decidingSetTarget: 15,
    winBy: 2,
    pointCap: null,
    courtSwitchAt: 8,
    timeoutsPerSet: 2,
    timeoutSeconds: 30,
    substitutionsPerSet: 6,
    substitutionReentry: 'SAME_PARTNER_ONCE',
    rallyBetweenSubstitutions: true,
    liberosPerSet: 2,
    liberoMayServe: false,
    rallyBetweenLiberoReplacements: true,
    challenges: 2,
    challengePeriod: 'SET',
    challengesAddedInDecidingSet: 0,
    inconclusiveChallengeLost: false,
    servingTeamPositionalFault: true,
    secondContactMayBeMultiple: false,
    coverCountsAsDig: false,
  },
}

/** Sources disagree on time-outs (2 or 3 of 60 to 90 seconds) and substitutions: check the book before a season. */
export const NCAA_WOMEN_2024: KnownRuleSet = {
  name: 'NCAA women',
  edition: '2024-2025',
  volleyball: {
    ...FIVB_2025.volleyball,
    timeoutsPerSet: 3,
    timeoutSeconds: 75,
    substitutionsPerSet: 15,
    substitutionReentry: 'OWN_POSITION',
    rallyBetweenSubstitutions: false,
    liberoMayServe: true,
    challengePeriod: 'GAME',
    challengesAddedInDecidingSet: 1,
    inconclusiveChallengeLost: true,
    secondContactMayBeMultiple: true,
  },
}

/** Best of three, sets that end at 27, and substitutions for everybody to play. */
export const YOUTH_2026: KnownRuleSet = {
  name: 'Youth',
  edition: '2026',
  volleyball: {
    ...FIVB_2025.volleyball,
    bestOf: 3,
    setsToWin: 2,
    pointCap: 27,
    substitutionsPerSet: 12,
    substitutionReentry: 'OWN_POSITION',
    rallyBetweenSubstitutions: false,
    liberoMayServe: true,
    challenges: 0,
    secondContactMayBeMultiple: true,
  },
}
