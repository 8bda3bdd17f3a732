import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { peerVersions } from './installed-peers.ts'

const root = path.resolve(import.meta.dirname, '../../..')

test('plain Apollo is the Apollo that ours is built on', () => {
  const { dependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  const { '@apollo/gateway': gateway, '@apollo/server': server, graphql } = dependencies
  expect(peerVersions()).toMatchObject({ '@apollo/gateway': gateway, '@apollo/server': server, graphql })
})

test('what is compared is pinned', () => {
  for (const version of Object.values(peerVersions())) expect(version).toMatch(/^\d+\.\d+\.\d+$/)
})
