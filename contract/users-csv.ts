import type { Outcome } from '../catalogue/outcomes.ts';
import { FLOW_KINDS } from '../protocol/flow-kinds.ts';
import type { FlowKind } from '../protocol/flow-kinds.ts';
import { MOBILE_DEVICE_TYPES, TEST_DEVICE_TYPES } from '../protocol/resources.ts';
import type { MobileDeviceType } from '../protocol/resources.ts';
import { DecodeError } from './decode.ts';
import { decodeInventory } from './inventory.ts';
import type { Behaviour, Inventory, InventoryDevice, InventoryUser, Phone } from './inventory.ts';

/** Columns of a CSV file of users; the first two are required. Documented in docs/inventory.md. */
const COLUMNS = [
  'username',
  'password',
  'kind',
  'platform',
  'handle',
  'payload',
  'otp',
  'totp_secret',
  'test_device',
] as const;
type Column = (typeof COLUMNS)[number];

/** How a user from a CSV file plays a kind. */
interface DefaultPlay {
  readonly prescribed: Outcome;
  readonly behaviour: Omit<Behaviour, 'profile'>;
  /** What the account is assumed to have: a phone that gets pushes, something for passcodes, or nothing. */
  readonly has: 'push' | 'otp' | 'nothing';
  /** The user's phone is a new one, whose payload the flow needs. */
  readonly newPhone?: true;
}

const PAIRS = { result: 'pairs', afterMs: 3000 } as const;

/** A user without a kind does whatever is asked. */
const SERVES = {
  push: { decision: 'approve', afterMs: 3000 },
  otp: { wrong: 0, afterMs: 5000 },
} as const satisfies DefaultPlay['behaviour'];

/** The kinds that a CSV file can name, and their play. Anything more specific needs an inventory file. */
const PLAYS: Readonly<Partial<Record<FlowKind, DefaultPlay>>> = {
  F1: { prescribed: 'device_paired', behaviour: { pairing: PAIRS }, has: 'nothing', newPhone: true },
  F2: {
    prescribed: 'device_not_paired',
    behaviour: { pairing: { result: 'gives_up', afterMs: 3000 } },
    has: 'nothing',
    newPhone: true,
  },
  F4: {
    prescribed: 'device_paired',
    behaviour: { push: { decision: 'approve', afterMs: 3000 }, pairing: PAIRS },
    has: 'push',
    newPhone: true,
  },
  F5: { prescribed: 'denied', behaviour: { push: { decision: 'deny', afterMs: 3000 } }, has: 'push' },
  F6: {
    prescribed: 'timed_out',
    behaviour: { push: { decision: 'ignore', afterMs: 0 }, afterTimeout: 'cancel' },
    has: 'push',
  },
  F7: { prescribed: 'authenticated', behaviour: { otp: { wrong: 0, afterMs: 5000 } }, has: 'otp' },
  F10: { prescribed: 'authenticated', behaviour: { push: { decision: 'approve', afterMs: 3000 } }, has: 'push' },
  F11: {
    prescribed: 'cancelled',
    behaviour: { leave: { at: 'AUTHENTICATION_REQUIRED', how: 'cancel', afterMs: 1000 } },
    has: 'nothing',
  },
};

/** A row and the line where it begins. */
export interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * Rows of a CSV text (RFC 4180, with any line ends and without empty lines). The separator follows from the header: a
 * comma, a semicolon (Excel's, if the decimal separator is a comma) or a tab. Throws a DecodeError that names the line.
 */
export function csvRows(csv: string, source: string): Row[] {
  const rows: Row[] = [];
  const separator = /^[^,;\t\r\n]*([,;\t])/.exec(csv.replace(/^[\ufeff\r\n]+/, ''))?.[1] ?? ',';
  const cellEnd = new RegExp(`[${separator}\r\n]|$`, 'g');
  let line = 1;
  let at = csv.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < csv.length) {
    const row = { line, cells: [] as string[] };
    for (let more = true; more;) {
      let cell = '';
      if (csv[at] === '"') {
        for (at++; csv[at] !== '"' || csv[at + 1] === '"'; at++) {
          if (at >= csv.length)
            throw new DecodeError(`${source}: the quote that begins on line ${row.line} is never closed`);
          if (csv[at] === '"') at++;
          if (csv[at] === '\n') line++;
          cell += csv[at]!;
        }
        at++;
        if (at < csv.length && csv[at] !== separator && csv[at] !== '\r' && csv[at] !== '\n') {
          throw new DecodeError(`${source}: line ${line} has text after a closing quote; double a quote to escape it`);
        }
      } else {
        cellEnd.lastIndex = at;
        const end = cellEnd.exec(csv)!.index;
        cell = csv.slice(at, end).trim();
        at = end;
      }
      row.cells.push(cell);
      more = csv[at] === separator;
      if (more) at++;
    }
    if (csv[at] === '\r') at++;
    if (csv[at] === '\n') at++;
    line++;
    if (row.cells.length > 1 || row.cells[0] !== '') rows.push(row);
  }
  return rows;
}

function columnsOf(header: Row | undefined, source: string): Column[] {
  const names = (header?.cells ?? []).map((name) => name.trim().toLowerCase());
  for (const [at, name] of names.entries()) {
    // The cell is not printed: without a header it may be a password.
    if (!(COLUMNS as readonly string[]).includes(name)) {
      throw new DecodeError(
        `${source}: line 1 must name the columns, but its cell ${at + 1} is not a column name; known: ${COLUMNS.join(', ')}`,
      );
    }
    if (names.indexOf(name) !== names.lastIndexOf(name))
      throw new DecodeError(`${source}: column ${name} appears twice`);
  }
  for (const name of ['username', 'password']) {
    if (!names.includes(name)) throw new DecodeError(`${source}: column ${name} is missing from line 1`);
  }
  return names as Column[];
}

function deviceOf(has: DefaultPlay['has'], id: string, platform: MobileDeviceType, secret: string): InventoryDevice[] {
  if (has === 'nothing') return [];
  if (has === 'push')
    return [{ id, type: platform, pushEnabled: true, otpEnabled: false, usable: true, role: 'PRIMARY' }];
  return [
    { id, type: secret === '' ? 'SMS' : 'TOTP', usable: true, role: 'PRIMARY', ...(secret !== '' && { secret }) },
  ];
}

function userOf(value: (column: Column) => string, index: number, place: string): InventoryUser {
  const wrong = (column: Column, expected: string): DecodeError => new DecodeError(`${place}: ${column} ${expected}`);
  for (const column of ['username', 'password'] as const) if (value(column) === '') throw wrong(column, 'is empty');
  const secret = value('totp_secret').replace(/[\s=]/g, '').toUpperCase();
  if (!/^[A-Z2-7]*$/.test(secret)) throw wrong('totp_secret', 'is not base32');
  const named = value('test_device').toLowerCase();
  const tested = TEST_DEVICE_TYPES.find((type) => type.toLowerCase() === named);
  // Without a kind the account's devices are unknown: the user is counted as the likelier kind, and expects nothing.
  const open = value('kind') + named === '';
  const kind = value('kind').toUpperCase() || (secret + value('otp') + named === '' ? 'F10' : 'F7');
  const play = Object.hasOwn(FLOW_KINDS, kind) ? PLAYS[kind as FlowKind] : undefined;
  if (play === undefined) {
    // If columns are swapped, the cell may be a secret.
    const shown = /^F\d{1,3}$/.test(kind) ? `"${kind}"` : 'not one of the kinds';
    throw wrong('kind', `is ${shown}; allowed: ${Object.keys(PLAYS).join(', ')}`);
  }
  const platform = MOBILE_DEVICE_TYPES.find(
    (type) => type.toLowerCase() === (value('platform').toLowerCase() || 'android'),
  );
  if (platform === undefined) throw wrong('platform', `is not one of ${MOBILE_DEVICE_TYPES.join(', ')}`);
  if (named !== '' && (tested === undefined || play.has !== 'otp'))
    throw wrong('test_device', `is for F7, and one of ${TEST_DEVICE_TYPES.join(', ')}`);
  const id = `csv-${index + 1}`;
  const devices: InventoryDevice[] =
    tested === undefined
      ? deviceOf(play.has, id, platform, secret)
      : [{ id, type: tested, usable: true, role: 'PRIMARY', testMode: true }];
  const hasPhone = play.newPhone === true || value('platform') + value('payload') !== '';
  const paired = play.newPhone === undefined && play.has === 'push' ? devices[0]!.id : null;
  const phone: Phone = {
    ...{ platform, model: 'unknown', osVersion: 'unknown', applicationId: 'unknown', applicationVersion: 'unknown' },
    deviceId: paired,
    rooted: false,
  };
  const driver = Object.fromEntries(
    (['handle', 'payload', 'otp'] as const).flatMap((name) => (value(name) === '' ? [] : [[name, value(name)]])),
  );
  return {
    username: value('username'),
    password: value('password'),
    firstName: '',
    lastName: '',
    status: 'ACTIVE',
    devices,
    phone: hasPhone ? phone : null,
    kind: kind as FlowKind,
    prescribed: play.prescribed,
    ...(open && { expects: 'nothing' }),
    behaviour: {
      profile: platform === 'iPhone' ? 'ios' : 'android',
      ...(open ? { ...SERVES, ...(hasPhone && { pairing: PAIRS }) } : play.behaviour),
    },
    ...(Object.keys(driver).length > 0 && { driver }),
  };
}

/**
 * Users from a CSV file with a header row; each plays the default behaviour of its kind. `source` names the file in
 * messages. Throws a DecodeError that names the line and never contains a secret.
 */
export function decodeUsersCsv(csv: string, source: string): Inventory {
  const [header, ...rows] = csvRows(csv, source);
  const columns = columnsOf(header, source);
  if (rows.length === 0) throw new DecodeError(`${source} has no users; expected one per line below the header`);
  const lines = new Map<string, number>();
  const users = rows.map(({ line, cells }, index) => {
    if (cells.length !== columns.length) {
      throw new DecodeError(`${source}: line ${line} has ${cells.length} cells; the header has ${columns.length}`);
    }
    const user = userOf((column) => cells[columns.indexOf(column)] ?? '', index, `${source}: line ${line}`);
    const before = lines.get(user.username);
    if (before !== undefined) {
      throw new DecodeError(
        `${source}: line ${line} repeats the user of line ${before}; a user can be in only one flow`,
      );
    }
    lines.set(user.username, line);
    return user;
  });
  return { version: 1, generator: 'CSV', seed: 0, users };
}

/** Users from a CSV file (.csv, .tsv, .txt) or an inventory. Throws a DecodeError that names the line or entry. */
export function decodeUsers(text: string, source: string): Inventory {
  return /\.(csv|tsv|txt)$/i.test(source) ? decodeUsersCsv(text, source) : decodeInventory(text, source);
}
