import {
  booleanFlag,
  identityKeyText,
  nodeEnv,
  port,
  readEnv,
  secondsBetween,
  urlOf,
} from '@courtside/config'
import { telemetryEnvShape } from '@courtside/telemetry'
import * as z from 'zod'

type Environment = Readonly<Record<string, string | undefined>>

const list = z
  .string()
  .transform((text) => text.split(',').map((item) => item.trim()))
  .transform((items) => items.filter((item) => item !== ''))

const origin = (text: string) => URL.canParse(text) && new URL(text).origin === text

const names = z.array(z.string().min(1)).min(1).optional()

/** Without an audience or a party to check, a token made for any other service of the issuer would do here. */
const externalIssuer = z
  .strictObject({
    // Our own name would put their keys in place of ours.
    issuer: z
      .string()
      .min(1)
      .refine((issuer) => issuer !== 'courtside'),
    jwksUrl: urlOf('https', 'http'),
    audiences: names,
    authorizedParties: names,
  })
  .refine(({ audiences, authorizedParties }) => audiences ?? authorizedParties)

/** JSON text of a given shape. Faults are reported under the variable's own name. */
const json = <Shape extends z.ZodType>(shape: Shape, expected: string) =>
  z.string().transform((text, context): z.output<Shape> => {
    try {
      const parsed = shape.safeParse(JSON.parse(text))
      if (parsed.success) return parsed.data
    } catch {
      // Not even JSON: the same answer.
    }
    context.addIssue({ code: 'custom', message: `expected ${expected}` })
    return z.NEVER
  })

/** The settings of the edge, whatever stands behind it: a process of its own or the platform in one. */
export const edgeEnvShape = (production: boolean) => ({
  NODE_ENV: nodeEnv(),
  HOST: z.string().default(production ? '0.0.0.0' : '127.0.0.1'),
  PORT: port(4000),
  EXTERNAL_ISSUERS: json(
    z.array(externalIssuer),
    'a JSON list like [{"issuer": "https://…", "jwksUrl": "https://…", "authorizedParties": ["https://…"]}], each with audiences or authorizedParties',
  ).default([]),
  CORS_ORIGINS: list
    .refine(
      (origins) => origins.every(origin),
      'expected origins like https://app.example, separated by commas',
    )
    .optional(),
  TRUST_PROXY: booleanFlag(false),
  DRAIN_NOTICE_SECONDS: secondsBetween(0, 60, 0),
  SUBGRAPH_DEADLINE_SECONDS: secondsBetween(1, 60, 10),
  REQUEST_DEADLINE_SECONDS: secondsBetween(1, 120, 20),
  ACCESS_LOG: z.enum(['all', 'problems'], 'expected all or problems').optional(),
  SAFELIST: z.enum(['off', 'required'], 'expected off or required').default('off'),
  OPERATIONS_MANIFEST: z.string().min(1).optional(),
  QUERY_LANE: z.enum(['compiled', 'apollo'], 'expected compiled or apollo').default('compiled'),
  REDIS_URL: urlOf('redis', 'rediss').optional(),
  ...telemetryEnvShape(),
})

export type EdgeEnv = z.output<z.ZodObject<ReturnType<typeof edgeEnvShape>>>

/** The settings of a gateway process. */
export function readGatewayEnv(environment: Environment) {
  const production = environment['NODE_ENV'] === 'production'
  const key = identityKeyText('private')
  return readEnv(
    {
      ...edgeEnvShape(production),
      IDENTITY_PRIVATE_KEY: production ? key : key.optional(),
    },
    environment,
  )
}

/**
 * Where each subgraph is: `ACCOUNTS_URL`, `AI_CHAT_URL` and so on, whatever the supergraph names. While developing the
 * address it was composed with will do, which is where that subgraph listens on the same machine.
 */
export function readSubgraphUrls(
  composed: ReadonlyMap<string, string>,
  environment: Environment,
): Map<string, string> {
  const production = environment['NODE_ENV'] === 'production'
  const address = urlOf('http', 'https')
  const shape = Object.fromEntries(
    [...composed].map(([name, url]) => [variableOf(name), production ? address : address.default(url)]),
  )
  const urls = readEnv(shape, environment)
  return new Map([...composed.keys()].map((name) => [name, String(urls[variableOf(name)])]))
}

const variableOf = (subgraph: string) => `${subgraph.replaceAll('-', '_').toUpperCase()}_URL`

/** The environment of this process. */
export const environment: Environment = process.env
