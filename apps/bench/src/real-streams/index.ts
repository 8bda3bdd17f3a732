export { type RealStack, startRealStack, withComplaints } from './real-stack.ts'
export { type Redis, startRedis } from './redis.ts'
