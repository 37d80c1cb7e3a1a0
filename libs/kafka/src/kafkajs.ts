import { createRequire } from 'node:module';
import { patchKafkajs } from './kafkajs-patch.js';

const require = createRequire(import.meta.url);

patchKafkajs(require);

/** kafkajs as this room uses it: loaded here and nowhere else, so that it is never without its patch. */
export const { Kafka, logLevel, ConfigResourceTypes } =
  require('kafkajs') as typeof import('kafkajs');
