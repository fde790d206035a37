import type { HttpAnswer } from '../json-object.ts';
import type { Ending } from './ending.ts';

/** Told what a request came to. `failed`: no answer, or an error that nobody asked for; undefined: a repeat, of which no rate is made. */
type Answered = (res: HttpAnswer, failed: boolean | undefined) => void;

/** Told of a flow as it is played, for what wants to know more of it than its metrics. */
export interface FlowWatch {
  /** Before the flow is counted. */
  readonly began: () => void;
  /** Before each request to PingFederate; what it returns is called after it. */
  readonly asks: () => Answered | undefined;
  /** Before the flow's outcome is counted. */
  readonly ended: (asPrescribed: boolean, ending: Ending) => void;
}
