import { emailAddress, text } from '@courtside/validation'
import * as z from 'zod'
import { usernameFault } from './username.policy.ts'

/** A user name somebody asks for; whether it is free, only the database knows. */
export const usernameField = () =>
  z
    .string()
    .transform((value) => value.trim())
    .superRefine((value, context) => {
      const fault = usernameFault(value)
      if (fault !== null) context.addIssue({ code: 'custom', message: fault })
    })

/** An address somebody can be reached at; `.invalid` is what we give to those who have none. */
export const accountEmail = () =>
  emailAddress().refine((value) => !value.endsWith('.invalid'), 'must be an address that can be reached')

export const displayNameField = () => text(1, 100)
