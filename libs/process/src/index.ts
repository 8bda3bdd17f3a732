export { runProcess, type Running, stopLimitMs } from './run-process.ts'
