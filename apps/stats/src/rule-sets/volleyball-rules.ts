import * as z from 'zod'

const within = (least: number, most: number) =>
  z.int().refine((value) => value >= least && value <= most, `must be from ${least} to ${most}`)

/** One field a parameter; `VolleyballRules` in the graph describes each. */
export const volleyballFields = {
  bestOf: within(1, 7),
  setsToWin: within(1, 7),
  playAllSets: z.boolean(),
  setTarget: within(1, 99),
  decidingSetTarget: within(1, 99),
  winBy: within(1, 10),
  pointCap: within(1, 199).nullable(),
  courtSwitchAt: within(1, 99),
  timeoutsPerSet: within(0, 10),
  timeoutSeconds: within(1, 600),
  substitutionsPerSet: within(0, 99),
  substitutionReentry: z.enum(['SAME_PARTNER_ONCE', 'OWN_POSITION']),
  rallyBetweenSubstitutions: z.boolean(),
  liberosPerSet: within(0, 4),
  liberoMayServe: z.boolean(),
  rallyBetweenLiberoReplacements: z.boolean(),
  challenges: within(0, 10),
  challengePeriod: z.enum(['SET', 'GAME']),
  challengesAddedInDecidingSet: within(0, 10),
  inconclusiveChallengeLost: z.boolean(),
  servingTeamPositionalFault: z.boolean(),
  secondContactMayBeMultiple: z.boolean(),
  coverCountsAsDig: z.boolean(),
}

/** What must hold between the parameters. */
export const volleyballRules = z.object(volleyballFields).superRefine((rules, context) => {
  const fault = (path: keyof typeof volleyballFields, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message })
  if (rules.bestOf !== 2 * rules.setsToWin - 1)
    fault('setsToWin', 'must be more than half of bestOf, which is odd')
  if (rules.pointCap !== null && rules.pointCap < Math.max(rules.setTarget, rules.decidingSetTarget)) {
    fault('pointCap', 'must not be less than setTarget and decidingSetTarget')
  }
  if (rules.courtSwitchAt >= rules.decidingSetTarget)
    fault('courtSwitchAt', 'must be less than decidingSetTarget')
})

export type VolleyballRules = z.output<typeof volleyballRules>
