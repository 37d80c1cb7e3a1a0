import type { HttpResponse } from './http-response.js';

/** One thing that is wrong with a request, and where: in its body, its query or path, or a header. */
export type RequestFlaw = Readonly<{ message: string }> &
  (Readonly<{ pointer: string }> | Readonly<{ parameter: string }> | Readonly<{ header: string }>);

/** What went wrong, told as RFC 9457 says: `type`, `title`, `status`, `detail`, and members of our own. */
export type ProblemReport = Readonly<{
  status: number;
  /** One word for what happened, for programs: the reason of a refusal, or what is wrong with the request. */
  code: string;
  /** For a person. Of what was sent it holds at most ids, and the terms that a refusal is about. */
  detail: string;
  /** More members of the document. */
  members?: Readonly<Record<string, unknown>>;
  headers?: Readonly<Record<string, string>>;
}>;

/** A request that is answered with a problem. Thrown by whoever finds it; problem.filter.ts answers. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly report: ProblemReport;

  constructor(report: ProblemReport) {
    super(report.detail);
    this.report = report;
  }
}

/**
 * The document of a problem as a response. Everything in it comes from the report, so that the same
 * report gives the same bytes for ever: the title too is made of the code.
 */
export const problemResponse = ({
  status,
  code,
  detail,
  members,
  headers,
}: ProblemReport): HttpResponse => ({
  status,
  headers: {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    ...headers,
  },
  body: JSON.stringify({
    type: `${PROBLEM_TYPES}${code}`,
    title: titleOf(code),
    status,
    detail,
    code,
    ...members,
  }),
});

/** What the `type` of every problem begins with. It is a name, not an address. */
export const PROBLEM_TYPES = 'urn:capture-ledger:problem:';

/** `amount_exceeds_capturable` is "Amount exceeds capturable". */
const titleOf = (code: string): string => {
  const words = wordsOf(code);
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** `amount_exceeds_capturable` is "amount exceeds capturable". */
export const wordsOf = (code: string): string => code.replaceAll('_', ' ');
