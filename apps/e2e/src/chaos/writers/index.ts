export { createGameCreator, createGames } from './game-creator.ts'
export { type Game, type WriterTools, writeToGame } from './game-writer.ts'
export { createMutationSender } from './send-mutation.ts'
export { createWriteRecord, type WriteRecord } from './write-record.ts'
