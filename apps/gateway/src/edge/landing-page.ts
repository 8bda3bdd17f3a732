import type { ServerResponse } from 'node:http'
import { sendText } from '@courtside/http'

const SANDBOX =
  'https://embeddable-sandbox.cdn.apollographql.com/_latest/embeddable-sandbox.umd.production.min.js'

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Courtside</title>
    <style>
      html, body, #sandbox { margin: 0; height: 100%; }
      #fallback { font: 16px system-ui, sans-serif; margin: 3rem auto; max-width: 40rem; }
    </style>
  </head>
  <body>
    <div id="sandbox">
      <p id="fallback">
        Apollo Sandbox is loading from the network. Without a network, use <a href="/graphiql">GraphiQL</a>, which
        needs none.
      </p>
    </div>
    <script src="${SANDBOX}"></script>
    <script src="/sandbox.js"></script>
  </body>
</html>
`

const SCRIPT = `if (window.EmbeddedSandbox) {
  document.getElementById('fallback').remove()
  new window.EmbeddedSandbox({
    target: '#sandbox',
    initialEndpoint: new URL('/graphql', window.location.href).href,
    initialSubscriptionEndpoint: new URL('/graphql', window.location.href).href.replace(/^http/, 'ws'),
    includeCookies: false,
  })
}
`

/** Apollo Sandbox may run here, and nothing else from outside. */
const POLICY = [
  "default-src 'none'",
  `script-src 'self' https://embeddable-sandbox.cdn.apollographql.com`,
  "style-src 'unsafe-inline'",
  'frame-src https://sandbox.embed.apollographql.com',
  "connect-src 'self' https://*.apollographql.com",
  "img-src 'self' data: https://*.apollographql.com",
  "base-uri 'none'",
].join('; ')

/** What a person sees who opens the graph in a browser: a place to try it. For development only. */
export function sendLandingPage(response: ServerResponse): void {
  response.setHeader('content-security-policy', POLICY)
  sendText(response, 200, 'text/html; charset=utf-8', PAGE)
}

export const sandboxScript = {
  path: '/sandbox.js',
  handle: (_request: unknown, response: ServerResponse) =>
    sendText(response, 200, 'text/javascript; charset=utf-8', SCRIPT),
}
