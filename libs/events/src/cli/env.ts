/** The environment of this process, for what takes it as an argument. */
export const processEnvironment: Readonly<NodeJS.ProcessEnv> = process.env
