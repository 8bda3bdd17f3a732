// The floor: node:http that reads the body of a request and gives the same answer to each.
// Usage: node raw-http.ts '{"port", "answer"}'
import { createServer } from 'node:http'

const { port, answer } = JSON.parse(process.argv[2] ?? '') as { port: number; answer: string }
const bytes = Buffer.from(answer)
const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': bytes.length }

createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    if (Buffer.concat(chunks).length === 0) response.writeHead(400).end()
    else response.writeHead(200, headers).end(bytes)
  })
}).listen(port, '127.0.0.1')
