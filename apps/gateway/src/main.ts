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
  const transports = Object.fromEntries(
    [...readSubgraphUrls(subgraphs, environment)].map(([name, url]) => [name, httpTransport(url)]),
  )
  const closeTransports = () =>
    Promise.all(Object.values(transports).map(async (transport) => transport.close?.()))
  const settings = await openGatewaySettings(env, log)
  const metrics = createMetrics()
  const tracing = await createTracing({
    serviceName: 'gateway',
    otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
    sampleRate: env.TRACE_SAMPLE_RATE,
    metrics,
    log,
  })
  try {
    const gateway = await createGateway({
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
    })
    const { url } = await gateway.listen({ host: env.HOST, port: env.PORT })
    log.info({ url: `${url}/graphql` }, 'The gateway is ready')
    return {
      async stop() {
        await gateway.stop()
        await closeTransports()
        await settings.close()
        await tracing.shutdown()
      },
    }
  } catch (error) {
    await closeTransports()
    await settings.close()
    throw error
  }
})
