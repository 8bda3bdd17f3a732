// Loaded by jest and by each of its workers: none of them outlives whoever started it, even one killed outright.
if (process.channel) {
  const isWorker = process.env.JEST_WORKER_ID !== undefined
  process.on('disconnect', () => {
    if (isWorker) process.kill(process.pid, 'SIGKILL')
    // `run.ts` starts jest as the leader of a process group: pid 0 names that group, with whatever its tests have started.
    else process.kill(0, 'SIGTERM')
  })
  // The listener alone would keep a jest that has finished alive. Workers have jest's own listener, and need it.
  if (!isWorker) process.channel.unref()
}
