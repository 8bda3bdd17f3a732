export interface Venue {
  id: string
  name: string
  city: string
  country: string
  capacity: number | null
  timeZone: string
  createdAt: Date
  updatedAt: Date
}
