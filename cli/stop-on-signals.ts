import type { StopSignal } from '../engine/run.ts';

/** What a shell reports for a process that Ctrl-C ended: 128 + SIGINT. */
const KILLED = 130;

/** What stops a run in order: Ctrl-C, a scheduler, a terminal that is closed (a lost ssh), Ctrl-Backslash. */
export const STOPPING = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

const PARENT = process.ppid;
const LOOK_EVERY_MS = 250;

/**
 * Calls `left` once if npx was stopped: it ends at once and passes the signal on to its shell alone, whose death is all that this
 * process hears of it. Returns how to stop looking.
 */
export function onceLeftByNpx(left: () => void): () => void {
  if (process.env['npm_command'] !== 'exec') return () => undefined;
  const timer = setInterval(() => {
    if (process.ppid === PARENT) return;
    clearInterval(timer);
    left();
  }, LOOK_EVERY_MS).unref();
  return () => clearInterval(timer);
}

/**
 * The first signal lets flows finish, the second stops at once, both with a summary; the third ends the process. Of a terminal that is
 * closed several may come (the kernel's and the shell's): a second SIGHUP says nothing new, nor does
 * npx's end behind a signal. Returns how to stop listening.
 */
export function stopOnSignals(stop: StopSignal, log: (line: string) => void): () => void {
  let received = 0;
  let hungUp = false;
  const receive = (signal: NodeJS.Signals): void => {
    if (signal === 'SIGHUP' && hungUp) return;
    hungUp ||= signal === 'SIGHUP';
    received++;
    if (received === 1) {
      log('finishing flows … press Ctrl-C again to stop now');
      stop.graceful();
    } else if (received === 2) {
      log('stopping now');
      stop.hard();
    } else process.exit(KILLED);
  };
  for (const signal of STOPPING) process.on(signal, receive);
  const unlook = onceLeftByNpx(() => {
    if (received === 0) receive('SIGTERM');
  });
  return () => {
    unlook();
    for (const signal of STOPPING) process.off(signal, receive);
  };
}
