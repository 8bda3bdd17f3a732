import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { SchemaEngine } from '@prisma/schema-engine-wasm'

/** The package's own entry imports the .wasm file, which jest cannot: this is what that entry does. */
interface Glue extends Record<string, unknown> {
  SchemaEngine: typeof SchemaEngine
  __wbg_set_wasm(exports: EngineExports): void
}

interface EngineExports {
  __wbindgen_start(): void
}

/** The types of Node leave WebAssembly to those of the browser. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>
  instantiate(module: object, imports: Record<string, object>): Promise<{ exports: EngineExports }>
}

declare global {
  // Where the engine leaves its last words before it traps.
  var PRISMA_WASM_PANIC_REGISTRY: { set_message(message: string): void } | undefined
}

let loading: Promise<typeof SchemaEngine> | undefined

/** 5 MB of WebAssembly: loaded when first needed, once a process. */
export function loadEngine(): Promise<typeof SchemaEngine> {
  return (loading ??= instantiate())
}

async function instantiate(): Promise<typeof SchemaEngine> {
  const glue: Glue = await import('@prisma/schema-engine-wasm/schema_engine_bg')
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm')
  const bytes = await readFile(path.join(path.dirname(entry), 'schema_engine_bg.wasm'))
  const { exports } = await WebAssembly.instantiate(await WebAssembly.compile(bytes), {
    './schema_engine_bg.js': withoutLingeringTimers(glue),
  })
  globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => process.stderr.write(`${message}\n`) }
  glue.__wbg_set_wasm(exports)
  exports.__wbindgen_start()
  return glue.SchemaEngine
}

/** The engine limits its wait for a lock to 10 s and never clears that timer, which would keep the process alive. */
function withoutLingeringTimers(glue: Glue): object {
  const setTimer = (callback: () => void, ms: number) => setTimeout(callback, ms).unref()
  const names = Object.keys(glue).filter((name) => name.startsWith('__wbg_setTimeout_'))
  return { ...glue, ...Object.fromEntries(names.map((name) => [name, setTimer])) }
}
