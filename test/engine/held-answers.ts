import type { ServerResponse } from 'node:http';
import { serve } from './script-fixture.ts';

/** A target that answers when the test says so, and not before. */
export interface HeldAnswers {
  readonly base: string;
  /** How many requests came, answered or not. */
  readonly asked: () => number;
  /** Answers those that wait, and from now on each at once. */
  readonly release: () => void;
}

/**
 * Makes iterations wait for an event of the test, where a pause would make the outcome depend on how many of them fit into a
 * window. `onRequest` is told of each request, with the number of those that came so far.
 */
export async function holdAnswers(onRequest: (asked: number) => void = () => undefined): Promise<HeldAnswers> {
  const waiting: ServerResponse[] = [];
  let asked = 0;
  let released = false;
  const base = await serve((_request, response) => {
    if (released) response.end();
    else waiting.push(response);
    onRequest(++asked);
  });
  const release = (): void => {
    released = true;
    for (const response of waiting.splice(0)) response.end();
  };
  return { base, asked: () => asked, release };
}
