export { measureResume } from './measure-resume.ts'
export { readResumeOptions, type ResumeOptions } from './options.ts'
