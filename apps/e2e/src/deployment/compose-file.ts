import { readFileSync } from 'node:fs'
import path from 'node:path'
import { workspaceRoot } from '@courtside/database/migrate'
import { parse } from 'yaml'
import * as z from 'zod'

const service = z.strictObject({
  image: z.string(),
  build: z.string().optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  secrets: z.array(z.string()).default([]),
  networks: z.array(z.string()),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  tmpfs: z.array(z.string()).default([]),
  depends_on: z
    .union([z.array(z.string()), z.record(z.string(), z.object({ condition: z.string() }))])
    .default([]),
  healthcheck: z.object({ test: z.array(z.string()).optional(), disable: z.boolean().optional() }),
  restart: z.string(),
  init: z.boolean(),
  read_only: z.boolean(),
  mem_limit: z.string(),
  stop_grace_period: z.string().optional(),
  shm_size: z.string().optional(),
  security_opt: z.array(z.string()),
  cap_drop: z.array(z.string()).default([]),
  logging: z.object({ driver: z.string() }).loose(),
})

const composeFile = z.object({
  services: z.record(z.string(), service),
  networks: z.record(z.string(), z.object({ internal: z.boolean().optional() })),
  volumes: z.record(z.string(), z.object({})),
  secrets: z.record(z.string(), z.strictObject({ file: z.string() })),
})

export type Service = z.output<typeof service>
export type ComposeFile = z.output<typeof composeFile>

/** docker-compose.yml as it stands, with its anchors written out. What it has that is not expected here is refused. */
export function readComposeFile(): ComposeFile {
  const text = readFileSync(path.join(workspaceRoot, 'docker-compose.yml'), 'utf8')
  return composeFile.parse(parse(text, { merge: true }))
}

/** What our own image runs. */
export const isOurs = ({ build }: Service) => build !== undefined

/** `40s` in seconds. */
export const secondsIn = (duration: string) => Number(/^(\d+)s$/.exec(duration)?.[1])
