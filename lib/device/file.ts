import { test } from 'k6/execution';
import { NO_DEVICE } from './device.ts';
import type { Device } from './device.ts';

/** Captured payloads, kept once per process. */
interface Payloads {
  readonly lines: ArrayLike<string>;
  readonly use: 'once' | 'cycle';
}

/**
 * Payloads from a file: flow n gets payload n, so no two flows share one, across virtual users, workers and machines.
 * A file cannot provide the other capabilities of a phone.
 */
export function fileDevice({ lines, use }: Payloads): Device {
  return {
    ...NO_DEVICE,
    payload: ({ turn }) => {
      if (turn < lines.length || use === 'cycle')
        return Promise.resolve({ ok: true, value: lines[turn % lines.length]! });
      test.abort(
        `PAYLOADS is exhausted: it has ${lines.length} payloads, each used once; capture more, or set PAYLOADS_USE=cycle`,
      );
      return Promise.resolve({ ok: false, error: 'PAYLOADS_USED_UP' });
    },
  };
}
