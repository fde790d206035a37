import type { StopSignal } from '../engine/run.ts';

/** What a shell reports for a process that Ctrl-C ended: 128 + SIGINT. */
const KILLED = 130;

/** What stops a run in order: Ctrl-C, a scheduler, a terminal that is closed (a lost ssh), Ctrl-Backslash. */
export const STOPPING = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/**
 * The first signal lets flows finish, the second stops at once, both with a summary; the third ends the process. Of a terminal that is
 * closed several may come (the kernel's and the shell's): a second SIGHUP says nothing new. Returns how to stop listening.
 */
export function stopOnSignals(stop: StopSignal, say: (line: string) => void): () => void {
  let received = 0;
  let hungUp = false;
  const receive = (signal: NodeJS.Signals): void => {
    if (signal === 'SIGHUP' && hungUp) return;
    hungUp ||= signal === 'SIGHUP';
    received++;
    if (received === 1) {
      say('finishing flows … press Ctrl-C again to stop now');
      stop.graceful();
    } else if (received === 2) {
      say('stopping now');
      stop.hard();
    } else process.exit(KILLED);
  };
  for (const signal of STOPPING) process.on(signal, receive);
  return () => {
    for (const signal of STOPPING) process.off(signal, receive);
  };
}
