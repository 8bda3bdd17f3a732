export interface ProcessLock {
  /** Makes the lock hold until this process has ended too. */
  shareWith(pid: number): void
}

export function withProcessLock<T>(
  file: string,
  activity: string,
  work: (lock: ProcessLock) => Promise<T>,
): Promise<T>
