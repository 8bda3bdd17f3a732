export { brokenAnswer, type PlaceError, toClientErrors } from './client-errors.ts'
