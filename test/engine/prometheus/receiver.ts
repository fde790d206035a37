import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PbfReader } from 'pbf';
import { uncompress } from 'snappyjs';

/** A sample as a receiver of remote write got it. */
export interface ReceivedSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** The value is the NaN by which Prometheus knows that a series has ended. */
  readonly stale: boolean;
  readonly atMs: number;
}

/** One request, whatever was answered. */
export interface ReceivedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly samples: readonly ReceivedSample[];
  readonly answered: number;
}

/** How the receiver answers the request of that number. */
export type Answering = (
  request: number,
  headers: IncomingHttpHeaders,
  samples: number,
) => { readonly status: number; readonly retryAfter?: string; readonly text?: string };

/** A receiver of remote write on a free port. */
export async function receive(answer: Answering = () => ({ status: 204 })): Promise<{
  readonly url: string;
  readonly requests: ReceivedRequest[];
  /** Samples that were taken, in their order. */
  readonly taken: () => readonly ReceivedSample[];
  readonly close: () => Promise<void>;
}> {
  const requests: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts);
      const samples = decode(body);
      const { status, retryAfter, text = '' } = answer(requests.length, request.headers, samples.length);
      requests.push({ headers: request.headers, body, samples, answered: status });
      response.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/write`,
    requests,
    taken: () => requests.filter(({ answered }) => answered < 300).flatMap(({ samples }) => samples),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Reads a prometheus.WriteRequest (prompb/remote.proto and types.proto of Prometheus). */
function decode(body: Buffer): ReceivedSample[] {
  const samples: ReceivedSample[] = [];
  new PbfReader(uncompress(new Uint8Array(body))).readFields((tag, _, pbf) => {
    if (tag !== 1) throw new Error(`unknown field ${tag} of WriteRequest`);
    const names: string[] = [];
    const labels: Record<string, string> = {};
    pbf.readMessage((field, __, series) => {
      if (field === 1) {
        const label = ['', ''];
        series.readMessage((part, ___, text) => (label[part - 1] = text.readString()), undefined);
        names.push(label[0]!);
        labels[label[0]!] = label[1]!;
      } else if (field === 2) {
        const sample = { value: 0, stale: false, atMs: 0 };
        series.readMessage((part, ___, read) => {
          if (part === 1) {
            const [low, high] = [
              read.buf.subarray(read.pos, read.pos + 4),
              read.buf.subarray(read.pos + 4, read.pos + 8),
            ];
            sample.stale = Buffer.from(high).readUInt32LE() === 0x7ff00000 && Buffer.from(low).readUInt32LE() === 2;
            sample.value = read.readDouble();
          } else sample.atMs = read.readVarint(true);
        }, undefined);
        samples.push({ labels, ...sample });
      } else throw new Error(`unknown field ${field} of TimeSeries`);
    }, undefined);
    const sorted = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    if (new Set(names).size !== names.length || names.join() !== sorted.join())
      throw new Error(`labels are not in order: ${names.join()}`);
  }, undefined);
  return samples;
}
