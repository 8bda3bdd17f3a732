/** Where everything has to be tested, nothing is left out because it is not installed. */
export const mustTestAll = (process.env['CI'] ?? '') !== ''
