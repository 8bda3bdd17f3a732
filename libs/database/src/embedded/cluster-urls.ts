import { createHmac } from 'node:crypto'

export const SUPERUSER = 'postgres'

/**
 * `owner` owns a subgraph's database and migrates it; `app` is what the subgraph's process logs in as; `log_reader` is
 * what others read the subgraph's facts as, where a migration grants them to it.
 */
export type DatabaseRole = 'owner' | 'app' | 'log_reader'

/** How to reach a running embedded cluster. */
export interface ClusterUrls {
  readonly port: number
  /** As the superuser. Default database: `postgres`. */
  adminUrl(database?: string): string
  /** As one of the roles of the database `name`; `database` when the role is to enter a clone of it. */
  roleUrl(role: DatabaseRole, name: string, database?: string): string
  rolePassword(role: DatabaseRole, name: string): string
}

export const roleName = (role: DatabaseRole, name: string) => `${name}_${role}`

/** One secret is kept for a cluster; the passwords of its roles are derived from it, so none is ever stored. */
export function createClusterUrls(port: number, superuserPassword: string): ClusterUrls {
  const toUrl = (user: string, password: string, database: string) =>
    `postgres://${encodeURIComponent(user)}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`

  const rolePassword = (role: DatabaseRole, name: string) =>
    createHmac('sha256', superuserPassword).update(roleName(role, name)).digest('base64url')

  return {
    port,
    adminUrl: (database = 'postgres') => toUrl(SUPERUSER, superuserPassword, database),
    roleUrl: (role, name, database = name) => toUrl(roleName(role, name), rolePassword(role, name), database),
    rolePassword,
  }
}

/** The same, in another process that was told the superuser's URL. */
export function fromAdminUrl(adminUrl: string): ClusterUrls {
  const { port, password } = new URL(adminUrl)
  return createClusterUrls(Number(port), password)
}
