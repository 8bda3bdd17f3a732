export { measureResume } from './measure-resume.ts'
