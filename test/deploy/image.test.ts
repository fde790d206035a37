import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { emptyFolder } from '../cli/command.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
type Json = Readonly<Record<string, unknown>>;
const read = (file: string): Json => JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as Json;
const ENTRY = `${ROOT}build/cli/pairstorm.js`;

/** A process with a process table of its own, as in a container, needs rights that not every machine gives. */
const unshare = (command: string): ReturnType<typeof spawnSync> =>
  spawnSync('unshare', ['--fork', '--pid', '--mount-proc', 'sh', '-c', command], { encoding: 'utf8', cwd: '/tmp' });
const lacksRights = unshare('true').status !== 0;

describe('The image', () => {
  it('runs as a user by number, and has a bill of materials of what is in it', () => {
    const dockerfile = readFileSync(`${ROOT}deploy/Dockerfile`, 'utf8');
    expect(dockerfile).toMatch(/^USER 1000:1000$/m);
    const [, command = ''] =
      /npm ci --omit=dev && npm pkg delete devDependencies && npm (sbom .*?) > /.exec(dockerfile) ?? [];
    const { dependencies, ...project } = read('package.json');
    const { packages, ...lock } = read('package-lock.json');
    const [root, ...others] = Object.entries(packages as Readonly<Record<string, { readonly dev?: boolean }>>);
    const folder = emptyFolder();
    const write = (file: string, content: object): void => writeFileSync(join(folder, file), JSON.stringify(content));
    const bare = (whole: object): object =>
      Object.fromEntries(Object.entries(whole).filter(([name]) => name !== 'devDependencies'));
    write('package.json', bare({ ...project, dependencies }));
    const installed = others.filter(([, { dev }]) => dev !== true);
    write('package-lock.json', {
      ...lock,
      packages: Object.fromEntries([[root![0], bare(root![1])], ...installed]),
    });
    const args = [...command.split(' '), '--package-lock-only'];
    const { stdout, status, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26 });
    expect(status, stderr).toBe(0);
    const { bomFormat, components } = JSON.parse(stdout) as {
      readonly bomFormat: string;
      readonly components: readonly { readonly name: string }[];
    };
    expect(bomFormat).toBe('CycloneDX');
    const names = components.map(({ name }) => name);
    expect(Object.keys(dependencies as object).filter((name) => !names.includes(name))).toEqual([]);
    expect(names).not.toContain('vitest');
  });

  it.skipIf(lacksRights)('ends by SIGTERM as process 1, where the kernel drops what nobody handles', () => {
    // The shell is replaced: Node is process 1, and its child ends it after a second.
    const waits = `(sleep 1; while kill -TERM 1; do sleep 1; done) 2>/dev/null & exec "${process.execPath}" "${ENTRY}" merge --parts 2 --pull none --testid x --wait 50s`;
    const { status, stderr } = unshare(waits);
    expect(status, String(stderr)).toBe(143);
  });
});
