import { describe, expect, it } from 'vitest';
import type { ResultObject } from '../../cli/result.ts';
import { people } from '../lib/deployment/stage.ts';
import { emptyFolder, pairstorm } from './command.ts';
import { misbehavingDeployment } from './misbehaving-deployment.ts';
import type { Misbehaviour } from './misbehaving-deployment.ts';

const users = people('F7', 'F10').users.length;

/** Endings of a flow whose answers were not those of a deployment. */
const BROKEN = ['protocol_error', 'http_error', 'harness_error', 'rejected', 'not_driven'];

/** A test of a test's own server: `npm run check:verdict` has it. */
describe.skipIf(process.env['VERDICT_SIBLINGS'] === undefined)(
  'A deployment that lets people in without the second factor, as tests of verdicts use it,',
  () => {
    it.each<[string, Misbehaviour, number]>([
      ['all of them at once', { at: 'start', status: 'device_authorized' }, users],
      ['after the password, as they have no device', { at: 'password', status: 'web_login_no_devices' }, users],
      [
        'each fourth, as PingOne is not there',
        { at: 'password', status: 'mfa_bypassed_service_unavailable', every: 4 },
        Math.floor(users / 4),
      ],
      ['without a word on it in the token', { at: 'password' }, users],
    ])('does so, in the protocol’s words: %s', async (_title, how, expected) => {
      const deployment = await misbehavingDeployment(how);
      try {
        const args = ['run', 'smoke', '--json', '--quiet', '--allow-invalid'];
        const { stdout, stderr } = await pairstorm(emptyFolder(), args, deployment.env);
        const { flows, outcomes } = JSON.parse(stdout) as ResultObject;
        expect(flows, stderr).toBe(users);
        expect(deployment.counts()).toEqual({ started: users, letIn: expected });
        const seen = Object.values(outcomes).flatMap((row) => Object.keys(row));
        expect(seen.filter((outcome) => BROKEN.includes(outcome))).toEqual([]);
      } finally {
        await deployment.close();
      }
    });
  },
);
