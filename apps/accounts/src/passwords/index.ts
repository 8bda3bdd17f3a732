export { LONGEST_INPUT, passwordFault } from './password.policy.ts'
export { createPasswords, type Derive, type PasswordOptions, type Passwords } from './passwords.ts'
export type { Argon2Cost } from './phc.ts'
