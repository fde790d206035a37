// Part of probe 38: a file in another folder that opens a file.
/* global open */
export function openFrom(path) {
  return open(path);
}
export const atInit = (() => {
  try {
    return open('./here.txt');
  } catch (error) {
    return `fails: ${error.message}`;
  }
})();
