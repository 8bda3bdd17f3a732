export { FOLLOWED_TEAMS_RETENTION, followedTeamsStreams } from './followed-teams.ts'
export { createFollowsFeed } from './follows.feed.ts'
export { teamFollowers } from './team-followers.repository.ts'
