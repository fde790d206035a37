import type { NumberedInterval } from '../../contract/series-counts.ts';
import type { StopSignal } from '../../engine/stop-signal.ts';
import type { Progress } from '../../engine/live-counts.ts';
import type { Terminal } from '../terminal.ts';
import { liveFrame } from './live-frame.ts';
import { liveLine } from './live-line.ts';
import { liveNumbers } from './live-numbers.ts';
import type { LoadPlan } from './planned-rate.ts';
import { recentWindow } from './recent-window.ts';

/** Shows a run in progress: redrawn in place on a terminal, line by line elsewhere. */
interface LiveView {
  /** Call before the first interval and progress. `intervalMs`: length of the intervals passed to `record`. */
  readonly plan: (plan: LoadPlan, intervalMs: number) => void;
  /** Call with each recorded interval. */
  readonly record: (interval: NumberedInterval) => void;
  readonly show: (progress: Progress) => void;
}

/** Window of the live numbers, in milliseconds: at a few flows per second, a shorter one shows noise. */
const WINDOW_MS = 10_000;

export function liveView(
  terminal: Terminal,
  known: { readonly countsFlows: boolean; readonly stop: StopSignal },
): LiveView {
  let window: ReturnType<typeof recentWindow> | undefined;
  let numbersOf: ReturnType<typeof liveNumbers> | undefined;
  return {
    plan(plan, intervalMs) {
      window = recentWindow(intervalMs, Math.ceil(WINDOW_MS / intervalMs));
      const isStopped = (): boolean => known.stop.level !== 'none';
      numbersOf = liveNumbers(plan, { ...known, isStopped });
    },
    record: (interval) => window?.add(interval),
    show(progress) {
      // Nothing to show before the first iteration.
      if (progress.iterations.started === 0 || numbersOf === undefined || window === undefined) return;
      const numbers = numbersOf(progress, window.totals());
      if (!terminal.live) terminal.line(liveLine(numbers));
      else {
        const { columns, rows } = terminal.room();
        terminal.block(liveFrame(numbers, columns, rows));
      }
    },
  };
}
