export { type RedisConnection, type RedisOptions, createRedisConnection } from './redis-connection.ts'
export { createRedisScript, type RedisScript } from './redis-script.ts'
