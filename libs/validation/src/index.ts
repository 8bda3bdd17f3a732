export { emailAddress, httpUrl, optional, text, uuid } from './fields.ts'
export { parseInput } from './parse-input.ts'
