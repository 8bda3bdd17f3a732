import { roleResolvers } from './roles.resolvers.ts'
import { createRolesService, type RolesDependencies, type RolesService } from './roles.service.ts'

export { keepingAnAdmin, lockAdmins } from './last-admin.ts'
export { type GrantableRole, isGrantable } from './role.policy.ts'
export { roleRepository } from './role.repository.ts'
export type { RolesService } from './roles.service.ts'

export interface RolesModule {
  service: RolesService
  resolvers: typeof roleResolvers
}

/** What people are here, and who says so. */
export function createRolesModule(dependencies: RolesDependencies): RolesModule {
  return { service: createRolesService(dependencies), resolvers: roleResolvers }
}
