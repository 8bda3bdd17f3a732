/**
 * The environment for Prisma's command. It looks for an engine to download unless this variable names an executable;
 * `generate` never runs it, so any will do.
 */
export function prismaEnvironment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: 'true',
    CHECKPOINT_DISABLE: '1',
  }
}
