import type { InventoryUser } from '../../contract/inventory.ts';
import type { HttpAnswer } from '../json-object.ts';
import type { Ending } from './ending.ts';

/** Called with the result of a request. `failed`: no answer or an unexpected error; undefined: a repeat, not rated. */
type Answered = (res: HttpAnswer, failed: boolean | undefined) => void;

/** Observes a flow as it is played, for more than its metrics tell. */
export interface FlowWatch {
  /** Before the flow is counted. */
  readonly began: (user: InventoryUser) => void;
  /** Before each request to PingFederate; the returned function is called after it. */
  readonly asks: () => Answered | undefined;
  /** Before the flow's outcome is counted. */
  readonly ended: (asPrescribed: boolean, ending: Ending) => void;
}
