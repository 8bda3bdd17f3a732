export {
  type AdmittingGraph,
  type Admission,
  type AdmissionOptions,
  createAdmission,
  type Opened,
} from './admission.ts'
export { assertWithinRate, type RateLimitOptions } from './rate-limits.ts'
