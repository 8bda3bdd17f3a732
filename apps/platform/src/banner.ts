import type { DemoCredential } from './demo.ts'

const FIRST_QUERY = `{ me { user { displayName } follows(type: TEAM, first: 5) { edges { node { ... on Team { name nextGame { startsAt home { name } away { name } } } } } } } }`

/** What somebody needs who has just typed `npm start`: where, as whom, and a first thing to ask. */
export function banner(url: string, credentials: readonly DemoCredential[], production: boolean): string {
  const address = url.replace('127.0.0.1', 'localhost')
  const lines = [
    '',
    `Ready: ${address}`,
    '',
    ...(production
      ? []
      : [
          `  Apollo Sandbox   ${address}/`,
          `  GraphiQL         ${address}/graphiql   (works without the internet)`,
        ]),
    `  The graph        ${address}/graphql`,
    `  Health, metrics  ${address}/readyz  ${address}/metrics`,
  ]
  const viewer = credentials.find(({ who }) => who === 'viewer')
  if (viewer) {
    lines.push(
      '',
      'Be somebody: send a token as the header "authorization: Bearer …", the partner\'s as "x-api-key: …".',
      'The tokens last for twelve hours. To sign in yourself: demo-viewer, demo-admin and so on, password courtside-demo.',
      '',
      ...credentials.map(({ who, header }) => `  ${who.padEnd(12)} ${header}`),
      '',
      'A first query, across two subgraphs:',
      '',
      `  curl -s ${address}/graphql -H 'content-type: application/json' \\`,
      `    -H 'authorization: Bearer ${viewer.header}' \\`,
      `    -d '${JSON.stringify({ query: FIRST_QUERY })}'`,
    )
  }
  return `${lines.join('\n')}\n\nStop with Ctrl-C; the data stays. "npm run db -- reset all" throws it away.\n`
}
