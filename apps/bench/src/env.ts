/** What the measured programs inherit. */
export const environment: Readonly<NodeJS.ProcessEnv> = process.env
