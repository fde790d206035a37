import { PbfReader, PbfWriter } from 'pbf';
import { compress, uncompress } from 'snappyjs';
import type { Labels } from '../prometheus/labels.ts';

/** A sample to send: its encoded series, and a value or the stale marker. */
export interface WrittenSample {
  readonly series: EncodedSeries;
  readonly value: number | 'stale';
  /** Unix milliseconds. */
  readonly unixMs: number;
}

/** Labels of a series, including its name, in protobuf. */
export type EncodedSeries = Uint8Array & { readonly encoded?: 'labels' };

/** Encodes a series once, for use with each of its samples. */
export function encodeSeries(name: string, labels: Labels): EncodedSeries {
  const pbf = new PbfWriter();
  const all: [string, string][] = [...Object.entries(labels), ['__name__', name]];
  // "Labels MUST be sorted" by their bytes; names are ASCII.
  for (const label of all.sort(([a], [b]) => (a < b ? -1 : 1))) pbf.writeMessage(1, writeLabel, label);
  return pbf.finish().slice();
}

/**
 * Body of a request: a prometheus.WriteRequest in protobuf, compressed in Snappy's block format (Prometheus
 * Remote-Write 1.0 specification, prometheus.io/docs/specs/remote_write_spec).
 */
export function encodeRequest(samples: readonly WrittenSample[]): Uint8Array {
  const pbf = new PbfWriter();
  for (const sample of samples) pbf.writeMessage(1, writeSeries, sample);
  return compress(pbf.finish());
}

/** The body of a request in two: the first has the samples before the one that is the `at`th, from 0. */
export function splitRequest(body: Uint8Array, at: number): readonly [Uint8Array, Uint8Array] {
  const bytes = uncompress(body);
  const pbf = new PbfReader(bytes);
  for (let sample = 0; sample < at; sample++) {
    pbf.readVarint();
    pbf.skip(BYTES);
  }
  return [compress(bytes.subarray(0, pbf.pos)), compress(bytes.subarray(pbf.pos))];
}

function writeLabel([name, value]: readonly [string, string], pbf: PbfWriter): void {
  // Node's UTF-8 encoder, because pbf 5.1 corrupts characters from U+20000 on (rare Chinese characters).
  pbf.writeBytesField(1, Buffer.from(name));
  pbf.writeBytesField(2, Buffer.from(value));
}

function writeSeries(sample: WrittenSample, pbf: PbfWriter): void {
  pbf.realloc(sample.series.length);
  pbf.buf.set(sample.series, pbf.pos);
  pbf.pos += sample.series.length;
  pbf.writeMessage(2, writeSample, sample);
}

/** Wire types of protobuf: 64 bits, and a length with as many bytes. */
const FIXED_64 = 1;
const BYTES = 2;

function writeSample({ value, unixMs }: WrittenSample, pbf: PbfWriter): void {
  if (value === 'stale') {
    // The stale marker is the NaN 0x7ff0000000000002; JavaScript numbers do not preserve NaN payloads.
    pbf.writeTag(1, FIXED_64);
    pbf.writeFixed32(2);
    pbf.writeFixed32(0x7ff00000);
  } else pbf.writeDoubleField(1, value);
  pbf.writeVarintField(2, unixMs);
}
