// Whether the process of this container is ready: `node deploy/is-ready.mjs <port>`. Exit code 0 or 1, as Docker asks.
const [port] = process.argv.slice(2)
const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2_500) })
if (!response.ok) console.error(await response.text())
process.exitCode = response.ok ? 0 : 1
