// Sends load with autocannon whenever the parent asks for it, in a process that stays warm between the rounds.
import autocannon from 'autocannon'
import { percentile } from '../src/percentile.ts'

process.on('message', async ({ id, ...order }) => {
  try {
    process.send({ id, result: await send(order) })
  } catch (error) {
    process.send({ id, error: error.message })
  }
})

async function send({ url, requests, connections, seconds }) {
  const latencies = []
  let complaint = null
  const instance = autocannon({
    url,
    connections,
    duration: seconds,
    sampleInt: 100,
    verifyBody(body) {
      const isGood = !body.includes('"errors"')
      if (!isGood) complaint ??= body.slice(0, 300)
      return isGood
    },
    setupClient: (client) => client.setRequests(inAnyOrder(requests)),
  })
  instance.on('reqError', (error) => (complaint ??= error.message))
  // Its own histogram counts whole milliseconds, which is too coarse here.
  instance.on('response', (_client, _status, _bytes, milliseconds) => latencies.push(milliseconds))
  const result = await instance
  const latency = (percent) => (latencies.length === 0 ? 0 : percentile(latencies, percent))
  return {
    answered: result['2xx'],
    failed: result.non2xx + result.errors + result.mismatches,
    complaint,
    seconds: result.duration,
    p50Ms: latency(50),
    p99Ms: latency(99),
  }
}

/** Connections that all asked in the same order would fall into step, and ask the same at the same time. */
function inAnyOrder(requests) {
  const order = requests.map((request) => ({ method: 'POST', path: '/graphql', ...request }))
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1))
    ;[order[last], order[other]] = [order[other], order[last]]
  }
  return order
}
