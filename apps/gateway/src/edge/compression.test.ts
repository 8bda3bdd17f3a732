import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { chooseEncoding, compress } from './compression.ts'

describe('the encoding of an answer', () => {
  test.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['GZIP', 'gzip'],
    ['br;q=0.5, gzip', 'gzip'],
    ['br;q=0, gzip;q=0', null],
    ['gzip;q=0, *', 'br'],
    ['*', 'br'],
    ['*;q=0', null],
    ['identity', null],
    ['identity, gzip;q=0.5', null],
    ['identity;q=0.5, gzip', 'gzip'],
    ['gzip;q=nonsense', null],
    ['zstd', null],
    ['', null],
    [`${'x,'.repeat(10_000)}br`, null],
  ])('for %j is %j', (header, expected) => {
    expect(chooseEncoding(header)).toBe(expected)
  })

  const long = JSON.stringify({ data: { names: Array.from({ length: 300 }, () => 'Nørth Ridge') } })

  test('holds the same bytes, and fewer', async () => {
    const br = await compress(long, 'br')
    const gzip = await compress(long, 'gzip')
    expect(br && brotliDecompressSync(br.bytes).toString()).toBe(long)
    expect(gzip && gunzipSync(gzip.bytes).toString()).toBe(long)
    expect(br?.bytes.length).toBeLessThan(long.length / 10)
  })

  test('is none for what fits into one packet, and for a client that asks for none', async () => {
    expect(await compress(long.slice(0, 1_399), 'br')).toBeNull()
    expect(await compress(long.slice(0, 1_400), 'br')).not.toBeNull()
    expect(await compress(long, 'identity')).toBeNull()
  })
})
