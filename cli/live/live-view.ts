import type { NumberedInterval } from '../../contract/series-counts.ts';
import type { StopSignal } from '../../engine/stop-signal.ts';
import type { Progress } from '../../engine/live-counts.ts';
import type { Terminal } from '../terminal.ts';
import { liveFrame } from './live-frame.ts';
import { liveLine } from './live-line.ts';
import { liveNumbers } from './live-numbers.ts';
import type { LiveNumbers } from './live-numbers.ts';
import type { LoadPlan } from './planned-rate.ts';
import { recentWindow } from './recent-window.ts';

/** Shows a run in progress: redrawn in place on a terminal, line by line elsewhere. */
interface LiveView {
  /** How often `show` has something to do, in milliseconds. */
  readonly everyMs: number;
  /** Call before the first interval and progress. `intervalMs`: length of the intervals passed to `record`. */
  readonly plan: (plan: LoadPlan, intervalMs: number) => void;
  /** Call with each recorded interval. */
  readonly record: (interval: NumberedInterval) => void;
  /** The numbers of now; undefined before the first iteration. */
  readonly numbers: (progress: Progress) => LiveNumbers | undefined;
  readonly show: (numbers: LiveNumbers) => void;
}

/** How often the status is said, in milliseconds: redrawn on a terminal, a line of its own elsewhere. */
const LIVE_EVERY_MS = 250;
const PLAIN_EVERY_MS = 5_000;
/** Calls come a little early or late. */
const SLACK_MS = 100;

/** Window of the live numbers, in milliseconds: at a few flows per second, a shorter one shows noise. */
const WINDOW_MS = 10_000;

export function liveView(
  terminal: Terminal,
  known: { readonly countsFlows: boolean; readonly stop: StopSignal },
): LiveView {
  let window: ReturnType<typeof recentWindow> | undefined;
  let numbersOf: ReturnType<typeof liveNumbers> | undefined;
  let next = 0;
  return {
    everyMs: terminal.live ? LIVE_EVERY_MS : PLAIN_EVERY_MS,
    plan(plan, intervalMs) {
      window = recentWindow(intervalMs, Math.ceil(WINDOW_MS / intervalMs));
      const isStopped = (): boolean => known.stop.level !== 'none';
      numbersOf = liveNumbers(plan, { ...known, isStopped });
    },
    record: (interval) => window?.add(interval),
    numbers: (progress) =>
      progress.iterations.started === 0 || window === undefined ? undefined : numbersOf?.(progress, window.totals()),
    show(numbers) {
      if (terminal.live) {
        const { columns, rows } = terminal.room();
        terminal.block(liveFrame(numbers, columns, rows));
      } else if (numbers.elapsedMs >= next) {
        next = numbers.elapsedMs + PLAIN_EVERY_MS - SLACK_MS;
        terminal.line(liveLine(numbers));
      }
    },
  };
}
