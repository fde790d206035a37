import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A node's page in the Prometheus text format, of which only the CPU is told: seconds that it used so far. */
export async function startCpuPage(
  usedSeconds: () => number | Promise<number>,
): Promise<{ readonly url: string; readonly close: () => void }> {
  const server = createServer((_request, response) => {
    void Promise.resolve(usedSeconds()).then((seconds) => response.end(`process_cpu_seconds_total ${seconds}\n`));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`,
    close: () => void server.close(),
  };
}

/** A node that always uses so many cores. */
export const steadyCpu = (cores: number): ReturnType<typeof startCpuPage> =>
  startCpuPage(() => (cores * performance.now()) / 1_000);
