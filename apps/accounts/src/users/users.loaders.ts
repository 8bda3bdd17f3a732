import { isUuid } from '@courtside/kernel'
import { type Batch, createBatch } from '@courtside/subgraph'
import type { ProfileRepository } from './profile.repository.ts'
import type { UserProfile } from './user.ts'

export interface UserLoaders {
  /** The public profile of whoever is referred to, whether still here or not; null when the id is nobody's. */
  profile: Batch<string, UserProfile | null>
}

export function createUserLoaders(profiles: ProfileRepository): UserLoaders {
  return {
    profile: createBatch(
      // What comes from another subgraph may be no id at all.
      (ids) => profiles.byIds(ids.filter(isUuid)),
      () => null,
    ),
  }
}

/** Somebody a row of ours refers to: a foreign key vouches that the person exists. */
export async function profileOf(loaders: UserLoaders, id: string): Promise<UserProfile> {
  const profile = await loaders.profile.load(id)
  if (!profile) throw new Error(`User ${id} is referred to but does not exist`)
  return profile
}
