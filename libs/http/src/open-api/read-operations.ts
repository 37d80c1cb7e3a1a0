import { authorizationList, captureList } from '../list-parameters.js';
import { authorizationRead, captureRead, historyRead } from '../read-parameters.js';
import type { QueryParameters } from '../query.js';
import { parameterRef, pathParameter, queryParameters } from './parameters.js';
import { json, notModified, problem } from './responses.js';

type Operation = Readonly<Record<string, unknown>>;

const invalid = problem('No valid request.', ['InvalidRequest']);
const storeAway = problem('It cannot be read now, or not until somebody mends it.', ['Problem'], {
  headers: ['retry'],
});

const view = (operationId: string, summary: string, schema: string, path: Place): Operation => ({
  operationId,
  tags: ['views'],
  summary,
  parameters: [
    pathParameter(path.id),
    parameterRef('MerchantAccountId'),
    parameterRef('IfNoneMatch'),
    ...queryParameters(path.query),
  ],
  responses: {
    200: json('As of the revision in its ETag.', schema, { headers: ['etag'] }),
    304: notModified,
    400: invalid,
    404: problem('There is none, or it is another merchant account’s.'),
    ...(path.id === 'captureId' && {
      409: problem('Captures of several authorizations have this id.', ['AmbiguousCapture']),
    }),
    503: storeAway,
  },
});

type Place = Readonly<{ id: 'authorizationId' | 'captureId'; query: QueryParameters }>;

const ofAuthorization: Place = { id: 'authorizationId', query: authorizationRead };
const ofCapture: Place = { id: 'captureId', query: captureRead };

const list = (
  operationId: string,
  summary: string,
  schema: string,
  query: QueryParameters,
): Operation => ({
  operationId,
  tags: ['lists'],
  summary,
  parameters: [parameterRef('MerchantAccountId'), ...queryParameters(query)],
  responses: {
    200: json('A page, newest first, as of a position.', schema),
    400: invalid,
    503: problem(
      'The lists are not made yet or have not come as far as `minPosition`, or the store is away.',
      ['ViewBehind', 'Problem'],
      { headers: ['retry'] },
    ),
  },
});

/** By address: everything that is read of authorizations and captures. */
export const readOperations: Readonly<Record<string, Readonly<{ get: Operation }>>> = {
  '/v1/authorizations': {
    get: list(
      'listAuthorizations',
      'Authorizations, newest first.',
      'AuthorizationPage',
      authorizationList,
    ),
  },
  '/v1/authorizations/{authorizationId}': {
    get: view(
      'readAuthorization',
      'Everything known of one authorization.',
      'Authorization',
      ofAuthorization,
    ),
  },
  '/v1/authorizations/{authorizationId}/history': {
    get: view(
      'readHistory',
      'What happened to it, refusals and anomalies included: who, when, why.',
      'History',
      {
        ...ofAuthorization,
        query: historyRead,
      },
    ),
  },
  '/v1/authorizations/{authorizationId}/capture-sequence': {
    get: view('readCaptureSequence', 'Its captures in order.', 'CaptureSequence', ofAuthorization),
  },
  '/v1/authorizations/{authorizationId}/final-capture': {
    get: view(
      'readFinalCapture',
      'What may still be captured, and why it is over.',
      'FinalCapture',
      ofAuthorization,
    ),
  },
  '/v1/captures': {
    get: list(
      'listCaptures',
      'Captures, newest first; also those that wait too long.',
      'CapturePage',
      captureList,
    ),
  },
  '/v1/captures/{captureId}': {
    get: view('readCapture', 'Everything known of one capture.', 'Capture', ofCapture),
  },
  '/v1/captures/{captureId}/refund-balance': {
    get: view(
      'readRefundBalance',
      'What was given back, and what may still be.',
      'RefundBalance',
      ofCapture,
    ),
  },
};
