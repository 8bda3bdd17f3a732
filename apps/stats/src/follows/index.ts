export { FOLLOWED_TEAMS_RETENTION, followedTeamsStreams } from './followed-teams.ts'
export {
  createFollowsFeed,
  FOLLOWS_FEED,
  type FollowsFeed,
  type FollowsFeedDependencies,
} from './follows.feed.ts'
export { teamFollowers } from './team-followers.repository.ts'
