import type { NumberedInterval } from '../../contract/series-counts.ts';
import type { Progress, StopSignal } from '../../engine/run.ts';
import type { Terminal } from '../terminal.ts';
import { liveFrame } from './live-frame.ts';
import { liveLine } from './live-line.ts';
import { liveNumbers } from './live-numbers.ts';
import type { LoadPlan } from './planned-rate.ts';
import { recentWindow } from './recent-window.ts';

/** Shows a run in progress: redrawn in place on a terminal, line by line elsewhere. */
interface LiveView {
  /** Call before the first progress. */
  readonly plan: (plan: LoadPlan) => void;
  /** Call with each recorded interval. */
  readonly record: (interval: NumberedInterval) => void;
  readonly show: (progress: Progress) => void;
}

/** Window of the live numbers, in milliseconds: at a few flows per second, a shorter one shows noise. */
const WINDOW_MS = 10_000;

/** `intervalMs`: length of the intervals passed to `record`. */
export function liveView(
  terminal: Terminal,
  known: { readonly countsFlows: boolean; readonly stop: StopSignal },
  intervalMs = 1_000,
): LiveView {
  const window = recentWindow(intervalMs, Math.ceil(WINDOW_MS / intervalMs));
  let numbersOf: ReturnType<typeof liveNumbers> | undefined;
  return {
    plan(plan) {
      const isStopped = (): boolean => known.stop.level !== 'none';
      numbersOf = liveNumbers(plan, { ...known, isStopped });
    },
    record: window.add,
    show(progress) {
      // Nothing to show before the first iteration.
      if (progress.iterations.started === 0 || numbersOf === undefined) return;
      const numbers = numbersOf(progress, window.totals());
      if (!terminal.live) terminal.line(liveLine(numbers));
      else {
        const { columns, rows } = terminal.room();
        terminal.block(liveFrame(numbers, columns, rows));
      }
    },
  };
}
