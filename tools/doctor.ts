/** A look at a target before any load: a handful of requests and one flow, each finding a line: `pairstorm doctor`. */
import { prepareDoctor } from '../lib/doctor/prepare.ts';

const doctor = prepareDoctor();

export const { options, setup, handleSummary } = doctor;
export default doctor.play;
