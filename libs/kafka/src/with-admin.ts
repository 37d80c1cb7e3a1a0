import type { Admin, Kafka } from 'kafkajs';

/**
 * Asks a cluster over a connection that is there for this alone, and gone afterwards.
 *
 * @throws kafkajs' error: the cluster cannot be reached; and what the task throws.
 */
export const withAdmin = async <Result>(
  client: Pick<Kafka, 'admin'>,
  task: (admin: Admin) => Promise<Result>,
): Promise<Result> => {
  const admin = client.admin();
  try {
    await admin.connect();
    return await task(admin);
  } finally {
    // What was asked is answered by now, or has failed: that is what the caller is to hear.
    await admin.disconnect().catch(() => undefined);
  }
};
