import type { ScriptRealm } from './ports.ts';

/** Bytes of a string (UTF-8), an ArrayBuffer or a view. Throws the script's TypeError for anything else. */
export function bytesOf(input: unknown, place: string, realm: ScriptRealm): Buffer {
  if (typeof input === 'string') return Buffer.from(input, 'utf8');
  if (ArrayBuffer.isView(input)) return Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  if (isArrayBuffer(input)) return Buffer.from(input);
  throw new realm.TypeError(`${place} must be a string or an ArrayBuffer`);
}

/** Whether a value is an ArrayBuffer of any realm. */
export function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return Object.prototype.toString.call(value) === '[object ArrayBuffer]';
}

/** Copies bytes into an ArrayBuffer of the script's realm. */
export function scriptBuffer(bytes: Uint8Array, realm: ScriptRealm): ArrayBuffer {
  const copy = new realm.ArrayBuffer(bytes.length);
  new Uint8Array(copy).set(bytes);
  return copy;
}
