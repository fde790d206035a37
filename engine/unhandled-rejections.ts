import type { TestRun } from './test-run.ts';

/**
 * Logs unhandled rejections of scripts instead of ending the process. Rejections elsewhere keep Node's behaviour.
 * Returns a function that stops it.
 */
export function watchRejections(run: TestRun): () => void {
  const onRejection = (reason: unknown, promise: Promise<unknown>): void => {
    if (promise instanceof run.realm.Promise) run.logIterationError(reason, 'Uncaught (in promise) ');
    else if (process.listenerCount('unhandledRejection') === 1) throw reason;
  };
  process.on('unhandledRejection', onRejection);
  return () => process.off('unhandledRejection', onRejection);
}
