/** What a server says when it cannot answer at the moment, or not to us: another question would fare no better. */
const CANNOT_ANSWER = [
  'BUSY',
  'CLUSTERDOWN',
  'LOADING',
  'MASTERDOWN',
  'MISCONF',
  'NOAUTH',
  'NOPERM',
  'NOREPLICAS',
  'OOM',
  'READONLY',
  'TRYAGAIN',
  'WRONGPASS',
]

/** A script passes on what its commands were told; servers before version 7 put their own words before it. */
const code = new RegExp(`^(?:ERR Error running script .*: -?)?(?:${CANNOT_ANSWER.join('|')})\\b`)

/** A server that is well refuses a question that is wrong: a fault of ours, and no reason to stop asking others. */
export function isFaultOfOurs(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError' && !code.test(error.message)
}
