import type { StopSignal } from '../engine/run.ts';

/** What a shell reports for a process that Ctrl-C ended: 128 + SIGINT. */
const KILLED = 130;

/**
 * Ctrl-C (SIGINT) and SIGTERM: the first lets flows finish, the second stops at once, both with a summary; the third
 * ends the process. Returns how to stop listening.
 */
export function stopOnSignals(stop: StopSignal, say: (line: string) => void): () => void {
  let received = 0;
  const receive = (): void => {
    received++;
    if (received === 1) {
      say('finishing flows … Ctrl-C again stops now');
      stop.graceful();
    } else if (received === 2) {
      say('stopping now');
      stop.hard();
    } else process.exit(KILLED);
  };
  process.on('SIGINT', receive);
  process.on('SIGTERM', receive);
  return () => {
    process.off('SIGINT', receive);
    process.off('SIGTERM', receive);
  };
}
