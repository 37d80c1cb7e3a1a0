import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** The requests of a server that are not answered yet. */
export class RequestsUnderWay {
  readonly #responses = new Set<ServerResponse>();
  #whenNone: () => void = () => {};

  watch(server: Server): void {
    server.on('request', (_request, response) => {
      this.#responses.add(response);
      response.once('close', () => {
        this.#responses.delete(response);
        if (this.#responses.size === 0) this.#whenNone();
      });
    });
  }

  /** Calls `done` now, where there are none, and whenever there are none again. */
  whenNone(done: () => void): void {
    this.#whenNone = done;
    if (this.#responses.size === 0) done();
  }

  /** Whether a request that came in whole over this connection still waits for its answer. */
  isAnswerDueOn(connection: Duplex): boolean {
    for (const { socket, req } of this.#responses) {
      if (socket === connection && req.complete) return true;
    }
    return false;
  }
}
