const REFRESH = `mutation Refresh($input: RefreshSessionInput!) {
  refreshSession(input: $input) { ... on SignedIn { accessToken } }
}`

/** As an app gets one that has been opened again. */
export async function accessToken(url: string, refreshToken: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: REFRESH, variables: { input: { refreshToken } } }),
  })
  const answer = (await response.json()) as { data?: { refreshSession?: { accessToken?: string } } }
  const token = answer.data?.refreshSession?.accessToken
  if (token === undefined) throw new Error(`There is no token in ${JSON.stringify(answer)}`)
  return token
}
