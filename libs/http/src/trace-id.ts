import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The header that says it in every response. */
export const TRACE_ID_HEADER = 'ledger-trace-id';

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;
const NONE = '0'.repeat(32);

/** The trace that the sender says the request belongs to (W3C Trace Context); undefined where it does not. */
export const traceIdSent = ({ traceparent }: IncomingHttpHeaders): string | undefined => {
  const [, id] = TRACEPARENT.exec(String(traceparent)) ?? [];
  return id === NONE ? undefined : id;
};

/** 32 hexadecimal digits by which a request is found in the log: the sender's own, or fresh ones. */
export const traceIdOf = (headers: IncomingHttpHeaders): string =>
  traceIdSent(headers) ?? randomUUID().replaceAll('-', '');
