export { emailAddress, httpUrl, optional, text, uuid } from './fields.ts'
export { type Fault, invalidInput, parseInput } from './parse-input.ts'
