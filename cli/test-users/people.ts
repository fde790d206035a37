import { ConfigurationError } from '../../contract/configuration-error.ts';
import { DecodeError } from '../../contract/decode.ts';
import { csvRows } from '../../contract/users-csv.ts';
import type { Row } from '../../contract/users-csv.ts';
import { TEST_DEVICE_TYPES } from '../../protocol/resources.ts';
import { TextFileError, readTextFile } from '../../record/text-file.ts';

/** Columns of the file; only user name and password are required. */
const COLUMNS = ['username', 'password', 'kind', 'test_device', 'email', 'phone'] as const;
type Column = (typeof COLUMNS)[number];

/** A user to be made, with the test device. */
export interface TestUser {
  /** Line of the file. */
  readonly line: number;
  readonly username: string;
  readonly password: string;
  /** Passed on to the inventory; '': F7. */
  readonly kind: string;
  /** As in the inventory: SMS, Email or Voice. */
  readonly device: (typeof TEST_DEVICE_TYPES)[number];
  /** Where its codes would go if it were no test device. */
  readonly target: string;
}

/** What is taken for users whose cells are empty. */
interface Preset {
  /** Of the addresses of test devices of type Email. */
  readonly emailDomain: string;
  /** Of test devices of type SMS and Voice. */
  readonly phone: string;
}

/** PingOne takes a name that is an email address, or letters, marks, dots, underscores and hyphens. [doc] */
const USERNAME = /^[\p{L}\p{M}\p{N}._@+-]{1,128}$/u;
/** An email address, as a test device takes it. */
export const EMAIL = /^[^\s@"]+@[^\s@"]+$/;
/** A phone number, as a test device takes it. */
export const PHONE = /^\+[\d .()-]{6,24}$/;

/** Reads the users. Throws a ConfigurationError that names the line and never quotes a cell. */
export function readTestUsers(file: string, preset: Preset): readonly TestUser[] {
  try {
    return usersIn(readTextFile(file), file, preset);
  } catch (error) {
    if (error instanceof TextFileError) throw new ConfigurationError(`${file}: ${error.message}`);
    if (error instanceof DecodeError) throw new ConfigurationError(error.message);
    throw error;
  }
}

function usersIn(text: string, file: string, preset: Preset): TestUser[] {
  const [header, ...rows] = csvRows(text, file);
  if (header === undefined)
    throw new DecodeError(`${file} is empty; expected a line with the columns, such as username,password`);
  const columns = columnsOf(header, file);
  if (rows.length === 0) throw new DecodeError(`${file} has no users; expected one per line below the header`);
  const seen = new Map<string, number>();
  return rows.map((row) => {
    const user = userOf(row, columns, `${file}: line ${row.line}`, preset);
    // User names of PingOne are the same in capitals. [doc]
    const name = user.username.toLowerCase();
    const before = seen.get(name);
    if (before !== undefined) throw new DecodeError(`${file}: line ${row.line} repeats the user of line ${before}`);
    seen.set(name, row.line);
    return user;
  });
}

function columnsOf(header: Row, file: string): Column[] {
  const names = header.cells.map((name) => name.trim().toLowerCase());
  const strange = names.findIndex((name) => !COLUMNS.some((known) => known === name));
  if (strange >= 0)
    throw new DecodeError(
      `${file}: line 1 must name the columns, but its cell ${strange + 1} is not a column name; known: ${COLUMNS.join(', ')}`,
    );
  const missing = ['username', 'password'].find((name) => !names.includes(name));
  if (missing !== undefined) throw new DecodeError(`${file}: column ${missing} is missing from line 1`);
  return names as Column[];
}

function userOf({ line, cells }: Row, columns: readonly Column[], place: string, preset: Preset): TestUser {
  if (cells.length !== columns.length)
    throw new DecodeError(`${place} has ${cells.length} cells; the header has ${columns.length}`);
  const value = (column: Column): string => cells[columns.indexOf(column)] ?? '';
  const username = value('username');
  if (!USERNAME.test(username))
    throw new DecodeError(
      `${place}: username is not one that PingOne takes: letters, digits, . _ - or an email address`,
    );
  if (!/^[^\r\n]+$/.test(value('password')))
    throw new DecodeError(`${place}: password is empty, or has more than a line`);
  if (!/^(F7)?$/i.test(value('kind'))) throw new DecodeError(`${place}: kind is not F7; a test device takes passcodes`);
  const named = value('test_device').toLowerCase() || 'email';
  const device = TEST_DEVICE_TYPES.find((type) => type.toLowerCase() === named);
  if (device === undefined)
    throw new DecodeError(`${place}: test_device is not one of ${TEST_DEVICE_TYPES.join(', ')}`);
  const [column, form, preferred] =
    device === 'Email'
      ? (['email', EMAIL, username.includes('@') ? username : `${username}@${preset.emailDomain}`] as const)
      : (['phone', PHONE, preset.phone] as const);
  const target = value(column) || preferred;
  if (!form.test(target)) throw new DecodeError(`${place}: ${column} is not usable for the device`);
  return { line, username, password: value('password'), kind: value('kind'), device, target };
}
