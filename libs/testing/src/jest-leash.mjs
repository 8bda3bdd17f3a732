// Loaded by jest and by each of its workers: none of them outlives whoever started it, even one killed outright.
if (process.connected) {
  // Polled, because a listener of `disconnect` would itself keep a process alive that has finished.
  setInterval(() => {
    if (process.connected) return
    if (process.env.JEST_WORKER_ID !== undefined) process.kill(process.pid, 'SIGKILL')
    // `run.ts` starts jest as the leader of a process group: pid 0 names that group, with all its tests have started.
    else process.kill(0, 'SIGKILL')
  }, 250).unref()
}
