import path from 'node:path'

/** The folder of the root package.json. */
export const workspaceRoot = path.resolve(import.meta.dirname, '../../..')
