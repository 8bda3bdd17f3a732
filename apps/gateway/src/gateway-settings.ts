import path from 'node:path'
import type { Logger } from '@courtside/logger'
import { createRedisConnection } from '@courtside/redis'
import { createRedisStore } from './caching/index.ts'
import type { GatewayOptions } from './compose.ts'
import type { EdgeEnv } from './env.ts'
import { loadManifest } from './safelist/index.ts'

/** What the environment decides about a gateway, whether it has a process of its own or not. */
export interface GatewaySettings {
  readonly options: Pick<
    GatewayOptions,
    | 'accessLog'
    | 'answers'
    | 'corsOrigins'
    | 'drainNoticeMs'
    | 'externalIssuers'
    | 'operations'
    | 'requestDeadlineMs'
    | 'safelist'
    | 'slowOnly'
    | 'subgraphDeadlineMs'
    | 'trustProxy'
  >
  /** After the gateway has stopped. */
  close(): Promise<void>
}

/** Throws `StartupError` for a manifest that cannot be used. A Redis that is away is no fault: it is done without. */
export async function openGatewaySettings(env: EdgeEnv, log: Logger): Promise<GatewaySettings> {
  const operations = env.OPERATIONS_MANIFEST && (await loadManifest(path.resolve(env.OPERATIONS_MANIFEST)))
  const redis = env.REDIS_URL ? createRedisConnection({ url: env.REDIS_URL, name: 'answers', log }) : null
  return {
    options: {
      externalIssuers: env.EXTERNAL_ISSUERS,
      ...(env.CORS_ORIGINS && { corsOrigins: env.CORS_ORIGINS }),
      trustProxy: env.TRUST_PROXY,
      drainNoticeMs: env.DRAIN_NOTICE_SECONDS * 1000,
      subgraphDeadlineMs: env.SUBGRAPH_DEADLINE_SECONDS * 1000,
      requestDeadlineMs: env.REQUEST_DEADLINE_SECONDS * 1000,
      safelist: env.SAFELIST,
      ...(operations && { operations }),
      slowOnly: env.QUERY_LANE === 'apollo',
      ...(env.ACCESS_LOG && { accessLog: env.ACCESS_LOG }),
      ...(redis && { answers: createRedisStore({ redis }) }),
    },
    close: async () => redis?.close(),
  }
}
