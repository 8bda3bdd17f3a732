// Imported before each measured program: however the measurement ends, nothing of it stays behind.
process.on('disconnect', () => process.exit(1))
