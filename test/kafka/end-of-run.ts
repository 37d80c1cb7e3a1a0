import type { ChildProcess } from 'node:child_process';

/** What a Jest run has to put away at its end; set by global-setup.ts, in the same process. */
export const endOfRun: { folder?: string; broker?: ChildProcess } = {};
