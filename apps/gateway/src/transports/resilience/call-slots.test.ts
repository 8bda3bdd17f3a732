import { describe, expect, test } from '@jest/globals'
import { CallSlots, type SlotSeeker } from './call-slots.ts'

function seekers(count: number, onGranted: (index: number) => void): SlotSeeker[] {
  return Array.from({ length: count }, (_, index) => ({ slotGranted: () => onGranted(index) }))
}

describe('the slots of a subgraph', () => {
  test('are given at once while there are some, then by order of arrival, and to no more than may wait', () => {
    const granted: number[] = []
    const slots = new CallSlots({ inFlight: 2, queued: 2 })
    const found = seekers(5, (index) => granted.push(index)).map((seeker) => slots.seek(seeker))
    expect(found).toEqual(['granted', 'granted', 'queued', 'queued', 'full'])
    expect([slots.inFlight, slots.queued]).toEqual([2, 2])
    slots.release()
    slots.release()
    expect(granted).toEqual([2, 3])
    expect([slots.inFlight, slots.queued]).toEqual([2, 0])
  })

  test('are not given to who has left the queue, whose place is free again', () => {
    const granted: number[] = []
    const slots = new CallSlots({ inFlight: 1, queued: 1 })
    const [first, leaves, stays] = seekers(3, (index) => granted.push(index)) as [
      SlotSeeker,
      SlotSeeker,
      SlotSeeker,
    ]
    slots.seek(first)
    slots.seek(leaves)
    slots.leave(leaves)
    expect(slots.seek(stays)).toBe('queued')
    slots.release()
    expect(granted).toEqual([2])
  })

  test('are not taken by who comes while they are being given to others', () => {
    const granted: string[] = []
    const slots = new CallSlots({ inFlight: 1, queued: 5 })
    const late = { slotGranted: () => granted.push('late') }
    const hasty = {
      slotGranted() {
        granted.push('hasty')
        slots.release()
        slots.seek(late)
      },
    }
    slots.seek({ slotGranted: () => undefined })
    slots.seek(hasty)
    slots.seek({ slotGranted: () => granted.push('patient') })
    slots.release()
    slots.release()
    expect(granted).toEqual(['hasty', 'patient', 'late'])
  })

  test('pass through thousands that release theirs at once', () => {
    const waiting = 20_000
    let passed = 0
    const slots = new CallSlots({ inFlight: 1, queued: waiting })
    const all = seekers(waiting + 1, () => {
      passed++
      slots.release()
    })
    for (const seeker of all) slots.seek(seeker)
    slots.release()
    expect(passed).toBe(waiting)
    expect([slots.inFlight, slots.queued]).toEqual([0, 0])
  })
})
