import { loadDevelopmentSecret } from '@courtside/accounts'
import { generateIdentityKeys } from '@courtside/auth'
import { loadStreamSettings } from '@courtside/events'
import { openGatewaySettings } from '@courtside/gateway'
import { createMetrics } from '@courtside/http'
import type { Logger } from '@courtside/logger'
import { createTracing } from '@courtside/telemetry'
import type { Databases } from './databases.ts'
import { assertNoDemoPeople, type DemoCredential, demoCredentials, seedDemo } from './demo.ts'
import type { readPlatformEnv } from './env.ts'
import { type Platform, startPlatform } from './platform.ts'
import type { Progress } from './progress.ts'
import { supergraphFile } from './supergraph-file.ts'

export interface LaunchOptions {
  env: ReturnType<typeof readPlatformEnv>
  databases: Databases
  production: boolean
  /** Where secrets of this workspace are kept. */
  privateDirectory: string
  step: Progress['step']
  log: Logger
}

const DEMO_TOKEN_LIFETIME_MS = 12 * 60 * 60 * 1000

/** The platform on open databases; while developing, with demo data and somebody to be. */
export async function launch(
  options: LaunchOptions,
): Promise<{ platform: Platform; credentials: DemoCredential[] }> {
  const { env, databases, production, step, log } = options
  // Demo people have a password that everybody knows: never on a server of the operator's own.
  const demo = !production && databases.embedded
  if (demo) await step('Demo data', () => seedDemo(databases))
  if (production) await assertNoDemoPeople(databases)

  await using starting = new AsyncDisposableStack()
  const metrics = createMetrics()
  // First here is last at the end: what is stopped may still have spans to tell.
  const tracing = starting.adopt(
    await createTracing({
      serviceName: 'courtside',
      otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
      sampleRate: env.TRACE_SAMPLE_RATE,
      metrics,
      log,
    }),
    (opened) => opened.shutdown(),
  )
  const settings = starting.adopt(await openGatewaySettings(env, log), (opened) => opened.close())
  const platform = await step('Subgraphs and gateway', async () =>
    starting.adopt(
      await startPlatform({
        host: env.HOST,
        port: env.PORT,
        databaseUrl: databases.appUrl,
        logUrl: databases.logUrl,
        supergraphFile,
        // Nobody outside this process needs them, so they live as long as it does.
        identityKeys: await generateIdentityKeys(),
        accountsSecret: env.ACCOUNTS_SECRET ?? (await loadDevelopmentSecret(options.privateDirectory)),
        streams: await loadStreamSettings(env, options.privateDirectory, metrics),
        ...(demo && { accessTokenLifetimeMs: DEMO_TOKEN_LIFETIME_MS }),
        production,
        metrics,
        tracing,
        log,
        gateway: settings.options,
      }),
      (begun) => begun.stop(),
    ),
  )
  if (demo && !['127.0.0.1', '::1', 'localhost'].includes(env.HOST)) {
    log.warn(
      { host: env.HOST },
      'The demo people, whose password is public, can be reached from other machines',
    )
  }
  // They come by an operation, which a safelist need not have. `SignIn` is on ours.
  const tokens = demo && env.SAFELIST === 'off'
  const credentials = tokens ? await step('Demo tokens', () => demoCredentials(platform.url, databases)) : []

  const started = starting.move()
  return { platform: { ...platform, stop: () => started.disposeAsync() }, credentials }
}
