import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip as gzipCallback, gunzipSync } from 'node:zlib'
import type { Route } from '@courtside/http'

const gzip = promisify(gzipCallback)

const FIRST_QUERY = `# Courtside. Type a field name, or press Ctrl-Space to see what there is.
{
  __typename
}
`

interface Page {
  compressed: Buffer
  policy: string
  tag: string
}

/** GraphiQL that comes from this process alone: it works on a machine without a network. For development only. */
export function graphiqlRoute(): Route {
  let page: Promise<Page> | undefined
  return {
    path: '/graphiql',
    async handle(request, response) {
      const { compressed, policy, tag } = await (page ??= renderPage())
      response.setHeader('etag', tag)
      response.setHeader('content-security-policy', policy)
      response.setHeader('cache-control', 'no-cache')
      response.setHeader('vary', 'Accept-Encoding')
      response.setHeader('x-content-type-options', 'nosniff')
      if (request.headers['if-none-match'] === tag) {
        response.writeHead(304).end()
        return
      }
      const zipped = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
      if (zipped) response.setHeader('content-encoding', 'gzip')
      const body = zipped ? compressed : gunzipSync(compressed)
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-length': body.length })
      response.end(body)
    },
  }
}

/** Nine megabytes of page, so they are loaded when somebody looks and kept compressed. */
async function renderPage(): Promise<Page> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql')
  // It subscribes by server-sent events at the same endpoint.
  const html = renderGraphiQL({ title: 'Courtside', endpoint: '/graphql', defaultQuery: FIRST_QUERY })
  const compressed = await gzip(html, { level: 6 })
  return {
    compressed,
    policy: policyFor(html),
    tag: `"${createHash('sha256').update(html).digest('base64url').slice(0, 22)}"`,
  }
}

/** Only the scripts that are in the page run, and it can talk to this server alone. */
function policyFor(html: string): string {
  const scripts = [...html.matchAll(/<script>([^]*?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  )
  return [
    "default-src 'none'",
    `script-src ${scripts.join(' ')} blob:`,
    "style-src 'unsafe-inline'",
    "img-src 'self' data:",
    'font-src data:',
    'worker-src blob:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
