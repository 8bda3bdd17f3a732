const MUTATION = `mutation AcceptInvitation($input: AcceptInvitationInput!) {
  acceptInvitation(input: $input) {
    ... on SignedIn {
      accessToken
      refreshToken
      me { id roles }
    }
    ... on SignUpRefused {
      code
      field
      message
    }
  }
}`

/** What makes the account, for any client; only the person's own details are left to fill in. */
export interface Acceptance {
  query: string
  variables: string
}

export function acceptance({ token, email }: { token: string; email: string | null }): Acceptance {
  const input = { token, username: '', email: email ?? '', password: '' }
  return { query: MUTATION, variables: JSON.stringify({ input }, null, 2) }
}

/** A page with the mutation and its variables in it, where GraphiQL is served. */
export function acceptanceLink(publicUrl: string, { query, variables }: Acceptance): string {
  const parameters = new URLSearchParams({ query, variables })
  // GraphiQL decodes `%20`, not the `+` that forms write for a space.
  return `${publicUrl.replace(/\/+$/, '')}/graphiql?${parameters.toString().replaceAll('+', '%20')}`
}
