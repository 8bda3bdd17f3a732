export interface Conference {
  id: string
  sportId: string
  name: string
  abbreviation: string
  createdAt: Date
  updatedAt: Date
}
