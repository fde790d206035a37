import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { emptyFolder } from '../cli/command.ts';

const ENTRY = fileURLToPath(new URL('../../build/cli/pairstorm.js', import.meta.url));

/** Whether this machine lets us mount a small disk for a command alone (Linux, root). */
export function canMount(): boolean {
  return spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' }).status === 0;
}

/** What a command left behind on a disk of its own; `kept` is a copy of the disk. */
export interface OnSmallDisk {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly kept: string;
}

/**
 * Runs the built command in a folder that is a disk of its own, of so many KiB and inodes. `beside` is a piece of shell that runs
 * beside it in that folder: `fill` and `free` do what they say, `inodes` uses up those, `lines N` waits until the series have so many
 * lines, `crash` kills the command. `into`: a file of that disk that takes the place of stdout.
 */
export function onSmallDisk(
  args: readonly string[],
  beside: string,
  { kib = 512, inodes = 100, into }: { readonly kib?: number; readonly inodes?: number; readonly into?: string } = {},
): Promise<OnSmallDisk> {
  const outside = emptyFolder();
  const [disk, kept] = [join(outside, 'disk'), join(outside, 'kept')];
  mkdirSync(disk);
  mkdirSync(kept);
  const script = `
    mount -t tmpfs -o size=${kib}k,nr_inodes=${inodes} tmpfs ${disk} && cd ${disk} || exit 77
    fill() { dd if=/dev/zero of=${disk}/fill bs=4k 2> /dev/null; dd if=/dev/zero of=${disk}/fill2 bs=1 2> /dev/null; }
    inodes() { i=0; while touch ${disk}/inode$i; do i=$((i + 1)); done 2> /dev/null; }
    free() { rm -f ${disk}/fill ${disk}/fill2 ${disk}/inode*; }
    lines() { until [ "$(cat results/*/series.jsonl 2> /dev/null | wc -l)" -ge "$1" ]; do sleep 0.02; done; }
    crash() { kill -9 "$(cat ${outside}/pid)"; }
    node ${ENTRY} "$@" ${into === undefined ? '' : `> ${into}`} &
    run=$!; echo $run > ${outside}/pid
    ( ${beside} ) &
    beside=$!
    wait $run; code=$?
    kill $beside 2> /dev/null; free
    cp -r ${disk}/. ${kept}
    exit $code`;
  const env = { PATH: process.env['PATH'] ?? '' };
  const child = spawn('unshare', ['-m', 'sh', '-c', script, 'sh', ...args], { env });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr, kept }));
  });
}
