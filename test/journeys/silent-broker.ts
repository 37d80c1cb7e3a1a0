import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export type SilentBroker = Readonly<{
  address: string;
  /** Somebody has sent something. */
  asked: Promise<unknown>;
  close: () => void;
}>;

/** What takes connections as a broker does, and never says anything. */
export const silentBroker = async (): Promise<SilentBroker> => {
  const asked = Promise.withResolvers<unknown>();
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined).on('data', asked.resolve));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { address: `127.0.0.1:${port}`, asked: asked.promise, close };
};
