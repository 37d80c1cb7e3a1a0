import type { IncomingHttpHeaders } from 'node:http';

/** What the controllers know of a request. */
export type HttpRequest = Readonly<{
  /** The trace id. */
  id: string;
  /** As it came: the path, and the query unparsed. */
  url: string;
  headers: IncomingHttpHeaders;
  /** Of the path, decoded. */
  params: Readonly<Record<string, string>>;
  /** Bytes, where there are any. */
  body: unknown;
}>;
