// Strips types with Node's own stripper, so that tests run exactly what production runs.
const { createHash } = require('node:crypto')
const { stripTypeScriptTypes } = require('node:module')

module.exports = {
  // Types become blanks: every line and column stays where it was, and no source map is needed.
  process: (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }),
  getCacheKey: (source, file) =>
    createHash('sha256').update(`${process.version}\0${file}\0${source}`).digest('hex'),
}
