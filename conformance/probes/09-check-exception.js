// UNKNOWN-9: an exception in a check: do later checks run, which samples are emitted, does the iteration end?
import { check } from 'k6';
import { answer, attempt } from './answer.js';

export const options = { iterations: 1 };

export default function () {
  const ran = [];
  const checks = {
    before: () => ran.push('before') > 0,
    throws: () => {
      throw new Error('in a check');
    },
    after: () => ran.push('after') > 0,
  };
  answer(9, { call: 'sync', ...attempt(() => check(1, checks)), ran });
  answer(9, { call: 'async function', ...attempt(() => check(1, { later: async () => true })) });
  answer(9, { call: 'returns a promise', ...attempt(() => check(1, { promise: () => Promise.resolve(false) })) });
  answer(9, { call: 'plain values', ...attempt(() => check(1, { yes: 1, no: 0, text: 'a', none: undefined })) });
}

export function handleSummary(data) {
  answer(9, { checks: data.root_group ? data.root_group.checks : data });
  return {};
}
