// The sandbox connector as it is built, which kills itself when its first commands are acknowledged, before
// the offsets of their events are committed. Run by plain Node.
import type { startConnector as StartConnector } from '../../apps/sandbox-connector/src/connector.js';

const built = new URL('../../dist/apps/sandbox-connector/src/connector.js', import.meta.url);
const { startConnector } = (await import(built.href)) as { startConnector: typeof StartConnector };
await startConnector({
  environment: process.env,
  aroundSink: (sink) => ({
    publish: async (records, beat) => {
      await sink.publish(records, beat);
      process.kill(process.pid, 'SIGKILL');
    },
    close: () => sink.close(),
  }),
});
