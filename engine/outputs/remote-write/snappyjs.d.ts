/** Snappy in JavaScript (github.com/zhipeng-jia/snappyjs): block format only, without checksum and framing. */
declare module 'snappyjs' {
  export function compress(data: Uint8Array): Uint8Array;
  export function uncompress(data: Uint8Array, maxLength?: number): Uint8Array;
}
