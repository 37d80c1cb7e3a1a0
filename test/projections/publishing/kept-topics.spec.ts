import { itKeepsThePublicationSinkContract } from '../../contracts/publication-sink.contract.js';
import { KeptSink, KeptTopics } from './kept-topics.js';

describe('the topics that are kept in memory for tests', () => {
  itKeepsThePublicationSinkContract(async () => {
    const topics = new KeptTopics();
    return {
      sink: () => new KeptSink(topics),
      committed: async (channel) =>
        topics.of(channel).map(({ key, value, headers }) => ({ key, value, headers })),
    };
  });
});
