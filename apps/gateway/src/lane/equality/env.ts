/** For longer runs, and for a run again: how many operations are tried, and the seed that they are drawn by. */
export const requestedRuns = toNumber(process.env['EQUALITY_RUNS'])
export const requestedSeed = toNumber(process.env['EQUALITY_SEED'])

function toNumber(text: string | undefined): number | undefined {
  return text === undefined || text === '' ? undefined : Number(text)
}
