/** One flow of one user, told request by request: `pairstorm trace`. */
import { prepareTrace } from '../lib/trace/prepare.ts';

const trace = prepareTrace();

export const { options, setup, handleSummary } = trace;
export default trace.play;
