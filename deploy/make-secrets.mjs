// Makes every secret that docker-compose.yml names and that is not there yet: `node deploy/make-secrets.mjs [folder]`.
// What is there stays as it is. To renew one, see docs/deployment.md.
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const folder = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, 'secrets'))
mkdirSync(folder, { recursive: true })
// The folder is closed. The files in it are not: containers get each by itself, and read it as users of their own.
chmodSync(folder, 0o700)

const made = []

/** The secret of this name, made now if there is none yet. */
function secret(name, make) {
  const file = path.join(folder, name)
  if (!existsSync(file)) {
    writeFileSync(file, `${make()}\n`, { mode: 0o444, flag: 'wx' })
    made.push(name)
  }
  return readFileSync(file, 'utf8').trimEnd()
}

const password = () => randomBytes(24).toString('base64url')

if (!existsSync(path.join(folder, 'identity_private_key'))) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  secret('identity_private_key', () => JSON.stringify(privateKey.export({ format: 'jwk' })))
  secret('identity_public_key', () => JSON.stringify(publicKey.export({ format: 'jwk' })))
}

secret('accounts_secret', () => randomBytes(32).toString('base64'))

for (const subgraph of ['accounts', 'stats']) {
  const urlOf = (user, secretWord, database) =>
    `postgres://${user}:${secretWord}@${subgraph}-postgres:5432/${database}`
  const admin = secret(`${subgraph}_postgres_password`, password)
  secret(`${subgraph}_cursor_keys`, () => `1:${randomBytes(32).toString('base64')}`)
  secret(`${subgraph}_database_admin_url`, () => urlOf('postgres', admin, 'postgres'))
  secret(`${subgraph}_database_owner_url`, () => urlOf(`${subgraph}_owner`, password(), subgraph))
  secret(`${subgraph}_database_url`, () => urlOf(`${subgraph}_app`, password(), subgraph))
  secret(`${subgraph}_log_url`, () => urlOf(`${subgraph}_log_reader`, password(), subgraph))
}

const redisUrl = secret('redis_url', () => `redis://courtside:${password()}@redis:6379`)
const redisPassword = createHash('sha256').update(new URL(redisUrl).password).digest('hex')
secret('redis_users', () =>
  ['user default off', `user courtside on #${redisPassword} ~* &* +@all -@admin -@dangerous +info`].join(
    '\n',
  ),
)

console.log(
  made.length === 0 ? `Nothing to make: all are in ${folder}` : `Made in ${folder}: ${made.join(', ')}`,
)
