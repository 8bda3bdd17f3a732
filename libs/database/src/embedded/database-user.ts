import { execFileSync, spawnSync } from 'node:child_process'

/** The user that Postgres runs as, when that is not the user that runs us. */
export interface DatabaseUser {
  uid: number
  gid: number
}

export const isRoot = () => process.getuid?.() === 0

/** Postgres refuses to run as root, and `initdb` wants a user with an entry in the password file: every system has this one. */
export function nobody(): DatabaseUser {
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: idOf('-u'), gid: idOf('-g') }
}

/** Whether `user` can walk to `path`. */
export const canReach = (user: DatabaseUser, path: string) => passesTest(user, '-x', path)

/** Whether `user` can create and remove entries of the folder at `path`. */
export const canWrite = (user: DatabaseUser, path: string) => passesTest(user, '-w', path)

/** Asks the kernel as that user: modes, lists and mounts all count. */
function passesTest(user: DatabaseUser, operator: string, path: string): boolean {
  return spawnSync('test', [operator, path], { ...user, cwd: '/' }).status === 0
}
