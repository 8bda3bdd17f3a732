export { type AccessMap, createAccessMap } from './access-map.ts'
export { assertAccess } from './assert-access.ts'
export { requiredAccess, type RequiredAccess } from './required-access.ts'
