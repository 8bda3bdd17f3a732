export { type RealStack, startRealStack } from './real-stack.ts'
export { type Redis, startRedis } from './redis.ts'
