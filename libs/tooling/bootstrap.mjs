// Every npm script comes through here: `node libs/tooling/bootstrap.mjs <target.ts> [arguments]`. On a bare clone it
// installs the packages; then it hands over to the Node that runs TypeScript. This file alone keeps to the syntax of
// old Nodes, so that one of them gets a sentence instead of a syntax error.
import { readFileSync } from 'fs'

const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const [leastMajor, leastMinor] = engines.node.replace('>=', '').split('.').map(Number)
const [major, minor] = process.versions.node.split('.').map(Number)

if (major < leastMajor || (major === leastMajor && minor < leastMinor)) {
  console.error(
    'Courtside needs Node ' +
      leastMajor +
      '.' +
      leastMinor +
      ' or newer; this is ' +
      process.version +
      '.\n' +
      'Install a current Node (https://nodejs.org), then run the same command again.',
  )
  process.exit(1)
}
const { start } = await import('./src/bootstrap/start.mjs')
await start(process.argv.slice(2))
