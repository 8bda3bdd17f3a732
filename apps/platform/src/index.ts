export type { ExternalIssuer } from '@courtside/gateway'
export { type Platform, type PlatformOptions, startPlatform } from './platform.ts'
export { supergraphFile } from './supergraph-file.ts'
