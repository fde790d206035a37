import type { Tags } from '../contract/series-counts.ts';

/**
 * Whether a series is of requests that were answered as expected, by k6's system tag `expected_response`: a refused
 * connection takes no time, and would make a target look fast that answers nothing. True where the tag was not recorded.
 */
export function isAnswered(tags: Tags): boolean {
  return tags['expected_response'] !== 'false';
}
