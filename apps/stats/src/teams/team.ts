export interface Team {
  id: string
  sportId: string
  name: string
  abbreviation: string
  slug: string
  city: string
  logoUrl: string | null
  primaryColor: string | null
  secondaryColor: string | null
  isActive: boolean
  createdAt: Date
  updatedAt: Date
}
