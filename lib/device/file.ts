import { test } from 'k6/execution';
import { NO_DEVICE } from './device.ts';
import type { Device } from './device.ts';

/** Payloads captured elsewhere, kept once per process. */
export interface Payloads {
  readonly lines: ArrayLike<string>;
  readonly use: 'once' | 'cycle';
}

/**
 * Payloads out of a file: flow n gets payload n, so that no two flows share one, over virtual users, workers and machines.
 * The rest of a phone cannot be had from a file.
 */
export function fileDevice({ lines, use }: Payloads): Device {
  return {
    ...NO_DEVICE,
    payload: ({ turn }) => {
      if (turn < lines.length || use === 'cycle')
        return Promise.resolve({ ok: true, value: lines[turn % lines.length]! });
      test.abort(
        `PAYLOADS is exhausted: it has ${lines.length} payloads, each used once;  capture more, or set PAYLOADS_USE=cycle`,
      );
      return Promise.resolve({ ok: false, error: 'PAYLOADS_USED_UP' });
    },
  };
}
