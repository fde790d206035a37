import { expect, test } from 'vitest';
import { readSettings } from '../../lib/settings.ts';
import { loadThresholds, smokeThresholds } from '../../lib/thresholds.ts';

test('load allows a share of errors, and the same share of flows that an error ended; smoke allows none', () => {
  const shares = ['outcome_mismatch', 'poll_error_rate', 'http_req_failed{peer:pf}'];
  const load = loadThresholds(readSettings({}, 'load'));
  for (const metric of shares) expect(load[metric], metric).toEqual(['rate<=0.01']);
  const strict = loadThresholds(readSettings({ MAX_ERROR_RATE: '0' }, 'load'));
  for (const metric of shares) expect(strict[metric], metric).toEqual(['rate<=0']);
  expect(smokeThresholds(readSettings({}, 'smoke'), [])['outcome_mismatch']).toEqual(['rate==0']);
});
