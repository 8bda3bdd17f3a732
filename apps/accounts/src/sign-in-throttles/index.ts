export { FORGOTTEN_AFTER_MS } from './throttle.policy.ts'
export { type Attempt, createSignInThrottles, type SignInThrottles } from './sign-in-throttles.ts'
