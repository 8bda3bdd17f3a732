export {
  type Published,
  type PublicError,
  type PublishOptions,
  toPublicError,
  withoutSuggestions,
} from './public-error.ts'
export { refuse, RequestRefusal, toRefusal } from './request-refusal.ts'
export { refusalOf } from './refusal-of.ts'
