import { layers } from './layers.mjs'
import { moduleDoors } from './module-doors.mjs'

/** The rules of this house that no other plugin has. */
export const plugin = { meta: { name: 'courtside' }, rules: { layers, 'module-doors': moduleDoors } }
