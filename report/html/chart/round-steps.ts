/** Round numbers from 0 up to a largest one, five or so: 1, 2 or 5 of a power of ten apart. */
export function roundSteps(most: number, upTo = most): number[] {
  const rough = most / 5;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * unit).find((size) => size >= rough)!;
  return Array.from({ length: Math.floor(upTo / step) + 1 }, (_, at) => at * step);
}
