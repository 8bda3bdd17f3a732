import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { anonymous, type Principal, SCOPES } from '@courtside/auth'
import { createAuditLog } from './index.ts'

const ROOT = new URL('../../..', import.meta.url)
const contentsOf = (pattern: string) =>
  globSync(pattern, { cwd: ROOT }).map((file) => readFileSync(new URL(file, ROOT), 'utf8'))
/** The one text that all files have there. */
const commonPart = (pattern: string, part: RegExp) => {
  const parts = contentsOf(pattern).map((content) => part.exec(content)?.[0])
  expect(parts.length).toBeGreaterThan(1)
  expect(new Set(parts).size).toBe(1)
  return parts[0]
}

describe('GW-09: one audit log in every subgraph', () => {
  test('has the same types in the graph, word for word', () => {
    const types = commonPart('apps/*/src/audit/audit.graphql', /^.*^input AuditFilter \{.*?^\}/ms)
    expect(types).toContain('type AuditEntry ')
  })

  test('has the same columns and indexes in the database', () => {
    const model = commonPart('prisma/*/schema.prisma', /^model AuditLog \{.*?^\}/ms)
    expect(model).toContain('@@map("audit_log")')
  })

  test('spells every action that the code writes as its constraint asks', () => {
    const constraint = commonPart('prisma/*/migrations/*_audit_log/migration.sql', /(?<=action ~ ').*(?='\))/)
    const spelling = new RegExp(constraint!)
    const actions = contentsOf('apps/*/src/**/*.ts')
      .filter((code) => /^import \{[^}]*\brecordAudit\b/m.test(code))
      // A text with a full stop that names no field of a log line.
      .flatMap((code) => [...code.matchAll(/['`]([\w-]+\.[\w${}-]+)['`](?!:)/g)].map(([, action]) => action!))
    expect(actions).toEqual(
      expect.arrayContaining(['api-keys.create', 'sessions.end-stolen', 'roles.${kind}']),
    )
    expect(actions.filter((action) => !spelling.test(action.replace(/\$\{\w+\}/, 'x')))).toEqual([])
  })

  test('is read by nobody without the scope, whatever the schema lets through', async () => {
    const read = () => Promise.reject(new Error('The database was asked'))
    const { list, verify } = createAuditLog({ read })
    const others = SCOPES.filter((scope) => scope !== 'read:audit')
    const nearlyAll: Principal = { ...anonymous, kind: 'user', userId: 'x', scopes: others }
    for (const principal of [anonymous, nearlyAll]) {
      await expect(list(undefined, {}, { principal })).rejects.toMatchObject({ code: 'FORBIDDEN' })
      await expect(verify(undefined, {}, { principal })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    }
  })
})
