import fc from 'fast-check';
import { decodeUsers, decodeUsersCsv } from '../../contract/users-csv.ts';
import { describe, expect, test } from 'vitest';

const read = (csv: string) => decodeUsersCsv(csv, 'people.csv').users;

describe('users out of a CSV file', () => {
  test('come with a header row, in any order of columns, and play the default behaviour of their kind', () => {
    const csv = '\ufeffPassword,username,kind,handle\r\npw1,ada,F1,emulator-1\r\n\r\npw2,bob,f6,\r\n';
    expect(read(csv)).toMatchObject([
      {
        ...{ username: 'ada', password: 'pw1', kind: 'F1', prescribed: 'device_paired', devices: [] },
        phone: { platform: 'Android', deviceId: null },
        behaviour: { profile: 'android', pairing: { result: 'pairs' } },
        driver: { handle: 'emulator-1' },
      },
      { username: 'bob', kind: 'F6', prescribed: 'timed_out', phone: null, devices: [{ type: 'Android' }] },
    ]);
  });

  test('without a kind expect nothing, and serve what comes: a push, a passcode, a pairing where they have a phone', () => {
    const csv = 'username,password,totp_secret,otp\na,p,,\nb,p,jbsw y3dp ehpk 3pxp,\nc,p,,123456\n';
    expect(read(csv)).toMatchObject([
      { kind: 'F10', expects: 'nothing', behaviour: { push: { decision: 'approve' }, otp: { wrong: 0 } } },
      { kind: 'F7', expects: 'nothing', devices: [{ type: 'TOTP', secret: 'JBSWY3DPEHPK3PXP' }] },
      { kind: 'F7', devices: [{ type: 'SMS' }], driver: { otp: '123456' } },
    ]);
    const [withPhone, withKind] = read('username,password,kind,platform\na,p,,iPhone\nb,p,F7,\n');
    expect(withPhone).toMatchObject({ expects: 'nothing', behaviour: { pairing: { result: 'pairs' } } });
    expect(withKind!.expects).toBeUndefined();
  });

  test('have a test device where the file says so, and then type its code', () => {
    const [sms, mail] = read('username,password,test_device,kind\na,p,sms,\nb,p,Email,F7\n');
    expect(sms).toMatchObject({ kind: 'F7', prescribed: 'authenticated', phone: null });
    expect(sms!.expects).toBeUndefined();
    expect([sms, mail].map((user) => user!.devices[0])).toMatchObject([
      { type: 'SMS', testMode: true },
      { type: 'Email', testMode: true },
    ]);
    for (const row of ['a,p,TOTP,', 'a,p,SMS,F1', 'a,p,SMS,F10']) {
      expect(() => read(`username,password,test_device,kind\n${row}\n`)).toThrow(
        'people.csv: line 2: test_device is for F7, and one of SMS, Email, Voice',
      );
    }
  });

  test('keep what stands in quotes: commas, quotes and line ends', () => {
    expect(read('username,password\n"a,""b""","p\r\nq"\n')).toMatchObject([{ username: 'a,"b"', password: 'p\r\nq' }]);
  });

  test('are what was written, whatever names and passwords hold', () => {
    const cell = fc.string({ minLength: 1, unit: 'binary' });
    const people = fc.uniqueArray(fc.tuple(cell, cell), { minLength: 1, maxLength: 20, selector: ([name]) => name });
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(people, fc.constantFrom('\n', '\r\n'), fc.boolean(), (list, end, closed) => {
        const lines = ['username,password', ...list.map((row) => row.map(quoted).join(','))];
        const users = read(lines.join(end) + (closed ? end : ''));
        expect(users.map(({ username, password }) => [username, password])).toEqual(list);
      }),
    );
  });

  test('are told by the name of the file', () => {
    expect(decodeUsers('username,password\na,b\n', 'PEOPLE.CSV').users).toHaveLength(1);
    expect(() => decodeUsers('username,password\na,b\n', 'people.json')).toThrow('people.json is not JSON');
  });

  test.each([
    ['', 'column username is missing from line 1'],
    ['username,password\n', 'people.csv has no user'],
    ['name,password\na,b\n', 'its cell 1 is not a column name; known: username, password, kind'],
    ['username,username,password\n', 'column username appears twice'],
    ['username,password\na,hunter2,c\n', 'line 2 has 3 cells; the header has 2'],
    ['username,password\n\n\na,hunter2\na,b\n', 'line 5 repeats the user of line 4; a user can be in only one flow'],
    ['username,password\n"a\nb",hunter2\nc,\n', 'line 4: password is empty'],
    ['username,password\n"a,hunter2\n', 'the quote that begins on line 2 is never closed'],
    ['username,password\n"a"x,hunter2\n', 'line 2 has text after a closing quote'],
    ['username,password,kind\na,hunter2,F3\n', 'line 2: kind is "F3"; allowed: F1, F2, F4, F5, F6, F7, F10, F11'],
    ['username,password,totp_secret\na,hunter2,1!\n', 'line 2: totp_secret is not base32'],
    ['username,password,platform\na,hunter2,Palm\n', 'line 2: platform is not one of iPhone, Android'],
  ])('%j are refused: %s', (csv, message) => {
    expect(() => read(csv)).toThrow(message);
    expect(() => read(csv)).toThrow(/^(?!.*hunter2)/s);
  });
});
