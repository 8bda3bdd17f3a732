export { type CompiledStream, createStreamCompiler, type StreamCompiler } from './compile-stream.ts'
export type { RunnableSubscription, StreamKind } from './runnable-subscription.ts'
export { type BegunSubscription, type PayloadTexts, toRunnable } from './to-runnable.ts'
