import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** Kafka's numbers of requests. */
const APIS = { produce: 0, fetch: 1, metadata: 3, heartbeat: 12 } as const;

/**
 * Stands before a real broker and passes everything on, but writes errors into some of its answers: an
 * "unexpected error" (-1), or an authorization that is missing for a while, are nothing that a healthy
 * broker can be made to answer. Metadata is changed, too, so that clients come back through here.
 *
 * Only the versions of requests that kafkajs speaks are known.
 */
export class BrokerProxy {
  readonly #server: Server;
  readonly #brokerPort: number;
  readonly #sockets = new Set<Socket>();
  readonly #errors = new Map<number, number>();

  private constructor(brokerPort: number) {
    this.#brokerPort = brokerPort;
    this.#server = createServer((client) => this.#pass(client));
  }

  /** @param address of the broker. */
  static async before(address: string): Promise<BrokerProxy> {
    const proxy = new BrokerProxy(Number(address.split(':')[1]));
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get #port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** From now on such requests are answered with this error, whatever the broker did; without one, as it does. */
  answers(api: 'produce' | 'fetch' | 'heartbeat', error?: number): void {
    if (error === undefined) this.#errors.delete(APIS[api]);
    else this.#errors.set(APIS[api], error);
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #pass(client: Socket): void {
    const broker = connect(this.#brokerPort, '127.0.0.1');
    const asked = new Map<number, Request>();
    client.on(
      'data',
      frames((frame) => {
        asked.set(frame.readInt32BE(8), requestIn(frame));
        broker.write(frame);
      }),
    );
    broker.on(
      'data',
      frames((frame) => {
        const request = asked.get(frame.readInt32BE(4));
        asked.delete(frame.readInt32BE(4));
        if (request) this.#change(frame, request);
        client.write(frame);
      }),
    );
    for (const [socket, other] of [
      [client, broker],
      [broker, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
  }

  #change(frame: Buffer, { api, version }: Request): void {
    // Behind the size and the request's number; newer versions begin with a throttle time.
    const body = 8 + (version > 0 ? 4 : 0);
    if (api === APIS.metadata) replacePorts(frame, 8 + (version >= 3 ? 4 : 0), this.#ports());
    const error = this.#errors.get(api);
    if (error === undefined) return;
    if (api === APIS.heartbeat) frame.writeInt16BE(error, body);
    // As of version 7 an error and a session come before the topics of a fetch.
    if (api === APIS.fetch) writePartitionError(frame, body + 6, error);
    if (api === APIS.produce) writePartitionError(frame, 8, error);
  }

  #ports(): { from: number; to: number } {
    return { from: this.#brokerPort, to: this.#port };
  }
}

type Request = Readonly<{ api: number; version: number }>;

const requestIn = (frame: Buffer): Request => ({
  api: frame.readInt16BE(4),
  version: frame.readInt16BE(6),
});

/** Cuts a stream of bytes into messages, each with its size before it. */
const frames = (each: (frame: Buffer) => void): ((chunk: Buffer) => void) => {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const end = 4 + rest.readInt32BE(0);
      each(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
  };
};

/** Brokers are a list of number, host, port and rack. */
const replacePorts = (frame: Buffer, at: number, { from, to }: { from: number; to: number }) => {
  let place = at + 4;
  for (let left = frame.readInt32BE(at); left > 0; left -= 1) {
    place += 4;
    place += 2 + frame.readInt16BE(place);
    if (frame.readInt32BE(place) === from) frame.writeInt32BE(to, place);
    place += 4;
    place += 2 + Math.max(frame.readInt16BE(place), 0);
  }
};

/** An error of the first partition of the first topic, which are lists in lists. */
const writePartitionError = (frame: Buffer, topics: number, error: number): void => {
  if (frame.readInt32BE(topics) === 0) return;
  const partitions = topics + 4 + 2 + frame.readInt16BE(topics + 4);
  frame.writeInt16BE(error, partitions + 8);
};
