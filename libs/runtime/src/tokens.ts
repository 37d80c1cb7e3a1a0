export const CLOCK = Symbol('Clock');
export const CONFIGURATION = Symbol('Configuration');
export const HEALTH = Symbol('Health');
export const LIFECYCLE = Symbol('Lifecycle');
export const LOG = Symbol('Log');
export const METRICS = Symbol('LedgerMetrics');
