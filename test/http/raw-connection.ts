import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** What a server sent over a connection, read as a client of HTTP would. */
export type RawAnswer = Readonly<{
  status: number;
  headers: ReadonlyMap<string, string>;
  body: string;
}>;

/** A connection over which anything may be written, in bytes of one's own. */
export const openConnection = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.once('error', reject);
  });

/** Everything that came until the server closed the connection. */
export const untilClosed = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    let came = '';
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => (came += text));
    // A server that does not read to the end resets the connection; what it said has come before that.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(Buffer.from(came, 'latin1').toString()));
  });

/** Writes bytes as they are, and reads until the server closes the connection. */
export const exchange = async (port: number, bytes: string | Uint8Array): Promise<RawAnswer> => {
  const socket = await openConnection(port);
  const closed = untilClosed(socket);
  socket.write(bytes);
  return readAnswer(await closed);
};

/** The first answer in what came, "100 Continue" not counted. */
export const readAnswer = (came: string): RawAnswer => {
  const [head = '', body = ''] = came
    .replace(/^HTTP\/1.1 1.*?\r\n\r\n/s, '')
    .split(/\r\n\r\n(.*)/s);
  const [line = '', ...lines] = head.split('\r\n');
  const headers = lines.map((header): [string, string] => {
    const [name = '', value = ''] = header.split(/: (.*)/s);
    return [name.toLowerCase(), value];
  });
  return { status: Number(line.split(' ')[1]), headers: new Map(headers), body };
};
