// Keeps of all test files those that run.ts has selected. Named on the command line instead, jest would end each run
// with a list of all of them.
const selected = new Set(JSON.parse(process.env.COURTSIDE_TEST_FILES))

module.exports = (files) => ({ filtered: files.filter((file) => selected.has(file)) })
