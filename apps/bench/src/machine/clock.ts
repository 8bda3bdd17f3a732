/** Milliseconds that all processes of this machine count alike, and that nobody sets. */
export const sharedNow = (): number => Number(process.hrtime.bigint()) / 1e6
