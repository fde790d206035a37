import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeInventory } from '../../contract/inventory.ts';
import { emptyFolder, pairstorm } from './command.ts';

describe('pairstorm inventory', () => {
  it('writes a file that reads back, and says how many users of each kind are in it', async () => {
    const folder = emptyFolder();
    const { code, stdout, stderr } = await pairstorm(folder, [
      'inventory',
      '--users',
      '80',
      '--seed',
      '3',
      '--out',
      'a.json',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const inventory = decodeInventory(readFileSync(join(folder, 'a.json'), 'utf8'), 'a.json');
    expect(inventory).toMatchObject({ seed: 3 });
    expect(inventory.users).toHaveLength(80);
    const counted = [...stdout.matchAll(/^(F\d+) .*? (\d+) +[\d.]+ %/gm)];
    for (const [, kind, users] of counted) {
      expect(inventory.users.filter((user) => user.kind === kind)).toHaveLength(Number(users));
    }
    expect(counted.reduce((sum, [, , users]) => sum + Number(users), 0)).toBe(80);
    expect(stdout).toMatch(/a\.json: 80 users, population everything, seed 3, /);
  });

  it('gives the same bytes for the same seed, other bytes for another', async () => {
    const folder = emptyFolder();
    const bytes = async (seed: string, out: string): Promise<string> => {
      await pairstorm(folder, ['inventory', '--users', '70', '--seed', seed, '--out', out, '--quiet']);
      return readFileSync(join(folder, out), 'utf8');
    };
    const first = await bytes('5', 'a.json');
    expect(await bytes('5', 'b.json')).toBe(first);
    expect(await bytes('6', 'c.json')).not.toBe(first);
  });

  it('replaces a file as a whole, leaves nothing beside it, and is silent with --quiet', async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, 'a.json'), 'old');
    const ended = await pairstorm(folder, ['inventory', '--users', '60', '--out', 'a.json', '--quiet']);
    expect(ended).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(readdirSync(folder)).toEqual(['a.json']);
    expect(decodeInventory(readFileSync(join(folder, 'a.json'), 'utf8'), 'a.json').users).toHaveLength(60);
  });

  it('draws from a preset or a population file, and says which', async () => {
    const folder = emptyFolder();
    const make = (population: string, out: string) =>
      pairstorm(folder, ['inventory', '--users', '40', '--population', population, '--out', out]);
    const launch = await make('first-launch', 'a.json');
    expect(launch).toMatchObject({ code: 0, stderr: '' });
    expect(launch.stdout).toContain('a.json: 40 users, population first-launch, seed 7');
    const inventory = decodeInventory(readFileSync(join(folder, 'a.json'), 'utf8'), 'a.json');
    expect(inventory.population).toBe('first-launch');
    expect(inventory.users.every(({ phone }) => phone?.deviceId === null)).toBe(true);
    const group = { name: 'codes', share: 1, devices: ['totp'], phone: 'none', otp: { shares: { right: 1 } } };
    writeFileSync(join(folder, 'ours.json'), JSON.stringify({ version: 1, description: 'ours', groups: [group] }));
    expect((await make('ours.json', 'b.json')).stdout).toMatch(/^F7 .* 40 +100\.0 % +authenticated$/m);
  });
});
