import path from 'node:path'
import { createIdentitySigner, loadIdentityKey } from '@courtside/auth'
import { createMetrics } from '@courtside/http'
import { createLogger } from '@courtside/logger'
import { runProcess } from '@courtside/process'
import { createTracing } from '@courtside/telemetry'
import { createGateway, httpTransport, openGatewaySettings } from './compose.ts'
import { environment, readGatewayEnv, readSubgraphUrls } from './env.ts'
import { readSupergraphFile, subgraphsIn } from './supergraph/index.ts'

const supergraphFile = path.resolve(import.meta.dirname, '../generated/supergraph.graphql')
const developmentDirectory = path.resolve(import.meta.dirname, '../../../.courtside')
const log = createLogger({ name: 'gateway' })

runProcess(log, async () => {
  const env = readGatewayEnv(environment)
  const subgraphs = subgraphsIn(await readSupergraphFile(supergraphFile))
  await using starting = new AsyncDisposableStack()
  const metrics = createMetrics()
  // First here is last at the end: what is stopped may still have spans to tell.
  const tracing = starting.adopt(
    await createTracing({
      serviceName: 'gateway',
      otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
      sampleRate: env.TRACE_SAMPLE_RATE,
      metrics,
      log,
    }),
    (opened) => opened.shutdown(),
  )
  const settings = starting.adopt(await openGatewaySettings(env, log), (opened) => opened.close())
  const transports = Object.fromEntries(
    [...readSubgraphUrls(subgraphs, environment)].map(([name, url]) => [
      name,
      starting.adopt(httpTransport(url), async (transport) => transport.close?.()),
    ]),
  )
  const gateway = starting.adopt(
    await createGateway({
      supergraphFile,
      transports,
      identitySigner: await createIdentitySigner(
        await loadIdentityKey('private', env.IDENTITY_PRIVATE_KEY, developmentDirectory),
      ),
      ...settings.options,
      production: env.NODE_ENV === 'production',
      metrics,
      tracing,
      log,
    }),
    (created) => created.stop(),
  )
  const { url } = await gateway.listen({ host: env.HOST, port: env.PORT })
  log.info({ url: `${url}/graphql` }, 'The gateway is ready')

  const started = starting.move()
  return { stop: () => started.disposeAsync(), drainMs: gateway.drainMs }
})
