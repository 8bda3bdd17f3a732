/** @apollo/gateway would report each start to its maker over the network. It reads nothing but this variable. */
export function keepApolloQuiet(): void {
  process.env['APOLLO_TELEMETRY_DISABLED'] = 'true'
}
