import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AwsV4Signer } from 'aws4fetch';
import { freePort } from './free-port.ts';

const PROGRAM = fileURLToPath(new URL('../../node_modules/.cache/moto/bin/moto_server', import.meta.url));

/** Why there is no S3 here, or undefined. */
export const noS3 = (): string | undefined =>
  existsSync(PROGRAM)
    ? undefined
    : 'there is no S3 server on this machine; install moto with npm run s3-server (needs Python)';

/** A server of the S3 API (moto, Apache-2.0), which checks signatures and rights by code of its own. */
export interface S3Server {
  /** What a command needs to use it. */
  readonly env: Readonly<Record<string, string>>;
  /** Every object of the bucket. */
  readonly objects: () => Promise<ReadonlyMap<string, string>>;
  /** Deletes the bucket with all that is in it. */
  readonly drop: () => Promise<void>;
  readonly stop: () => void;
}

/** Starts one on a free port with a bucket, and a user who may do everything there. */
export async function startS3(bucket: string): Promise<S3Server> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  // Until the user exists, nobody needs to be one.
  const env = { PATH: process.env['PATH'], INITIAL_NO_AUTH_ACTION_COUNT: '1000' };
  const child = spawn(PROGRAM, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore', env });
  for (;;) {
    const up = await fetch(`${url}/moto-api/data.json`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (up) break;
    if (child.exitCode !== null) throw new Error(`moto ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const anybody = (service: string): Record<string, string> => ({
    authorization: `AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=x`,
  });
  const iam = async (query: Readonly<Record<string, string>>): Promise<string> => {
    const body = new URLSearchParams({ Version: '2010-05-08', UserName: 'load', ...query });
    return (await fetch(url, { method: 'POST', headers: anybody('iam'), body })).text();
  };
  const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] };
  await iam({ Action: 'CreateUser' });
  await iam({ Action: 'PutUserPolicy', PolicyName: 'all', PolicyDocument: JSON.stringify(policy) });
  const keys = await iam({ Action: 'CreateAccessKey' });
  await fetch(`${url}/${bucket}`, { method: 'PUT', headers: anybody('s3') });
  await fetch(`${url}/moto-api/reset-auth`, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '0' });
  const account = {
    accessKeyId: /<AccessKeyId>(.*?)</.exec(keys)![1]!,
    secretAccessKey: /<SecretAccessKey>(.*?)</.exec(keys)![1]!,
  };
  const ask = async (method: string, path: string): Promise<string> => {
    const signer = new AwsV4Signer({
      ...account,
      method,
      url: `${url}/${bucket}${path}`,
      service: 's3',
      headers: EMPTY,
    });
    const { url: to, headers } = await signer.sign();
    return (await fetch(to, { method, headers })).text();
  };
  const keysOf = async (): Promise<readonly string[]> =>
    [...(await ask('GET', '?list-type=2')).matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key]) => key!);
  return {
    env: {
      AWS_ENDPOINT_URL_S3: url,
      AWS_ACCESS_KEY_ID: account.accessKeyId,
      AWS_SECRET_ACCESS_KEY: account.secretAccessKey,
    },
    objects: async () =>
      new Map(await Promise.all((await keysOf()).map(async (key) => [key, await ask('GET', `/${key}`)] as const))),
    async drop() {
      for (const key of await keysOf()) await ask('DELETE', `/${key}`);
      await ask('DELETE', '');
    },
    stop: () => void child.kill('SIGKILL'),
  };
}

/** SHA-256 of no body. */
const EMPTY = { 'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' };

/** The command line of a process, as everybody on the machine can read it; undefined where there is no /proc. */
export function argumentsOf(pid: number): string | undefined {
  const file = join('/proc', String(pid), 'cmdline');
  return existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\0', ' ') : undefined;
}
