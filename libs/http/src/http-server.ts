import { createServer } from 'node:http';
import type { RequestListener, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { HEADER_BYTES_MAX, KEEP_ALIVE, REQUEST_WITHIN } from './limits.js';
import { answerExpectation, answerUnreadable } from './unreadable-request.js';

/** Node's server: it answers what never gets as far as Fastify, and knows what is not answered yet. */
export class HttpServer {
  readonly #server = createServer({
    maxHeaderSize: HEADER_BYTES_MAX,
    requestTimeout: REQUEST_WITHIN,
    keepAliveTimeout: KEEP_ALIVE,
    // Node would answer a request without Host by itself, and not with a problem.
    requireHostHeader: false,
  });
  readonly #underWay = new Set<ServerResponse>();
  #whenNone: () => void = () => undefined;

  constructor() {
    this.#server.on('request', (_request, response) => this.#watch(response));
    this.#server.on('checkExpectation', answerExpectation);
    this.#server.on('clientError', (error, socket) => {
      // What is said now would be taken for the answer that is due.
      if (this.#isAnswerDueOn(socket)) socket.destroy();
      else answerUnreadable(error, socket);
    });
  }

  /** The server, with somebody to answer what it hears. */
  heardBy(listener: RequestListener): Server {
    return this.#server.on('request', listener);
  }

  /** No connection is taken any more, and those that wait for nothing are closed. */
  stopListening(): void {
    this.#server.close();
  }

  /** Resolves when everything that came in is answered. */
  answered(): Promise<void> {
    if (this.#underWay.size === 0) return Promise.resolve();
    return new Promise((resolve) => (this.#whenNone = resolve));
  }

  /** Cuts whoever has not sent a whole request; what came in whole is being worked on, and is answered. */
  cutUnsent(): void {
    for (const { req } of this.#underWay) if (!req.complete) req.destroy();
  }

  closeConnections(): void {
    this.#server.closeAllConnections();
  }

  #watch(response: ServerResponse): void {
    this.#underWay.add(response);
    response.once('close', () => {
      this.#underWay.delete(response);
      if (this.#underWay.size === 0) this.#whenNone();
    });
  }

  /** Whether a request that came in whole over this connection still waits for its answer. */
  #isAnswerDueOn(connection: Duplex): boolean {
    for (const { socket, req } of this.#underWay) {
      if (socket === connection && req.complete) return true;
    }
    return false;
  }
}
