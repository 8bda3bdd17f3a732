import { createLeague } from '../league.ts'
import { signUpAdmin } from '../people.ts'
import {
  type DatabaseServers,
  startDatabaseServers,
  startTopology,
  type Topology,
} from '../topology/index.ts'
import { createUnreliableBus, type UnreliableBus } from './bus-faults/index.ts'
import { type Crowd, gatherCrowd, type TransportName, TRANSPORTS } from './readers/index.ts'
import { createSeededRandom } from './seeded-random.ts'
import {
  createGameCreator,
  createGames,
  createMutationSender,
  createWriteRecord,
  type Game,
  type WriteRecord,
  writeToGame,
} from './writers/index.ts'

export interface StageOptions {
  seed: number
  readers: number
  games: number
}

/** The platform under load: writers at work, readers in crowds. */
export interface Stage {
  topology: Topology
  servers: DatabaseServers
  bus: UnreliableBus
  crowds: readonly Crowd[]
  games: readonly Game[]
  record: WriteRecord
  now(): number
  /** For a moment the game that most watch is written to without a pause. */
  burst(): Promise<void>
  stopCreating(): Promise<void>
  /** Fulfils when every write that had begun has been answered. */
  stopWriting(): Promise<void>
  stop(): Promise<void>
}

const WRITER = 'olga'
const FOLLOW = 'mutation ($input: FollowInput!) { follow(input: $input) { followedAt } }'
const CROWDS = 2
/** Of the readers, those who watch the one game that everybody talks about. */
const AT_THE_HOT_GAME = 0.6
const BURST_MS = 2_000

export async function setStage({ seed, readers, games: gameCount }: StageOptions): Promise<Stage> {
  await using starting = new AsyncDisposableStack()
  const random = createSeededRandom(seed)
  const servers = await startDatabaseServers(['accounts', 'stats'])
  const bus = createUnreliableBus(random)
  const topology = starting.adopt(
    await startTopology({ databases: servers, rewriteRedis: () => bus.rewrite() }),
    (started) => started.stop(),
  )
  const now = () => performance.now()
  const record = createWriteRecord(now)
  const writer = await signUpAdmin(topology, WRITER)
  const league = await createLeague(writer.client)
  await writer.client.ok(FOLLOW, { input: { teamId: league.homeTeamId } })
  const send = createMutationSender({ url: topology.url, writer, login: WRITER })
  const creator = createGameCreator(league, { send, record })
  const games: Game[] = []
  for (let index = 0; index < gameCount; index++) {
    const game = await creator.create(`opening-${index}`)
    if (!game) throw new Error('A game could not be created before anything went wrong')
    games.push(game)
  }

  const crowds: Crowd[] = []
  starting.defer(() => crowds.forEach((crowd) => crowd.kill()))
  const members = planMembers(games, readers)
  for (let index = 0; index < CROWDS; index++) {
    const own = members.filter((_, place) => place % CROWDS === index)
    const crowd = await gatherCrowd({ url: topology.url, seed: seed + index, members: own }).catch(
      (error) => {
        throw new Error(`Nobody could watch before anything went wrong. What was said:\n${topology.logs()}`, {
          cause: error,
        })
      },
    )
    crowds.push(crowd)
  }

  const [writing, creating] = [new AbortController(), new AbortController()]
  let isBurst = false
  const pause = () => 100 + random.below(200)
  const tools = { send, record }
  const writers = Promise.all(
    games.map((game, index) =>
      writeToGame(game, `game-${index}`, {
        ...tools,
        stopped: writing.signal,
        pause: () => (isBurst && index === 0 ? 0 : pause()),
      }),
    ),
  )
  const creators = createGames(creator, 'created', {
    ...tools,
    stopped: creating.signal,
    pause: () => 4 * pause(),
  })
  const stopCreating = () => {
    creating.abort()
    return creators
  }

  const started = starting.move()
  return {
    topology,
    servers,
    bus,
    crowds,
    games,
    record,
    now,
    async burst() {
      isBurst = true
      await new Promise((resolve) => setTimeout(resolve, BURST_MS))
      isBurst = false
    },
    stopCreating,
    async stopWriting() {
      writing.abort()
      await Promise.all([writers, stopCreating()])
    },
    stop: () => started.disposeAsync(),
  }
}

function planMembers(games: readonly Game[], readers: number) {
  const transports = Object.keys(TRANSPORTS) as TransportName[]
  return Array.from({ length: readers }, (_, index) => {
    const transport = transports[index % transports.length] ?? 'webSocket'
    const isHot = index < readers * AT_THE_HOT_GAME
    return {
      name: `reader-${index} by ${transport}`,
      gameId: (isHot ? games[0] : games[index % games.length])?.id ?? '',
      transport,
      address: `10.0.${Math.floor(index / 250)}.${(index % 250) + 1}`,
    }
  })
}
