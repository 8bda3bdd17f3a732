/** Tells `run.ts` how many tests passed, failed and were skipped. Silent when jest was started by hand. */
export default class TotalsReporter {
  onRunComplete(_contexts, results) {
    process.send?.({
      passed: results.numPassedTests,
      // A file that cannot even be loaded has no tests to count, and must not look like success.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    })
  }
}
