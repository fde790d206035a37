import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { makeInventory } from '../../population/inventory.ts';
import { PRESETS, checkPopulation, preset } from '../../population/population.ts';

const read = (path: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`../../population/${path}`, import.meta.url), 'utf8')) as Record<string, unknown>;

/** The schema as an editor or another tool uses it. */
const fitsSchema = new Ajv({ strict: false }).compile(read('population.schema.json'));

/** A file under change: whatever a test makes of it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Draft = Record<string, any>;

/** A small population that is right, and a change of it. */
function changed(change: (file: Draft, group: Draft) => void): unknown {
  const group: Draft = {
    name: 'push',
    share: 1,
    devices: ['push'],
    phone: 'paired',
    push: { shares: { approve: 0.9, deny: 0.1 } },
  };
  const file = { version: 1, description: 'a small one', groups: [group] };
  change(file, group);
  return file;
}

const check = (value: unknown) => checkPopulation(value, 'test');
const right = (change: (file: Draft, group: Draft) => void) => check(changed(change));

test.each(PRESETS)('the preset %s fits the schema that is shipped, and is a population', (name) => {
  const file = read(`presets/${name}.json`);
  expect(fitsSchema(file), JSON.stringify(fitsSchema.errors)).toBe(true);
  expect(preset(name).variants.length).toBeGreaterThan(0);
});

test('the example of the guide is a population', () => {
  const guide = readFileSync(new URL('../../docs/population.md', import.meta.url), 'utf8');
  const example: unknown = JSON.parse(/```json\n([\s\S]*?)```/.exec(guide)![1]!);
  expect(fitsSchema(example)).toBe(true);
  expect(new Set(check(example).variants.map(({ kind }) => kind))).toEqual(new Set(['F5', 'F6', 'F7', 'F10', 'F14']));
});

describe('a preset with a fault is refused by the schema and by us', () => {
  const faults: [string, (file: Draft) => void][] = [
    ['an unknown key', (file) => (file.group = [])],
    ['a share above 1', (file) => (file.groups[0].share = 1.5)],
    ['a share as text', (file) => (file.groups[0].share = '0.5')],
    ['another version', (file) => (file.version = 2)],
    ['no groups', (file) => (file.groups = [])],
    ['a group without a name', (file) => delete file.groups[0].name],
    ['an unknown device', (file) => (file.groups[0].devices = ['pager'])],
    ['six devices', (file) => (file.groups[0].devices = ['sms', 'sms', 'sms', 'sms', 'sms', 'sms'])],
    ['an unknown distribution', (file) => (file.delays = { push: { distribution: 'normal' } })],
    ['a distribution without its number', (file) => (file.delays = { push: { distribution: 'fixed' } })],
    ["another distribution's number", (file) => (file.delays = { push: { distribution: 'fixed', ms: 1, sigma: 1 } })],
    [
      'a think time in a state without one',
      (file) => (file.think = { OTP_REQUIRED: { distribution: 'fixed', ms: 1 } }),
    ],
    ['an unknown way to leave', (file) => (file.leave = [{ at: 'OTP_REQUIRED', how: 'runs', share: 0.1 }])],
  ];
  test.each(faults)('%s', (_title, spoil) => {
    for (const name of PRESETS) {
      const file = read(`presets/${name}.json`);
      spoil(file);
      expect(fitsSchema(file), name).toBe(false);
      expect(() => check(file), name).toThrow();
    }
  });
});

describe('a mistake is told with its JSON path and what is allowed', () => {
  const mistakes: [string, (file: Draft, group: Draft) => void, string][] = [
    [
      'an unknown key, with the nearest',
      (_, group) => (group['devcies'] = []),
      'groups[0].devcies is not known (did you mean devices?); known: name, share,',
    ],
    [
      'an unknown option of a choice',
      (_, group) => (group['push'].shares = { aprove: 1 }),
      'groups[0].push.shares.aprove is not known (did you mean approve?); known: approve, deny, ignore',
    ],
    ['a missing key', (_, group) => delete group['phone'], 'groups[0].phone is missing'],
    [
      'a value out of its list',
      (_, group) => (group['phone'] = 'old'),
      'groups[0].phone is "old"; expected one of new, paired, none',
    ],
    [
      'an unknown distribution',
      (_, group) => (group['push'].delay = { distribution: 'lognormal' }),
      'groups[0].push.delay.distribution is "lognormal"; expected one of fixed, uniform, exponential, log-normal, histogram',
    ],
    [
      'shares of groups that do not sum to 1',
      (_, group) => (group['share'] = 0.9),
      'the shares of groups sum to 0.9; expected 1 (within 0.000001)',
    ],
    [
      'shares of a choice that do not sum to 1',
      (_, group) => (group['push'].shares = { approve: 0.9, deny: 0.05 }),
      'groups[0].push.shares sum to 0.95; expected 1',
    ],
    ['clients that do not sum to 1', (file) => (file['clients'] = { ios: 0.4 }), 'clients sum to 0.4; expected 1'],
    [
      'more who leave than there are',
      (file) => (file['leave'] = [0.6, 0.5].map((share) => ({ at: 'OTP_REQUIRED', how: 'abandon', share }))),
      'the shares of leave at OTP_REQUIRED sum to 1.1; expected at most 1',
    ],
    [
      'a way to leave that the state does not offer',
      (_, group) => (group['leave'] = [{ at: 'MFA_COMPLETED', how: 'cancel', share: 0.1 }]),
      'groups[0].leave[0].how is cancel, which MFA_COMPLETED does not offer; expected one of abandon, outstay',
    ],
    [
      'a choice that the flow comes to and the group does not say',
      (_, group) => (group['push'].shares = { ignore: 1 }),
      'groups[0].afterTimeout is missing: flows of this group reach PUSH_CONFIRMATION_TIMED_OUT',
    ],
    [
      'a choice that no flow comes to',
      (_, group) => (group['pairing'] = { shares: { pairs: 1 } }),
      'groups[0].pairing cannot apply: no flow of this group reaches it; remove it',
    ],
    [
      'a kind that the group does not lead to',
      (_, group) => (group['kind'] = 'F10'),
      'groups[0].kind is F10, but the group leads to F5; expected that, or no kind',
    ],
    [
      'a paired phone without a device that is one',
      (_, group) => (group['devices'] = ['sms']),
      'groups[0].phone is paired, but no device is push or push_and_code',
    ],
    [
      'a browser with a phone',
      (_, group) => (group['clients'] = { browser: 1 }),
      'groups[0].phone is paired, but a browser sends no mobile payload',
    ],
    [
      'a code that cannot expire',
      (_, group) =>
        Object.assign(group, { devices: ['totp'], phone: 'none', push: undefined, otp: { shares: { expired: 1 } } }),
      'groups[0].otp.shares.expired cannot apply: the code of totp does not expire',
    ],
    [
      'a selection beyond the devices',
      (_, group) => Object.assign(group, { devices: ['push', 'sms'], phone: 'none', select: [2] }),
      'groups[0].select[0] is 2; expected an index into devices, 0 to 1',
    ],
    [
      'a distribution that ends before it begins',
      (_, group) => (group['push'].delay = { distribution: 'uniform', minMs: 5, maxMs: 5 }),
      'groups[0].push.delay.maxMs is 5; expected more than minMs (5)',
    ],
    [
      'a histogram with a number too many',
      (_, group) => (group['push'].delay = { distribution: 'histogram', edgesMs: [0, 10], counts: [1, 2] }),
      'groups[0].push.delay.counts has 2 numbers for 2 edges; expected 1',
    ],
    [
      'approvals that would come after the client has given up',
      (_, group) => (group['push'].delay = { distribution: 'fixed', ms: 60_000 }),
      'groups[0]: of its push delay (fixed) 0 % lies from 0 to 10000 ms, where its outcome authenticated is reached',
    ],
    [
      'a second group of the same name',
      (file, group) => {
        group['share'] = 0.5;
        file['groups'] = [group, group];
      },
      'groups[1].name is a duplicate of "push"',
    ],
  ];
  test.each(mistakes)('%s', (_title, change, said) => {
    // What JSON cannot hold is not a mistake of a file's author.
    const file: unknown = JSON.parse(JSON.stringify(changed(change)));
    expect(() => check(file)).toThrow(said);
  });

  test('and all mistakes at once', () => {
    const file = changed((head, group) => {
      head['versoin'] = 1;
      group['share'] = 2;
      group['phone'] = 'old';
    });
    expect(() => check(file)).toThrow(
      /versoin is not known.*; groups\[0\]\.share is 2; .*; groups\[0\]\.phone is "old"/,
    );
  });
});

describe('a population', () => {
  test('leads each group by the rules of the protocol to kinds and outcomes, whose shares multiply', () => {
    const { variants } = right((file, group) => {
      file['leave'] = [{ at: 'PUSH_CONFIRMATION_WAITING', how: 'abandon', share: 0.5 }];
      group['push'].shares = { approve: 0.8, deny: 0.1, ignore: 0.1 };
      group['afterTimeout'] = { shares: { cancel: 1 } };
    });
    const found = variants.map(({ kind, prescribed, share }) => [kind, prescribed, Number(share.toFixed(6))]);
    expect(found).toEqual([
      ['F14', 'abandoned', 0.5],
      ['F10', 'authenticated', 0.4],
      ['F5', 'denied', 0.05],
      ['F6', 'timed_out', 0.05],
    ]);
  });

  test('draws platforms by the shares of clients: a phone is of the platform that its client runs on', () => {
    const population = right((file) => (file['clients'] = { ios: 1 }));
    const { users } = makeInventory({ users: 20, seed: 1, version: 'test', population });
    for (const { phone, behaviour } of users) expect([phone?.platform, behaviour.profile]).toEqual(['iPhone', 'ios']);
  });

  test('gives a browser to those who drive the flow with one, and they end in F15', () => {
    const population = right((_, group) =>
      Object.assign(group, { phone: 'none', clients: { browser: 1 }, push: { shares: { approve: 1 } } }),
    );
    const { users } = makeInventory({ users: 5, seed: 1, version: 'test', population });
    for (const { kind, phone, behaviour } of users) {
      expect([kind, phone, behaviour.profile]).toEqual(['F15', null, 'browser']);
    }
  });

  test('has think times only for states in which the user acts', () => {
    const population = right((file, group) => {
      file['think'] = {
        AUTHENTICATION_REQUIRED: { distribution: 'fixed', ms: 700 },
        DEVICE_SELECTION_REQUIRED: { distribution: 'fixed', ms: 900 },
      };
      group['leave'] = [{ at: 'AUTHENTICATION_REQUIRED', how: 'cancel', share: 0.5 }];
    });
    const { users } = makeInventory({ users: 40, seed: 1, version: 'test', population });
    for (const { behaviour } of users) {
      expect(behaviour.think).toEqual(behaviour.leave === undefined ? { AUTHENTICATION_REQUIRED: 700 } : undefined);
    }
  });

  test('does not begin with one user of each variant unless it says so', () => {
    const population = right((_, group) => (group['push'].shares = { approve: 1 - 1e-7, deny: 1e-7 }));
    const all = (of: typeof population) =>
      makeInventory({ users: 2, seed: 1, version: 'test', population: of }).users.map(({ prescribed }) => prescribed);
    expect(all(population)).toEqual(['authenticated', 'authenticated']);
    expect(all({ ...population, oneOfEachFirst: true })).toContain('denied');
  });
});
