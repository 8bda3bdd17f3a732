export {
  type Cluster,
  type ClusterExit,
  type ClusterOptions,
  findRunningCluster,
  removeCluster,
  startCluster,
} from './cluster.ts'
export { type ClusterUrls, type DatabaseRole, fromAdminUrl, roleName } from './cluster-urls.ts'
export { embeddedEnvShape, readEmbeddedEnv } from './env.ts'
export { freePort } from './free-port.ts'
export { inScratch } from './scratch.ts'
