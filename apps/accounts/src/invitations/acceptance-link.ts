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

/** A page on which only the person's own details are left to fill in. */
export function acceptanceLink(
  publicUrl: string,
  { token, email }: { token: string; email: string | null },
): string {
  const input = { token, username: '', email: email ?? '', password: '' }
  const parameters = new URLSearchParams({
    query: MUTATION,
    variables: JSON.stringify({ input }, null, 2),
  })
  // GraphiQL decodes `%20`, not the `+` that forms write for a space.
  return `${publicUrl.replace(/\/+$/, '')}/graphiql?${parameters.toString().replaceAll('+', '%20')}`
}
