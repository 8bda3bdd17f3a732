export { brokenAnswer, brokenData, type PlaceError, toClientErrors } from './client-errors.ts'
