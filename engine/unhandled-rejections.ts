import type { TestRun } from './test-run.ts';

/**
 * Rejections that nobody in a script handles are reported, and do not end the process. Those of other code keep Node's
 * behaviour. Returns what undoes it.
 */
export function watchRejections(run: TestRun): () => void {
  const onRejection = (reason: unknown, promise: Promise<unknown>): void => {
    if (promise instanceof run.realm.Promise) run.logIterationError(reason, 'Uncaught (in promise) ');
    else if (process.listenerCount('unhandledRejection') === 1) throw reason;
  };
  process.on('unhandledRejection', onRejection);
  return () => process.off('unhandledRejection', onRejection);
}
