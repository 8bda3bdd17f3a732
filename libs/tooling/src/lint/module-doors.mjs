import { existsSync } from 'node:fs'
import path from 'node:path'
import { visitImports } from './imports.mjs'

/** Data of tests, which tests of other modules may need as well. */
const FIXTURES = /[\\/]fixtures[\\/]/

/** A folder of `src` that has an `index.ts` is a module: others import that file, and no other of it. */
export const moduleDoors = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      closed:
        '"{{source}}" is inside of the module {{module}}. Import "{{door}}", and export from there what other modules may use.',
    },
  },
  create(context) {
    const file = context.filename
    return visitImports((node, source) => {
      if (!source.startsWith('.')) return
      const target = path.resolve(path.dirname(file), source)
      const module = moduleOf(target)
      if (FIXTURES.test(target)) return
      if (module === undefined || module === moduleOf(file)) return
      const door = path.join(module, 'index.ts')
      if (target === door || !existsSync(door)) return
      const data = { source, module: path.basename(module), door: relative(path.dirname(file), door) }
      context.report({ node, messageId: 'closed', data })
    })
  },
}

/** The folder of `src` that a file is in, or undefined for a file of `src` itself. */
function moduleOf(file) {
  return /^.*?[\\/](?:apps|libs)[\\/][^\\/]+[\\/]src[\\/][^\\/]+(?=[\\/])/.exec(file)?.[0]
}

function relative(from, to) {
  const short = path.relative(from, to).replaceAll(path.sep, '/')
  return short.startsWith('.') ? short : `./${short}`
}
