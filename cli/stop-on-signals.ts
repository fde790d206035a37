import type { StopSignal } from '../engine/stop-signal.ts';

/** Exit code for SIGINT in shells: 128 + 2. */
const KILLED = 130;

/** Signals that stop a run gracefully: Ctrl-C, a scheduler, a closed terminal (a lost ssh session), Ctrl-Backslash. */
export const STOPPING = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

const PARENT = process.ppid;
const LOOK_EVERY_MS = 250;

/**
 * Calls `left` once if npx was stopped. npx forwards the signal only to its shell, so a new parent process is all that
 * can be noticed here. Returns a function that stops the check.
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

/** What signals stop. */
interface Stoppable {
  /** The first signal. */
  readonly graceful: () => void;
  /** The second one. */
  readonly hard: () => void;
}

/**
 * The first signal is graceful, the second hard, the third exits. A closing terminal may send SIGHUP twice (kernel and
 * shell), so repeats are ignored, as is the end of npx after a signal. Returns a function that removes the handlers.
 */
export function onSignals({ graceful, hard }: Stoppable): () => void {
  let received = 0;
  let hungUp = false;
  const receive = (signal: NodeJS.Signals): void => {
    if (signal === 'SIGHUP' && hungUp) return;
    hungUp ||= signal === 'SIGHUP';
    received++;
    if (received === 1) graceful();
    else if (received === 2) hard();
    else process.exit(KILLED);
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

/** Signals stop a run: the first lets flows finish, the second stops at once, both with a summary. */
export function stopOnSignals(stop: StopSignal, log: (line: string) => void): () => void {
  return onSignals({
    graceful: () => {
      log('finishing flows … press Ctrl-C again to stop now');
      stop.graceful();
    },
    hard: () => {
      log('stopping now');
      stop.hard();
    },
  });
}
