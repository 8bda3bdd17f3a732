export { connected } from './connected.ts'
export { describeWithRedis } from './describe-with-redis.ts'
export { mustTestAll } from './env.ts'
export { startTestRedis, type TestRedis, whyNoRedis } from './redis-server.ts'
