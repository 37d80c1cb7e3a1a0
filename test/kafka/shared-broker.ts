import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';

/**
 * The address, `host:port`, of the one broker of this Jest run; the first who asks has it started. Other
 * suites use it at the same time: topics and groups of a suite begin with its `uniquePrefix()`.
 */
export const sharedBroker = async (): Promise<string> => {
  const socket = connect(join(process.env['KAFKA_TESTS_FOLDER']!, 'broker.sock'));
  const { address, trouble } = JSON.parse(await text(socket)) as {
    address?: string;
    trouble?: string;
  };
  if (address === undefined) throw new Error(trouble);
  return address;
};
