import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeInventory } from '../../../population/inventory.ts';
import { play } from './stage.ts';

/** Two users who need no waiting: the first variants of F10 and F1. */
const { users, ...head } = makeInventory({ users: 50, seed: 21, version: 'test' });
const quick = { ...head, users: ['F1', 'F10'].map((kind) => users.find((user) => user.kind === kind)!) };

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pairstorm-settings-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Outcomes that occurred, of whatever kind. */
const outcomesOf = ({ table }: Awaited<ReturnType<typeof play>>) => [
  ...new Set(Object.values(table.outcomes).flatMap((row) => Object.keys(row))),
];

describe('each setting has its effect', () => {
  test('PF_STATUS_CLAIM names the claim that a deployment maps the attribute to', async () => {
    const deployment = { statusAttribute: 'mfa_result' };
    expect(outcomesOf(await play(quick, {}, deployment))).toEqual(['unverified']);
    expect(outcomesOf(await play(quick, { PF_STATUS_CLAIM: 'mfa_result' }, deployment))).toEqual([
      'device_paired',
      'authenticated',
    ]);
  });

  test('ALLOW_UNVERIFIED takes away the threshold that fails tokens without the attribute', async () => {
    const judged = async (env: Record<string, string>) => {
      const { result } = await play(quick, env, { statusAttribute: 'none' });
      return result.thresholds.some(({ metric }) => metric === 'flow_outcomes{outcome:unverified}');
    };
    expect(await judged({})).toBe(true);
    expect(await judged({ ALLOW_UNVERIFIED: 'true' })).toBe(false);
  });

  test('PF_CLIENT_SECRET_FILE holds the secret, without its line end', async () => {
    const file = join(folder, 'secret');
    writeFileSync(file, 'pairstorm-secret\n');
    expect(outcomesOf(await play(quick, { PF_CLIENT_SECRET_FILE: file }))).toEqual(['device_paired', 'authenticated']);
    writeFileSync(file, 'another-secret\n');
    const { result, counts } = await play(quick, { PF_CLIENT_SECRET_FILE: file });
    expect(result.exit).toBe('invalid_configuration');
    expect(result.reason).toContain('the token endpoint refuses the client pairstorm: invalid_client; correct');
    expect(result.reason).toContain('correct PF_CLIENT_SECRET (or its file)');
    expect(result.reason).not.toContain('another-secret');
    expect(counts.starts).toBe(0);
  });

  test('PF_CLIENT_ID and PF_SCOPE go into the authorization request', async () => {
    const { result, counts } = await play(quick, { PF_CLIENT_ID: 'nobody' });
    expect(result.exit).toBe('invalid_configuration');
    expect(result.reason).toMatch(
      /refuses the client nobody: invalid_client; correct PF_CLIENT_ID, or create that client/,
    );
    expect(counts.starts).toBe(0);
    expect(outcomesOf(await play(quick, { PF_SCOPE: 'openid profile' }))).toEqual(['device_paired', 'authenticated']);
  });

  test('PHONE_URL names the phone API; a run without one is refused before any flow', async () => {
    const { result, counts } = await play(quick, { PHONE_URL: 'http://127.0.0.1:1' });
    expect(result.exit).toBe('invalid_configuration');
    expect(result.reason).toContain('no phone API answers at http://127.0.0.1:1');
    expect(counts.starts).toBe(0);
  });

  test('a wrong password is rejected by the API, flow by flow, and appears nowhere', async () => {
    const wrong = { ...quick, users: quick.users.map((user) => ({ ...user, password: 'not-the-password' })) };
    const played = await play(wrong, {}, {}, quick);
    expect(outcomesOf(played)).toEqual(['rejected']);
    expect(played.failures[0]).toContain('CREDENTIAL_VALIDATION_FAILED');
    expect(played.failures.join()).not.toContain('not-the-password');
  });
});
