import { describe, expect, it } from 'vitest';
import type { ResultObject } from '../../cli/result.ts';
import { emptyFolder, fewUsers, pairstorm } from './command.ts';

/** PingOne serves some 5 requests a second, and 10 flows a second need several times as much. */
const OVERLOAD = ['pingoneWorkers=1', 'pingoneMs=200', 'pingoneTimeoutMs=300'];
const LOAD = ['RATE=10', 'RAMP=0s', 'DURATION=4s', 'TIME_SCALE=0.1', 'P95_MS=2000'];

async function overloaded(mode: 'bypass' | 'block', more: readonly string[] = []) {
  const options = [...OVERLOAD, `serviceUnavailable=${mode}`, ...more].flatMap((pair) => ['--simulator-option', pair]);
  const settings = LOAD.flatMap((pair) => ['-e', pair]);
  const args = ['run', 'load', '--json', '--quiet', '--allow-invalid', ...settings, ...options];
  const { stdout, stderr, code } = await pairstorm(emptyFolder(), args, { INVENTORY: fewUsers() });
  const result = JSON.parse(stdout) as ResultObject;
  const [, first = ''] = stderr.split('why:\n');
  return {
    ...result,
    code,
    stderr,
    firstCause: first.split('\n')[0]!,
    findings: result.findings.map(({ code: name }) => name),
  };
}

describe('A PingOne that is overloaded', () => {
  it('makes a test greener where the adapter lets users in, and the run red all the same: bypassed comes first', async () => {
    const { code, findings, firstCause, thresholds, stderr } = await overloaded('bypass');
    const failed = thresholds.filter(({ ok }) => !ok).map(({ metric }) => metric);
    // No request fails, and none is slow: all that thresholds on requests can see is a fast deployment.
    expect(failed, stderr).toEqual(['outcome_mismatch']);
    expect(thresholds.find(({ metric }) => metric === 'http_req_failed{peer:pf}')).toMatchObject({
      value: 0,
      ok: true,
    });
    expect([code, findings[0]]).toEqual([99, 'mfa_bypassed']);
    expect(firstCause).toMatch(/were let in without the second factor .*: web_login_no_devices/);
  });

  it('is the first cause where the adapter blocks: its time-outs', async () => {
    const { code, findings, firstCause, stderr } = await overloaded('block');
    expect(code, stderr).toBe(99);
    expect(findings).not.toContain('mfa_bypassed');
    expect(firstCause).toMatch(/ended as mfa_failed .*: MFA_FAILED: PINGONE_TIMEOUT/);
    expect(stderr).toContain('Service Unavailable Failure Mode: block');
  });

  it.skipIf(process.env['TEST_DEVICES'] === undefined)(
    'is named apart where it refuses by its rate limit',
    async () => {
      const { code, firstCause } = await overloaded('block', ['pingoneMs=1', 'pingoneRateLimit=2']);
      expect(code).toBe(99);
      expect(firstCause).toMatch(/MFA_FAILED: PINGONE_RATE_LIMITED/);
    },
  );
});
