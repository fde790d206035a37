import { OWN_ERROR_CODES, isOwnError } from '../../catalogue/failure-sides.ts';
import { errorAnswer } from '../../lib/flow/error-answer.ts';
import { endingAt } from '../../lib/flow/ending.ts';
import type { HttpAnswer } from '../../lib/json-object.ts';
import { expect, test } from 'vitest';

const noAnswer = (error_code: number) => ({ status: 0, error_code, error: 'x', body: null }) as unknown as HttpAnswer;

test.each(Object.entries(OWN_ERROR_CODES))(
  'a request that failed on this machine (%s, %s) is a fault of ours, not of the target',
  (code, what) => {
    expect(isOwnError(Number(code))).toBe(true);
    expect(endingAt(errorAnswer(noAnswer(Number(code)), undefined))).toEqual({
      outcome: 'harness_error',
      reason: `error ${code}: ${what}`,
    });
  },
);

test.each([1000, 1050, 1212, 1220, 1221, 1280, 1290, 1310])(
  'k6’s own error code %d is one of the target or the network',
  (code) => {
    expect(isOwnError(code)).toBe(false);
    expect(endingAt(errorAnswer(noAnswer(code), undefined))).toEqual({
      outcome: 'http_error',
      reason: `error ${code}`,
    });
  },
);
