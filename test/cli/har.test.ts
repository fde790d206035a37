import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeInventory } from '../../contract/inventory.ts';
import { people } from '../lib/deployment/stage.ts';
import { emptyFolder, pairstorm } from './command.ts';
import type { Ended } from './command.ts';

/** HTTP Archive 1.2 (softwareishard.com/blog/har-12-spec): what each object must have, and nothing that it may not. */
const HAR = (() => {
  const text = { type: 'string' };
  const number = { type: 'number', minimum: -1 };
  const moment = {
    type: 'string',
    pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)$',
  };
  const list = (items: object): object => ({ type: 'array', items });
  const has = (properties: object, optional: object = {}): object => ({
    type: 'object',
    required: Object.keys(properties),
    properties: { ...properties, ...optional, comment: text },
    patternProperties: { '^_': {} },
    additionalProperties: false,
  });
  const named = has({ name: text, value: text });
  const cookie = has(
    { name: text, value: text },
    { path: text, domain: text, expires: text, httpOnly: { type: 'boolean' }, secure: { type: 'boolean' } },
  );
  const sizes = { headersSize: number, bodySize: number };
  const request = has(
    {
      ...{ method: text, url: { type: 'string', format: 'uri' }, httpVersion: text, cookies: list(cookie) },
      ...{ headers: list(named), queryString: list(named), ...sizes },
    },
    { postData: has({ mimeType: text, params: list(has({ name: text }, { value: text })), text }) },
  );
  const response = has({
    ...{ status: { type: 'integer' }, statusText: text, httpVersion: text, cookies: list(cookie) },
    ...{ headers: list(named), redirectURL: text, ...sizes },
    content: has({ size: number, mimeType: text }, { compression: number, text, encoding: text }),
  });
  const timings = has(
    {
      send: { type: 'number', minimum: 0 },
      wait: { type: 'number', minimum: 0 },
      receive: { type: 'number', minimum: 0 },
    },
    { blocked: number, dns: number, connect: number, ssl: number },
  );
  const entry = has(
    {
      startedDateTime: moment,
      time: { type: 'number', minimum: 0 },
      request,
      response,
      cache: { type: 'object' },
      timings,
    },
    { pageref: text, serverIPAddress: text, connection: text },
  );
  const page = has({
    ...{ startedDateTime: moment, id: text, title: text },
    pageTimings: has({}, { onContentLoad: number, onLoad: number }),
  });
  const creator = has({ name: text, version: text });
  const log = has(
    { version: { const: '1.2' }, creator, entries: list(entry) },
    { browser: creator, pages: list(page) },
  );
  return has({ log });
})();

interface Entry {
  readonly startedDateTime: string;
  readonly time: number;
  readonly comment: string;
  readonly request: {
    readonly url: string;
    readonly postData?: { readonly mimeType: string; readonly text: string };
    readonly headers: readonly { readonly name: string; readonly value: string }[];
  };
  readonly response: { readonly status: number; readonly content: { readonly text?: string } };
}

const folder = emptyFolder();
const INVENTORY = join(folder, 'people.json');
const PEOPLE = people('F1', 'F7', 'F10');
const ENV = { INVENTORY, TIME_SCALE: '0.1', PUSH_DECIDED_BY: 'poll', PF_CLIENT_SECRET: 'pairstorm-secret' };
const QUICK = ['latency=off', 'pushMs=600000', 'flowIdleMs=600000'].flatMap((key) => ['--simulator-option', key]);

let ended: Ended;
let har = '';
let entries: readonly Entry[] = [];

beforeAll(async () => {
  writeFileSync(INVENTORY, encodeInventory(PEOPLE));
  ended = await pairstorm(folder, ['trace', '--kind', 'F10', '--har', 'flow.har', ...QUICK], ENV);
  har = readFileSync(join(folder, 'flow.har'), 'utf8');
  ({ entries } = (JSON.parse(har) as { log: { entries: Entry[] } }).log);
});

describe('trace --har', () => {
  it('writes an archive of the flow that keeps to HAR 1.2', () => {
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stderr).toBe('archive → flow.har\n');
    const ajv = new Ajv({ strict: false, formats: { uri: (text) => URL.canParse(text) } });
    const keeps = ajv.compile(HAR);
    expect(keeps(JSON.parse(har)), JSON.stringify(keeps.errors)).toBe(true);
  });

  it('has each request that the trace printed, in order, with its times', () => {
    const printed = [...ended.stdout.matchAll(/^ ?\d+ +[\d.]+ s {2}(\w+) {2}/gm)].map(([, step]) => step);
    expect(entries.map(({ comment }) => comment.split(' ')[0])).toEqual(printed);
    const moments = entries.map(({ startedDateTime }) => Date.parse(startedDateTime));
    expect(moments).toEqual([...moments].sort((a, b) => a - b));
    expect(entries.every(({ time }) => time > 0 && time < 60_000)).toBe(true);
    expect(entries[1]).toMatchObject({
      comment: 'checkUsernamePassword → AUTHENTICATION_REQUIRED',
      request: {
        method: 'POST',
        url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/pf-ws\/authn\/flows\/%7Bid%7D$/) as string,
        postData: {
          mimeType: 'application/vnd.pingidentity.checkUsernamePassword+json',
          text: '{"username":"(redacted)","password":"(redacted)"}',
        },
      },
      response: { status: 200 },
    });
    const answer = JSON.parse(entries[1]!.response.content.text ?? '{}') as { status: string; _links: object };
    expect(answer.status).toBe('AUTHENTICATION_REQUIRED');
    expect(Object.keys(answer._links)).toContain('authenticate');
  });

  it('has no secret, token, code, payload, user name or session value', () => {
    const user = PEOPLE.users.find(({ kind }) => kind === 'F10')!;
    for (const secret of [user.username, user.password, 'pairstorm-secret']) expect(har).not.toContain(secret);
    expect(har).not.toMatch(/eyJ[\w-]{10}|code_verifier=(?!\(redacted\))/);
    const values = [...har.matchAll(/"value": "([^"]*)"/g)].map(([, value]) => value!);
    expect(values.length).toBeGreaterThan(20);
    expect(
      values.filter((value) => value !== '(redacted)' && !/^application\/[\w.+-]+$|^text\/\w+$|^$/.test(value)),
    ).toEqual([]);
  });

  it('refuses a file that cannot be written before it plays anything', async () => {
    const { code, stdout, stderr } = await pairstorm(folder, ['trace', '--har', 'no/flow.har'], ENV);
    expect(stderr).toBe('error: --har no/flow.har cannot be written: no such file or folder; name another file\n');
    expect([code, stdout]).toEqual([104, '']);
  });
});
