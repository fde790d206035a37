import type { NumberedInterval } from '../../contract/series-counts.ts';
import type { Progress, StopSignal } from '../../engine/run.ts';
import type { Terminal } from '../terminal.ts';
import { liveFrame } from './live-frame.ts';
import { liveLine } from './live-line.ts';
import { liveNumbers } from './live-numbers.ts';
import type { LoadPlan } from './planned-rate.ts';
import { recentWindow } from './recent-window.ts';

/** Shows a run while it goes on: on a terminal as a block that is redrawn in place, elsewhere line by line. */
interface LiveView {
  /** To be told what is planned, before the first progress. */
  readonly plan: (plan: LoadPlan) => void;
  /** To be told what each second recorded. */
  readonly record: (interval: NumberedInterval) => void;
  readonly show: (progress: Progress) => void;
}

/** How far back live numbers look, in milliseconds: at a few flows per second a shorter time shows noise. */
const WINDOW_MS = 10_000;

/** The view of one run on a terminal; `intervalMs`: the length of the intervals that it is told of. */
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
      // Nothing to tell before the first iteration, nor if there never is one.
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
