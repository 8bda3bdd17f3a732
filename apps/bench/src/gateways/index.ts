import { hive, hiveNative } from './hive.ts'
import { mercurius } from './mercurius.ts'
import { ours, oursInProcess } from './ours.ts'
import { plain } from './plain.ts'
import { raw } from './raw.ts'

export { type Gateway, script, type Setting, source } from './gateway.ts'
export { hiveProgram } from './hive.ts'
export { oursProgram } from './ours.ts'
export { UNREACHABLE_SOCKETS, UNREACHABLE_RATES } from './unreachable-rates.ts'

/** Plain Apollo comes first: all others are compared with it. */
export const GATEWAYS = [plain, hive, hiveNative, mercurius, ours, oursInProcess, raw] as const

export type GatewayName = (typeof GATEWAYS)[number]['name']
