import { clearTimeout, setTimeout } from 'k6/timers';
import { sample } from './metrics.ts';

/** A wait that can be ended early. */
export interface Wait {
  /** True when the time is over, false when the wait was cancelled. */
  readonly over: Promise<boolean>;
  cancel(): void;
}

/** Waits of people and clients: all that TIME_SCALE scales. */
export interface HumanTime {
  /** Waits `ms` of think time. */
  wait(ms: number): Wait;
}

/**
 * Think time at a scale. Each wait that was not cancelled adds a sample of `step_lateness`: timer fired − timer due, in
 * the 1 ms steps of the hosts' clock.
 */
export function humanTime(scale: number): HumanTime {
  return {
    wait(ms) {
      const delay = Math.round(ms * scale);
      if (delay === 0) return { over: Promise.resolve(true), cancel: () => undefined };
      const due = Date.now() + delay;
      let cancel = (): void => undefined;
      const over = new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => {
          cancel = () => undefined;
          sample('step_lateness', Math.max(0, Date.now() - due), {});
          resolve(true);
        }, delay);
        cancel = () => {
          clearTimeout(timer);
          resolve(false);
        };
      });
      return { over, cancel: () => cancel() };
    },
  };
}
