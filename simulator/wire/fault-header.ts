/**
 * The header by which each faulty answer names its fault. A client that gets no whole answer (`drop`, `half-answer`)
 * may not see it, and one that hung up before the answer does not: the simulator counts those apart, as `cut`.
 */
export const FAULT_HEADER = 'X-Pairstorm-Fault';
